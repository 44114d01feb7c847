"""Kaplan-Meier against published estimates, and against a naive twin."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.time_to_decision import kaplan_meier, log_rank


def followed(text: str) -> list[tuple[int, bool]]:
    """Days as textbooks print them: a plus marks a time at which the event had not happened."""
    return [(int(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


# Acute myelogenous leukaemia: the data set `aml` of R's package survival, from Miller, Survival Analysis (1981), p. 49.
MAINTAINED = followed("9 13 13+ 18 23 28+ 31 34 45+ 48 161+")
NONMAINTAINED = followed("5 5 8 8 12 16+ 23 27 30 33 43 45")
# Remission of leukaemia: Freireich et al., Blood 1963;21:699-716, in nearly every textbook since Cox 1972.
MERCAPTOPURINE = followed("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+")
PLACEBO = followed("1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23")

pairs = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=40)


def table(curve):
    return [(step.day, step.at_risk, step.events, round(step.share, 4)) for step in curve.steps]


def test_the_maintained_group_is_estimated_as_r_prints_it():
    # summary(survfit(Surv(time, status) ~ x, data = aml))
    curve = kaplan_meier(MAINTAINED)
    assert table(curve) == [
        (9, 11, 1, 0.9091),
        (13, 10, 1, 0.8182),
        (18, 8, 1, 0.7159),
        (23, 7, 1, 0.6136),
        (31, 5, 1, 0.4909),
        (34, 4, 1, 0.3682),
        (48, 2, 1, 0.1841),
    ]
    errors = [0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535]
    assert [step.error for step in curve.steps] == pytest.approx(errors, abs=5e-5)
    assert curve.median.day == 31


def test_the_nonmaintained_group_is_estimated_as_r_prints_it_down_to_nobody():
    curve = kaplan_meier(NONMAINTAINED)
    assert table(curve) == [
        (5, 12, 2, 0.8333),
        (8, 10, 2, 0.6667),
        (12, 8, 1, 0.5833),
        (23, 6, 1, 0.4861),
        (27, 5, 1, 0.3889),
        (30, 4, 1, 0.2917),
        (33, 3, 1, 0.1944),
        (43, 2, 1, 0.0972),
        (45, 1, 1, 0.0),
    ]
    errors = [0.1076, 0.1361, 0.1423, 0.1481, 0.1470, 0.1387, 0.1219, 0.0919]
    assert [step.error for step in curve.steps[:-1]] == pytest.approx(errors, abs=5e-5)
    assert curve.steps[-1].error is None
    assert curve.median.day == 23


def test_log_log_intervals_are_those_that_stata_prints_for_the_leukaemia_trial():
    # sts list, whose intervals are log-log; printed so in G. Rodriguez, Princeton, "Kaplan-Meier" (WWS 509).
    bounds = [(step.day, round(step.lower, 4), round(step.upper, 4)) for step in kaplan_meier(MERCAPTOPURINE).steps]
    assert bounds == [
        (6, 0.6197, 0.9516),
        (7, 0.5631, 0.9228),
        (10, 0.5032, 0.8894),
        (13, 0.4316, 0.8491),
        (16, 0.3675, 0.8049),
        (22, 0.2678, 0.7468),
        (23, 0.1881, 0.6801),
    ]


def test_medians_have_the_log_log_intervals_that_stata_and_sas_print_for_the_leukaemia_trial():
    treated, placebo = kaplan_meier(MERCAPTOPURINE).median, kaplan_meier(PLACEBO).median
    assert (treated.day, treated.lower, treated.upper) == (23, 13, None)
    assert (placebo.day, placebo.lower, placebo.upper) == (8, 4, 11)


def test_there_is_no_median_while_more_than_half_wait():
    assert kaplan_meier(followed("3 5+ 6+")).median is None


def test_a_median_on_a_flat_piece_is_its_middle_as_in_r():
    assert kaplan_meier(followed("2 4 6 10")).median.day == 5


def test_a_flat_piece_that_never_falls_again_gives_its_first_day():
    assert kaplan_meier(followed("2 4 6+ 10+")).median.day == 4


def test_nobody_gives_an_empty_curve():
    curve = kaplan_meier([])
    assert (curve.count, curve.events, curve.median, curve.share_at(5)) == (0, 0, None, 1.0)


def test_those_censored_on_a_day_still_count_as_waiting_on_it():
    curve = kaplan_meier(followed("4 4+ 6+"))
    assert (curve.steps[0].at_risk, curve.at_risk(4), curve.at_risk(5)) == (3, 3, 1)


def naive_share(waits, day) -> Fraction:
    """The product over days, each counted anew from the whole list."""
    share = Fraction(1)
    for each in range(day + 1):
        at_risk = [days for days, _happened in waits if days >= each]
        events = [days for days, happened in waits if days == each and happened]
        if events:
            share *= 1 - Fraction(len(events), len(at_risk))
    return share


@settings(deadline=None)
@given(pairs)
def test_the_estimate_is_the_naive_twin_s(waits):
    curve = kaplan_meier(waits)
    for day in range(-1, 43):
        assert curve.share_at(day) == pytest.approx(float(naive_share(waits, day)), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_without_censoring_greenwood_is_the_binomial_error(days):
    curve = kaplan_meier([(day, True) for day in days])
    for step in curve.steps[:-1]:
        plain = sum(day > step.day for day in days) / len(days)
        assert step.share == pytest.approx(plain)
        assert step.error == pytest.approx(math.sqrt(plain * (1 - plain) / len(days)))


@settings(deadline=None)
@given(pairs)
def test_the_interval_holds_the_estimate_and_stays_within_0_and_1(waits):
    for step in kaplan_meier(waits).steps:
        if step.share:
            assert 0 <= step.lower <= step.share <= step.upper <= 1


def test_the_log_rank_test_is_the_one_that_r_prints():
    # survdiff(Surv(time, status) ~ x, data = aml): Chisq = 3.4 on 1 degree of freedom, p = 0.07 (0.0653).
    found = log_rank(MAINTAINED, NONMAINTAINED)
    assert (round(found.chi_squared, 1), round(found.chance, 4)) == (3.4, 0.0653)
    # The leukaemia trial: 16.79, as in Kleinbaum and Klein, Survival Analysis, chapter 2.
    assert round(log_rank(MERCAPTOPURINE, PLACEBO).chi_squared, 2) == 16.79


def test_groups_that_no_day_tells_apart_are_not_compared():
    assert log_rank(followed("3+ 5+"), followed("4+")) is None


@settings(deadline=None)
@given(pairs, pairs)
def test_the_log_rank_test_does_not_mind_which_group_is_first(one, other):
    found, swapped = log_rank(one, other), log_rank(other, one)
    assert (found is None) == (swapped is None)
    if found:
        assert found.chi_squared == pytest.approx(swapped.chi_squared, abs=1e-9)
