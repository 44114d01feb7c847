"""Cumulative incidence against a published example, against simple shares, and against naive twins."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.time_to_decision import cumulative_incidence, kaplan_meier

pairs = st.lists(st.tuples(st.integers(0, 25), st.sampled_from(["decided", "left", None])), min_size=1, max_size=30)


def test_deaths_from_breast_cancer_are_as_published():
    # British Journal of Cancer 2004;91:1229-1235, table 2: months, 305 women, the first nine of them in full.
    told = [(7, None), (10, "cancer"), (14, None), (16, "cancer"), (18, "other"), (23, "cancer"), (24, None)]
    told += [(26, "other"), (27, "cancer")]
    women = told + [(60, None)] * (305 - len(told))
    found = cumulative_incidence(women, of="cancer")
    alive = kaplan_meier([(month, end is not None) for month, end in women])

    assert [step.at_risk for step in found.steps] == [304, 302, 301, 300, 298, 297]
    assert [round(100 * step.share, 1) for step in alive.steps] == [99.7, 99.3, 99.0, 98.7, 98.3, 98.0]
    # The table adds its increments up after rounding each to 0.3, so only they can be compared.
    increments = [found.share_at(month) - found.share_at(month - 1) for month in (10, 16, 18, 23, 26, 27)]
    assert [round(100 * increment, 1) for increment in increments] == [0.3, 0.3, 0.0, 0.3, 0.0, 0.3]


def naive(waits, of, day) -> Fraction:
    """Sum over days of (nobody has ended yet) x (ends in this way then), each counted anew from the whole list."""
    waiting, share = Fraction(1), Fraction(0)
    for each in range(day + 1):
        at_risk = sum(days >= each for days, _end in waits)
        if at_risk:
            share += waiting * Fraction(sum(days == each and end == of for days, end in waits), at_risk)
            waiting *= 1 - Fraction(sum(days == each and end is not None for days, end in waits), at_risk)
    return share


def weighted(waits, weights, of, day) -> float:
    waiting, share = 1.0, 0.0
    for each in range(day + 1):
        at_risk = sum(w for (days, _end), w in zip(waits, weights, strict=True) if days >= each)
        if at_risk:
            ends = [(end, w) for (days, end), w in zip(waits, weights, strict=True) if days == each and end is not None]
            share += waiting * sum(w for end, w in ends if end == of) / at_risk
            waiting *= 1 - sum(w for _end, w in ends) / at_risk
    return share


def jackknife_error(waits, of, day) -> float:
    """The infinitesimal jackknife: how the estimate moves as each child's weight does."""
    step = 1e-5
    total = 0.0
    for child in range(len(waits)):
        up, down = [1.0] * len(waits), [1.0] * len(waits)
        up[child] += step
        down[child] -= step
        total += ((weighted(waits, up, of, day) - weighted(waits, down, of, day)) / (2 * step)) ** 2
    return math.sqrt(total)


@settings(deadline=None)
@given(pairs)
def test_the_estimate_is_the_naive_twin_s(waits):
    for of in ("decided", "left"):
        found = cumulative_incidence(waits, of=of)
        for day in range(-1, 27):
            assert found.share_at(day) == pytest.approx(float(naive(waits, of, day)), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(pairs)
def test_the_error_is_the_infinitesimal_jackknife_s(waits):
    for step in cumulative_incidence(waits, of="decided").steps:
        assert step.error == pytest.approx(jackknife_error(waits, "decided", step.day), abs=1e-6)


@settings(deadline=None)
@given(pairs)
def test_decided_left_and_still_waiting_add_up_to_everybody(waits):
    decided, left = (cumulative_incidence(waits, of=of) for of in ("decided", "left"))
    waiting = kaplan_meier([(days, end is not None) for days, end in waits])
    for day in range(27):
        assert decided.share_at(day) + left.share_at(day) + waiting.share_at(day) == pytest.approx(1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 25), st.sampled_from(["decided", None])), min_size=1, max_size=30))
def test_where_nobody_leaves_it_is_what_kaplan_meier_leaves_over_with_the_same_error(waits):
    found = cumulative_incidence(waits, of="decided")
    curve = kaplan_meier([(days, end is not None) for days, end in waits])
    for step, theirs in zip(found.steps, curve.steps, strict=True):
        assert step.share == pytest.approx(1 - theirs.share)
        if theirs.error is not None:
            assert step.error == pytest.approx(theirs.error)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 25), st.sampled_from(["decided", "left"])), min_size=1, max_size=30))
def test_where_nobody_is_censored_it_is_a_plain_share_with_the_binomial_error(waits):
    for step in cumulative_incidence(waits, of="decided").steps:
        plain = sum(days <= step.day and end == "decided" for days, end in waits) / len(waits)
        assert step.share == pytest.approx(plain)
        assert step.error**2 == pytest.approx(plain * (1 - plain) / len(waits), abs=1e-14)


@settings(deadline=None)
@given(pairs)
def test_it_never_exceeds_what_kaplan_meier_makes_of_it_by_ignoring_those_who_leave(waits):
    found = cumulative_incidence(waits, of="decided")
    curve = kaplan_meier([(days, end == "decided") for days, end in waits])
    assert all(step.share <= 1 - curve.share_at(step.day) + 1e-12 for step in found.steps)
