"""Aim files: what is refused, by name and line, and what loading them does."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from aims.aim_file import AimFileError, read_aim_file, registered_files
from aims.models import Aim
from pace_site.audit.models import AuditEntry
from tests.aims.storytelling import accommodated, event

GOOD = """\
- code: T-1
  title: Recommendation within 26 weeks
  start_event: ACCOM_START
  stop_event: [PERM_REC]
  limit: 26 weeks
  from_date: 2018-01-01
  target_pct: 75
"""


@pytest.fixture
def aim_file(tmp_path):
    def write(text: str | bytes):
        path = tmp_path / "aims.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


FAULTS = {
    "an unknown field": (GOOD + "  colour: red\n", "line 8: colour: is not a field"),
    "an unknown event": (GOOD.replace("PERM_REC", "PERM_RECC"), "line 4: stop_event: 'PERM_RECC' is not an event code"),
    "an unknown start": (GOOD.replace("ACCOM_START", "ACCOM"), "line 3: start_event: 'ACCOM' is not an event code"),
    "an unknown kind": (GOOD + "  kind: rolling\n", "line 8: kind: 'rolling' is not one of"),
    "a limit without unit": (GOOD.replace("26 weeks\n  from", "26\n  from"), "line 5: limit: 26 is not a limit"),
    "a day that is none": (GOOD.replace("2018-01-01", "'2018-02-30'"), "line 6: from_date: '2018-02-30' is not a date"),
    "a date YAML cannot read": (GOOD.replace("2018-01-01", "2018-02-30"), "line 1: a value cannot be read"),
    "more than all": (GOOD.replace("75", "175"), "line 7: target_pct: 175 is not a percentage"),
    "an unknown route": (
        GOOD.replace("ACCOM_START", "PERM_REC") + "  routes: [PAO]\n",
        "line 8: routes: 'PAO' is not one of",
    ),
    "an unknown placement": (GOOD + "  placements_excluded: [KINN]\n", "line 8: placements_excluded: 'KINN' is not"),
    "routes without a routed start": (GOOD + "  routes: [PO]\n", "line 8: routes: only clocks that start with"),
    "a deadline without its kind": (GOOD + "  deadline: 2018-01-01\n", "line 8: deadline: belongs to aims of kind"),
    "a by-date before the from-date": (GOOD + "  by_date: 2017-01-01\n", "line 8: by_date: lies before the from_date"),
    "a missing title": (GOOD.replace("  title: Recommendation within 26 weeks\n", ""), "title: is missing"),
    "a field given twice": (GOOD + "  limit: 30 weeks\n", "line 8: limit: is given twice"),
    "a code given twice": (GOOD + GOOD, "line 8: code: 'T-1' is already used in line 1"),
    "no YAML": ("- code: [\n", "this is not YAML"),
    "a start that is an end": (GOOD.replace("ACCOM_START", "LAC_END"), "line 3: start_event: LAC_END ends something"),
    "no list": ("code: T-1\n", "line 1: an aim file is a list of aims"),
    "a list of words": ("- T-1\n", "line 1: an aim is a set of fields"),
    "an empty file": ("", "is empty"),
    "an empty list": ("[]\n", "has no aim in it"),
    "another encoding": (GOOD.replace("weeks\n", "wéeks\n").encode("latin-1"), "is not UTF-8 text"),
    "far too much": (GOOD + "#" * 1_000_001, "is larger than 1 MB"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line(aim_file, fault):
    text, message = FAULTS[fault]
    with pytest.raises(AimFileError) as refused:
        read_aim_file(aim_file(text))
    assert message in str(refused.value)


def load(path, *, expecting="") -> str:
    out, err = StringIO(), StringIO()
    call_command("load_aims", str(path), "--authority=S12000019", stdout=out, stderr=err)
    assert expecting in err.getvalue()
    return out.getvalue()


def test_a_refused_file_changes_nothing(authority, aim_file):
    with pytest.raises(CommandError) as refused:
        load(aim_file(GOOD + GOOD.replace("T-1", "T-2").replace("PERM_REC", "NONSENSE")))
    assert refused.value.returncode == 1
    assert not Aim.objects.exists()


def test_the_same_file_twice_changes_nothing(authority, aim_file):
    path = aim_file(GOOD)
    assert load(path) == "T-1: created\n"
    entries = AuditEntry.objects.count()
    assert load(path) == "T-1: unchanged\n"
    assert Aim.objects.get().versions.count() == 1
    assert AuditEntry.objects.count() == entries


def test_a_changed_definition_is_a_new_version_and_the_old_one_stays(authority, aim_file):
    load(aim_file(GOOD))
    assert load(aim_file(GOOD.replace("26 weeks\n  from", "30 weeks\n  from"))) == "T-1: new version\n"
    first, second = Aim.objects.get().versions.all()
    assert (str(first.definition.limit), str(second.definition.limit)) == ("26 weeks", "30 weeks")
    change = AuditEntry.objects.get(action="change")
    assert (change.before["limit"], change.after["limit"]) == ("26 weeks", "30 weeks")


def test_an_aim_without_a_limit_is_a_draft(authority, aim_file):
    load(aim_file(GOOD.replace("26 weeks\n  from", "X\n  from")))
    assert Aim.objects.get().status == "draft"


def test_a_timed_aim_without_a_from_date_is_warned_about(authority, aim_file):
    load(aim_file(GOOD.replace("  from_date: 2018-01-01\n", "")), expecting="T-1 has no from_date")


def test_the_register_is_loaded_by_name(authority):
    call_command("load_aims", "--register=moray", "--authority=S12000020", stdout=StringIO())
    assert list(Aim.objects.values_list("code", flat=True)) == ["MOR-1", "MOR-2", "MOR-3", "MOR-4"]


@pytest.mark.parametrize("arguments", [[], ["aims.yaml", "--register=moray"]])
def test_a_file_or_a_part_of_the_register_is_named_never_both(authority, arguments):
    with pytest.raises(CommandError) as refused:
        call_command("load_aims", *arguments, "--authority=S12000019")
    assert refused.value.returncode == 2


def test_an_unknown_authority_is_refused(db, aim_file):
    with pytest.raises(CommandError, match="no authority with the code 'S99'") as refused:
        call_command("load_aims", str(aim_file(GOOD)), "--authority=S99")
    assert refused.value.returncode == 1


def test_the_published_draft_shows_durations_and_claims_no_percentage(measure_children):
    draft = next(d for d in read_aim_file(registered_files()["north_lanarkshire"]) if d.code == "NL-2")
    history = accommodated(
        "2018-01-01",
        event("PPM_DECISION", "2018-02-01", route="PO"),
        event("PANEL_PRESENTED", "2018-03-01"),
    )
    figures = measure_children(draft, history, as_at="2018-06-01").now
    assert (figures.pct_decided, figures.verdict) == (None, "no_target")
    assert [row.days for row in figures.outcomes.rows] == [28]
