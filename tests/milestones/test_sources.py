"""Imports of several sources: each replaces what it said itself; what another or a person says stands, and is told."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from children.models import CareEpisode, Child, ExtractSource, Listed, Placement, default_source
from milestones.extract.actions import apply_run, begin, make_preview
from milestones.extract.mapped_sheets import MappedSheets
from milestones.extract.missing import still_missing
from milestones.extract.named_sources import source_of_upload
from milestones.extract.previews import kept_preview
from milestones.extract.sheet_actions import confirm_mapping, looks_of, receive
from milestones.extract.undoing import undo_run
from milestones.models import ImportRun, Milestone
from milestones.quality.comparison import noted
from pace_site.audit.models import AuditEntry
from tests.milestones.extracts import Extract, everything, take_in, told
from tests.milestones.sheets.sheets import HEADER, workbook
from tests.milestones.trackers import milestones, of_tracker

pytestmark = pytest.mark.django_db
DAY, LATER = date(2018, 12, 1), "2018-12-15"
State = ImportRun.State


def wide(lead, *rows, day=DAY, **how):
    """The dry run of a wide sheet, its columns confirmed, then taken in."""
    run = receive([workbook(HEADER, *rows)], extract_date=day, source="Tracker", by=lead, **{"whole": False, **how})
    run = confirm_mapping(run, MappedSheets.of(run).mapping.confirmed(), looks=looks_of(run), by=lead)
    run = begin(run, State.PREVIEWING, by=lead)
    make_preview(run, by=lead, measure=lambda: None, compare=lambda before, after: {})
    preview = kept_preview(run)
    run = begin(run, State.APPLYING, by=lead)
    apply_run(run, by=lead)
    run.refresh_from_db()
    return run, preview


def test_a_tracker_of_one_child_beside_an_extract_of_two_adds_milestones_and_nothing_else(extract, lead):
    take_in(extract.write())
    before = {model: [*model.objects.order_by("pk").values()] for model in (CareEpisode, Placement)}
    run, preview = wide(lead, ["A1", "01/05/2012", "03/11/2017", "03/06/2018", "", ""])
    assert {model: [*model.objects.order_by("pk").values()] for model in before} == before
    assert milestones() == {("PERM_REC", "2018-03-01"), ("PERM_REC", "2018-06-03")}
    assert preview.missing == []
    assert preview.elsewhere == {"same": {"Case system": 1}, "covered": {"Case system": 2}}
    assert not still_missing(lead).exists()
    assert 11 not in {each.rule for each in noted(Child.objects.all(), as_at=DAY)}
    assert run.summary["elsewhere"] == preview.elsewhere
    undo_run(run, by=lead)
    assert milestones() == {("PERM_REC", "2018-03-01")}
    assert Listed.objects.count() == 2


def test_the_same_tracker_twice_changes_nothing(extract, tracker):
    take_in(extract.write())
    of_tracker(tracker)
    before = everything()
    of_tracker(tracker)
    assert everything() == before


def test_a_corrected_tracker_replaces_what_it_said_itself(extract, tracker):
    take_in(extract.write())
    of_tracker(tracker)
    of_tracker(tracker.change("events", 1, date="2018-06-02"), LATER)
    assert milestones() == {("PERM_REC", "2018-03-01"), ("PANEL_PRESENTED", "2018-06-02")}
    assert milestones("A2") == {("REVIEW", "2017-12-10")}


def test_the_case_system_leaves_what_a_tracker_alone_said(extract, tracker, capsys):
    take_in(extract.write())
    of_tracker(tracker)
    result = told(extract.change("events", 1, date="2018-03-02").write(), capsys, day=LATER)
    assert [(each["change"], each["key"]["event_code"]) for each in result["differences"]] == [("gone", "PERM_REC")]
    assert milestones() == {("PERM_REC", "2018-03-02"), ("PANEL_PRESENTED", "2018-06-01")}


def test_a_child_is_missing_from_the_source_that_had_it(extract, tracker, capsys):
    take_in(extract.write())
    tracker.add("children", **Extract(tracker.folder).rows["children"][1])
    of_tracker(tracker)
    capsys.readouterr()
    of_tracker(tracker.drop("children", 2), LATER)
    assert "In earlier extracts and not in this one, left as they are: 1 (A2)" in capsys.readouterr().out
    assert told(extract.write(), capsys, day="2018-12-20")["missing_children"] == []


def test_a_source_with_all_children_is_asked_about_whom_it_lacks_and_one_with_some_is_not(extract, lead, city):
    take_in(extract.change("episodes", 2, end="").change("placements", 2, end="").write())
    ExtractSource.objects.create(authority=city, name="Register", is_whole=True)
    take_in(extract.write(), "--source", "Register", day="2018-11-10")
    take_in(extract.drop_child("A2").write(), "--source", "register ", day="2018-11-20")
    assert [child.local_ref for child in still_missing(lead)] == ["A2"]
    ExtractSource.objects.filter(name="Register").update(is_whole=False)
    assert not still_missing(lead).exists()


# What two sources say of one fact.


def said_by_tracker(tracker, capsys, **event):
    tracker.change("events", 1, **event)
    capsys.readouterr()
    of_tracker(tracker)
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"date": "2018-03-01", "route": "PO"}, "1 rows or cells of Panel tracker say what is recorded already"),
        ({"date": "2018-03-01", "route": ""}, "say what is recorded already"),
        ({"date": "2018-03-01", "precision": "month", "route": ""}, "say what is recorded already"),
        ({"date": "", "precision": "unknown", "route": ""}, "say what is recorded already"),
        ({"date": "2018-03-01", "route": "ADOPT"}, "say otherwise what is recorded already, and are left out"),
    ],
)
def test_a_milestone_that_the_case_system_says_is_told_and_not_doubled(extract, tracker, capsys, event, words):
    take_in(extract.write())
    tracker.drop("episodes", 1).drop("placements", 1).drop("legal", 1)
    tracker.change("children", 1, family_ref="", date_of_birth="", sex="", ethnicity="", locality="", team="")
    assert words in said_by_tracker(tracker, capsys, event_code="PERM_REC", **event)
    assert milestones() == {("PERM_REC", "2018-03-01")}
    assert Milestone.objects.get(kind="PERM_REC").route == "PO"


def test_a_day_that_the_case_system_does_not_know_exactly_is_written(extract, tracker):
    take_in(extract.change("events", 1, precision="month").write())
    of_tracker(tracker.change("events", 1, event_code="PERM_REC", date="2018-03-14"))
    assert milestones() == {("PERM_REC", "2018-03-01"), ("PERM_REC", "2018-03-14")}


def test_a_month_beside_a_day_that_is_taken_over_is_written_at_once_and_not_when_the_files_come_again(extract, tracker):
    extract.change("events", 1, precision="month").add("events", **{**extract.rows["events"][0], "date": "2018-03-14"})
    extract.change("events", 3, precision="day")
    of_tracker(tracker.change("events", 1, event_code="PERM_REC", date="2018-03-14"))
    take_in(extract.write())
    first = everything()
    take_in(extract.folder)
    assert everything() == first
    assert milestones() == {("PERM_REC", "2018-03-01"), ("PERM_REC", "2018-03-14")}


@pytest.mark.parametrize("tracker_first", [True, False])
def test_a_first_of_the_month_is_a_day_and_not_that_month(extract, tracker, tracker_first):
    tracker.change("events", 1, event_code="PERM_REC", date="2018-03-01")
    extract.change("events", 1, precision="month").write()
    for of_the_tracker in (tracker_first, not tracker_first):
        of_tracker(tracker) if of_the_tracker else take_in(extract.folder, day="2018-12-02")
    assert "day" in {row.precision for row in Milestone.objects.filter(kind="PERM_REC")}


def test_that_something_is_planned_does_not_say_that_it_happened(extract, tracker):
    take_in(extract.change("events", 1, date="", planned_on="2019-01-01").write())
    of_tracker(tracker.change("events", 1, event_code="PERM_REC", date="", precision="unknown"))
    assert {row.precision for row in Milestone.objects.filter(kind="PERM_REC")} == {"day", "unknown"}


def test_of_two_milestones_of_one_day_the_one_of_the_same_route_is_taken_over_and_the_other_gives_way(extract, tracker):
    tracker.change("events", 1, event_code="PERM_REC", date="2018-03-01", route="ADOPT")
    of_tracker(tracker.add("events", **{**tracker.rows["events"][0], "route": "PO"}))
    kept = Milestone.objects.get(route="PO")
    take_in(extract.write(), day="2018-12-02")
    rows = Milestone.objects.filter(kind="PERM_REC").values_list("pk", "route", "extract_source__name")
    assert [*rows] == [(kept.pk, "PO", "Case system")]


def test_two_trackers_that_know_no_day_both_give_way_to_the_case_system(extract, tracker, lead):
    of_tracker(tracker.change("events", 1, event_code="PERM_REC", date="2018-03-01", precision="month"))
    tracker.change("events", 1, date="", precision="unknown")
    Milestone.objects.update(kind="PANEL_PRESENTED")
    take_in(tracker.write(), "--source", "Court list", day="2018-12-01")
    Milestone.objects.update(kind="PERM_REC")
    before = {*Milestone.objects.values_list("pk", "precision", "extract_source__name", "voided_on")}
    assert len(before) == 2
    take_in(extract.write(), day="2018-12-02")
    assert [row.precision for row in Milestone.objects.filter(kind="PERM_REC")] == ["day"]
    undo_run(ImportRun.objects.first(), by=lead)
    assert {*Milestone.objects.values_list("pk", "precision", "extract_source__name", "voided_on")} == before


def test_what_a_person_recorded_stands_beside_a_tracker(extract, tracker, lead):
    take_in(extract.write())
    Milestone.objects.filter(kind="PERM_REC").update(origin="hand", extract_source=None, route="")
    of_tracker(tracker.change("events", 1, event_code="PERM_REC", date="2018-03-01", route="ADOPT"))
    row = Milestone.objects.get(kind="PERM_REC")
    assert (row.route, row.origin) == ("", "hand")


def test_the_case_system_takes_over_what_a_tracker_said_first(extract, tracker, capsys, lead):
    of_tracker(tracker.change("events", 1, event_code="PERM_REC", date="2018-03-01", precision="month"))
    placed = Placement.objects.get()
    take_in(extract.change("events", 1, date="2018-03-14").write(), day="2018-12-02")
    row = Milestone.objects.get(kind="PERM_REC")
    assert (str(row.happened_on), row.precision, row.route) == ("2018-03-14", "day", "PO")
    sources = {row.extract_source.name for model in (Milestone, CareEpisode, Placement) for row in model.objects.all()}
    assert sources == {"Case system"}
    assert Placement.objects.get(child__local_ref="A1").pk == placed.pk
    before = everything()
    take_in(extract.write(), day="2018-12-02")
    assert everything() == before
    of_tracker(tracker)
    assert Milestone.objects.count() == 2
    assert Child.objects.get(local_ref="A1").extract_source.name == "Case system"


def test_what_a_sheet_made_up_for_the_time_gives_way_to_the_case_system_and_comes_back_with_an_undo(extract, lead):
    wide(lead, ["A1", "01/05/2012", "03/11/2017", "", "", ""], ["B1", "01/05/2013", "03/11/2017", "", "", ""])
    before = Placement.objects.get(child__local_ref="A1")
    take_in(extract.write(), day="2018-12-02")
    assert [row.placement_type_id for row in Placement.objects.filter(child__local_ref="A1")] == ["FOST_LA"]
    assert [str(row.start) for row in CareEpisode.objects.filter(child__local_ref="A1")] == ["2017-11-01"]
    assert Placement.objects.get(child__local_ref="B1").placement_type_id == "NOT_KNOWN"
    entry = AuditEntry.objects.get(record_type="placement", record_id=str(before.pk), action="remove")
    assert entry.before["source of the row"] == "Tracker"
    assert 11 not in {each.rule for each in noted(Child.objects.all(), as_at=date(2018, 12, 2))}
    undo_run(ImportRun.objects.first(), by=lead)
    assert Placement.objects.get(child__local_ref="A1") == before


def test_a_placement_whose_type_is_known_fills_a_gap_of_the_case_system_and_one_not_known_does_not(extract, tracker):
    take_in(extract.change("placements", 1, end="2018-01-01").write())
    tracker.change("placements", 1, start="2018-02-01", placement_type="NOT_KNOWN")
    of_tracker(tracker)
    assert Placement.objects.filter(child__local_ref="A1").count() == 1
    of_tracker(tracker.change("placements", 1, placement_type="KIN"), LATER)
    assert Placement.objects.filter(child__local_ref="A1", placement_type="KIN", start="2018-02-01").exists()


def test_an_episode_of_another_time_is_written_and_one_that_a_person_recorded_is_not_doubled(extract, tracker):
    take_in(extract.write())
    tracker.change("episodes", 1, start="2016-01-01", end="2016-06-01", destination="HOME_PARENTS")
    of_tracker(tracker)
    assert CareEpisode.objects.filter(child__local_ref="A1").count() == 2
    CareEpisode.objects.filter(child__local_ref="A1").update(origin="hand", extract_source=None)
    of_tracker(tracker.change("episodes", 1, start="2016-01-09"), LATER)
    assert CareEpisode.objects.filter(child__local_ref="A1").count() == 2


def test_a_corrected_tracker_does_not_grow_into_the_time_of_another(extract, tracker, capsys):
    take_in(extract.change("episodes", 1, start="2018-04-01").change("placements", 1, start="2018-04-01").write())
    for file in ("episodes", "placements"):
        tracker.change(file, 1, start="2018-01-01", end="2018-02-01")
    of_tracker(tracker)
    assert CareEpisode.objects.filter(child__local_ref="A1").count() == 2
    for file in ("episodes", "placements"):
        tracker.change(file, 1, end="")
    capsys.readouterr()
    of_tracker(tracker, LATER)
    out, errors = capsys.readouterr()
    assert "A1 2018-01-01: no longer in the extract" in out
    assert "2 rows or cells of Panel tracker tell of a time of which other records tell" in errors
    for model in (CareEpisode, Placement):
        assert [str(row.start) for row in model.objects.filter(child__local_ref="A1")] == ["2018-04-01"]
    before = everything()
    of_tracker(tracker, LATER)
    assert everything() == before


@pytest.mark.parametrize("route", ["PO", ""])
def test_what_a_person_voided_a_tracker_does_not_bring_back(extract, tracker, capsys, lead, route):
    take_in(extract.write())
    void = {"voided_on": DAY, "void_reason": "Of another child", "voided_by": lead}
    Milestone.objects.filter(kind="PERM_REC").update(**void)
    words = said_by_tracker(tracker, capsys, event_code="PERM_REC", date="2018-03-01", route=route)
    assert "1 rows or cells of Panel tracker say otherwise what is recorded already, and are left out: voided" in words
    assert milestones() == set()
    # A month is not that day.
    said_by_tracker(tracker, capsys, event_code="PERM_REC", date="2018-03-01", precision="month", route="ADOPT")
    assert milestones() == {("PERM_REC", "2018-03-01")}


# Which source it is.


def test_a_sheet_must_say_whence_it_comes_and_a_new_source_whether_it_has_all_children(lead):
    sheet = [workbook(HEADER, ["A1", "01/05/2012", "03/11/2017", "", "", ""])]
    with pytest.raises(ValidationError, match="Say where it comes from"):
        receive(sheet, extract_date=DAY, source=" ", by=lead)
    with pytest.raises(ValidationError, match="whether it has all children"):
        receive(sheet, extract_date=DAY, source="Tracker", by=lead)
    receive(sheet, extract_date=DAY, source="Tracker", whole=False, by=lead)
    assert receive(sheet, extract_date=DAY, source=" tracker", by=lead).source.is_whole is False
    assert receive(sheet, extract_date=DAY, source="Tracker", whole=True, by=lead).source.is_whole is True
    noted_of = AuditEntry.objects.filter(record_type="extractsource").order_by("pk")
    assert [entry.action for entry in noted_of] == ["create", "change"]


def test_the_first_five_files_of_some_children_are_not_those_of_the_case_system(lead):
    first = source_of_upload("Panel tracker", whole=False, five_files=True, by=lead)
    assert (first.is_default, first.is_whole) == (False, False)
    second = source_of_upload("Mosaic", whole=None, five_files=True, by=lead)
    assert (second.is_default, second.is_whole) == (True, True)
    assert default_source(lead.organisation) == second
    with pytest.raises(ValidationError, match="your case system, which has all children"):
        source_of_upload(" mosaic", whole=False, five_files=True, by=lead)


def test_no_list_of_some_children_is_called_the_case_system_before_there_is_one(lead):
    with pytest.raises(ValidationError, match="Give a list of some of them a name of its own"):
        source_of_upload("case  System", whole=False, five_files=False, by=lead)
    assert default_source(lead.organisation).is_whole


def test_a_dry_run_of_the_command_keeps_no_source(tracker):
    before = everything()
    of_tracker(tracker, "2018-12-01", "--dry-run")
    assert everything() == before
