"""How often a chart of this length shows as much with no change at all (`spc.md`, "False signals: tell people").

The table was simulated by `simulate_chance.py` and is kept as data; it holds for Perla's lengths of shift and trend.
"""

import json
from functools import lru_cache
from pathlib import Path

from aims.spc.run_chart import SHIFT, TREND

TABLE = Path(__file__).with_name("chance.json")


@lru_cache(maxsize=1)
def table() -> dict:
    return json.loads(TABLE.read_text())


def chance_of(signal: str, *, points: int, baseline: int | None = None, length: int = 0) -> float | None:
    """The share of noise charts of so many points that show `signal`, or for shift and trend one of that length.

    `signal` is "shift", "trend", "too_few_runs", "too_many_runs", "perla" (any of these) or "anhoej". A number of
    points or of baseline points that is not in the table is answered by the nearest one that is; None below ten.
    """
    charts = table()["charts"]
    own = charts[_nearest(baseline or 0, charts)]
    if points < min(map(int, charts["0"])):
        return None
    cell = own[_nearest(points, own)]
    if signal not in (SHIFT, TREND):
        return cell[signal]
    chances = cell[signal]
    at = length - table()[f"{signal}_from"]
    return chances[min(max(at, 0), len(chances) - 1)]


def _nearest(number: int, listed: dict) -> str:
    """The listed number nearest to one asked for; no baseline is no small baseline."""
    if number == 0:
        return "0"
    return min((each for each in listed if each != "0"), key=lambda each: (abs(int(each) - number), int(each)))


def in_words(chance: float | None) -> str:
    """A chance as people say it: "about 1 chart in 7 of this length shows as much by chance"."""
    if chance is None:
        return ""
    if chance < 0.005:
        return "fewer than 1 chart in 200 of this length shows as much by chance"
    if chance > 0.5:
        return "more than half of all charts of this length show as much by chance"
    return f"about 1 chart in {round(1 / chance)} of this length shows as much by chance"
