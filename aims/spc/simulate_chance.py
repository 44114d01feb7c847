"""Make the table of chances: how often charts of pure noise show a signal (`python -m aims.spc.simulate_chance`).

Each cell is the share of charts of normal noise, with no change at all, on which the rules find something: about the
median of all points, or about the frozen median of the first 10 to 30. Noise has no ties, so every point is useful.
Each cell has a seed of its own: it can be made again alone, and a second run writes the same.
"""

import json
from pathlib import Path
from random import Random

from aims.spc.run_chart import TOO_FEW_RUNS, TOO_MANY_RUNS, TREND, run_chart

TABLE = Path(__file__).with_name("chance.json")
SIMULATIONS, SEED = 6_000, 20_261_121
SIZES = (*range(10, 61), 70, 80, 100, 120, 150, 200)
BASELINES = (0, *range(10, 16), 20, 25, 30)  # 0: the median of all points
SHIFTS, TRENDS = range(6, 21), range(5, 11)


def simulate(size: int, baseline: int) -> dict[str, list[float] | float]:
    """The share of noise charts of `size` points with a shift or trend of at least each length, and other signals."""
    random = Random(f"{SEED}/{size}/{baseline}")  # nosec B311 # repeatable numbers for a simulation, and no secret
    shifts, trends = [0] * len(SHIFTS), [0] * len(TRENDS)
    found = dict.fromkeys(
        ("too_few_runs", "too_many_runs", "perla", "perla_without_trend", "too_few_crossings", "anhoej"), 0
    )
    for _ in range(SIMULATIONS):
        values = [random.gauss(0, 1) for _ in range(size)]
        perla = run_chart(values, baseline=baseline or None)
        anhoej = run_chart(values, baseline=baseline or None, rules="anhoej")
        longest_trend = max(map(len, perla.trends), default=0)
        shifts = [count + (perla.longest_run >= length) for count, length in zip(shifts, SHIFTS, strict=True)]
        trends = [count + (longest_trend >= length) for count, length in zip(trends, TRENDS, strict=True)]
        found["too_few_runs"] += TOO_FEW_RUNS in perla.signals
        found["too_many_runs"] += TOO_MANY_RUNS in perla.signals
        found["perla"] += bool(perla.signals)
        found["perla_without_trend"] += bool(perla.signals - {TREND})
        found["too_few_crossings"] += TOO_FEW_RUNS in anhoej.signals
        found["anhoej"] += bool(anhoej.signals)
    return {
        "shift": _shares(shifts),
        "trend": _shares(trends),
        **{name: round(count / SIMULATIONS, 4) for name, count in found.items()},
    }


def _shares(counts: list[int]) -> list[float]:
    """Shares of the lengths that were seen at all."""
    return [round(count / SIMULATIONS, 4) for count in counts if count]


def main() -> None:
    charts = {
        str(baseline): {str(size): simulate(size, baseline) for size in SIZES if size > baseline}
        for baseline in BASELINES
    }
    table = {"simulations": SIMULATIONS, "shift_from": SHIFTS[0], "trend_from": TRENDS[0], "charts": charts}
    TABLE.write_text(json.dumps(table, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
