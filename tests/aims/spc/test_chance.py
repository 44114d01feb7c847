"""How often chance alone shows a signal: the table against the published simulations (`spc.md`)."""

import json
from random import Random

import pytest

from aims.spc import run_chart, simulate_chance
from aims.spc.chance import chance_of, in_words, table
from aims.spc.simulate_chance import simulate

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


def test_between_the_lengths_of_the_table_the_share_lies_between_theirs():
    sixty, seventy = (chance_of("shift", points=points, length=6) for points in (60, 70))
    assert chance_of("shift", points=63, length=6) == pytest.approx(sixty + 0.3 * (seventy - sixty))
    twenty, more = (chance_of("shift", points=40, baseline=baseline, length=7) for baseline in (20, 25))
    assert chance_of("shift", points=40, baseline=21, length=7) == pytest.approx(twenty + 0.2 * (more - twenty))


def test_a_chart_shorter_than_its_baseline_has_the_median_of_all():
    assert chance_of("shift", points=12, baseline=12, length=6) == chance_of("shift", points=12, length=6)


def test_where_the_table_says_nothing_no_chance_is_claimed():
    assert chance_of("shift", points=9, length=6) is None
    assert chance_of("shift", points=24, baseline=8, length=6) is None


def test_past_the_longest_chart_what_grows_goes_on_growing_and_the_rest_stays():
    random, longest = Random(4), []
    for _ in range(400):
        longest.append(run_chart([random.gauss(0, 1) for _ in range(400)]).longest_run)
    share = sum(run >= 9 for run in longest) / len(longest)
    assert chance_of("shift", points=400, length=9) == pytest.approx(share, abs=0.08)
    assert chance_of("perla", points=10_000) == pytest.approx(1)
    assert chance_of("anhoej", points=10_000) == chance_of("anhoej", points=200)


def test_a_length_that_was_never_seen_by_chance_has_no_share():
    assert chance_of("trend", points=12, length=10) == 0
    assert chance_of("shift", points=12, length=30) == 0


def test_the_table_has_every_length_from_ten_to_sixty_and_six_thousand_charts_a_cell():
    assert table()["simulations"] >= 6_000
    for baseline, charts in table()["charts"].items():
        assert {size for size in range(10, 61) if size > int(baseline)} <= {int(size) for size in charts}
    assert set(map(str, range(10, 16))) <= set(table()["charts"])


def test_the_script_that_made_the_table_makes_the_same_cell_again():
    assert simulate(12, 10) == table()["charts"]["10"]["12"]


def test_the_script_writes_the_table_that_is_read(monkeypatch, tmp_path):
    for name, value in (("TABLE", tmp_path / "chance.json"), ("SIZES", (10, 11)), ("BASELINES", (0, 10))):
        monkeypatch.setattr(simulate_chance, name, value)
    monkeypatch.setattr(simulate_chance, "SIMULATIONS", 20)
    simulate_chance.main()
    made = json.loads((tmp_path / "chance.json").read_text())
    assert made.keys() == table().keys()
    assert {baseline: list(charts) for baseline, charts in made["charts"].items()} == {"0": ["10", "11"], "10": ["11"]}
    assert made["charts"]["10"]["11"].keys() == table()["charts"]["10"]["11"].keys()


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.15, "about 1 chart in 7 of this length shows as much by chance"),
        (0.001, "fewer than 1 chart in 200 of this length shows as much by chance"),
        (0.4, "about 2 charts in 5 of this length show as much by chance"),
        (0.5, "about half of all charts of this length show as much by chance"),
        (0.8, "more than half of all charts of this length show as much by chance"),
        (None, ""),
    ],
)
def test_a_chance_is_said_as_people_say_it(chance, words):
    assert in_words(chance) == words
