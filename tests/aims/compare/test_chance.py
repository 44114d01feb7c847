"""How far chance takes a group, against the exact distribution counted out in fractions."""

from fractions import Fraction
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aims.compare.chance import TAIL, chance_limits, chance_of_spread


@st.composite
def shares(draw):
    of = draw(st.integers(1, 300))
    return draw(st.integers(0, of)), draw(st.integers(0, of)), of


def exactly(group, count, of, numbers):
    """The chance that a group has one of these numbers of the met."""
    ways = sum(comb(count, n) * comb(of - count, group - n) for n in numbers)
    return Fraction(ways, comb(of, group))


@given(shares())
def test_beyond_either_limit_lies_less_than_a_thousandth(share):
    group, count, of = share
    found = chance_limits(group, count=count, of=of)
    least, greatest = max(0, group + count - of), min(group, count)
    tail = Fraction(1, 1000)

    assert least <= found.fewest <= found.most <= greatest
    assert exactly(group, count, of, range(least, found.fewest)) < tail
    assert exactly(group, count, of, range(least, found.fewest + 1)) >= tail
    assert exactly(group, count, of, range(found.most + 1, greatest + 1)) < tail
    assert exactly(group, count, of, range(found.most, greatest + 1)) >= tail


def test_fisher_s_tea_tasting_lady_is_found_at_one_in_seventy_and_not_at_one_in_a_hundred():
    # Four cups of eight, all four told rightly: 1/70 (Fisher, The Design of Experiments, 1935).
    assert chance_limits(4, count=4, of=8, tail=1 / 69).most == 3
    assert chance_limits(4, count=4, of=8, tail=1 / 100).most == 4


def test_a_group_that_is_everybody_can_only_be_as_it_is():
    found = chance_limits(40, count=25, of=40)
    assert (found.fewest, found.most) == (25, 25)


def test_large_numbers_stay_within_what_the_normal_curve_gives():
    found = chance_limits(2_000, count=12_000, of=20_000)
    # Mean 1,200, standard deviation 20.78 with the correction for a finite whole; 3.09 of them to either side.
    assert found.fewest == pytest.approx(1_200 - 3.09 * 20.78, abs=2)
    assert found.most == pytest.approx(1_200 + 3.09 * 20.78, abs=2)


def test_groups_that_do_not_differ_seldom_lie_apart():
    """Twenty groups dealt out at random, 300 times: of 6,000 comparisons at most some 12 may lie apart."""
    rng = Random(4)
    apart = 0
    for _ in range(300):
        cards = [True] * 260 + [False] * 140
        rng.shuffle(cards)
        for first in range(0, 400, 20):
            found = chance_limits(20, count=260, of=400)
            apart += not found.fewest <= sum(cards[first : first + 20]) <= found.most
    assert apart <= 6_000 * 2 * TAIL * 1.8


@pytest.mark.parametrize(("group", "count", "of"), [(5, 1, 4), (1, 5, 4), (-1, 1, 4), (1, -1, 4)])
def test_a_group_larger_than_the_whole_is_refused(group, count, of):
    with pytest.raises(ValueError, match="out of"):
        chance_limits(group, count=count, of=of)


def test_the_chance_of_a_spread_is_that_of_counting_every_deal_out():
    counts, sizes = [1, 4, 6], [6, 7, 8]
    whole, met = sum(sizes), sum(counts)

    def spread(dealt):
        return sum(Fraction((k * whole - n * met) ** 2, n) for k, n in zip(dealt, sizes, strict=True))

    as_far = sum(
        comb(6, a) * comb(7, b) * comb(8, met - a - b)
        for a in range(7)
        for b in range(8)
        if 0 <= met - a - b <= 8 and spread((a, b, met - a - b)) >= spread(counts)
    )
    exact = as_far / comb(whole, met)
    assert chance_of_spread(counts, sizes) == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 9_999) ** 0.5)


def test_groups_that_are_quite_alike_are_spread_so_far_by_any_deal():
    assert chance_of_spread([5, 5, 5], [10, 10, 10]) == 1
    assert chance_of_spread([0, 0, 0], [10, 12, 14]) == 1
    assert chance_of_spread([10, 12, 14], [10, 12, 14]) == 1


def test_the_same_figures_get_the_same_answer():
    assert chance_of_spread([3, 9, 6], [12, 13, 14]) == chance_of_spread([3, 9, 6], [12, 13, 14])


@pytest.mark.parametrize(("counts", "sizes"), [([1], [1, 2]), ([3], [2]), ([-1], [2]), ([0], [0])])
def test_more_met_than_there_are_in_a_group_are_refused(counts, sizes):
    with pytest.raises(ValueError, match="met in groups of"):
        chance_of_spread(counts, sizes)
