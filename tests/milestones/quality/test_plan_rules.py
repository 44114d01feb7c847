"""The plan: each rule with a child that breaks it and one that nearly does."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from milestones.quality.rules import RULES
from tests.builders import milestone
from tests.milestones.quality.stories import SINCE, basis, cared_for, found_in, move, rules_broken, stay

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)
A_DAY = timedelta(days=1)
TEST = re.compile(r"^def test_([0-9]+)_", re.MULTILINE)


@pytest.fixture
def row():
    return cared_for()


def recommended(row, on, route="PO", **more):
    return milestone(row, "PERM_REC", on, route=route, **more)


def test_19_recommended_the_day_before_the_child_became_looked_after(row):
    recommended(row, SINCE - A_DAY, "HOME")
    assert rules_broken(row) == [19]


def test_19_recommended_on_the_day_on_which_the_child_became_looked_after(row):
    recommended(row, SINCE, "HOME")
    assert rules_broken(row) == []


def test_19_recommended_before_birth_needs_to_say_so():
    unsaid, said = cared_for(born=SINCE), cared_for(born=SINCE)
    recommended(unsaid, SINCE - A_DAY, "HOME")
    recommended(said, SINCE - A_DAY, "PO", pre_birth=True)
    assert [each.message for each in found_in(unsaid)] == [
        "The recommendation of 7 January 2024 is before the child's birth. If it was made before birth, say so on the "
        "recommendation."
    ]
    assert rules_broken(said) == []


@pytest.mark.parametrize(("route", "broken"), [("PO", [20]), ("HOME", [])])
def test_20_recommended_away_from_home_while_the_child_lived_there(route, broken):
    row = cared_for(living="HOME_PARENT")
    recommended(row, MARCH - A_DAY, route)
    move(row, MARCH, "FOST_LA")
    assert rules_broken(row, APRIL) == broken


def test_20_recommended_away_on_the_day_of_accommodation():
    row = cared_for(living="HOME_PARENT")
    recommended(row, MARCH)
    move(row, MARCH, "FOST_LA")
    assert rules_broken(row, APRIL) == []


def test_21_a_recommendation_that_names_no_route(row):
    made = recommended(row, MARCH, "")
    assert rules_broken(row) == [21]
    type(made).objects.filter(pk=made.pk).update(route="KINSHIP")
    assert rules_broken(row) == []


def test_21_a_recommendation_that_is_only_planned_has_no_route_yet(row):
    row.milestones.create(kind="PERM_REC", planned_on=MAY)
    assert rules_broken(row) == []


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("PANEL_PRESENTED", "PERM_REC"),
        ("ADM_DECISION", "PANEL_PRESENTED"),
        ("COURT_LODGED", "ADM_DECISION"),
        ("ORDER_GRANTED", "COURT_LODGED"),
    ],
)
def test_22_a_later_step_before_an_earlier_one(row, later, earlier):
    routed = {"route": "PO"} if earlier == "PERM_REC" else {}
    first = milestone(row, earlier, MARCH, **routed)
    milestone(row, later, MARCH - A_DAY)
    assert rules_broken(row) == [22]
    type(first).objects.filter(pk=first.pk).update(happened_on=MARCH - A_DAY)
    assert rules_broken(row) == []


@pytest.mark.parametrize(("days", "broken"), [(15, [23]), (14, [])])
def test_23_a_decision_more_than_fourteen_days_after_panel(row, days, broken):
    milestone(row, "PANEL_PRESENTED", MARCH)
    milestone(row, "ADM_DECISION", MARCH + 2 * A_DAY, outcome="deferred")
    milestone(row, "ADM_DECISION", MARCH + days * A_DAY, outcome="approved")
    assert rules_broken(row) == broken


@pytest.mark.parametrize(("route", "broken"), [("HOME", [24]), ("KINSHIP", [])])
def test_24_an_application_for_the_route_home(row, route, broken):
    milestone(row, "COURT_LODGED", MARCH, route=route)
    assert rules_broken(row) == broken


def test_24_an_application_without_a_route_while_the_plan_is_home(row):
    plan = recommended(row, MARCH, "HOME")
    milestone(row, "COURT_LODGED", APRIL)
    assert rules_broken(row) == [24]
    type(plan).objects.filter(pk=plan.pk).update(route="PO")
    assert rules_broken(row) == []


def test_25_an_order_without_an_application(row):
    milestone(row, "ORDER_GRANTED", MAY, route="PO")
    assert rules_broken(row) == [25]
    milestone(row, "COURT_LODGED", APRIL, route="PO")
    assert rules_broken(row) == []


@pytest.mark.parametrize(
    ("approved", "order", "broken"),
    [
        ("PO", {"route": "KINSHIP"}, [26]),
        ("PO", {"order_type": "POA"}, [26]),
        ("PO", {"route": "PO"}, []),
        ("POA", {"order_type": "AO"}, []),
    ],
)
def test_26_an_order_of_another_route_than_was_approved(row, approved, order, broken):
    milestone(row, "ADM_DECISION", MARCH, route=approved, outcome="approved")
    milestone(row, "COURT_LODGED", APRIL)
    milestone(row, "ORDER_GRANTED", MAY, **order)
    assert rules_broken(row) == broken


def test_27_two_plans_on_one_day(row):
    recommended(row, MARCH, "PO")
    second = recommended(row, MARCH, "KINSHIP", change_reason="An aunt came forward")
    assert rules_broken(row) == [27]
    type(second).objects.filter(pk=second.pk).update(happened_on=MARCH + A_DAY)
    assert rules_broken(row) == []


def test_27_one_plan_recommended_twice_is_one_plan(row):
    recommended(row, MARCH, "PO")
    recommended(row, MARCH, "PO")
    recommended(row, APRIL, "PO")
    assert rules_broken(row) == [43]


def test_28_a_plan_that_changed_for_no_recorded_reason(row):
    recommended(row, MARCH, "PO")
    second = recommended(row, APRIL, "KINSHIP")
    assert rules_broken(row) == [28]
    type(second).objects.filter(pk=second.pk).update(change_reason="An aunt came forward")
    assert rules_broken(row) == []


def test_28_a_plan_of_a_later_time_in_care_replaces_none(row):
    recommended(row, MARCH, "PO")
    move(row, APRIL, "HOME_PARENT")
    move(row, MAY, "FOST_LA")
    recommended(row, MAY, "KINSHIP")
    assert rules_broken(row) == []


@pytest.mark.parametrize(("back", "broken"), [(False, [29]), (True, [])])
def test_29_an_order_for_the_plan_that_was_given_up(row, back, broken):
    recommended(row, SINCE, "PO")
    recommended(row, MARCH, "KINSHIP", change_reason="An aunt came forward")
    if back:
        recommended(row, MARCH + A_DAY, "PO", change_reason="She withdrew")
    milestone(row, "COURT_LODGED", APRIL)
    milestone(row, "ORDER_GRANTED", MAY, route="PO")
    assert rules_broken(row) == broken


def test_30_left_care_with_a_plan_that_nobody_carried_out():
    row = cared_for(until=MAY, to="FRIENDS_RELATIVES")
    recommended(row, MARCH, "KINSHIP")
    assert rules_broken(row) == [30]
    basis(row, MAY, ground="KCO")
    assert rules_broken(row) == []


@pytest.mark.parametrize(("to", "route"), [("HOME_PARENTS", "HOME"), ("DIED", "PO")], ids=["as planned", "who died"])
def test_30_left_care_as_planned_or_by_death(to, route):
    row = cared_for(until=MAY, to=to)
    recommended(row, MARCH, route)
    assert rules_broken(row) == []


def test_30_left_care_when_the_plan_had_changed_to_home():
    row = cared_for(until=MAY, to="HOME_PARENTS")
    recommended(row, MARCH, "PO")
    recommended(row, APRIL, "HOME", change_reason="The parents took up support")
    assert rules_broken(row) == []


def test_a_short_break_is_no_accommodation():
    row = cared_for(living="HOME_PARENT")
    stay(row, SINCE, MARCH, short_break=True)
    recommended(row, APRIL)
    assert rules_broken(row) == [20]


@pytest.mark.parametrize(
    ("route", "outcome", "broken"),
    [("KINSHIP", "approved", [44]), ("PO", "approved", []), ("KINSHIP", "refused", []), ("", "approved", [])],
)
def test_44_approved_for_another_route_than_was_recommended(row, route, outcome, broken):
    recommended(row, MARCH, "PO")
    milestone(row, "ADM_DECISION", APRIL, route=route, outcome=outcome)
    assert rules_broken(row) == broken


def test_every_rule_has_a_test_that_names_it():
    """The rule that the database itself keeps, 13, is one of them."""
    named = {
        int(number) for file in Path(__file__).parent.glob("test_*.py") for number in TEST.findall(file.read_text())
    }
    assert named == {each.number for each in RULES}
