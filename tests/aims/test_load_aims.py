"""Aim files: what is refused, by name and line, and what loading them does."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from aims.actions import save_definition
from aims.aim_file import AimFileError, read_aim_file, registered_files
from aims.models import Aim
from pace_site.accounts.models import Organisation, RoleMembership, User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.acceptance_extracts import ACCEPTANCE
from tests.aims.storytelling import accommodated, event
from tests.aims.storytelling import aim as a_definition

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
    "a date YAML cannot read": (
        GOOD.replace("2018-01-01", "2018-02-30"),
        "line 6: from_date: '2018-02-30' is not a date",
    ),
    "a date without its hyphens": (GOOD.replace("2018-01-01", "'20180101'"), "line 6: from_date: '20180101' is not a"),
    "a date with a time": (GOOD.replace("2018-01-01", "2018-01-01 10:00:00"), "line 6: from_date: '2018-01-01 10:00"),
    "a year mistyped": (GOOD.replace("2018-01-01", "2918-01-01"), "line 6: from_date: 2918-01-01 is not in the years"),
    "no limit at all": (GOOD.replace("26 weeks\n  from", "0 weeks\n  from"), "line 5: limit: '0 weeks' is not above 0"),
    "a limit past the calendar": (
        GOOD.replace("26 weeks\n  from", "99999999 years\n  from"),
        "line 5: limit: '99999999 years' is not above 0 and up to 30 years",
    ),
    "a limit value without a unit": (
        GOOD.replace("limit: 26 weeks\n", "limit_value: 26\n"),
        "limit_unit: is missing",
    ),
    "a limit value that is none": (
        GOOD.replace("limit: 26 weeks\n", "limit_value: many\n  limit_unit: weeks\n"),
        "line 5: limit_value: 'many weeks' is not a limit",
    ),
    "a limit said twice": (GOOD + "  limit_value: 26\n  limit_unit: weeks\n", "line 5: limit: is given as limit_value"),
    "no number": (GOOD.replace("75", ".nan"), "line 7: target_pct: '.nan' is not a percentage"),
    "a kind left open": (GOOD + "  kind: X\n", "line 8: kind: 'X' is not one of"),
    "a yes for words": (GOOD + "  note: yes\n", "line 8: note: True is not text"),
    "a title without end": (GOOD.replace("title: ", "title: " + "very " * 50), "line 2: title: is 280 characters long"),
    "a character nobody can write": (
        GOOD + '  note: "a\\0b"\n',
        "line 8: note: has a character that cannot be written",
    ),
    "an age far too large": (GOOD + "  age_min: " + "9" * 5000 + "\n", "line 8: age_min: '999"),
    "an age range with nobody": (
        GOOD + "  age_min: 12\n  age_max_exclusive: 12\n",
        "line 9: age_max_exclusive: must be",
    ),
    "a stop given twice": (
        GOOD.replace("[PERM_REC]", "[PERM_REC, PERM_REC]"),
        "line 4: stop_event: 'PERM_REC' is there",
    ),
    "a stop that is the start": (
        GOOD.replace("[PERM_REC]", "[ACCOM_START]"),
        "line 4: stop_event: ACCOM_START starts the clock",
    ),
    "a stop that is the start by another name": (
        GOOD.replace("ACCOM_START", "PLAN_AGREED"),
        "line 4: stop_event: PERM_REC starts the clock",
    ),
    "a stop that only starts": (
        GOOD.replace("PERM_REC", "AT_HOME_2Y"),
        "line 4: stop_event: AT_HOME_2Y starts a clock",
    ),
    "a list within a list": (GOOD.replace("[PERM_REC]", "[[PERM_REC]]"), "line 4: stop_event: holds a plain value"),
    "a set of fields for a value": (GOOD + "  note: {a: b}\n", "line 8: note: holds a plain value"),
    "a value that YAML would build": (
        GOOD + "  note: !!python/name:os.system x\n",
        "line 8: note: holds a plain value",
    ),
    "a yes that is none": (GOOD + "  strict: !!bool perhaps\n", "line 8: strict: 'perhaps' is not true or false"),
    "an aim that holds itself": ("- &a\n  code: T-1\n  title: *a\n", "line 3: title: holds a plain value"),
    "fields taken over from another aim": (
        GOOD.replace("- code", "- &a\n  code") + "- <<: *a\n  code: T-2\n",
        "line 9: <<: holds a plain value",
    ),
    "a list for the name of a field": (GOOD + "  ? [a, b]\n  : c\n", "line 8: a field is a word"),
    "a number for the name of a field": (GOOD + "  3: a\n", "line 8: 3: is not a field"),
    "strict without its threshold": (
        GOOD + "  strict: true\n",
        "line 8: strict: belongs to the start event AT_HOME_2Y",
    ),
    "a snapshot of nothing": (GOOD + "  population: snapshot\n", "line 8: population: belongs to the start event"),
    "a cohort with nobody": (GOOD + "  before_date: 2018-01-01\n", "line 8: before_date: must lie after the from_date"),
    "a deadline before the backlog": (
        GOOD.replace("limit: 26 weeks\n  from_date: 2018-01-01", "kind: deadline\n  before_date: 2018-01-01")
        + "  deadline: 2017-12-31\n",
        "line 8: deadline: lies before the before_date",
    ),
    "brackets without end": ("[" * 5000, "too deep to read"),
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


@pytest.mark.parametrize("missing", ["code", "title", "start_event", "stop_event"])
def test_a_missing_field_is_named_with_the_line_of_its_aim(aim_file, missing):
    lines = [line for line in GOOD[2:].splitlines() if not line.strip().startswith(f"{missing}:")]
    text = GOOD.replace("T-1", "T-0") + "- " + "\n  ".join(line.strip() for line in lines) + "\n"
    with pytest.raises(AimFileError) as refused:
        read_aim_file(aim_file(text))
    assert str(refused.value) == f"aims.yaml, line 8: {missing}: is missing"


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(AimFileError, match="nowhere.yaml cannot be read: No such file"):
        read_aim_file(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("text", ["\ufeff" + GOOD, GOOD.replace("\n", "\r\n")], ids=["byte-order mark", "CRLF"])
def test_a_file_from_another_editor_reads_the_same(aim_file, text):
    (definition,) = read_aim_file(aim_file(text))
    assert definition.to_mapping() == {
        "code": "T-1",
        "title": "Recommendation within 26 weeks",
        "start_event": "ACCOM_START",
        "stop_event": ["PERM_REC"],
        "limit": "26 weeks",
        "from_date": "2018-01-01",
        "target_pct": 75,
    }


@pytest.mark.parametrize("folder", ["midlothian", "moray", "north_lanarkshire"])
def test_the_acceptance_aims_are_read(folder):
    definitions = read_aim_file(ACCEPTANCE / folder / "aims.yaml")
    assert [str(definition.limit) for definition in definitions] == {
        "midlothian": ["7.5 months"],
        "moray": ["30 weeks", "15 weeks", "16 weeks"],
        "north_lanarkshire": ["26 weeks", "26 weeks"],
    }[folder]


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


def test_a_deadline_left_open_is_a_draft_and_no_backlog_yet(authority, aim_file):
    text = GOOD.replace("limit: 26 weeks\n  from_date: 2018-01-01", "kind: deadline\n  before_date: 2018-01-01")
    load(aim_file(text + "  deadline: X\n"), expecting="T-1 has no deadline: it is a draft")
    aim = Aim.objects.get()
    assert aim.status == "draft"
    assert not aim.versions.get().definition.is_backlog


def test_a_limit_in_two_fields_is_the_same_limit(aim_file):
    (definition,) = read_aim_file(aim_file(GOOD.replace("limit: 26 weeks", "limit_value: 26\n  limit_unit: weeks")))
    assert str(definition.limit) == "26 weeks"


def test_an_aim_with_a_limit_and_a_from_date_is_loaded_without_a_remark(authority, aim_file):
    err = StringIO()
    call_command("load_aims", str(aim_file(GOOD)), "--authority=S12000019", stdout=StringIO(), stderr=err)
    assert err.getvalue() == ""


def test_a_changed_status_is_a_change(authority, aim_file):
    load(aim_file(GOOD))
    assert load(aim_file(GOOD + "  status: closed\n")) == "T-1: new version\n"
    assert Aim.objects.get().status == "closed"


def test_the_same_code_in_two_authorities_is_two_aims(authority, aim_file):
    path = aim_file(GOOD)
    load(path)
    call_command("load_aims", str(path), "--authority=S12000020", stdout=StringIO())
    assert Aim.objects.count() == 2


class TestWhoMayChangeAims:
    @pytest.fixture
    def person(self, authority):
        def with_role(role, *, of=authority):
            user = User.objects.create_user(f"{role}@{of.code}.example", organisation=of)
            RoleMembership.objects.create(user=user, role=role)
            return user

        return with_role

    def test_a_pace_lead_saves_an_aim_and_is_named_in_the_trail(self, authority, person):
        lead = person(Role.PACE_LEAD)
        aim, done = save_definition(a_definition(), authority=authority, by=lead)
        assert (aim.versions.get().by, done) == (lead, "created")
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action, entry.record_id) == (lead.email, "create", str(aim.pk))

    def test_a_senior_leader_may_look_and_not_change(self, authority, person):
        with pytest.raises(PermissionDenied, match="create and change aims"):
            save_definition(a_definition(), authority=authority, by=person(Role.SENIOR_LEADER))
        assert not Aim.objects.exists()

    def test_a_pace_lead_of_another_authority_changes_nothing_here(self, authority, person):
        elsewhere = Organisation.objects.get(code="S12000020")
        with pytest.raises(PermissionDenied, match="your own organisation"):
            save_definition(a_definition(), authority=authority, by=person(Role.PACE_LEAD, of=elsewhere))
        assert not Aim.objects.exists()


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
