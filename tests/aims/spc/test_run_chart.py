"""Run charts: every rule on a series made for it (`spc.md`)."""

import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aims.spc import run_chart
from aims.spc.runs import LIMITS, _limits, _limits_by_fractions, fewest_crossings, longest_run_limit, runs_limits

BEFORE = [40, 35, 52, 38, 44, 30, 47, 41, 36, 50, 33, 45]
AFTER = [28, 26, 24, 30, 22, 25, 27, 20]
UP_DOWN = [1, 2] * 6


def test_the_worked_chart_of_the_domain():
    chart = run_chart(BEFORE + AFTER, baseline=12)
    assert chart.median == 40.5
    assert chart.shift_points == tuple(range(12, 20))
    assert chart.trend_points == ()
    assert (chart.n_runs, chart.n_useful, chart.runs_limits) == (11, 20, (6, 16))
    assert chart.signals == {"shift"}
    assert run_chart(AFTER).median == 25.5


def test_the_worked_chart_by_the_other_rules():
    chart = run_chart(BEFORE + AFTER, baseline=12, rules="anhoej")
    assert (longest_run_limit(chart.n_useful), chart.longest_run, chart.signals) == (7, 8, {"shift"})


# Shift


def around(*sides: int) -> list[int]:
    """Points above (1), below (-1) and on (0) a frozen median of 10, after a baseline that has it."""
    return [9, 11] * 5 + [10 + side for side in sides]


def shift_of(*sides: int) -> tuple[int, ...]:
    return tuple(place - 10 for place in run_chart(around(*sides), baseline=10).shift_points)


def test_six_points_in_a_row_on_one_side_are_a_shift_and_five_are_none():
    assert shift_of(-1, 1, 1, 1, 1, 1, 1) == (1, 2, 3, 4, 5, 6)
    assert shift_of(-1, 1, 1, 1, 1, 1) == ()


def test_a_point_on_the_median_neither_breaks_a_shift_nor_counts():
    assert shift_of(-1, 1, 1, 0, 1, 1, 1, 1) == (1, 2, 4, 5, 6, 7)
    assert shift_of(-1, 1, 1, 0, 1, 1, 1) == ()


def test_a_missing_point_neither_breaks_a_shift_nor_counts():
    values = around(-1, 1, 1, 1, 1, 1, 1)
    for missing in (None, math.nan):
        with_gap = [*values[:13], missing, *values[13:]]
        assert run_chart(with_gap, baseline=10).shift_points == (11, 12, 14, 15, 16, 17)


@pytest.mark.parametrize("length", [7, 8])
def test_a_longer_shift_can_be_asked_for(length):
    values = around(-1, *[1] * length)
    assert run_chart(values, baseline=10, shift=length).shift_points
    assert not run_chart(values, baseline=10, shift=length + 1).shift_points


# Trend


def trends_of(*values, trend=5) -> tuple:
    """The trends of `values`, after enough points to claim something."""
    chart = run_chart([*UP_DOWN, *values], trend=trend)
    return tuple(tuple(place - len(UP_DOWN) for place in points) for points in chart.trends)


def test_five_points_that_all_rise_or_all_fall_are_a_trend_and_four_are_none():
    assert trends_of(5, 1, 2, 3, 4, 5) == ((1, 2, 3, 4, 5),)
    assert trends_of(0, 5, 4, 3, 2, 1) == ((1, 2, 3, 4, 5),)
    assert trends_of(5, 1, 2, 3, 4) == ()


def test_of_equal_neighbours_only_the_first_counts():
    assert trends_of(9, 1, 2, 2, 3, 4, 5) == ((1, 2, 4, 5, 6),)
    assert trends_of(9, 1, 2, 2, 3, 4) == ()


def test_equal_values_at_the_start_of_a_rise_count_once():
    assert trends_of(9, 1, 1, 2, 3, 4, 5) == ((1, 3, 4, 5, 6),)


def test_a_peak_belongs_to_both_trends():
    assert trends_of(9, 1, 2, 3, 4, 5, 4, 3, 2, 1) == ((1, 2, 3, 4, 5), (5, 6, 7, 8, 9))


@pytest.mark.parametrize("length", [6, 7])
def test_a_longer_trend_can_be_asked_for(length):
    assert trends_of(9, *range(1, length + 1), trend=length)
    assert not trends_of(9, *range(1, length + 1), trend=length + 1)


# Runs


def test_runs_are_counted_without_the_points_on_the_median():
    chart = run_chart(around(0, 1, 0, 1, -1, 0, -1), baseline=10)
    assert (chart.n, chart.n_useful, chart.n_runs, chart.crossings) == (17, 14, 11, 10)


def test_too_few_and_too_many_runs():
    assert run_chart([1] * 10 + [2] * 10).signals == {"shift", "too_few_runs"}
    assert run_chart([1, 2] * 10).signals == {"too_many_runs"}


# The published table, to the letter (`spc.md`).
TABLE = """
10: 3-9, 11: 3-10, 12: 3-11, 13: 4-11, 14: 4-12, 15: 5-12, 16: 5-13, 17: 5-13, 18: 6-14, 19: 6-15, 20: 6-16, 21: 7-16,
22: 7-17, 23: 7-17, 24: 8-18, 25: 8-18, 26: 9-19, 27: 10-19, 28: 10-20, 29: 10-20, 30: 11-21, 31: 11-22, 32: 11-23,
33: 12-23, 34: 12-24, 35: 12-24, 36: 13-25, 37: 13-25, 38: 14-26, 39: 14-26, 40: 15-27, 41: 15-27, 42: 16-28, 43: 16-28,
44: 17-29, 45: 17-30, 46: 17-31, 47: 18-31, 48: 18-32, 49: 19-32, 50: 19-33, 51: 20-33, 52: 20-34, 53: 21-34, 54: 21-35,
55: 22-35, 56: 22-36, 57: 23-36, 58: 23-37, 59: 24-38, 60: 24-38
"""


def test_the_published_table_governs_from_ten_to_sixty():
    rows = dict(row.strip().split(": ") for row in TABLE.split(","))
    assert [int(useful) for useful in rows] == list(range(10, 61))
    for useful, limits in rows.items():
        even = int(useful) // 2
        assert runs_limits(even, int(useful) - even) == tuple(map(int, limits.split("-")))


def test_a_number_of_runs_at_a_limit_of_the_table_is_no_signal_and_one_beyond_is():
    assert run_chart([1] * 5 + [3] * 5).signals == {"too_few_runs"}
    assert run_chart([3] + [1] * 5 + [3] * 4).signals == frozenset()
    assert run_chart([1, 3, 1, 3, 1, 3, 1, 3, 3, 1]).signals == frozenset()
    assert run_chart([1, 3] * 5).signals == {"too_many_runs"}


def test_fewer_than_ten_useful_points_have_no_limits():
    assert runs_limits(4, 5) is None


def test_the_table_differs_from_the_exact_distribution_by_one_in_seventeen_rows():
    exact = {useful: _limits_by_fractions(useful // 2, useful - useful // 2) for useful in LIMITS}
    assert sum(exact[useful] == LIMITS[useful] for useful in LIMITS) == 34
    for useful, limits in LIMITS.items():
        assert all(abs(one - other) <= 1 for one, other in zip(exact[useful], limits, strict=True))


def counted_by_hand(above: int, below: int) -> Counter:
    """How many arrangements of so many points above and below have how many runs."""
    useful = above + below
    found = Counter()
    for chosen in combinations(range(useful), above):
        sides = [at in chosen for at in range(useful)]
        found[1 + sum(one != other for one, other in pairwise(sides))] += 1
    return found


@pytest.mark.parametrize(("above", "below"), [(7, 7), (5, 9), (3, 12), (1, 14)])
def test_the_distribution_of_runs_is_that_of_all_arrangements(above, below):
    counts = counted_by_hand(above, below)
    whole = sum(counts.values())
    low = min(runs for runs in counts if 40 * sum(counts[less] for less in counts if less <= runs) >= whole)
    high = max(runs for runs in counts if 40 * sum(counts[more] for more in counts if more >= runs) >= whole)
    assert _limits_by_fractions(above, below) == (low, high)


@given(st.integers(1, 300), st.integers(1, 300))
def test_the_quick_limits_of_runs_are_those_of_exact_fractions(above, below):
    assert _limits(above, below) in (_limits_by_fractions(above, below), None)


def test_a_tail_that_ends_exactly_at_its_limit_is_left_to_fractions():
    # 2 of the 80 arrangements have two runs: 2.5 %, not less.
    assert _limits(1, 79) is None
    assert runs_limits(1, 79) == (2, 3)


def test_the_limits_of_long_charts_follow_the_normal_distribution_from_afar():
    for above, below in [(500, 500), (5_000, 5_000), (2_000, 8_000)]:
        useful = above + below
        mean = 2 * above * below / useful + 1
        deviation = math.sqrt((mean - 1) * (mean - 2) / (useful - 1))
        assert runs_limits(above, below) == pytest.approx((mean - 1.96 * deviation, mean + 1.96 * deviation), abs=1.5)


def test_points_that_are_all_on_one_side_have_one_run_and_no_more_is_said_of_runs():
    assert runs_limits(0, 70) == (1, 1)


# Anhøj


@pytest.mark.parametrize(
    ("useful", "longest", "crossings"),
    [(10, 6, 2), (12, 7, 3), (16, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10), (36, 8, 13), (48, 9, 18), (60, 9, 23)],
)
def test_anhoej_limits_are_those_of_the_papers(useful, longest, crossings):
    assert (longest_run_limit(useful), fewest_crossings(useful)) == (longest, crossings)


@pytest.mark.parametrize("useful", [*range(10, 80), 200, 1000])
def test_the_fewest_crossings_are_the_five_per_cent_quantile(useful):
    trials = useful - 1
    fewest = fewest_crossings(useful)
    assert 20 * sum(math.comb(trials, crossings) for crossings in range(fewest + 1)) >= 2**trials
    assert 20 * sum(math.comb(trials, crossings) for crossings in range(fewest)) < 2**trials


def test_too_few_crossings_are_a_signal_by_the_other_rules():
    chart = run_chart([1] * 6 + [2] * 6, rules="anhoej")
    assert (chart.crossings, chart.crossings_min, chart.longest_run, chart.longest_run_limit) == (1, 3, 6, 7)
    assert (chart.signals, chart.runs_limits) == ({"too_few_runs"}, None)


def test_anhoej_has_no_trend_rule_on_purpose():
    assert run_chart([5, *UP_DOWN, 1, 2, 3, 4, 5, 6], rules="anhoej").trend_points == ()


# Medians, exactly


def test_a_point_on_the_median_is_on_it_though_floats_say_otherwise():
    values = [39.6, 40.2] * 6 + [39.9] * 3
    chart = run_chart(values)
    assert (chart.median, chart.n_useful) == (39.9, 12)


def test_a_constant_series_has_no_useful_point_and_no_signal():
    chart = run_chart([0.1] * 24)
    assert (chart.median, chart.n_useful, chart.signals, chart.claims) == (0.1, 0, frozenset(), False)


def test_decimals_fractions_and_floats_say_the_same():
    values = [Fraction(days, 7) for days in BEFORE + AFTER]
    assert run_chart(values, baseline=12).shift_points == run_chart(BEFORE + AFTER, baseline=12).shift_points
    as_decimals = [Decimal(str(each)) for each in BEFORE + AFTER]
    assert run_chart(as_decimals, baseline=12).signals == {"shift"}


def test_fewer_than_ten_useful_points_claim_nothing():
    chart = run_chart([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert (chart.claims, chart.signals, chart.shift_points, chart.trend_points) == (False, frozenset(), (), ())


def test_nothing_is_shown_of_nothing():
    chart = run_chart([None, math.nan])
    assert (chart.n, chart.median, chart.signals) == (0, None, frozenset())
    assert run_chart([]).n == 0


def test_a_number_that_is_no_float_agrees_with_one_that_is():
    assert run_chart([0.1, Decimal("0.1"), Fraction(1, 10), *[0.2] * 6, *[0] * 6]).n_useful == 12


def test_columns_of_numpy_and_pandas_are_taken_as_lists_are():
    weeks = pd.Series([*BEFORE, None, *AFTER], index=range(100, 121))
    plain = run_chart(list(weeks), baseline=12)
    assert run_chart(weeks, baseline=12) == run_chart(weeks.to_numpy(), baseline=12) == plain
    assert run_chart(np.array(BEFORE + AFTER), baseline=12) == run_chart(BEFORE + AFTER, baseline=12)
    assert type(run_chart(np.array([1, 2, 3])).median) is int


# Phases


def test_a_new_median_begins_where_people_set_it_and_carries_no_shift_over():
    values = BEFORE + AFTER + [26, 24, 28, 23]
    chart = run_chart(values, baseline=12, phases=(12,))
    first, second = chart.phases
    assert (first.median, second.median, chart.median) == (40.5, 25.5, 25.5)
    assert (first.start, first.stop, second.start, second.stop) == (0, 12, 12, 24)
    assert chart.shift_points == ()


def test_a_trend_is_carried_over_a_new_median():
    values = [*UP_DOWN, 9, 1, 2, 3, 4, 5]
    assert run_chart(values, phases=(15,)).trend_points == (13, 14, 15, 16, 17)


def test_signals_are_those_of_every_phase_and_counts_those_of_the_last():
    values = [*[1] * 7, *[2] * 7, *[5, 7] * 4]
    chart = run_chart(values, phases=(14,))
    assert (chart.signals, chart.shift_points) == ({"shift", "too_few_runs"}, tuple(range(14)))
    assert (chart.median, chart.n, chart.n_useful, chart.n_runs, chart.runs_limits) == (6, 22, 8, 8, None)
    assert [phase.claims for phase in chart.phases] == [True, False]
    assert chart.claims


def test_the_baseline_is_that_of_the_first_phase():
    chart = run_chart([1, 3] * 6 + [8] * 3 + [10] * 4, baseline=10, phases=(12,))
    assert [phase.baseline for phase in chart.phases] == [10, 7]
    assert [phase.median for phase in chart.phases] == [2, 10]


def test_a_phase_of_missing_points_has_no_median():
    chart = run_chart([*UP_DOWN, None, None], phases=(12,))
    assert (chart.median, chart.n_useful, chart.phases[0].median) == (None, 0, 1.5)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"phases": (2.5,)}, "begins at one of the points"),
        ({"phases": (-1,)}, "begins at one of the points"),
        ({"baseline": 10.0}, "whole number"),
        ({"rules": "western"}, "is not a set of rules"),
        ({"baseline": 0}, "at least one"),
        ({"phases": (99,)}, "begins at one of the points"),
        ({"trend": 1}, "at least two points"),
        ({"shift": 6.5}, "whole numbers"),
    ],
)
def test_settings_that_make_no_sense_are_refused(asked, words):
    with pytest.raises(ValueError, match=words):
        run_chart(BEFORE, **asked)


@pytest.mark.parametrize("value", ["41", pd.NA, np.True_, math.inf, -math.inf, True, 1j, 10**400, Decimal("Infinity")])
def test_what_is_no_number_is_refused_by_its_place(value):
    with pytest.raises(ValueError, match="Point 3"):
        run_chart([1, 2, value])


# Whatever the values

series = st.lists(st.integers(0, 60), min_size=10, max_size=60)


@given(series, st.integers(-100, 100))
def test_a_constant_added_changes_no_signal(values, constant):
    one, other = run_chart(values), run_chart([value + constant for value in values])
    assert (one.signals, one.shift_points, one.trend_points) == (other.signals, other.shift_points, other.trend_points)


@given(series)
def test_mirrored_values_swap_sides_and_keep_signals(values):
    one, other = run_chart(values), run_chart([-value for value in values])
    assert (one.signals, one.shifts, one.trends) == (other.signals, other.shifts, other.trends)
    assert [-side for side in one.phases[0].sides] == list(other.phases[0].sides)


@given(series)
def test_reversed_values_keep_their_shifts(values):
    last = len(values) - 1
    one, other = run_chart(values), run_chart(values[::-1])
    assert set(one.shift_points) == {last - place for place in other.shift_points}
    assert one.n_runs == other.n_runs


@given(series, st.sampled_from([10, 7, 1000, 3]))
def test_values_in_another_unit_have_the_same_signals_and_the_same_points_on_the_median(values, unit):
    one, other = run_chart(values), run_chart([Fraction(value, unit) for value in values])
    assert (one.signals, one.shifts, one.trends, one.n_useful) == (
        other.signals,
        other.shifts,
        other.trends,
        other.n_useful,
    )


@given(series, st.integers(1, 6))
def test_values_with_decimals_are_judged_as_they_were_typed(values, places):
    one, other = run_chart(values), run_chart([float(f"{value}e-{places}") for value in values])
    assert (one.signals, one.shifts, one.trends, one.n_useful) == (
        other.signals,
        other.shifts,
        other.trends,
        other.n_useful,
    )
