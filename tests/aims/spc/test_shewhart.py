"""Shewhart charts: limits, labels, variation and assurance (`spc.md`)."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aims.spc import shewhart

STEADY = [10, 12] * 8
COMMON = "common_cause"


def labels_after(*values) -> tuple:
    """Labels of `values` after a steady baseline of mean 11 and mean moving range 2: limits 5.68 and 16.32."""
    return shewhart([*STEADY, *values], baseline=len(STEADY)).labels[len(STEADY) :]


# Lines


def test_an_xmr_chart_has_its_limits_at_2_66_mean_moving_ranges():
    chart = shewhart(STEADY)
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == (11, pytest.approx(5.68), pytest.approx(16.32))
    assert (chart.n, chart.trial, chart.variation) == (16, False, COMMON)


def test_a_moving_range_does_not_span_a_missing_value():
    assert shewhart([1, None, 9, 10]).upper[0] == pytest.approx(20 / 3 + 2.66 * 1)


def test_ranges_that_are_themselves_outside_are_dropped_once():
    values = [*STEADY, 60]
    mean = sum(values) / 17
    assert shewhart(values).upper[0] == pytest.approx(mean + 2.66 * 2)
    assert shewhart(values, screen=False).upper[0] == pytest.approx(mean + 2.66 * (15 * 2 + 48) / 16)


def test_without_variation_there_are_no_limits():
    chart = shewhart([0.1] * 24)
    assert (chart.no_variation, chart.upper[0], set(chart.labels)) == (True, None, {COMMON})


def test_the_chart_of_moving_ranges_has_an_upper_limit_alone():
    chart = shewhart([1, 3, 2, None, 7, 4], kind="mr")
    assert chart.points == (None, 2, 1, None, None, 3)
    assert chart.upper[1] == pytest.approx(3.267 * 2)


def test_a_baseline_of_moving_ranges_is_counted_in_values():
    chart = shewhart([1, 3, 2, 9, 1], kind="mr", baseline=3)
    assert (chart.baseline, chart.centre[1]) == (3, 1.5)


def test_moving_ranges_of_equal_values_have_no_variation():
    chart = shewhart([0.1] * 12, kind="mr")
    assert (chart.no_variation, chart.centre[1], chart.upper[1]) == (True, 0, None)


def test_a_target_on_a_limit_with_a_root_in_it_is_hit_and_missed():
    months = {"kind": "p", "denominators": [300] * 12, "improvement": "increase"}
    limit = shewhart([100] * 12, **months).lower[0]
    assert shewhart([100] * 12, target=limit * (1 + 1e-12), **months).assurance == "hit_and_miss"
    assert shewhart([100] * 12, target=limit * (1 - 1e-6), **months).assurance == "consistently_passes"


def test_a_chart_of_moving_ranges_has_nothing_to_come_near_to_below():
    assert "two_of_three" not in shewhart([*[10, 14] * 8, 14.1, 14.2, 14.3], kind="mr").labels


def test_a_p_chart_has_wider_limits_for_smaller_months():
    chart = shewhart([8, 3, 0], kind="p", denominators=[10, 5, 0])
    assert chart.points == (0.8, 0.6, None)
    centre = 11 / 15
    assert chart.centre[0] == pytest.approx(centre)
    assert chart.lower[1] == pytest.approx(centre - 3 * sqrt(centre * (1 - centre) / 5))
    assert chart.upper[1] == 1
    assert chart.labels[2] is None


def test_a_u_chart_and_a_c_chart_do_not_go_below_zero():
    assert shewhart([1, 2, 1], kind="u", denominators=[10, 10, 10]).lower[0] == 0
    chart = shewhart([4, 4, 4], kind="c")
    assert (chart.lower[0], chart.upper[0]) == (0, 10)


def test_a_g_chart_has_its_centre_at_the_median():
    chart = shewhart([1, 2, 9], kind="g")
    assert (chart.centre[0], chart.upper[0]) == (2, pytest.approx(4 + 3 * sqrt(20)))


def test_a_t_chart_is_an_i_chart_of_the_root_and_back():
    times = [3, 10, 25, 7, 1]
    small = shewhart([each ** (1 / 3.6) for each in times])
    chart = shewhart(times, kind="t")
    assert chart.centre[0] == pytest.approx(small.centre[0] ** 3.6)
    assert chart.upper[0] == pytest.approx(small.upper[0] ** 3.6)
    assert chart.lower[0] == 0


@pytest.mark.parametrize(
    ("values", "asked", "words"),
    [
        ([1, 0], {"kind": "t"}, "finer unit"),
        ([1, -1], {"kind": "c"}, "Point 2 is negative"),
        ([1, 2], {"baseline": 0}, "at least one"),
        ([1, 2], {"target": "five"}, "The target is not a number"),
        ([1], {"kind": "p"}, "one denominator for each"),
        ([5], {"kind": "p", "denominators": [4]}, "cannot be"),
        ([1], {"kind": "q"}, "not a kind of chart"),
        ([1], {"improvement": "sideways"}, "not a direction"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(values, asked, words):
    with pytest.raises(ValueError, match=words):
        shewhart(values, **asked)


def test_fewer_than_twelve_points_have_trial_limits():
    assert shewhart([1, 2] * 5).trial
    assert not shewhart([1, 2] * 6).trial


def test_limits_of_a_short_baseline_are_on_trial_however_long_the_chart():
    assert shewhart([1, 2] * 12, baseline=8).trial
    assert not shewhart([1, 2] * 12, baseline=12).trial


def test_equal_times_between_events_lie_on_the_centre_whatever_the_root_does():
    chart = shewhart([10] * 24, kind="t", all_rules=True)
    assert (chart.no_variation, set(chart.labels)) == (True, {COMMON})


def test_equal_shares_lie_on_the_centre_though_a_third_is_no_float():
    labels = shewhart([1, 2, 3] * 8, kind="p", denominators=[3, 6, 9] * 8, all_rules=True).labels
    assert set(labels) == {COMMON}


def test_two_thirds_of_the_way_follow_the_size_of_each_month():
    sizes = [100] * 20 + [1000, 1000]
    labels = shewhart([50] * 20 + [540, 540], kind="p", denominators=sizes, baseline=20, all_rules=True).labels
    assert labels[20:] == (COMMON, COMMON)
    labels = shewhart([50] * 20 + [540, 540, 540], kind="p", denominators=[*sizes, 1000], baseline=20, all_rules=True)
    assert labels.labels[20:] == ("two_of_three",) * 3


@given(
    st.sampled_from(["i", "mr", "p", "u", "c", "g", "t"]),
    st.lists(st.one_of(st.none(), st.integers(1, 9), st.decimals(1, 9, places=2)), max_size=30),
    st.booleans(),
)
def test_every_chart_has_one_entry_a_value_and_none_where_it_is_missing(kind, values, all_rules):
    sizes = [9] * len(values) if kind in ("p", "u") else None
    chart = shewhart(values, kind=kind, denominators=sizes, all_rules=all_rules)
    for entries in (chart.points, chart.labels, chart.centre, chart.lower, chart.upper, chart.signals):
        assert len(entries) == len(values)
    assert [label is None for label in chart.labels] == [point is None for point in chart.points]
    assert all(value is not None for value, point in zip(values, chart.points, strict=True) if point is not None)


def test_counts_beyond_a_limit_with_a_root_are_outside_and_on_it_are_not():
    chart = shewhart([16] * 12 + [28, 29, 4, 3], kind="c", baseline=12, improvement="decrease")
    assert (chart.lower[0], chart.upper[0]) == (4, 28)
    assert chart.labels[12:] == (COMMON, "outside_limits", COMMON, "outside_limits")
    assert chart.variation == "improvement_low"


# Labels


def test_a_point_outside_the_limits_and_one_on_them():
    assert labels_after(17, 11, 5) == ("outside_limits", COMMON, "outside_limits")
    limits = shewhart([10, 12, 16.32], baseline=2)
    assert (limits.upper[2], limits.labels[2]) == (16.32, COMMON)


def test_seven_points_that_rise_or_fall_are_a_trend_and_six_are_none():
    assert labels_after(8, 9, 9.5, 10, 10.5, 10.8, 12)[0:7] == ("trend",) * 7
    assert "trend" not in labels_after(8.9, 9.5, 10, 10.5, 10.8, 12, 11)


def test_an_equal_neighbour_breaks_a_trend():
    assert "trend" not in labels_after(10.5, 9, 9, 9.5, 10, 10.5, 10.8, 12)


def test_two_of_three_near_one_limit_and_only_the_near_ones():
    assert labels_after(15, 12, 15, 10.5) == ("two_of_three", COMMON, "two_of_three", COMMON)
    assert labels_after(15, 10, 15) == (COMMON, COMMON, COMMON)
    assert labels_after(15, 7, 15) == (COMMON, COMMON, COMMON)


def test_seven_points_on_one_side_are_a_shift_and_a_point_on_the_mean_breaks_it():
    assert labels_after(10.5, 12, 13, 12, 13, 12, 13, 12)[1:] == ("shift",) * 7
    assert "shift" not in labels_after(10.5, 12, 13, 12, 11, 13, 12, 13)


def test_the_first_label_that_fits_is_the_one():
    found = labels_after(10.5, 12, 13, 12, 13, 12, 13, 17)
    assert found[-1] == "outside_limits"
    assert found[-2] == "shift"


# Variation and assurance


@pytest.mark.parametrize(
    ("last", "improvement", "expected"),
    [
        (17, "increase", "improvement_high"),
        (17, "decrease", "concern_high"),
        (5, "decrease", "improvement_low"),
        (5, None, "neutral_low"),
        (11, "decrease", COMMON),
    ],
)
def test_variation_is_what_the_last_point_says(last, improvement, expected):
    assert shewhart([*STEADY, last], baseline=16, improvement=improvement).variation == expected


@pytest.mark.parametrize(
    ("target", "improvement", "expected"),
    [
        (20, "decrease", "consistently_passes"),
        (2, "decrease", "consistently_fails"),
        (2, "increase", "consistently_passes"),
        (20, "increase", "consistently_fails"),
        (11, "increase", "hit_and_miss"),
        (16.32, "increase", "hit_and_miss"),
        (20, None, None),
        (None, "increase", None),
    ],
)
def test_assurance_compares_the_limits_with_the_target(target, improvement, expected):
    assert shewhart(STEADY, target=target, improvement=improvement).assurance == expected


@given(st.lists(st.integers(0, 40), min_size=12, max_size=40), st.integers(-50, 50))
def test_a_constant_added_changes_no_label(values, constant):
    assert shewhart(values).labels == shewhart([value + constant for value in values]).labels


@given(st.lists(st.integers(0, 40), min_size=12, max_size=40))
def test_mirrored_values_have_the_same_labels_the_other_way_up(values):
    one = shewhart(values, improvement="increase")
    other = shewhart([-value for value in values], improvement="decrease")
    assert one.labels == other.labels
    assert one.variation.split("_")[0] == other.variation.split("_")[0]


@given(st.lists(st.integers(0, 40), min_size=12, max_size=40), st.integers(1, 6))
def test_values_with_decimals_have_the_labels_of_whole_ones(values, places):
    assert shewhart(values).labels == shewhart([float(f"{value}e-{places}") for value in values]).labels
