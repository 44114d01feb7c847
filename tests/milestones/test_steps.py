"""The steps of a child: when each is due, and what stops it (`domain.md` 3.2 and 4.10)."""

from datetime import date

import pytest

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.clocks.days import OPEN
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import load_journeys
from milestones.steps import STEP_KINDS, STEPS, run_steps, to_do
from tests.builders import child, milestone

pytestmark = pytest.mark.django_db
PLACED = date(2024, 1, 8)


def steps(row: Child, *, as_at: date) -> dict[str, list[tuple]]:
    """(start, due, stop, state) of each clock of the child, by step, in order of start."""
    clocks = run_steps(load_journeys(Child.objects.filter(pk=row.pk), as_at, kinds=STEP_KINDS))
    found = {step.code: [] for step in STEPS}
    for clock in clocks.sort_values("start", kind="stable").to_dict("records"):
        stop = from_day(clock["stop"]) if clock["stop"] < OPEN else None
        found[clock["step"]].append((from_day(clock["start"]), from_day(clock["due"]), stop, clock["state"]))
    return found


@pytest.fixture
def placed():
    return child(accommodated=PLACED)


def test_reviews_are_due_in_a_chain_from_one_to_the_next(placed):
    milestone(placed, "REVIEW", date(2024, 2, 12))
    milestone(placed, "REVIEW", date(2024, 5, 10))
    assert steps(placed, as_at=date(2024, 6, 1))["REVIEW"] == [
        (PLACED, date(2024, 2, 19), date(2024, 2, 12), State.MET),
        (date(2024, 2, 12), date(2024, 5, 12), date(2024, 5, 10), State.MET),
        (date(2024, 5, 10), date(2024, 11, 10), None, State.WAITING),
    ]


def test_two_reviews_of_one_day_are_one_link_of_the_chain(placed):
    milestone(placed, "REVIEW", date(2024, 2, 12))
    milestone(placed, "REVIEW", date(2024, 2, 12))
    assert [due for _start, due, _stop, _state in steps(placed, as_at=date(2024, 6, 1))["REVIEW"]] == [
        date(2024, 2, 19),
        date(2024, 5, 12),
    ]


def test_a_review_that_is_only_planned_stops_nothing(placed):
    placed.milestones.create(kind="REVIEW", planned_on=date(2024, 2, 12))
    assert steps(placed, as_at=date(2024, 2, 20))["REVIEW"] == [(PLACED, date(2024, 2, 19), None, State.OVERDUE)]


def test_a_void_review_stops_nothing(placed):
    milestone(placed, "REVIEW", date(2024, 2, 12), voided_on=date(2024, 3, 1), void_reason="Another child's")
    assert steps(placed, as_at=date(2024, 2, 19))["REVIEW"] == [(PLACED, date(2024, 2, 19), None, State.WAITING)]


def test_practice_counts_from_accommodation_and_the_law_from_the_last_review(placed):
    milestone(placed, "REVIEW", date(2024, 2, 19))
    milestone(placed, "REVIEW", date(2024, 5, 17))
    found = steps(placed, as_at=date(2024, 6, 1))
    assert found["6WK"] == [(PLACED, date(2024, 2, 19), date(2024, 2, 19), State.MET)]
    assert found["3M"] == [(PLACED, date(2024, 4, 8), date(2024, 5, 17), State.MISSED)]
    assert found["6M"] == [(PLACED, date(2024, 7, 8), None, State.WAITING)]
    assert found["REVIEW"][1][3] == State.MET


def test_a_review_of_a_named_kind_is_that_review_though_an_earlier_one_was_not_recorded(placed):
    milestone(placed, "REVIEW", date(2024, 7, 1), review_kind="6m")
    found = steps(placed, as_at=date(2024, 8, 1))
    assert found["6M"][0][2:] == (date(2024, 7, 1), State.MET)
    assert found["3M"][0][2:] == (None, State.OVERDUE)


def test_the_72_hour_meeting_is_due_in_three_working_days(placed):
    milestone(placed, "MTG_72H", date(2024, 1, 11))
    assert steps(placed, as_at=date(2024, 2, 1))["72H"] == [(PLACED, date(2024, 1, 11), date(2024, 1, 11), State.MET)]


def test_a_meeting_nobody_recorded_is_waited_for_until_the_review_it_prepares(placed):
    assert steps(placed, as_at=date(2024, 2, 12))["72H"][0][3] == State.OVERDUE
    milestone(placed, "REVIEW", date(2024, 2, 12))
    assert steps(placed, as_at=date(2024, 2, 12))["72H"][0][3] == State.MISSED


def test_panel_decision_notification_and_court_follow_one_another(placed):
    milestone(placed, "PERM_REC", date(2024, 2, 12), route="PO")
    milestone(placed, "PANEL_PRESENTED", date(2024, 3, 1))
    milestone(placed, "ADM_DECISION", date(2024, 3, 15), route="PO", outcome="approved")
    found = steps(placed, as_at=date(2024, 3, 20))
    assert found["PANEL"] == [(date(2024, 2, 12), date(2024, 5, 6), date(2024, 3, 1), State.MET)]
    assert found["ADM"] == [(date(2024, 3, 1), date(2024, 3, 15), date(2024, 3, 15), State.MET)]
    assert found["NOTIFY"] == [(date(2024, 3, 15), date(2024, 3, 22), None, State.WAITING)]
    assert found["COURT"] == [(date(2024, 3, 15), date(2024, 6, 21), None, State.WAITING)]


def test_a_deferred_decision_leaves_the_child_waiting_and_starts_no_notification(placed):
    milestone(placed, "PERM_REC", date(2024, 2, 12), route="PO")
    milestone(placed, "PANEL_PRESENTED", date(2024, 3, 1))
    milestone(placed, "ADM_DECISION", date(2024, 3, 10), route="PO", outcome="deferred")
    found = steps(placed, as_at=date(2024, 3, 12))
    assert found["ADM"] == [(date(2024, 3, 1), date(2024, 3, 15), None, State.WAITING)]
    assert found["NOTIFY"] == []


def test_a_second_panel_waits_for_a_decision_of_its_own(placed):
    milestone(placed, "PANEL_PRESENTED", date(2024, 3, 1))
    milestone(placed, "PANEL_PRESENTED", date(2024, 3, 5))
    milestone(placed, "ADM_DECISION", date(2024, 3, 15), outcome="refused")
    milestone(placed, "PANEL_PRESENTED", date(2024, 6, 1))
    assert steps(placed, as_at=date(2024, 6, 3))["ADM"] == [
        (date(2024, 3, 1), date(2024, 3, 15), date(2024, 3, 15), State.MET),
        (date(2024, 6, 1), date(2024, 6, 15), None, State.WAITING),
    ]


@pytest.mark.parametrize("route", ["HOME", "KINSHIP"])
def test_only_routes_that_go_to_panel_wait_for_it(placed, route):
    milestone(placed, "PERM_REC", date(2024, 2, 12), route=route)
    assert steps(placed, as_at=date(2024, 3, 12))["PANEL"] == []


def test_adopters_lodge_their_own_petition_so_no_court_clock_runs(placed):
    milestone(placed, "PERM_REC", date(2024, 2, 12), route="ADOPT")
    milestone(placed, "ADM_DECISION", date(2024, 3, 15), route="ADOPT", outcome="approved")
    assert steps(placed, as_at=date(2024, 3, 20))["COURT"] == []


def test_the_recommendation_is_due_by_guidance_after_24_weeks(placed):
    assert steps(placed, as_at=date(2024, 6, 24))["REC"] == [(PLACED, date(2024, 6, 24), None, State.WAITING)]


def test_an_order_ends_the_wait_for_what_led_to_it(placed):
    milestone(placed, "PERM_REC", date(2024, 2, 12), route="PO")
    milestone(placed, "ORDER_GRANTED", date(2024, 9, 1), route="PO")
    assert steps(placed, as_at=date(2024, 8, 31))["PANEL"][0][3] == State.OVERDUE
    assert steps(placed, as_at=date(2024, 9, 1))["PANEL"][0][3] == State.MISSED


def test_a_review_that_law_and_practice_both_ask_for_is_to_be_done_once(placed):
    journeys = load_journeys(Child.objects.filter(pk=placed.pk), date(2024, 3, 1), kinds=STEP_KINDS)
    asked = to_do(run_steps(journeys))
    assert list(asked["step"]) == ["72H", "2WK", "6WK", "REC"]


def test_whoever_left_waits_for_nothing(placed):
    CareEpisode.objects.filter(child=placed).update(end=date(2024, 2, 1))
    found = steps(placed, as_at=date(2024, 3, 1))
    assert {state for clocks in found.values() for *_rest, state in clocks} == {State.MISSED, State.EXITED}


def test_a_voided_placement_places_nobody(placed):
    Placement.objects.filter(child=placed).update(voided_on=date(2024, 3, 1), void_reason="Wrong child")
    assert not any(steps(placed, as_at=date(2024, 3, 1)).values())


def test_each_supervision_order_and_each_review_of_it_may_run_a_year():
    at_home = child()
    CareEpisode.objects.create(child=at_home, start=PLACED)
    Placement.objects.create(child=at_home, start=PLACED, placement_type_id="HOME_PARENT")
    LegalBasis.objects.create(child=at_home, start=PLACED, measure_id="CSO")
    milestone(at_home, "CSO_REVIEWED", date(2024, 12, 20))
    found = steps(at_home, as_at=date(2025, 1, 1))
    assert found["CSO"] == [
        (PLACED, date(2025, 1, 8), date(2024, 12, 20), State.MET),
        (date(2024, 12, 20), date(2025, 12, 20), None, State.WAITING),
    ]
    assert found["2Y"] == [(PLACED, date(2026, 1, 8), None, State.WAITING)]
    assert found["REVIEW"] == []


def test_whoever_has_left_care_waits_for_no_review_of_the_order_though_it_is_open():
    left = child()
    CareEpisode.objects.create(child=left, start=PLACED, end=date(2024, 6, 1))
    LegalBasis.objects.create(child=left, start=PLACED, measure_id="CSO")
    assert steps(left, as_at=date(2025, 6, 1))["CSO"] == [(PLACED, date(2025, 1, 8), None, State.EXITED)]
