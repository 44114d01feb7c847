"""The statistics of charts beside their naive twins in pandas, turn about, at four lengths."""

import statistics
import sys
import time
from random import Random

from aims.spc import run_chart, shewhart
from aims.spc.runs import fewest_crossings, runs_limits
from tests.naive.control_charts import naive_run_chart, naive_xmr

LENGTHS = (24, 100, 1_000, 10_000)
REPEATS = 15


def rows() -> list[dict]:
    """One row for each chart and length; the floor is the naive twin, on the same values."""
    found = []
    for length in LENGTHS:
        values = weeks(length)
        check(values)
        pairs = (
            ("run_chart, Perla", run_chart, naive_run_chart, {}),
            ("run_chart, Anhøj", run_chart, naive_run_chart, {"rules": "anhoej"}),
            ("shewhart, XmR", shewhart, naive_xmr, {}),
        )
        found += [compared(name, fast, naive, values, asked) for name, fast, naive, asked in pairs]
    return found


def weeks(length: int) -> list[float]:
    """Waits in weeks to one decimal, as an aim has them: with ties, and points on the median."""
    random = Random(length)
    return [round(random.gauss(30, 6), 1) for _ in range(length)]


def check(values: list[float]) -> None:
    """Stop where the fast code and the naive differ: a quick wrong answer is worth nothing."""
    chart, naive = run_chart(values), naive_run_chart(values)
    if any(getattr(chart, name) != expected for name, expected in naive.items()):
        sys.exit(f"The run charts of {len(values)} points differ.")
    if shewhart(values).labels != naive_xmr(values)["labels"]:
        sys.exit(f"The XmR charts of {len(values)} points differ.")


def compared(name: str, fast, naive, values: list[float], asked: dict) -> dict:
    times = [(timed(fast, values, asked), timed(naive, values, asked)) for _ in range(REPEATS)]
    p50, floor = (statistics.median(column) for column in zip(*times, strict=True))
    return {
        "name": name,
        "size": f"{len(values):,} points",
        "database": "",
        "p50_ms": round(p50, 3),
        "floor_ms": round(floor, 2),
        "ratio": round(p50 / floor, 3),
    }


def timed(action, values: list[float], asked: dict) -> float:
    # What is remembered of an earlier chart of this length must not help the next.
    runs_limits.cache_clear()
    fewest_crossings.cache_clear()
    begun = time.perf_counter()
    action(values, **asked)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    from tests.bench.table import print_table

    print_table(rows())
