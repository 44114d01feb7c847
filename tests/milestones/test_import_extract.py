"""A council's extract goes in: what is kept of it, and what is said and left on record (`domain.md` 3.6)."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connection
from django.test.utils import CaptureQueriesContext

from children.models import CareEpisode, Child, Family, Identity, LegalBasis, Origin, Placement
from milestones.extract.intake import take_in_extract
from milestones.models import ImportRun, Milestone
from pace_site.accounts.models import Team
from pace_site.audit.models import AuditEntry
from tests.acceptance_extracts import ACCEPTANCE
from tests.milestones.extracts import CITY, take_in, told

pytestmark = pytest.mark.django_db
LATER = "2018-12-01"


# What goes in


@pytest.mark.parametrize("area", ["midlothian", "moray", "north_lanarkshire"])
def test_the_acceptance_extracts_go_in_without_a_reject(area, tmp_path, capsys):
    document = told(ACCEPTANCE / area, capsys, "--rejects", str(tmp_path / "rejects.csv"), day="2020-11-01")
    assert document["rejects"] == 0
    lines = sum(len((ACCEPTANCE / area / file).read_text().splitlines()) - 1 for file in document["files"])
    assert sum(counts["new"] for counts in document["files"].values()) == lines


def test_a_child_goes_in_with_family_team_care_and_milestones(extract, city):
    take_in(extract.write())
    child = Child.objects.get(authority=city, local_ref="A2")
    assert (child.date_of_birth, child.sex, child.locality) == (date(2014, 2, 3), "M", "North")
    assert (child.family.ref, child.team.name, child.origin) == ("F1", "Permanence", Origin.EXTRACT)
    assert child.last_extract_on == date(2018, 11, 1)
    episode = CareEpisode.objects.get(child=child)
    assert (episode.start, episode.end, episode.destination_id) == (date(2017, 11, 1), date(2018, 6, 1), "ADOPTED")
    assert Placement.objects.get(child=child).placement_type_id == "KIN"
    assert LegalBasis.objects.get(child=child).measure_id == "S25"
    review = Milestone.objects.get(child=child)
    assert (review.kind, review.happened_on, review.precision) == ("REVIEW", date(2017, 12, 10), "day")
    assert review.recorded_on == date(2018, 11, 1)


def test_siblings_share_one_family_and_one_team(extract, city):
    take_in(extract.write())
    assert Family.objects.filter(authority=city).count() == 1
    assert Team.objects.filter(organisation=city).count() == 1


def test_a_child_is_known_by_a_pseudonym_that_does_not_tell_the_councils_reference(extract):
    take_in(extract.write())
    assert all(code.startswith("P-") for code in Child.objects.values_list("code", flat=True))


def test_two_authorities_may_use_the_same_reference(extract):
    folder = extract.write()
    take_in(folder)
    call_command("import_extract", folder, "--authority", "S12000019", "--extract-date", "2018-11-01")
    assert Child.objects.filter(local_ref="A1").count() == 2


def test_the_optional_columns_of_an_event_are_kept(extract):
    extract.change(
        "events",
        1,
        review_kind="6m",
        order_type="PO",
        planned_on="2019-05-01",
        pre_birth="1",
        change_reason="the aunt came forward",
        recorded_by="J. Bain",
        first_accommodated_on="2017-10-01",
    )
    take_in(extract.write())
    milestone = Milestone.objects.get(kind="PERM_REC")
    assert (milestone.review_kind, milestone.order_type, milestone.recorder) == ("6m", "PO", "J. Bain")
    assert (milestone.planned_on, milestone.first_accommodated_on) == (date(2019, 5, 1), date(2017, 10, 1))
    assert milestone.pre_birth
    assert milestone.change_reason == "the aunt came forward"


def test_a_milestone_with_a_void_reason_goes_in_void(extract):
    take_in(extract.change("events", 1, void_reason="wrong child").write())
    milestone = Milestone.objects.get(kind="PERM_REC")
    assert (milestone.void_reason, milestone.voided_on) == ("wrong child", date(2018, 11, 1))
    assert milestone.voided_by is None


def test_a_planned_milestone_without_a_date_goes_in(extract):
    take_in(extract.change("events", 1, date="", planned_on="2019-05-01").write())
    assert Milestone.objects.get(kind="PERM_REC").happened_on is None


def test_a_milestone_of_unknown_date_goes_in(extract):
    take_in(extract.change("events", 1, date="", precision="unknown").write())
    assert Milestone.objects.get(kind="PERM_REC").precision == "unknown"


def test_a_return_home_may_be_recorded(extract):
    take_in(extract.change("events", 1, event_code="RETURN_HOME", route="").write())
    assert Milestone.objects.filter(kind="RETURN_HOME").exists()


def test_an_unborn_child_goes_in_with_the_expected_date(extract):
    extract.add("children", child_ref="A3", expected_on="2019-02-01")
    take_in(extract.write())
    assert Child.objects.get(local_ref="A3").expected_on == date(2019, 2, 1)


def test_names_go_into_their_own_rows(extract):
    take_in(extract.add("identities", child_ref="A1", given_name="Morag", family_name="Bain").write())
    assert str(Identity.objects.get(child__local_ref="A1")) == "Morag Bain"


def test_the_carer_of_a_placement_is_kept(extract):
    take_in(extract.change("placements", 1, carer="CAR-7").write())
    assert Placement.objects.get(child__local_ref="A1").carer == "CAR-7"


@pytest.mark.parametrize(
    ("file", "row", "cells"),
    [
        ("children", 1, {"date_of_birth": ""}),
        ("events", 1, {"route": ""}),
        ("episodes", 2, {"destination": ""}),
        ("placements", 2, {"start": "2017-01-01"}),
        ("events", 1, {"date": "2012-01-01"}),
        ("events", 1, {"note": "- agreed, then -5 days"}),
    ],
    ids=["no birth date", "no route", "no destination", "outside the episode", "before birth", "begins with a dash"],
)
def test_what_is_merely_unusual_is_accepted(extract, capsys, file, row, cells):
    assert told(extract.change(file, row, **cells).write(), capsys)["rejects"] == 0


# How it may be written


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference(extract, tmp_path, capsys):
    take_in(extract.write())
    extract.folder = tmp_path / "windows"
    document = told(extract.write(encoding="utf-8-sig", newline="\r\n"), capsys)
    assert {counts["unchanged"] for counts in document["files"].values()} == {2}
    assert document["differences"] == []


def test_commas_quotation_marks_and_line_breaks_inside_quotes_belong_to_the_text(extract):
    note = 'Agreed, said "Ms Bain",\nat the review'
    take_in(extract.change("events", 1, note=note).write())
    assert Milestone.objects.get(kind="PERM_REC").note == note


def test_letters_beyond_english_go_in(extract):
    take_in(extract.change("children", 1, locality="Siùrradh — Łódź").write())
    assert Child.objects.get(local_ref="A1").locality == "Siùrradh — Łódź"


def test_columns_may_stand_in_any_order(extract):
    extract.columns["events"].reverse()
    take_in(extract.write())
    assert Milestone.objects.filter(kind="PERM_REC", route="PO").exists()


def test_blank_lines_and_rows_of_commas_are_passed_over(extract, capsys):
    folder = extract.write()
    with (folder / "legal.csv").open("a") as file:
        file.write("\n,,,\n")
    assert told(folder, capsys)["files"]["legal.csv"]["new"] == 2


def test_a_column_nobody_knows_is_named_and_ignored(extract, capsys):
    take_in(extract.change("children", 1, nhs_number="=1").write())
    assert "children.csv: the column “nhs_number” is not known here and is ignored." in capsys.readouterr().err


# What is said, and what is left on record


def test_json_is_one_document_with_the_agreed_keys(extract, capsys):
    document = told(extract.write(), capsys)
    assert list(document) == [
        "authority",
        "extract_date",
        "dry_run",
        "applied",
        "files",
        "differences",
        "missing_children",
        "rejects",
        "rejects_file",
    ]
    assert document["files"]["events.csv"] == {
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "gone": 0,
        "kept": 0,
        "rejected": 0,
    }
    assert (document["applied"], document["rejects_file"]) == (True, None)


def test_json_of_a_refused_extract_says_that_nothing_was_applied(extract, capsys):
    folder = extract.change("events", 1, date="soon").write()
    with pytest.raises(CommandError):
        take_in(folder, "--json")
    document = json.loads(capsys.readouterr().out)
    assert (document["applied"], document["rejects"]) == (False, 1)
    assert document["rejects_file"] == str(folder / "rejects.csv")
    assert document["files"]["events.csv"]["rejected"] == 1
    assert document["files"]["children.csv"]["new"] == 0


def test_a_run_leaves_a_record_of_itself_and_one_audit_entry(extract, city):
    take_in(extract.write())
    run = ImportRun.objects.get(authority=city)
    assert (run.extract_date, run.by) == (date(2018, 11, 1), None)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.record_id, entry.actor.split(" (")[0]) == (
        "import",
        str(run.pk),
        "command import_extract",
    )
    assert entry.after["files"]["events.csv"]["new"] == 2


def test_every_changed_and_gone_row_has_its_own_audit_entry(extract, lead, city):
    take_in(extract.write())
    first = AuditEntry.objects.get()
    extract.change("placements", 1, end="2018-09-01").drop("legal", 2).drop("events", 1)
    take_in_extract(extract.write(), authority=city, extract_date=date(2018, 12, 1), by=lead)
    entries = {entry.record_type: entry for entry in AuditEntry.objects.exclude(pk=first.pk)}
    assert {kind: entry.action for kind, entry in entries.items()} == {
        "placement": "change",
        "legalbasis": "remove",
        "milestone": "void",
        "importrun": "import",
    }
    changed = entries["placement"]
    assert (changed.before["end"], changed.after["end"]) == (None, "2018-09-01")
    assert changed.child_code == Child.objects.get(local_ref="A1").code
    assert changed.actor == lead.email
    assert entries["milestone"].after["void_reason"] == "No longer in the extract of 1 December 2018"


def test_only_the_first_twenty_differences_are_said_in_words(extract, capsys):
    for day in range(1, 26):
        extract.add("legal", child_ref="A1", start=f"2018-01-{day:02d}", legal_code="ICSO")
    take_in(extract.write())
    capsys.readouterr()
    del extract.rows["legal"][2:]
    take_in(extract.write(), day=LATER)
    said = capsys.readouterr().out
    assert said.count("ICSO: no longer in the extract") == 20
    assert "and 5 more" in said


def test_an_authority_that_does_not_exist_is_refused(extract):
    with pytest.raises(CommandError, match="no authority with the code 'S99'") as refusal:
        call_command("import_extract", extract.write(), "--authority", "S99", "--extract-date", "2018-11-01")
    assert refusal.value.returncode == 1


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(CommandError, match="There is no folder") as refusal:
        take_in(tmp_path / "nowhere")
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("day", ["01/11/2018", "2018-02-30", "tomorrow"])
def test_a_malformed_extract_date_is_a_usage_error(extract, day):
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(
            ["manage.py", "import_extract", str(extract.folder), "--authority", CITY, "--extract-date", day]
        )
    assert end.value.code == 2


def test_no_progress_bar_is_drawn_where_there_is_no_terminal(extract, capsys):
    take_in(extract.write())
    assert capsys.readouterr().err == ""


def test_a_progress_bar_is_drawn_on_a_terminal(extract, capsys, monkeypatch):
    monkeypatch.setattr("django.core.management.base.OutputWrapper.isatty", lambda _: True)
    take_in(extract.write())
    assert "Reading the extract" in capsys.readouterr().err


def test_an_extract_of_the_future_is_taken_in_with_a_warning(extract, capsys):
    take_in(extract.write(), day="2190-01-01")
    assert "1 January 2190, is in the future" in capsys.readouterr().err


def test_progress_adds_up_to_the_bytes_of_the_files(extract, city):
    folder = extract.write()
    told_bytes = []
    take_in_extract(folder, authority=city, extract_date=date(2018, 11, 1), progress=told_bytes.append)
    assert sum(told_bytes) == sum(path.stat().st_size for path in folder.glob("*.csv"))


def test_the_number_of_queries_does_not_depend_on_the_number_of_children(extract, city):
    def queries_of_a_second_run():
        folder = extract.write()
        take_in_extract(folder, authority=city, extract_date=date(2018, 11, 1))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            result = take_in_extract(folder, authority=city, extract_date=date(2018, 11, 1))
        assert not result.says_anything_new
        return len(captured)

    few = queries_of_a_second_run()
    for number in range(60):
        ref = f"B{number}"
        extract.add("children", child_ref=ref, team=f"Team {number}", family_ref=f"FB{number}")
        extract.add("episodes", child_ref=ref, start="2018-01-01")
        extract.add("placements", child_ref=ref, start="2018-01-01", placement_type="KIN")
        extract.add("legal", child_ref=ref, start="2018-01-01", legal_code="CSO")
        extract.add("events", child_ref=ref, event_code="REVIEW", date="2018-02-01")
    assert queries_of_a_second_run() == few
