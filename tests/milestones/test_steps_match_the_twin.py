"""The steps of the engine against their naive twin, on random histories."""

from collections import Counter
from random import Random

import pytest
from django.db import transaction

from children.filters import with_care_on
from children.models import Child
from milestones.clocks.days import OPEN
from milestones.clocks.limits import from_day
from milestones.journeys import load_journeys
from milestones.next_steps import next_steps
from milestones.steps import STEP_KINDS, STEPS, run_steps, to_do
from pace_site.accounts.models import Organisation
from tests.aims.stored_histories import store
from tests.naive.inventions import invent_steps_case
from tests.naive.steps import NaiveStep, naive_steps

CASES_A_BATCH = 40
AUTHORITY = "S12000019"


def engine_steps(children, as_at, *, authority) -> list[NaiveStep]:
    store(children, authority=authority)
    journeys = load_journeys(Child.objects.filter(authority=authority), as_at, kinds=STEP_KINDS)
    assert_columns_say_the_same(journeys, with_care_on(as_at, Child.objects.filter(authority=authority)))
    refs = journeys.children["local_ref"].to_numpy()
    return [
        NaiveStep(
            child_ref=refs[clock.child],
            step=clock.step,
            link=clock.link,
            start=from_day(clock.start),
            due=from_day(clock.due),
            stop=from_day(clock.stop) if clock.stop < OPEN else None,
            exit=from_day(clock.exit) if clock.exit < OPEN else None,
            state=str(clock.state),
        )
        for clock in run_steps(journeys).itertuples()
    ]


def assert_columns_say_the_same(journeys, children):
    """Where each child lives is what the database says, and its next step the first of those to do."""
    living = dict(children.filter(is_looked_after=True).values_list("pk", "living"))
    waiting, steps = to_do(run_steps(journeys)).to_dict("records"), next_steps(journeys)
    for row, key in enumerate(journeys.children["id"].tolist()):
        if key in living:
            assert journeys.living[row] == (living[key] or "")
        own = [clock for clock in waiting if clock["child"] == row]
        step, due = (own[0]["step"], own[0]["due"]) if own else ("", OPEN)
        assert (steps.step[row], steps.due[row]) == (step, due)
        assert steps.overdue[row] == sum(clock["state"] == "OVERDUE" for clock in own)


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(6))
def test_the_steps_are_what_the_naive_twin_says(batch):
    authority = Organisation.objects.get(code=AUTHORITY)
    for seed in range(batch * CASES_A_BATCH, (batch + 1) * CASES_A_BATCH):
        children, as_at = invent_steps_case(Random(seed))
        expected = naive_steps(children, as_at)
        with transaction.atomic():
            found = engine_steps(children, as_at, authority=authority)
            transaction.set_rollback(True)
        # As often as each is there: two events of one day may give two equal clocks.
        assert Counter(found) == Counter(expected), f"seed {seed}, as at {as_at}"


def test_the_invented_children_meet_every_step_in_every_state():
    seen = Counter()
    for seed in range(6 * CASES_A_BATCH):
        seen.update((clock.step, clock.state) for clock in naive_steps(*invent_steps_case(Random(seed))))
    for step in STEPS:
        for state in ("MET", "MISSED", "OVERDUE", "WAITING", "EXITED"):
            assert seen[step.code, state], (step.code, state)
