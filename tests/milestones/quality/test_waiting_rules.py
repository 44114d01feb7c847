"""What is late: each rule with a child that breaks it and one that nearly does."""

from datetime import date, timedelta

import pytest

from tests.builders import milestone
from tests.milestones.quality.stories import SINCE, cared_for, found_in, rules_broken

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
A_YEAR_ON = date(2025, 1, 8)


def test_33_a_supervision_order_older_than_a_year():
    row = cared_for()
    milestone(row, "PERM_REC", SINCE, route="PO")
    assert rules_broken(row, A_YEAR_ON) == []
    assert rules_broken(row, A_YEAR_ON + A_DAY) == [33]
    milestone(row, "CSO_REVIEWED", SINCE + 300 * A_DAY)
    assert rules_broken(row, A_YEAR_ON + A_DAY) == []
    assert rules_broken(row, date(2025, 12, 1)) == [33]


def test_33_only_supervision_orders_last_a_year():
    row = cared_for(ground="PO")
    milestone(row, "PERM_REC", SINCE, route="PO")
    assert rules_broken(row, A_YEAR_ON + A_DAY) == []


@pytest.mark.parametrize("kind", ["PLAN_REVIEW_2Y", "AT_HOME_AUDIT", "REVIEW"])
def test_34_at_home_on_supervision_over_eighteen_months_and_not_reviewed(kind):
    row = cared_for(living="HOME_PARENT", reviewed=False)
    milestone(row, "CSO_REVIEWED", date(2024, 12, 1))
    milestone(row, "CSO_REVIEWED", date(2025, 11, 1))
    eighteen_months = date(2025, 7, 8)
    assert rules_broken(row, eighteen_months) == []
    assert rules_broken(row, eighteen_months + A_DAY) == [34]
    assert "over 18 months" in found_in(row, eighteen_months + A_DAY)[0].message
    assert "over 24 months" in found_in(row, date(2026, 1, 9))[0].message
    milestone(row, kind, eighteen_months)
    assert rules_broken(row, eighteen_months + A_DAY) == []


def test_35_accommodated_over_six_weeks_and_not_reviewed():
    row = cared_for(reviewed=False)
    six_weeks = SINCE + 42 * A_DAY
    assert rules_broken(row, six_weeks) == []
    assert rules_broken(row, six_weeks + A_DAY) == [35]
    milestone(row, "REVIEW", six_weeks + A_DAY)
    assert rules_broken(row, six_weeks + A_DAY) == []


def test_35_a_review_of_an_earlier_time_away_is_none_of_this_one():
    row = cared_for(until=date(2024, 2, 20), to="HOME_PARENTS")
    again = cared_for(since=date(2024, 3, 1), reviewed=False)
    for rows in (again.episodes, again.placements, again.legal_bases):
        rows.update(child=row)
    assert rules_broken(row, date(2024, 4, 12)) == []
    assert rules_broken(row, date(2024, 4, 13)) == [35]


@pytest.mark.parametrize("kind", ["PERM_REC", "PERM_DECISION"])
def test_36_accommodated_over_26_weeks_and_not_recommended(kind):
    row = cared_for()
    half_a_year = SINCE + 182 * A_DAY
    assert rules_broken(row, half_a_year) == []
    assert rules_broken(row, half_a_year + A_DAY) == [36]
    milestone(row, kind, half_a_year, route="PO")
    assert rules_broken(row, half_a_year + A_DAY) == []


def test_36_a_recommendation_made_before_birth_counts():
    row = cared_for(born=SINCE)
    milestone(row, "PERM_REC", SINCE - A_DAY, route="PO", pre_birth=True)
    assert rules_broken(row, SINCE + 183 * A_DAY) == []
