"""What two sources say of who a child is: the first stands, what is empty is filled, and differences are told."""

from datetime import date

import pytest

from children.merging import merge
from children.models import Child, Identity
from milestones.models import ImportRun
from tests.milestones.extracts import Extract, everything, take_in
from tests.milestones.trackers import milestones, of_tracker

pytestmark = pytest.mark.django_db
DAY, LATER = date(2018, 12, 1), "2018-12-15"
State = ImportRun.State


def test_a_tracker_fills_what_is_empty_corrects_what_it_filled_and_leaves_the_rest(extract, tracker):
    take_in(extract.change("children", 1, locality="", sex="").write())
    tracker.change("children", 1, locality="South", sex="", date_of_birth="2012-05-02")
    of_tracker(tracker)
    child = Child.objects.get(local_ref="A1")
    assert (child.locality, child.date_of_birth, child.sex) == ("South", date(2012, 5, 1), "")
    of_tracker(tracker.change("children", 1, locality="East"), LATER)
    take_in(extract.write(), day="2018-12-20")
    child.refresh_from_db()
    assert child.locality == "East"
    take_in(extract.change("children", 1, locality="West").write(), day="2018-12-21")
    of_tracker(tracker, "2018-12-22")
    child.refresh_from_db()
    assert (child.locality, child.filled_by) == ("West", None)


def test_a_tracker_names_who_had_no_name_and_renames_nobody_else(extract, tracker):
    take_in(extract.add("identities", child_ref="A2", given_name="Mary", family_name="Bain").write())
    tracker.add("children", **Extract(tracker.folder).rows["children"][1])
    tracker.add("identities", child_ref="A1", given_name="Ann", family_name="Aird")
    of_tracker(tracker.add("identities", child_ref="A2", given_name="Marie", family_name="Bain"))
    of_tracker(tracker.change("identities", 1, given_name="Anne"), LATER)
    assert {str(name) for name in Identity.objects.all()} == {"Anne Aird", "Mary Bain"}
    take_in(extract.add("identities", child_ref="A1", given_name="Anna", family_name="Aird").write(), day="2018-12-20")
    of_tracker(tracker, "2018-12-22")
    assert {str(name) for name in Identity.objects.all()} == {"Anna Aird", "Mary Bain"}


def test_the_case_system_takes_over_a_child_whom_a_tracker_brought_and_keeps_what_it_leaves_empty(extract, tracker):
    of_tracker(tracker.change("children", 1, locality="South", sex="M"))
    take_in(extract.change("children", 1, locality="").write(), day="2018-12-20")
    child = Child.objects.get(local_ref="A1")
    assert (child.locality, child.sex, child.extract_source.name) == ("South", "F", "Case system")
    of_tracker(tracker.change("children", 1, locality="East", sex="X"), "2018-12-22")
    child.refresh_from_db()
    assert (child.locality, child.sex) == ("East", "F")


def test_an_adopted_child_is_not_filled_in_and_what_a_tracker_says_of_who_it_is_is_not_even_told(
    extract, tracker, capsys
):
    take_in(extract.change("children", 1, locality="").change("legal", 1, legal_code="AO").write())
    capsys.readouterr()
    of_tracker(tracker.change("children", 1, locality="South", date_of_birth="2012-05-02"), DAY, "--skip-rejects")
    errors = capsys.readouterr().err
    assert "this child was adopted" in errors
    assert "say otherwise" not in errors
    assert Child.objects.get(local_ref="A1").locality == ""


def test_the_tracker_of_a_child_whose_records_were_merged_changes_nothing_again(extract, tracker, lead):
    take_in(extract.write())
    for rows in tracker.rows.values():
        for row in rows:
            row["child_ref"] = "T1"
    of_tracker(tracker.add("identities", child_ref="T1", given_name="Ann", family_name="Aird"))
    kept, other = Child.objects.get(local_ref="A1"), Child.objects.get(local_ref="T1")
    merge(kept, other, reason="The same birth certificate", by=lead)
    before = everything()
    of_tracker(tracker)
    assert everything() == before
    assert milestones() == {("PERM_REC", "2018-03-01"), ("PANEL_PRESENTED", "2018-06-01")}
    of_tracker(tracker.change("events", 1, date="2018-06-02"), LATER)
    assert milestones() == {("PERM_REC", "2018-03-01"), ("PANEL_PRESENTED", "2018-06-02")}
