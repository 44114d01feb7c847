"""How often a chart of this length shows as much with no change at all (`spc.md`, "False signals: tell people").

The table was simulated by `simulate_chance.py` and is kept as data.
"""

import json
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import Any

from aims.spc.run_chart import SHIFT, TREND

MORE_THAN_HALF = "more than half of all charts"
TABLE = Path(__file__).with_name("chance.json")
# What only grows with the length of a chart; runs and Anhøj's rules keep their share of false signals.
GROWING = (SHIFT, TREND, "perla", "perla_without_trend")


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(TABLE.read_text())
    return read


def chance_of(signal: str, *, points: int, baseline: int | None = None, length: int = 0) -> float | None:
    """The share of noise charts of so many useful points that show `signal`, or for shift and trend one of `length`.

    `signal` is "shift", "trend", "too_few_runs", "too_many_runs", "perla" (any of these, a shift being of 6 and a trend
    of 5), "perla_without_trend", "too_few_crossings" or "anhoej" (any of its two). `baseline`: the median is that of
    the first so many points, frozen, and else that of all. Between the lengths and baselines of the table the share is
    that of a straight line; past the longest, what grows does so as if the chart were several. None where the table
    says nothing: with fewer than ten points, or a baseline of fewer.
    """
    charts = table()["charts"]
    kept = baseline if baseline and baseline < points else 0
    baselines = sorted(int(each) for each in charts if each != "0")
    if points < min(map(int, charts["0"])) or 0 < kept < baselines[0]:
        return None
    if not kept:
        return _of_length(charts["0"], signal, points, length)
    kept = min(kept, baselines[-1])
    lower, upper, part = _between(baselines, kept)
    shares = [_of_length(charts[str(each)], signal, points, length) for each in (lower, upper)]
    return shares[0] + part * (shares[1] - shares[0])


def _of_length(charts: dict[str, Any], signal: str, points: int, length: int) -> float:
    sizes = [int(size) for size in charts]
    longest = sizes[-1]
    if points > longest:
        share = _share(charts[str(longest)], signal, length)
        return 1 - (1 - share) ** (points / longest) if signal in GROWING else share
    lower, upper, part = _between(sizes, max(points, sizes[0]))
    shares = [_share(charts[str(size)], signal, length) for size in (lower, upper)]
    return shares[0] + part * (shares[1] - shares[0])


def _share(cell: dict[str, Any], signal: str, length: int) -> float:
    if signal not in (SHIFT, TREND):
        return float(cell[signal])
    shares: list[float] = cell[signal]
    at = max(length - int(table()[f"{signal}_from"]), 0)
    return shares[at] if at < len(shares) else 0.0


def _between(listed: list[int], number: int) -> tuple[int, int, float]:
    """The listed numbers on both sides of one, and how far it is from the first to the second."""
    at = bisect_left(listed, number)
    if listed[at] == number:
        return number, number, 0.0
    lower, upper = listed[at - 1], listed[at]
    return lower, upper, (number - lower) / (upper - lower)


def is_likely_chance(finding: str) -> bool:
    """Whether a finding says that more than half of all charts show as much where nothing changed."""
    return MORE_THAN_HALF in finding


def in_words(chance: float | None, *, stretch: str = "of this length") -> str:
    """A chance as people say it: "about 1 chart in 7 of this length shows as much by chance"; empty without one."""
    if chance is None:
        return ""
    if chance < 0.005:
        return f"fewer than 1 chart in 200 {stretch} shows as much by chance"
    if chance > 0.55:
        return f"{MORE_THAN_HALF} {stretch} show as much by chance"
    if chance > 0.45:
        return f"about half of all charts {stretch} show as much by chance"
    if chance > 0.36:
        return f"about 2 charts in 5 {stretch} show as much by chance"
    return f"about 1 chart in {round(1 / chance)} {stretch} shows as much by chance"
