"""Run charts: a median, and what about it is unlikely to be chance.

Perla, Provost and Murray, BMJ Quality & Safety 2011;20:46-51; Anhøj and Olesen, PLoS ONE 2014;9:e113825. The rules
stand in `spc.md`, to the letter.
"""

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
    """A stretch of a chart with one median: places `start` to `stop` (exclusive) of the values, and what was found."""

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
    signals: frozenset[str]
    shifts: tuple[tuple[int, ...], ...]
    sides: tuple[int, ...]

    @property
    def claims(self) -> bool:
        """Whether there are enough useful points to claim anything."""
        return self.n_useful >= FEWEST_POINTS


@dataclass(frozen=True)
class RunChart:
    """What a run chart shows. Counts and limits speak of the last phase, signals and points of all.

    `shift_points` and `trend_points` are places in the values; `phases` has the median of each stretch.
    """

    median: Any
    n: int
    n_useful: int
    n_runs: int
    longest_run: int
    crossings: int
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

    `baseline` freezes the median of the first so many points and extends it; None takes the median of all. `phases`
    are places where people set a new median: a shift is not carried across one, a trend is. `shift` and `trend` are the
    points that make one. Raises `ValueError` for what is not a number and for settings that make no sense.
    """
    if rules not in RULES:
        raise ValueError(f"{rules!r} is not a set of rules: they are {' and '.join(RULES)}.")
    if baseline is not None and baseline < 1:
        raise ValueError("A baseline has at least one point.")
    if shift < 2 or trend < 2:
        raise ValueError("A shift and a trend have at least two points.")
    places, numbers = present(values)
    starts = sorted({0, *phases})
    if starts[0] < 0 or (phases and starts[-1] >= max(len(values), 1)):
        raise ValueError("A phase begins at one of the points.")
    found = []
    for number, (start, stop) in enumerate(pairwise([*starts, len(values)])):
        chosen = [at for at, place in enumerate(places) if start <= place < stop]
        own = [numbers[at] for at in chosen]
        frozen = baseline if number == 0 else None
        found.append(_phase(start, stop, [places[at] for at in chosen], own, frozen, rules, shift))
    trends = _trends(places, numbers, trend) if rules == "perla" else ()
    enough = sum(phase.n_useful for phase in found) >= FEWEST_POINTS
    trends = trends if enough else ()
    last = found[-1]
    signals = frozenset().union(*(phase.signals for phase in found)) | ({TREND} if trends else set())
    shifts = tuple(points for phase in found for points in phase.shifts)
    return RunChart(
        median=last.median,
        n=len(numbers),
        n_useful=last.n_useful,
        n_runs=last.n_runs,
        longest_run=last.longest_run,
        crossings=last.crossings,
        runs_limits=last.runs_limits,
        signals=frozenset(signals),
        shift_points=tuple(place for points in shifts for place in points),
        trend_points=tuple(sorted({place for points in trends for place in points})),
        shifts=shifts,
        trends=trends,
        phases=tuple(found),
        rules=rules,
        claims=last.claims,
    )


def _phase(
    start: int, stop: int, places: list[int], numbers: list[Any], baseline: int | None, rules: str, shift: int
) -> Phase:
    """Judge one stretch with a median of its own."""
    if not numbers:
        return Phase(start, stop, None, 0, 0, 0, 0, 0, 0, None, frozenset(), (), ())
    of_baseline = numbers[:baseline]
    median = middle(of_baseline)
    side = sides(numbers, median)
    runs = _runs(places, side)
    useful = sum(map(len, runs))
    above = sum(1 for each in side if each > 0)
    longest = max(map(len, runs), default=0)
    crossings = max(len(runs) - 1, 0)
    limits = runs_limits(above, useful - above) if rules == "perla" else None
    signals, shifts = set(), ()
    if useful >= FEWEST_POINTS:
        if rules == "perla":
            shifts = tuple(tuple(run) for run in runs if len(run) >= shift)
            low, high = limits
            if len(runs) < low:
                signals.add(TOO_FEW_RUNS)
            if len(runs) > high:
                signals.add(TOO_MANY_RUNS)
        else:
            shifts = tuple(tuple(run) for run in runs if len(run) > longest_run_limit(useful))
            if crossings < fewest_crossings(useful):
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
        longest_run=longest,
        crossings=crossings,
        runs_limits=limits,
        signals=frozenset(signals),
        shifts=shifts,
        sides=tuple(side),
    )


def _runs(places: list[int], side: list[int]) -> list[list[int]]:
    """The runs about the median: places of consecutive useful points on one side; those on the median are left out."""
    runs, last = [], 0
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
    trends, stretch, way = [], [], 0
    previous = None
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
