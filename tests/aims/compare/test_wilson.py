"""Wilson's interval against published values and its own definition."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aims.compare.wilson import wilson_interval


@st.composite
def proportions(draw):
    of = draw(st.integers(1, 100_000))
    return draw(st.integers(0, of)), of


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 1998;17:857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_newcombe_s_table(count, of, low, high):
    found = wilson_interval(count, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(proportions())
def test_it_lies_between_nothing_and_everything_around_what_was_seen(proportion):
    count, of = proportion
    found = wilson_interval(count, of)
    assert 0 <= found.low <= count / of <= found.high <= 1
    assert found.low < found.high


@given(proportions())
def test_what_was_not_met_has_the_mirrored_interval(proportion):
    count, of = proportion
    found, mirrored = wilson_interval(count, of), wilson_interval(of - count, of)
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-12)
    assert found.high == pytest.approx(1 - mirrored.low, abs=1e-12)


@given(proportions(), st.sampled_from([0.8, 0.95, 0.998]))
def test_its_ends_are_where_the_score_test_just_accepts(proportion, confidence):
    count, of = proportion
    z = {0.8: 1.2815515655446004, 0.95: 1.959963984540054, 0.998: 3.090232306167813}[confidence]
    found = wilson_interval(count, of, confidence=confidence)
    for end in (found.low, found.high):
        assert abs(count / of - end) == pytest.approx(z * math.sqrt(end * (1 - end) / of), abs=1e-9)


@given(proportions())
def test_more_of_the_same_makes_it_narrower(proportion):
    count, of = proportion
    once, twice = wilson_interval(count, of), wilson_interval(2 * count, 2 * of)
    assert twice.high - twice.low < once.high - once.low


@pytest.mark.parametrize(("count", "of"), [(0, 0), (-1, 3), (4, 3)])
def test_what_is_no_proportion_is_refused(count, of):
    with pytest.raises(ValueError, match=f"{count} of {of} is no proportion"):
        wilson_interval(count, of)
