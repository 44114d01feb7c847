"""The stages between milestones: who stands in which, and what ends them."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from django.db import transaction

from children.models import Child
from milestones.clocks.days import OPEN
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import load_journeys
from milestones.stages import FROM_DECISION_TO_ORDER, STAGE_KINDS, STAGES, run_stages
from pace_site.accounts.models import Organisation
from tests.aims.stored_histories import store
from tests.builders import child, milestone
from tests.naive.inventions import STAGE_KINDS as INVENTED_KINDS
from tests.naive.inventions import invent_steps_case
from tests.naive.steps import naive_stages

pytestmark = pytest.mark.django_db
PLACED, LODGED, LATER = date(2024, 1, 8), date(2024, 9, 2), date(2025, 3, 3)
CASES_A_BATCH = 40
EVERY_STAGE = (*STAGES, FROM_DECISION_TO_ORDER)


@pytest.fixture
def placed():
    return child(accommodated=PLACED)


def stages(row: Child, *, as_at: date = LATER) -> dict[str, list[tuple]]:
    """(start, stop, exit, state) of each clock of the child, by stage."""
    found = {}
    for clock in run_stages(load_journeys(Child.objects.filter(pk=row.pk), as_at, kinds=STAGE_KINDS)).itertuples():
        days = [from_day(day) if day < OPEN else None for day in (clock.start, clock.stop, clock.exit)]
        found.setdefault(clock.stage, []).append((*days, clock.state))
    return found


def approved(row: Child, day: date, route: str = "PO"):
    return milestone(row, "ADM_DECISION", day, outcome="approved", route=route)


def test_a_case_in_court_waits_for_its_order(placed):
    milestone(placed, "COURT_LODGED", LODGED)
    assert stages(placed)["ORDER"] == [(LODGED, None, None, State.WAITING)]


def test_the_order_ends_the_wait(placed):
    milestone(placed, "COURT_LODGED", LODGED)
    milestone(placed, "ORDER_GRANTED", date(2025, 1, 6))
    assert stages(placed)["ORDER"] == [(LODGED, date(2025, 1, 6), None, State.MET)]


@pytest.mark.parametrize("kind", ["ORDER_REFUSED", "APPLICATION_WITHDRAWN"])
def test_a_case_that_came_to_no_order_is_waited_for_no_longer(placed, kind):
    approved(placed, date(2024, 8, 5))
    milestone(placed, "COURT_LODGED", LODGED)
    milestone(placed, kind, date(2025, 1, 6))
    found = stages(placed)
    assert found["ORDER"] == [(LODGED, None, date(2025, 1, 6), State.EXITED)]
    assert found["ADM_TO_ORDER"] == [(date(2024, 8, 5), None, date(2025, 1, 6), State.EXITED)]


def test_a_second_application_after_an_order_waits_anew(placed):
    milestone(placed, "COURT_LODGED", LODGED)
    milestone(placed, "ORDER_GRANTED", date(2024, 12, 2))
    milestone(placed, "COURT_LODGED", date(2025, 2, 3))
    assert [clock[0] for clock in stages(placed)["ORDER"]] == [LODGED, date(2025, 2, 3)]


def test_from_decision_to_order_counts_permanence_orders_alone(placed):
    approved(placed, date(2024, 8, 5), route="ADOPT")
    assert "ADM_TO_ORDER" not in stages(placed)


def test_a_child_who_left_stands_in_no_stage(placed):
    milestone(placed, "COURT_LODGED", LODGED)
    placed.episodes.update(end=date(2024, 12, 2))
    assert stages(placed)["ORDER"] == [(LODGED, None, date(2024, 12, 2), State.EXITED)]


def engine_stages(children, as_at, *, authority):
    store(children, authority=authority)
    journeys = load_journeys(Child.objects.filter(authority=authority), as_at, kinds=STAGE_KINDS)
    refs = journeys.children["local_ref"].to_numpy()
    return Counter(
        (refs[clock.child], clock.stage, clock.start, clock.stop, clock.exit, str(clock.state))
        for clock in run_stages(journeys).itertuples()
    )


def as_numbers(clock):
    def number(day):
        return OPEN if day is None else (day - date(1970, 1, 1)).days

    return (clock.child_ref, clock.step, number(clock.start), number(clock.stop), number(clock.exit), clock.state)


@pytest.mark.parametrize("batch", range(4))
def test_the_stages_are_what_the_naive_twin_says(batch):
    authority = Organisation.objects.get(code="S12000019")
    for seed in range(batch * CASES_A_BATCH, (batch + 1) * CASES_A_BATCH):
        children, as_at = invent_steps_case(Random(seed), about=INVENTED_KINDS)
        expected = Counter(as_numbers(clock) for clock in naive_stages(children, as_at))
        with transaction.atomic():
            found = engine_stages(children, as_at, authority=authority)
            transaction.set_rollback(True)
        assert found == expected, f"seed {seed}, as at {as_at}"


def test_the_invented_children_meet_every_stage_in_every_state_that_it_has():
    seen = Counter()
    for seed in range(4 * CASES_A_BATCH):
        clocks = naive_stages(*invent_steps_case(Random(seed), about=INVENTED_KINDS))
        seen.update((clock.step, clock.state) for clock in clocks)
    for stage in EVERY_STAGE:
        for state in ("MET", "WAITING", "EXITED", *(("MISSED", "OVERDUE") if stage.limit else ())):
            assert seen[stage.code, state], (stage.code, state)
