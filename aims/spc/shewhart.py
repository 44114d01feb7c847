"""Shewhart charts: a centre line, limits, and the points that chance does not explain (`spc.md`).

Kinds: "i" (XmR), "mr" (its moving ranges), "p" (proportions), "u" (rates), "c" (counts), "g" (cases between events) and
"t" (time between events).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isclose
from typing import Any

from aims.spc.labels import COMMON, OUTSIDE, labels
from aims.spc.limits import Lines, Plotted, lines_of
from aims.spc.points import exactly, plain, present, sides

KINDS = ("i", "mr", "p", "u", "c", "g", "t")
TWO_THIRDS = Fraction(2, 3)
FEWEST_FOR_FIRM_LIMITS = 12
# A point this near, relatively, to a limit that has a square root in it lies on the limit.
TOLERANCE = 1e-9
GOOD_WAY = {"increase": 1, "decrease": -1}
PASSES, FAILS, HIT_AND_MISS = "consistently_passes", "consistently_fails", "hit_and_miss"


@dataclass(frozen=True)
class Shewhart:
    """What a Shewhart chart shows; every tuple has one entry a value, None where it is missing or has no limit.

    `points` are what is plotted (proportions, rates, moving ranges, otherwise the values), `n` how many there are and
    `baseline` how many values the lines are computed from. `trial`: these are fewer than twelve, and the limits not
    firm. `no_variation`: all moving ranges are zero, and there are no limits. `labels` name what is special about each
    point, `variation` says what the last one means and `assurance` whether the target is passed.
    """

    kind: str
    points: tuple[Any, ...]
    centre: tuple[Any, ...]
    lower: tuple[Any, ...]
    upper: tuple[Any, ...]
    signals: tuple[bool, ...]
    labels: tuple[str | None, ...]
    n: int
    baseline: int
    trial: bool
    no_variation: bool
    variation: str | None
    assurance: str | None


def shewhart(
    values: Sequence[Any],
    *,
    kind: str = "i",
    denominators: Sequence[Any] | None = None,
    baseline: int | None = None,
    screen: bool = True,
    target: Any = None,
    improvement: str | None = None,
    all_rules: bool | None = None,
) -> Shewhart:
    """Judge `values` in plotting order; None or NaN is a missing point.

    For p and u the values are counts and `denominators` what they are out of; a point out of nothing is missing.
    `baseline` computes the lines from the first so many points that are there. `screen` drops moving ranges that are
    themselves outside their limit, once (i and t). `improvement` is "increase" or "decrease", the way that is good;
    without it variation is neutral and nothing is assured. `all_rules` applies every label beyond "outside_limits"; by
    default for i and mr alone. Raises `ValueError`, in words.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a kind of chart: they are {', '.join(KINDS)}.")
    if improvement is not None and improvement not in GOOD_WAY:
        raise ValueError(f"{improvement!r} is not a direction: it is increase or decrease.")
    if baseline is not None and (type(baseline) is not int or baseline < 1):
        raise ValueError("A baseline is a whole number of points, at least one.")
    target = _number(target)
    every_rule = kind in ("i", "mr") if all_rules is None else all_rules
    values = list(values)
    plotted, used = _plotted(values, kind, denominators, baseline, exact=every_rule)
    lines = lines_of(kind, plotted, screen=screen)
    names, way = _judge(plotted.numbers, lines, every_rule=every_rule, both_ways=kind != "mr")
    spread = _Spread(len(values), plotted.places)
    named = spread(names)
    return Shewhart(
        kind=kind,
        points=spread(_shown(plotted.numbers)),
        centre=spread(_shown(lines.centre)),
        lower=spread(_shown(lines.lower)),
        upper=spread(_shown(lines.upper)),
        signals=tuple([name not in (None, COMMON) for name in named]),
        labels=named,
        n=len(plotted.numbers),
        baseline=used,
        trial=used < FEWEST_FOR_FIRM_LIMITS,
        no_variation=lines.no_variation,
        variation=_variation(names, way, improvement),
        assurance=_assurance(lines, target, improvement),
    )


def _number(target: Any) -> Any:
    """A target as a number, None for none; raise `ValueError` for what is no number."""
    try:
        numbers = present([target])[1]
    except ValueError as error:
        raise ValueError(f"The target is not a number that can be charted: {target!r}.") from error
    return numbers[0] if numbers else None


def _shown(line: list[Any]) -> list[Any]:
    """A line, or points, as numbers to show; most lines are one number all along."""
    if line and line.count(line[0]) == len(line):
        return [plain(line[0])] * len(line)
    return [plain(each) for each in line]


class _Spread:
    """Puts what is known of the points that are there back to their places."""

    def __init__(self, count: int, places: list[int]):
        self.count, self.places = count, places

    def __call__(self, known: Sequence[Any]) -> tuple[Any, ...]:
        if len(known) == self.count:
            return tuple(known)
        whole: list[Any] = [None] * self.count
        for place, each in zip(self.places, known, strict=True):
            whole[place] = each
        return tuple(whole)


def _plotted(
    values: list[Any], kind: str, denominators: Sequence[Any] | None, baseline: int | None, *, exact: bool
) -> tuple[Plotted, int]:
    """What is plotted, and how many values its lines are computed from."""
    if kind in ("p", "u"):
        if denominators is None or len(denominators) != len(values):
            raise ValueError(f"A {kind} chart needs one denominator for each value.")
        plotted = _out_of(values, list(denominators), kind, baseline, exact=exact)
        return plotted, plotted.base
    places, numbers = present(values)
    used = len(numbers) if baseline is None else min(baseline, len(numbers))
    if kind == "mr":
        pairs = [(later, abs(exactly(b) - exactly(a))) for (earlier, a), (later, b) in _neighbours(places, numbers)]
        last = places[used - 1] if used else 0
        base = sum(1 for place, _range in pairs if place <= last)
        # Without one range inside the baseline there is nothing to freeze: all are used.
        return Plotted([place for place, _range in pairs], [each for _place, each in pairs], base or len(pairs)), used
    for place, number in zip(places, numbers, strict=True):
        if kind in ("c", "g", "t") and number < 0:
            raise ValueError(f"Point {place + 1} is negative, which no point of a {kind} chart can be.")
        if kind == "t" and number == 0:
            raise ValueError(f"Point {place + 1} is a time between events of zero: give it in a finer unit.")
    return Plotted(places, numbers, used), used


def _out_of(counts: list[Any], sizes: list[Any], kind: str, baseline: int | None, *, exact: bool) -> Plotted:
    counted = dict(zip(*present(counts), strict=True))
    sized = dict(zip(*present(sizes), strict=True))
    places = [place for place in counted if sized.get(place)]
    for place in places:
        if sized[place] < 0 or counted[place] < 0 or (kind == "p" and counted[place] > sized[place]):
            raise ValueError(f"Point {place + 1}: {counts[place]} out of {sizes[place]} cannot be.")
    over, under = [counted[place] for place in places], [sized[place] for place in places]
    pairs = zip(over, under, strict=True)
    if exact or not all(type(each) is int or each == int(each) for each in (*over, *under)):
        shares = [exactly(count) / exactly(size) for count, size in pairs]
    else:
        shares = [count / size for count, size in pairs]
    return Plotted(places, shares, len(places) if baseline is None else min(baseline, len(places)), over, under)


def _neighbours(places: list[int], numbers: list[Any]) -> Iterator[tuple[tuple[int, Any], tuple[int, Any]]]:
    """Pairs of points that follow one another; one over a missing point is none."""
    for earlier, later in pairwise(zip(places, numbers, strict=True)):
        if later[0] == earlier[0] + 1:
            yield earlier, later


def _judge(numbers: list[Any], lines: Lines, *, every_rule: bool, both_ways: bool) -> tuple[list[str], list[int]]:
    """Label and direction of each point; a chart that does not go `both_ways` has no limit below to come near to."""
    if not numbers:
        return [], []
    if lines.judged:
        numbers, lines = lines.judged
    outside = _beyond(numbers, lines.lower, lines.upper)
    if not every_rule:
        return [OUTSIDE if each else COMMON for each in outside], outside
    near = [0] * len(numbers)
    if lines.upper[0] is not None:
        beyond = _beyond(numbers, _two_thirds(lines.centre, lines.lower), _two_thirds(lines.centre, lines.upper))
        near = [
            0 if out or (close < 0 and not both_ways) else close for out, close in zip(outside, beyond, strict=True)
        ]
    return labels(numbers, outside=outside, near=near, side=sides(numbers, lines.centre[0]))


def _two_thirds(centre: list[Any], limit: list[Any]) -> list[Any]:
    """The line two thirds of the way from the centre to a limit: two sigma."""
    if isinstance(limit[0], Fraction):
        return [centre[0] + TWO_THIRDS * (limit[0] - centre[0])] * len(limit)
    middle, part = float(centre[0]), float(TWO_THIRDS)
    return [middle + part * (each - middle) for each in limit]


def _beyond(numbers: list[Any], lower: list[Any], upper: list[Any]) -> list[int]:
    """1 for a point above its upper limit, -1 below its lower one, 0 between or where there is none.

    Exact limits decide exactly; those with a square root, with a relative tolerance of a thousand-millionth.
    """
    if upper[0] is None:
        return [0] * len(numbers)
    if isinstance(upper[0], Fraction):
        above, below = sides(numbers, upper[0]), sides(numbers, lower[0])
        return [1 if up > 0 else -1 if down < 0 else 0 for up, down in zip(above, below, strict=True)]
    found = []
    for number, low, high in zip(numbers, lower, upper, strict=True):
        if number > high:
            found.append(0 if isclose(number, high, rel_tol=TOLERANCE) else 1)
        elif number < low:
            found.append(0 if isclose(number, low, rel_tol=TOLERANCE) else -1)
        else:
            found.append(0)
    return found


def _variation(names: list[str], way: list[int], improvement: str | None) -> str | None:
    """What the last point says: common cause, or an improvement, a concern or (no way being good) neither."""
    if not names:
        return None
    if names[-1] == COMMON:
        return COMMON
    height = "high" if way[-1] > 0 else "low"
    if improvement is None:
        return f"neutral_{height}"
    return f"{'improvement' if way[-1] == GOOD_WAY[improvement] else 'concern'}_{height}"


def _assurance(lines: Lines, target: Any, improvement: str | None) -> str | None:
    """Whether the process as it runs passes the target always, never or by chance; on a limit, by chance."""
    if target is None or improvement is None or not lines.upper or lines.upper[-1] is None:
        return None
    low, high = lines.lower[-1], lines.upper[-1]
    way = GOOD_WAY[improvement]
    if any(_is_on(target, limit) for limit in (low, high)):
        return HIT_AND_MISS
    if exactly(target) < exactly(low):
        return PASSES if way > 0 else FAILS
    if exactly(target) > exactly(high):
        return PASSES if way < 0 else FAILS
    return HIT_AND_MISS


def _is_on(target: Any, limit: Any) -> bool:
    """Whether a target lies on a limit: exactly, or within the tolerance where the limit has a square root in it."""
    if isinstance(limit, Fraction):
        return exactly(target) == limit
    return isclose(target, limit, rel_tol=TOLERANCE)
