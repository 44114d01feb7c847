"""What must be true of any invented case, and that the cases are various enough to be worth inventing."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given

from tests.naive.clocks import ADM_REFUSED, PLAN_CHANGED, clocks_of
from tests.naive.inventions import STARTS, invent_case
from tests.naive.outcomes import naive_outcomes
from tests.naive.spells import known_at
from tests.naive.strategies import cases


@given(case=cases())
def test_what_happens_after_a_day_never_changes_the_figures_of_that_day(case):
    definition, children, on = case

    def cut(child):
        return replace(
            child,
            episodes=tuple(each for each in child.episodes if each.start <= on),
            placements=tuple(each for each in child.placements if each.start <= on),
            legal=tuple(each for each in child.legal if each.start <= on),
            events=tuple(each for each in child.events if each.on is None or each.on <= on),
        )

    as_known_then = naive_outcomes(definition, [cut(child) for child in children], on)
    assert as_known_then == naive_outcomes(definition, children, on)


@given(case=cases())
def test_every_row_is_true_to_its_own_dates(case):
    definition, children, on = case
    for row in naive_outcomes(definition, children, on).rows:
        assert row.start <= on
        assert row.stop is None or row.exit is None
        assert max(row.stop or row.start, row.exit or row.start) <= on
        if row.state in ("WAITING", "OVERDUE"):
            assert row.stop is None
            assert row.exit is None


def test_the_invented_cases_hold_every_start_state_and_ending():
    found = Counter()
    for seed in range(600):
        definition, children, on = invent_case(Random(seed))
        result = naive_outcomes(definition, children, on)
        found["unknown"] += result.unknown
        found["excluded"] += result.excluded
        for row in result.rows:
            found[row.state] += 1
            found[definition.start_event] += 1
            found["left undecided"] += row.left_undecided
            found["stopped on the last day"] += row.stop is not None and row.stop == row.due
            found["left on the last day"] += row.exit is not None and row.exit == row.due
            found["recommended before the start"] += row.stop is not None and row.stop < row.start
        for child in children:
            for clock in clocks_of(definition, known_at(child, on), on):
                found[clock.exit_kind] += 1
                found["transferred in"] += clock.transferred_in_on is not None
    hoped_for = {"MET", "MISSED", "OVERDUE", "WAITING", "EXITED", "unknown", "excluded", "left undecided"}
    hoped_for |= {"stopped on the last day", "left on the last day", "recommended before the start", "transferred in"}
    hoped_for |= {"RETURN_HOME", "LAC_END", "AT_HOME_END", "LA_TRANSFER_OUT", "DEATH", "AGE_18"}
    hoped_for |= {PLAN_CHANGED, ADM_REFUSED, *STARTS}
    assert {name for name in hoped_for if found[name] == 0} == set()
