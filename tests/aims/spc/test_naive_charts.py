"""The charts beside their naive twins in pandas, on random series with ties, gaps and drift."""

from random import Random

import pytest

from aims.spc import run_chart, shewhart
from aims.spc.runs import runs_limits
from tests.naive.control_charts import naive_run_chart, naive_runs_limits, naive_xmr

COMPARED = ("n_useful", "n_runs", "longest_run", "crossings", "signals", "shift_points", "trend_points")
RULES = ({}, {"shift": 8, "trend": 6}, {"rules": "anhoej"})


def random_series(random: Random) -> list[float | None]:
    """Half numbers with ties, now and then a gap, a step or a drift."""
    size, spread = random.choice((5, 12, 24, 40, 61, 150)), random.choice((2, 6, 40))
    step, drift = random.choice((0, 0, 4, -6)), random.choice((0, 0, 0.5))
    values = [random.randint(0, spread) / 2 + step * (at > size // 2) + drift * at for at in range(size)]
    return [None if random.random() < 0.05 else value for value in values]


@pytest.mark.parametrize("seed", range(150))
def test_a_run_chart_is_that_of_its_naive_twin(seed):
    random = Random(seed)
    values = random_series(random)
    asked = {"baseline": random.choice((None, 10, 12)), **random.choice(RULES)}
    chart = run_chart(values, **asked)
    assert {name: getattr(chart, name) for name in COMPARED} == naive_run_chart(values, **asked)


@pytest.mark.parametrize("seed", range(150))
def test_an_xmr_chart_is_that_of_its_naive_twin(seed):
    random = Random(1000 + seed)
    values = random_series(random)
    asked = {"baseline": random.choice((None, 12)), "screen": random.choice((True, False))}
    chart = shewhart(values, **asked)
    naive = naive_xmr(values, **asked)
    assert chart.labels == naive["labels"]
    for name in ("centre", "lower", "upper"):
        lines = {line for line in getattr(chart, name) if line is not None}
        assert list(lines) == ([] if naive[name] is None else [pytest.approx(naive[name])])


def test_the_limits_of_runs_are_those_of_the_naive_twin_far_beyond_the_table():
    random = Random(5)
    for _ in range(200):
        above, below = random.randint(1, 900), random.randint(60, 900)
        assert runs_limits(above, below) == naive_runs_limits(above, below)
