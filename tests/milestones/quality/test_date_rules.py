"""Dates that cannot be or that nobody meant: each rule with a child that breaks it and one that nearly does."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from milestones.models import Milestone
from tests.builders import child, from_an_extract, milestone
from tests.milestones.quality.stories import AS_AT, SINCE, basis, cared_for, episode, rules_broken, stay

pytestmark = pytest.mark.django_db
FIRST_OF_APRIL = date(2024, 4, 1)


def test_2_a_placement_that_ends_on_a_day_that_has_not_come():
    row, today = cared_for(), timezone.localdate()
    row.placements.update(end=today)
    assert rules_broken(row) == []
    row.placements.update(end=today + timedelta(days=1))
    assert rules_broken(row) == [2]


def test_2_a_day_that_the_extract_could_not_know():
    row = cared_for()
    from_an_extract(*row.placements.all(), on=SINCE)
    assert rules_broken(row) == []
    from_an_extract(*row.placements.all(), on=SINCE - timedelta(days=1))
    assert rules_broken(row) == [2]


def test_2_a_planned_review_lies_in_the_future_as_it_should():
    row = cared_for()
    row.milestones.create(kind="REVIEW", planned_on=timezone.localdate() + timedelta(days=60))
    assert rules_broken(row) == []


def test_2_the_database_holds_no_milestone_that_is_recorded_before_it_happened():
    with pytest.raises(IntegrityError):
        milestone(child(), "REVIEW", date(2024, 3, 2), recorded_on=date(2024, 3, 1))


@pytest.mark.parametrize("begin", [episode, stay, basis])
def test_3_the_database_holds_no_end_before_the_start(begin):
    row = child()
    with pytest.raises(IntegrityError):
        begin(row, SINCE, SINCE - timedelta(days=1))


@pytest.mark.parametrize(
    ("begun", "ended"),
    [("PCA_START", "PCA_END"), ("KIN_ASSESS_START", "KIN_ASSESS_END"), ("LEGAL_ADVICE_REQ", "LEGAL_ADVICE_REC")],
)
def test_3_an_assessment_or_advice_completed_before_it_began(begun, ended):
    row = cared_for()
    begins = milestone(row, begun, date(2024, 3, 2))
    milestone(row, ended, date(2024, 3, 1))
    assert rules_broken(row) == [3]
    Milestone.objects.filter(pk=begins.pk).update(happened_on=date(2024, 3, 1))
    assert rules_broken(row) == []


def test_4_a_placement_of_less_than_a_day():
    row = cared_for()
    short = stay(row, date(2024, 3, 1), date(2024, 3, 1), short_break=True)
    assert rules_broken(row) == [4]
    type(short).objects.filter(pk=short.pk).update(end=date(2024, 3, 2))
    assert rules_broken(row) == []


@pytest.mark.parametrize(("on", "precision"), [(date(2024, 3, 1), "month"), (None, "unknown")])
def test_38_a_panel_whose_day_is_not_known(on, precision):
    row = cared_for()
    milestone(row, "PANEL_PRESENTED", on, precision=precision)
    assert rules_broken(row) == [38]


def test_38_a_referral_of_which_only_the_month_is_known_matters_to_no_clock():
    row = cared_for()
    milestone(row, "REFERRAL_FIRST", date(2023, 3, 1), precision="month")
    assert rules_broken(row) == []


def test_38_a_review_that_is_planned_is_not_one_with_an_unknown_day():
    row = cared_for()
    row.milestones.create(kind="REVIEW", planned_on=date(2024, 7, 1))
    assert rules_broken(row) == []


def test_39_an_empty_cell_that_was_read_as_a_date():
    row = cared_for()
    medical = milestone(row, "MEDICAL", date(1900, 1, 1))
    assert rules_broken(row) == [39]
    Milestone.objects.filter(pk=medical.pk).update(happened_on=date(1900, 1, 2))
    assert rules_broken(row) == []


def test_39_many_imported_dates_on_one_first_of_april():
    rows = [cared_for() for _ in range(5)]
    for row in rows[1:]:
        from_an_extract(milestone(row, "MEDICAL", FIRST_OF_APRIL), on=FIRST_OF_APRIL)
    assert rules_broken(rows[1]) == []
    from_an_extract(milestone(rows[0], "MEDICAL", FIRST_OF_APRIL), on=FIRST_OF_APRIL)
    assert [rules_broken(row) for row in rows] == [[39]] * 5


def test_39_many_dates_of_the_first_of_april_recorded_by_hand_or_of_different_kinds():
    kinds = ["LEGAL_ADVICE_REC", "REPORT_CAPR", "REPORT_S80", "LEGAL_ADVICE_REQ", "MTG_2WK"]
    rows = [cared_for() for _ in kinds]
    for row, kind in zip(rows, kinds, strict=True):
        milestone(row, "MEDICAL", FIRST_OF_APRIL)
        from_an_extract(milestone(row, kind, FIRST_OF_APRIL), on=FIRST_OF_APRIL)
    assert [rules_broken(row, AS_AT) for row in rows] == [[]] * 5


def test_43_the_same_milestone_twice_on_one_day():
    row = cared_for()
    milestone(row, "MEDICAL", AS_AT)
    milestone(row, "MEDICAL", AS_AT - timedelta(days=1))
    milestone(row, "MEDICAL", AS_AT.replace(day=1), precision="month")
    milestone(row, "MEDICAL", AS_AT.replace(day=1), precision="month")
    assert 43 not in rules_broken(row)
    milestone(row, "MEDICAL", AS_AT)
    assert 43 in rules_broken(row)
