"""How often chance alone shows a signal: the table against the published simulations (`spc.md`)."""

from random import Random

import pytest

from aims.spc.chance import chance_of, in_words
from aims.spc.simulate_chance import SHIFTS, TRENDS, simulate

# points: shift of 6, trend of 5, runs, any rule of Perla's, those without the trend, Anhøj's; in per cent.
PUBLISHED = {
    12: (1, 11, 0, 12, 2, 1),
    24: (15, 25, 2, 37, 16, 3),
    36: (30, 37, 3, 56, 32, 4),
    60: (54, 57, 5, 81, 56, 4),
}


@pytest.mark.parametrize("points", PUBLISHED)
def test_the_table_agrees_with_the_published_shares(points):
    runs = chance_of("too_few_runs", points=points) + chance_of("too_many_runs", points=points)
    found = (
        chance_of("shift", points=points, length=6),
        chance_of("trend", points=points, length=5),
        runs,
        chance_of("perla", points=points),
        chance_of("perla_without_trend", points=points),
        chance_of("anhoej", points=points),
    )
    assert [100 * share for share in found] == pytest.approx(PUBLISHED[points], abs=2)


def test_a_longer_shift_is_rarer_and_a_frozen_baseline_makes_one_likelier():
    six, eight = (chance_of("shift", points=24, length=length) for length in (6, 8))
    assert eight < six < chance_of("shift", points=24, baseline=12, length=6)


def test_what_is_not_in_the_table_is_answered_by_the_nearest():
    assert chance_of("shift", points=63, length=6) == chance_of("shift", points=60, length=6)
    assert chance_of("shift", points=30, baseline=11, length=6) == chance_of("shift", points=30, baseline=10, length=6)
    assert chance_of("shift", points=9, length=6) is None


def test_the_script_that_made_the_table_still_finds_what_stands_in_it():
    made = simulate(24, 0, simulations=400, rng=Random(7))
    assert (len(made["shift"]), len(made["trend"])) == (len(SHIFTS), len(TRENDS))
    assert made["shift"][0] == pytest.approx(chance_of("shift", points=24, length=6), abs=0.07)
    assert made["perla"] == pytest.approx(chance_of("perla", points=24), abs=0.1)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.15, "about 1 chart in 7 of this length shows as much by chance"),
        (0.001, "fewer than 1 chart in 200 of this length shows as much by chance"),
        (0.8, "more than half of all charts of this length show as much by chance"),
        (None, ""),
    ],
)
def test_a_chance_is_said_as_people_say_it(chance, words):
    assert in_words(chance) == words
