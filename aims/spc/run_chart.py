"""Run charts: a median, and what about it is unlikely to be chance.

Perla, Provost and Murray, BMJ Quality & Safety 2011;20:46-51; Anhøj and Olesen, PLoS ONE 2014;9:e113825. The rules
stand in `spc.md`, to the letter.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from aims.spc.points import middle, plain, present, sides
from aims.spc.runs import FEWEST_POINTS, fewest_crossings, longest_run_limit, runs_limits

RULES = ("perla", "anhoej")
SHIFT, TREND, TOO_FEW_RUNS, TOO_MANY_RUNS = "shift", "trend", "too_few_runs", "too_many_runs"


@dataclass(frozen=True)
class Phase:
    """A stretch of a chart with one median: places `start` to `stop` (exclusive) of the values, and what was found.

    `baseline` is how many points the median was taken from; beyond them it is extended. `runs_limits` belong to Perla's
    rules, `longest_run_limit` and `crossings_min` (what is no signal yet) to Anhøj's; each is None under the other
    rules and with fewer than ten useful points. `sides`: 1 above the median, -1 below, 0 on it, for each point there.
    """

    start: int
    stop: int
    median: Any
    baseline: int
    n: int
    n_useful: int
    n_runs: int
    longest_run: int
    crossings: int
    runs_limits: tuple[int, int] | None
    longest_run_limit: int | None
    crossings_min: int | None
    signals: frozenset[str]
    shifts: tuple[tuple[int, ...], ...]
    sides: tuple[int, ...]

    @property
    def claims(self) -> bool:
        """Whether there are enough useful points to claim anything about this median."""
        return self.n_useful >= FEWEST_POINTS


@dataclass(frozen=True)
class RunChart:
    """What a run chart shows.

    Median, baseline, counts and limits speak of the last phase (of the whole chart, where people set no new median);
    `n` counts all points that are there, signals and points are those of all phases that claim. A trend crosses
    phases, so the useful points of all decide whether one is claimed. `claims` is False where nothing can be: then
    there is no signal and no signal point. `shift_points` and `trend_points` are places in the values, `shifts` and
    `trends` the same one by one.
    """

    median: Any
    baseline: int
    n: int
    n_useful: int
    n_runs: int
    longest_run: int
    longest_run_limit: int | None
    crossings: int
    crossings_min: int | None
    runs_limits: tuple[int, int] | None
    signals: frozenset[str]
    shift_points: tuple[int, ...]
    trend_points: tuple[int, ...]
    shifts: tuple[tuple[int, ...], ...]
    trends: tuple[tuple[int, ...], ...]
    phases: tuple[Phase, ...]
    rules: str
    claims: bool


def run_chart(
    values: Sequence[Any],
    *,
    baseline: int | None = None,
    rules: str = "perla",
    shift: int = 6,
    trend: int = 5,
    phases: Sequence[int] = (),
) -> RunChart:
    """Judge `values` in plotting order (any unit; None or NaN is a missing point, skipped).

    `baseline` freezes the median of the first so many points that are there and extends it; None takes the median of
    all. `phases` are places where people set a new median, of the points from there on: a shift is not carried across
    one, a trend is; the baseline is that of the first phase. `shift` and `trend` are the points that make one by
    Perla's rules. Raises `ValueError` for what is not a number and for settings that make no sense.
    """
    if rules not in RULES:
        raise ValueError(f"{rules!r} is not a set of rules: they are {' and '.join(RULES)}.")
    if baseline is not None and (type(baseline) is not int or baseline < 1):
        raise ValueError("A baseline is a whole number of points, at least one.")
    if any(type(length) is not int or length < 2 for length in (shift, trend)):
        raise ValueError("A shift and a trend have at least two points, in whole numbers.")
    values = list(values)
    places, numbers = present(values)
    starts = sorted({0, *phases})
    if any(type(start) is not int for start in starts) or starts[0] < 0 or starts[-1] >= max(len(values), 1):
        raise ValueError("A phase begins at one of the points.")
    edges = [bisect_left(places, start) for start in starts] + [len(places)]
    found = []
    for number, (start, stop) in enumerate(pairwise([*starts, len(values)])):
        own = slice(edges[number], edges[number + 1])
        frozen = baseline if number == 0 else None
        found.append(_phase(start, stop, places[own], numbers[own], frozen, rules, shift))
    last = found[-1]
    trends: tuple[tuple[int, ...], ...] = ()
    claims = any(phase.claims for phase in found)
    if rules == "perla" and sum(phase.n_useful for phase in found) >= FEWEST_POINTS:
        trends, claims = _trends(places, numbers, trend), True
    signals = {signal for phase in found for signal in phase.signals}
    if trends:
        signals.add(TREND)
    shifts = tuple(points for phase in found for points in phase.shifts)
    return RunChart(
        median=last.median,
        baseline=last.baseline,
        n=len(numbers),
        n_useful=last.n_useful,
        n_runs=last.n_runs,
        longest_run=last.longest_run,
        longest_run_limit=last.longest_run_limit,
        crossings=last.crossings,
        crossings_min=last.crossings_min,
        runs_limits=last.runs_limits,
        signals=frozenset(signals),
        shift_points=tuple(place for points in shifts for place in points),
        trend_points=tuple(sorted({place for points in trends for place in points})),
        shifts=shifts,
        trends=trends,
        phases=tuple(found),
        rules=rules,
        claims=claims,
    )


def _phase(
    start: int, stop: int, places: list[int], numbers: list[Any], baseline: int | None, rules: str, shift: int
) -> Phase:
    """Judge one stretch with a median of its own."""
    of_baseline = numbers[:baseline]
    median = middle(of_baseline) if numbers else None
    side = sides(numbers, median) if numbers else []
    runs = _runs(places, side)
    useful, crossings = sum(map(len, runs)), max(len(runs) - 1, 0)
    signals: set[str] = set()
    shifts: tuple[tuple[int, ...], ...] = ()
    limits = runs_limits(side.count(1), side.count(-1)) if rules == "perla" else None
    longest = fewest = None
    if limits is not None:
        low, high = limits
        shifts = tuple(tuple(run) for run in runs if len(run) >= shift)
        if len(runs) < low:
            signals.add(TOO_FEW_RUNS)
        if len(runs) > high:
            signals.add(TOO_MANY_RUNS)
    elif useful >= FEWEST_POINTS and rules == "anhoej":
        longest, fewest = longest_run_limit(useful), fewest_crossings(useful)
        shifts = tuple(tuple(run) for run in runs if len(run) > longest)
        if crossings < fewest:
            signals.add(TOO_FEW_RUNS)
    if shifts:
        signals.add(SHIFT)
    return Phase(
        start=start,
        stop=stop,
        median=plain(median),
        baseline=len(of_baseline),
        n=len(numbers),
        n_useful=useful,
        n_runs=len(runs),
        longest_run=max(map(len, runs), default=0),
        crossings=crossings,
        runs_limits=limits,
        longest_run_limit=longest,
        crossings_min=fewest,
        signals=frozenset(signals),
        shifts=shifts,
        sides=tuple(side),
    )


def _runs(places: list[int], side: list[int]) -> list[list[int]]:
    """The runs about the median: places of consecutive useful points on one side; those on the median are left out."""
    runs: list[list[int]] = []
    last = 0
    for place, where in zip(places, side, strict=True):
        if where == 0:
            continue
        if where == last:
            runs[-1].append(place)
        else:
            runs.append([place])
            last = where
    return runs


def _trends(places: list[int], numbers: list[Any], at_least: int) -> tuple[tuple[int, ...], ...]:
    """Stretches of points that all go one way, equal neighbours counting once, by their first."""
    trends: list[tuple[int, ...]] = []
    stretch: list[int] = []
    way, previous = 0, None
    for place, number in zip(places, numbers, strict=True):
        if not stretch:
            stretch, previous = [place], number
            continue
        if number == previous:
            continue
        direction = 1 if number > previous else -1
        if direction == way or way == 0:
            stretch.append(place)
        else:
            if len(stretch) >= at_least:
                trends.append(tuple(stretch))
            stretch = [stretch[-1], place]
        way, previous = direction, number
    if len(stretch) >= at_least:
        trends.append(tuple(stretch))
    return tuple(trends)
