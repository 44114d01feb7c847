"""Make the table of chances: how often charts of pure noise show a signal (`python -m aims.spc.simulate_chance`).

Each cell is the share of charts of normal noise, with no change at all, on which the rules find something: with the
median of all points, or with the frozen median of the first 10, 12 or 15. Seeded, so that a second run writes the same.
"""

import json
from pathlib import Path
from random import Random

from aims.spc.run_chart import TOO_FEW_RUNS, TOO_MANY_RUNS, TREND, run_chart

TABLE = Path(__file__).with_name("chance.json")
SIMULATIONS, SEED = 6_000, 20_261_121
SIZES = (*range(10, 61), 70, 80, 100, 120, 150, 200)
BASELINES = (0, 10, 12, 15)  # 0: the median of all points
SHIFTS, TRENDS = range(6, 21), range(5, 11)


def simulate(size: int, baseline: int, *, simulations: int, rng: Random) -> dict[str, list[float] | float]:
    """The share of noise charts of `size` points with a shift or trend of at least each length, and other signals."""
    shifts, trends = [0] * len(SHIFTS), [0] * len(TRENDS)
    few = many = perla = without_trend = anhoej = 0
    for _ in range(simulations):
        values = [rng.gauss(0, 1) for _ in range(size)]
        chart = run_chart(values, baseline=baseline or None)
        longest_shift = max(map(len, chart.shifts), default=0)
        longest_trend = max(map(len, chart.trends), default=0)
        shifts = [count + (longest_shift >= length) for count, length in zip(shifts, SHIFTS, strict=True)]
        trends = [count + (longest_trend >= length) for count, length in zip(trends, TRENDS, strict=True)]
        few += TOO_FEW_RUNS in chart.signals
        many += TOO_MANY_RUNS in chart.signals
        perla += bool(chart.signals)
        without_trend += bool(chart.signals - {TREND})
        anhoej += bool(run_chart(values, baseline=baseline or None, rules="anhoej").signals)
    share = {"too_few_runs": few, "too_many_runs": many, "perla": perla, "perla_without_trend": without_trend}
    return {
        "shift": [round(count / simulations, 4) for count in shifts],
        "trend": [round(count / simulations, 4) for count in trends],
        **{name: round(count / simulations, 4) for name, count in share.items()},
        "anhoej": round(anhoej / simulations, 4),
    }


def main() -> None:
    rng = Random(SEED)
    table = {
        "simulations": SIMULATIONS,
        "shift_from": SHIFTS[0],
        "trend_from": TRENDS[0],
        "charts": {
            str(baseline): {
                str(size): simulate(size, baseline, simulations=SIMULATIONS, rng=rng)
                for size in SIZES
                if size > baseline
            }
            for baseline in BASELINES
        },
    }
    TABLE.write_text(json.dumps(table, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
