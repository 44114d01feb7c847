"""Can we still make it: how an aim can end on its by-date."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aims.definition import AimDefinition
from aims.prospect import prospect
from tests.aims.made_up_clocks import AS_AT, figures_of
from tests.aims.storytelling import accommodated, aim, recommended


def timed(**changes) -> AimDefinition:
    return aim(limit="10 weeks", **{"by_date": "2020-07-06", "target_pct": 75, **changes})


DECIDED_IN_TIME, DECIDED_LATE, OVERDUE = (100, 30, None), (100, 80, None), (100, None, None)
DUE_BEFORE, DUE_AFTER = (60, None, None), (10, None, None)  # the by-date is in 35 days, the limit 70 days


def outlook(*clocks, **changes):
    return prospect(figures_of(timed(**changes), clocks))


def test_at_best_everybody_waiting_is_decided_in_time_and_at_worst_nobody():
    found = outlook(DECIDED_IN_TIME, DECIDED_LATE, OVERDUE, DUE_BEFORE)
    assert (found.worst, found.best) == (25, 50)


def test_a_child_due_after_the_by_date_does_not_count_unless_decided_by_then():
    found = outlook(DECIDED_IN_TIME, OVERDUE, DUE_AFTER)
    assert (found.worst, found.best) == (50, Fraction(200, 3))


def test_a_child_due_on_the_by_date_is_not_late_on_it():
    on_the_day = (35, None, None)
    assert outlook(DECIDED_IN_TIME, on_the_day).worst == 100
    assert outlook(DECIDED_IN_TIME, (36, None, None)).worst == 50


def test_under_one_deadline_for_everybody_who_still_waits_on_the_by_date_counts_against_it():
    found = prospect(
        figures_of(
            aim(kind="deadline", limit=None, deadline="2020-07-06", by_date="2020-07-06"),
            [DECIDED_IN_TIME, (10, None, None)],
        )
    )
    assert (found.worst, found.best) == (50, 100)


def test_a_backlog_without_a_by_date_is_judged_on_its_deadline():
    backlog = aim(kind="deadline", limit=None, deadline="2020-07-06", before_date="2020-01-06")
    assert prospect(figures_of(backlog, [(200, None, None)])).final_day == date(2020, 7, 6)


def test_where_leaving_counts_as_missed_a_child_due_after_the_by_date_may_still_count_against_it():
    assert outlook(DECIDED_IN_TIME, DUE_AFTER, exit_rule="count_as_missed").worst == 50


def test_those_due_first_are_named_first():
    found = outlook((10, None, None), (60, None, None), (40, None, None))
    dues = [candidate.row.due for candidate in found.candidates]
    assert dues == sorted(dues)
    assert [candidate.last_day for candidate in found.candidates] == [*dues[:2], date(2020, 7, 6)]


def test_three_of_four_are_needed_for_75_per_cent_and_a_tie_is_enough():
    found = outlook(DUE_BEFORE, DUE_BEFORE, DUE_BEFORE, DUE_BEFORE)
    assert (found.needed, found.is_certain, found.is_impossible) == (3, False, False)


def test_a_target_that_even_the_worst_result_reaches_is_certain():
    found = outlook(DECIDED_IN_TIME, DECIDED_IN_TIME, DECIDED_IN_TIME, DUE_BEFORE)
    assert found.is_certain


def test_a_target_that_even_the_best_result_misses_is_no_longer_possible():
    found = outlook(OVERDUE, DECIDED_IN_TIME, DUE_BEFORE)
    assert (found.is_impossible, found.needed) == (True, None)


def test_an_aim_without_a_target_is_neither_certain_nor_impossible():
    found = outlook(DECIDED_IN_TIME, DUE_BEFORE, target_pct=None)
    assert (found.needed, found.is_certain, found.is_impossible, found.worst) == (None, False, False, 50)


def test_where_nobody_would_be_counted_nothing_is_certain():
    found = outlook(DUE_AFTER)
    assert (found.worst, found.needed) == (None, 1)


@pytest.mark.parametrize(
    "definition",
    [timed(by_date=None), timed(by_date="2020-06-01"), timed(by_date="2020-03-02"), aim(limit=None, target_pct=None)],
    ids=["no by-date", "the by-date is today", "the by-date is past", "a draft"],
)
def test_there_is_no_prospect_without_a_day_to_come(definition):
    assert prospect(figures_of(definition, [DUE_BEFORE])) is None


def test_few_decisions_make_no_pace():
    pace = [(100, 65, None)] * 9
    assert outlook(*pace, DUE_BEFORE).expected is None
    assert outlook(*pace, (100, 65, None), DUE_BEFORE).expected is not None


def test_if_half_of_those_who_waited_as_long_were_then_decided_half_a_child_is_expected():
    # 10 decided at 65 days and 10 at 90; the child has waited 60 and is one of 21 who did so.
    pace = [(100, 65, None)] * 10 + [(100, 90, None)] * 10
    expected = outlook(*pace, DUE_BEFORE).expected
    assert expected.decided_of_waiting == pytest.approx(0.5)
    assert expected.percentage == pytest.approx(100 * 10.5 / 21)
    assert (expected.lower, expected.upper) == pytest.approx((100 * 10 / 21, 100 * 11 / 21))


def test_those_who_will_have_left_are_not_counted():
    # Of 20 who waited 60 days half left on day 62 and half were decided on day 65.
    pace = [(100, 65, None)] * 10 + [(100, None, 62)] * 10
    expected = outlook(*pace, DUE_BEFORE).expected
    assert expected.decided_of_waiting == pytest.approx(0.5)
    assert expected.percentage == pytest.approx(100)


def test_where_leaving_counts_as_met_or_as_missed_it_is_expected_so():
    pace = [(100, 65, None)] * 10 + [(100, None, 62)] * 10
    met = outlook(*pace, DUE_BEFORE, exit_rule="count_as_met").expected
    missed = outlook(*pace, DUE_BEFORE, exit_rule="count_as_missed").expected
    assert met.decided_of_waiting == pytest.approx(1)
    assert missed.percentage == pytest.approx(100 * 10.5 / 21)


def test_the_chance_of_the_target_is_that_of_the_one_child_on_whom_it_hangs():
    pace = [(100, 65, None)] * 30 + [(100, 90, None)] * 10
    expected = outlook(*pace, (64, None, None), target_pct=75).expected
    assert expected.reaches_target == pytest.approx(30 / 40, abs=0.05)


def test_a_wait_longer_than_any_seen_so_far_is_said():
    recent = [(30, 20, None)] * 10
    assert outlook(*recent, (28, None, None)).expected.is_beyond_seen
    assert not outlook(*recent, (100, None, None), (28, None, None)).expected.is_beyond_seen


def test_the_same_figures_give_the_same_interval():
    clocks = [(100, 65, None)] * 10 + [(100, 90, None)] * 5 + [DUE_BEFORE] * 6
    assert outlook(*clocks).expected == outlook(*clocks).expected


def test_the_backlog_s_pace_is_that_after_its_reference_day():
    backlog = aim(kind="deadline", limit=None, deadline="2020-07-06", before_date="2020-02-01", target_pct=80)
    # Each had waited some hundred days before the reference day; that long wait does not make the pace look slow.
    clocks = [(300, 190, None)] * 10 + [(250, None, None)] * 10 + [(170, None, None)]
    expected = prospect(figures_of(backlog, clocks)).expected
    assert expected.decided_of_waiting > 0.3


days = st.integers(0, 150)
clock = st.tuples(days, st.none() | days, st.none() | days)
cohorts = st.lists(clock, max_size=12)
aims = st.builds(
    timed,
    by_date=st.dates(date(2020, 6, 2), date(2020, 9, 1)).map(str),
    target_pct=st.integers(0, 100),
    exit_rule=st.sampled_from(["exclude", "count_as_met", "count_as_missed"]),
)


@settings(deadline=None)
@given(aims, cohorts)
def test_so_many_decided_reach_the_target_and_no_choice_of_one_fewer_does(definition, clocks):
    found = prospect(figures_of(definition, clocks))
    assume(len(found.candidates) <= 8)

    def reached(chosen) -> bool:
        """With exactly these decided on their last day, the others undecided or, at the worst, gone."""
        numerator = found.met + len(chosen)
        against = [each for each in found.candidates if each not in chosen and each.row.due < found.final_day] + [
            each
            for each in found.candidates
            if each not in chosen and each.row.due >= found.final_day and definition.exit_rule == "count_as_missed"
        ]
        whole = numerator + found.failed + len(against)
        return whole > 0 and Fraction(100 * numerator, whole) >= definition.target_pct

    def enough(count) -> bool:
        return any(reached(chosen) for chosen in combinations(found.candidates, count))

    fewest = next((count for count in range(len(found.candidates) + 1) if enough(count)), None)
    assert found.needed == fewest
    if fewest is not None:
        assert reached(found.candidates[:fewest])


@settings(deadline=None)
@given(aims, cohorts)
def test_with_the_needed_children_decided_the_by_date_s_own_figures_reach_the_target(definition, clocks):
    """The compliance of the by-date itself agrees: nothing else happens, and the first so many are decided in time."""
    definition = replace(definition, exit_rule="exclude")
    found = prospect(figures_of(definition, clocks))

    def verdict(count) -> str:
        later = (found.final_day - AS_AT).days
        chosen = {candidate.row.child_id: candidate.last_day for candidate in found.candidates[:count]}
        then = [
            (
                ago + later,
                (chosen[number] - (AS_AT - timedelta(days=ago))).days
                if number in chosen
                else stop
                if stop is not None and stop <= ago
                else None,
                exits if exits is not None and exits <= ago else None,
            )
            for number, (ago, stop, exits) in enumerate(clocks)
        ]
        return figures_of(definition, then, as_at=found.final_day).verdict

    if found.is_impossible:
        assert verdict(len(found.candidates)) in ("not_met", "no_data")
    else:
        assert verdict(found.needed) == "met"
    if found.needed:
        assert verdict(found.needed - 1) in ("not_met", "no_data")


@settings(deadline=None)
@given(aims, st.lists(clock, max_size=30), st.integers(0, 70))
def test_the_expected_result_lies_between_the_worst_and_the_best(definition, clocks, pace):
    found = prospect(figures_of(definition, [*clocks, *[(150, pace, None)] * 10]))
    expected = found.expected
    worst, best = float(found.worst), float(found.best)
    assert worst - 1e-9 <= expected.percentage <= best + 1e-9
    assert worst - 1e-9 <= expected.lower <= expected.upper <= best + 1e-9
    assert 0 <= expected.reaches_target <= 1
    if found.is_certain:
        assert expected.reaches_target == 1
    if found.is_impossible:
        assert expected.reaches_target == 0


@settings(deadline=None)
@given(aims, st.lists(clock, max_size=30), st.integers(0, 70), st.integers(0, 70))
def test_one_more_child_decided_in_time_never_lowers_anything(definition, clocks, pace, more):
    cohort = [*clocks, *[(150, pace, None)] * 10]
    before = prospect(figures_of(definition, cohort))
    after = prospect(figures_of(definition, [*cohort, (150, more, None)]))
    assert after.worst >= before.worst
    assert after.best >= before.best
    assert after.expected.percentage >= before.expected.percentage - 1e-9
    if before.needed is not None:
        assert after.needed <= before.needed


def test_it_is_told_of_stored_children_as_well(measure_children):
    measured = measure_children(
        timed(by_date="2020-03-02"),
        accommodated("2019-06-03", recommended("2019-07-01"), ref="MET"),
        accommodated("2019-06-03", ref="OVERDUE"),
        accommodated("2019-12-02", ref="WAITING"),
        accommodated("2020-01-06", ref="LATER"),
        as_at="2020-01-13",
    )
    found = prospect(measured.now)
    assert [candidate.row.child_ref for candidate in found.candidates] == ["WAITING", "LATER"]
    assert (found.worst, found.best, found.is_impossible) == (Fraction(100, 3), 75, False)
    assert found.needed == 2
