"""How often a p chart signals by chance alone, against the binomial written out in fractions."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.spc import shewhart
from aims.spc.p_chance import chance_outside


def written_out(share: Fraction, size: int) -> float:
    """Every count of `size` that lies outside, by squares, so that no root is taken."""
    outside = Fraction(0)
    for count in range(size + 1):
        apart = (Fraction(count, size) - share) ** 2
        if apart > 9 * share * (1 - share) / size:
            outside += comb(size, count) * share**count * (1 - share) ** (size - count)
    return float(outside)


def test_of_ten_at_one_half_only_none_and_all_lie_outside():
    assert chance_outside(0.5, [10]) == pytest.approx(2 / 1024)


def test_two_months_have_two_chances():
    assert chance_outside(0.5, [10, 10]) == pytest.approx(1 - (1 - 2 / 1024) ** 2)


def test_a_month_without_clocks_adds_nothing():
    assert chance_outside(0.5, [10, 0]) == chance_outside(0.5, [10])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_nothing_varies_nothing_lies_outside(share):
    assert chance_outside(share, [4, 9]) == 0


def test_few_clocks_can_never_lie_outside_on_the_side_where_there_is_no_room():
    assert chance_outside(0.5, [3, 4, 8]) == 0


@settings(deadline=None)
@given(share=st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=60), size=st.integers(1, 60))
def test_it_agrees_with_the_binomial_written_out(share, size):
    assert chance_outside(float(share), [size]) == pytest.approx(written_out(share, size), abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(counts=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 12)), min_size=2, max_size=12))
def test_what_the_chart_calls_outside_is_what_is_counted_as_outside(counts):
    """A chart with a signal has a chance above nothing: both draw the same limits."""
    met = [min(pair) for pair in counts]
    due = [max(pair) for pair in counts]
    chart = shewhart(met, kind="p", denominators=due)
    share = Fraction(sum(met), sum(due))
    if any(chart.signals):
        assert chance_outside(float(share), due) > 0
