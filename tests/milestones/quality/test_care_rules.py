"""Where a child lives and on what ground: each rule with a child that breaks it and one that nearly does."""

from datetime import date, timedelta

import pytest

from tests.builders import milestone
from tests.milestones.quality.stories import (
    AS_AT,
    SINCE,
    basis,
    cared_for,
    episode,
    found_in,
    move,
    rules_broken,
    stay,
)

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)
A_DAY = timedelta(days=1)


def test_5_an_episode_that_begins_before_the_last_has_ended():
    row = cared_for(until=MARCH, to="HOME_PARENTS")
    episode(row, MARCH - A_DAY, APRIL, "HOME_PARENTS")
    assert rules_broken(row) == [5]


def test_5_an_episode_that_begins_on_the_day_on_which_the_last_ended():
    row = cared_for(until=MARCH, to="HOME_PARENTS")
    episode(row, MARCH, APRIL, "HOME_PARENTS")
    assert rules_broken(row) == []


def test_5_a_short_episode_hides_no_overlap_with_a_long_one():
    row = cared_for()
    for start, end in ((MARCH, MARCH + A_DAY), (APRIL, APRIL + A_DAY)):
        episode(row, start, end, "HOME_PARENTS")
    assert rules_broken(row) == [5, 5]


def test_6_a_placement_that_begins_before_the_last_has_ended():
    row = cared_for()
    move(row, MARCH, "KIN", left=MARCH + A_DAY)
    assert rules_broken(row) == [6]


def test_6_a_move_on_one_day_and_a_short_break():
    row = cared_for()
    move(row, MARCH, "KIN")
    stay(row, APRIL, MAY, short_break=True)
    assert rules_broken(row) == []


def test_7_a_day_between_two_placements():
    row = cared_for()
    move(row, MARCH, "KIN", left=MARCH - A_DAY)
    (found,) = found_in(row)
    assert (found.rule, found.message) == (
        7,
        "Nobody recorded where the child lived between 29 February 2024 and 1 March 2024.",
    )


def test_7_a_gap_between_two_episodes_is_none():
    row = cared_for(until=MARCH, to="HOME_PARENTS")
    episode(row, APRIL)
    stay(row, APRIL)
    basis(row, APRIL)
    assert rules_broken(row, MAY) == []


@pytest.mark.parametrize("begin", [stay, basis])
def test_8_a_stay_or_a_ground_that_begins_before_the_child_was_looked_after(begin):
    row = cared_for()
    begin(row, SINCE - A_DAY, SINCE)
    assert rules_broken(row) == [8]


@pytest.mark.parametrize("begin", [stay, basis])
def test_8_a_stay_or_a_ground_that_ends_after_care_did(begin):
    row = cared_for(until=MARCH, to="HOME_PARENTS", **{"living" if begin is stay else "ground": None})
    one = begin(row, SINCE, MARCH + A_DAY)
    assert rules_broken(row) == [8]
    type(one).objects.filter(pk=one.pk).update(end=MARCH)
    assert rules_broken(row) == []


def test_8_an_order_that_begins_where_care_ends_belongs_to_no_episode():
    row = cared_for(until=MARCH, to="KINSHIP_CARE_ORDER")
    basis(row, MARCH + A_DAY, ground="KCO")
    assert rules_broken(row) == []


def test_8_a_supervision_order_that_lasts_over_two_episodes_without_a_day_between():
    row = cared_for(ground=None, until=MARCH, to="HOME_PARENTS")
    episode(row, MARCH, APRIL, "HOME_PARENTS")
    basis(row, SINCE, APRIL)
    assert rules_broken(row) == []


@pytest.mark.parametrize("begin", [stay, basis])
def test_9_a_stay_or_a_ground_without_end_though_care_ended(begin):
    row = cared_for(until=MARCH, to="HOME_PARENTS", **{"living" if begin is stay else "ground": None})
    one = begin(row, SINCE)
    assert rules_broken(row) == [9]
    type(one).objects.filter(pk=one.pk).update(end=MARCH)
    assert rules_broken(row) == []


def test_10_care_ended_and_nobody_knows_where_to():
    assert rules_broken(cared_for(until=MARCH)) == [10]
    assert rules_broken(cared_for(until=MARCH, to="NOT_KNOWN")) == []


def test_10_a_destination_of_care_that_has_not_ended():
    assert rules_broken(cared_for(to="HOME_PARENTS")) == [10]


def test_17_adopted_at_eighteen():
    row = cared_for(until=MARCH, to="ADOPTED", living="PROSP_ADOPT", born=date(2006, 3, 1))
    assert rules_broken(row) == [17]


def test_17_adopted_a_day_before_the_eighteenth_birthday():
    row = cared_for(until=MARCH, to="ADOPTED", living="PROSP_ADOPT", born=date(2006, 3, 2))
    assert rules_broken(row) == []


@pytest.mark.parametrize("to", ["ADOPTED", "DIED"])
def test_17_a_review_after_adoption_or_death(to):
    row = cared_for(until=MARCH, to=to, living="PROSP_ADOPT")
    review = milestone(row, "REVIEW", MARCH + A_DAY)
    assert rules_broken(row) == [17]
    type(review).objects.filter(pk=review.pk).update(happened_on=MARCH)
    assert rules_broken(row) == []


def test_17_an_adoption_order_some_days_after_care_ended_is_no_later_activity():
    row = cared_for(until=MARCH, to="ADOPTED", living="PROSP_ADOPT")
    milestone(row, "COURT_LODGED", MARCH)
    milestone(row, "ORDER_GRANTED", MARCH + A_DAY, route="ADOPT")
    assert rules_broken(row) == []


def test_18_adopted_from_nowhere():
    row = cared_for(until=MARCH, to="ADOPTED")
    assert rules_broken(row) == [18]
    basis(row, MARCH, ground="AO")
    assert rules_broken(row) == []


def test_18_adopted_by_the_adopters_with_whom_the_child_was_placed():
    assert rules_broken(cared_for(until=MARCH, to="ADOPTED", living="PROSP_ADOPT")) == []


def test_31_home_on_voluntary_accommodation_alone():
    row = cared_for(ground="S25")
    move(row, MARCH, "HOME_PARENT")
    assert rules_broken(row) == [31]
    order = basis(row, MARCH, ground="CSO")
    assert rules_broken(row) == []
    type(order).objects.filter(pk=order.pk).update(end=APRIL)
    assert rules_broken(row) == [31]


def test_31_voluntary_accommodation_that_ends_with_the_return_home():
    row = cared_for(ground=None)
    basis(row, SINCE, MARCH, "S25")
    basis(row, MARCH)
    move(row, MARCH, "HOME_PARENT")
    assert rules_broken(row) == []


@pytest.mark.parametrize("ground", ["PO", "POA"])
def test_32_home_while_a_permanence_order_is_in_force(ground):
    row = cared_for(ground=ground)
    move(row, MARCH, "HOME_PARENT")
    assert rules_broken(row) == [32]


def test_32_home_on_the_day_on_which_the_permanence_order_ended():
    row = cared_for(ground=None)
    basis(row, SINCE, MARCH, "PO")
    basis(row, MARCH)
    move(row, MARCH, "HOME_PARENT")
    assert rules_broken(row) == []


def test_37_transferred_out_and_still_looked_after_here():
    row = cared_for()
    milestone(row, "LA_TRANSFER_OUT", MARCH)
    assert rules_broken(row) == [37]


def test_37_transferred_out_when_care_here_ended():
    row = cared_for(until=MARCH, to="OTHER")
    milestone(row, "LA_TRANSFER_OUT", MARCH)
    assert rules_broken(row) == []


def test_41_looked_after_and_nobody_knows_where():
    row = cared_for(living=None)
    assert rules_broken(row) == [41]
    stay(row, AS_AT)
    assert rules_broken(row) == []


def test_41_no_placement_in_an_episode_that_has_ended():
    assert rules_broken(cared_for(living=None, until=MARCH, to="HOME_PARENTS")) == []


def test_42_looked_after_on_no_ground():
    row = cared_for(ground=None)
    order = basis(row, SINCE, AS_AT)
    assert rules_broken(row) == [42]
    type(order).objects.filter(pk=order.pk).update(end=AS_AT + A_DAY)
    assert rules_broken(row) == []
