"""Shewhart charts: a centre line, limits, and the points that chance does not explain (`spc.md`).

Kinds: "i" (XmR), "mr" (its moving ranges), "p" (proportions), "u" (rates), "c" (counts), "g" (cases between events) and
"t" (time between events).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Any

from aims.spc.labels import COMMON, OUTSIDE, labels
from aims.spc.points import CLOSE, Scaled, exactly, middle, plain, present, sides

KINDS = ("i", "mr", "p", "u", "c", "g", "t")
# Three standard deviations from a mean moving range of two, and its own upper limit.
TO_LIMIT = Fraction(266, 100)
RANGE_LIMIT = Fraction(3267, 1000)
TWO_THIRDS = Fraction(2, 3)
TIME_POWER = 3.6
FEWEST_FOR_FIRM_LIMITS = 12
GOOD_WAY = {"increase": 1, "decrease": -1}
PASSES, FAILS, HIT_AND_MISS = "consistently_passes", "consistently_fails", "hit_and_miss"


@dataclass(frozen=True)
class Shewhart:
    """What a Shewhart chart shows; every tuple has one entry a value, None where it is missing or has no limit.

    `points` are what is plotted (proportions, rates, moving ranges, otherwise the values). `trial`: fewer than twelve
    points, so the limits are not firm. `no_variation`: all moving ranges are zero, and there are no limits.
    """

    kind: str
    points: tuple[Any, ...]
    centre: tuple[Any, ...]
    lower: tuple[Any, ...]
    upper: tuple[Any, ...]
    signals: tuple[bool, ...]
    labels: tuple[str | None, ...]
    n: int
    trial: bool
    no_variation: bool
    variation: str | None
    assurance: str | None


@dataclass(frozen=True)
class _Lines:
    """Centre and limits of each point that is there; None for a limit that is not."""

    centre: list[Any]
    lower: list[Any]
    upper: list[Any]
    no_variation: bool = False


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

    For p and u the values are counts and `denominators` what they are out of. `baseline` computes the lines from the
    first so many points. `screen` drops moving ranges that are themselves outside their limit, once. `improvement` is
    "increase" or "decrease", the way that is good; without it variation is neutral and nothing is assured. `all_rules`
    applies every label beyond "outside_limits"; by default for i and mr alone. Raises `ValueError`, in words.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a kind of chart: they are {', '.join(KINDS)}.")
    if improvement is not None and improvement not in GOOD_WAY:
        raise ValueError(f"{improvement!r} is not a direction: it is increase or decrease.")
    if baseline is not None and baseline < 1:
        raise ValueError("A baseline has at least one point.")
    places, numbers, sizes = _plotted(values, kind, denominators)
    lines = _LINES[kind](places, numbers, sizes, baseline, screen) if numbers else _Lines([], [], [])
    names, way = _judge(numbers, lines, every_rule=kind in ("i", "mr") if all_rules is None else all_rules)
    spread = _Spread(len(values), places)
    return Shewhart(
        kind=kind,
        points=spread([plain(number) for number in numbers]),
        centre=spread(_shown(lines.centre)),
        lower=spread(_shown(lines.lower)),
        upper=spread(_shown(lines.upper)),
        signals=tuple(name is not None and name != COMMON for name in spread(names)),
        labels=spread(names),
        n=len(numbers),
        trial=len(numbers) < FEWEST_FOR_FIRM_LIMITS,
        no_variation=lines.no_variation,
        variation=_variation(names, way, improvement),
        assurance=_assurance(lines, target, improvement),
    )


def _shown(line: list[Any]) -> list[Any]:
    """A line as numbers to show; most lines are one number all along."""
    if line and all(each is line[0] for each in line):
        return [plain(line[0])] * len(line)
    return [plain(each) for each in line]


class _Spread:
    """Puts what is known of the points that are there back to their places."""

    def __init__(self, count: int, places: list[int]):
        self.count, self.places = count, places

    def __call__(self, known: Sequence[Any]) -> tuple[Any, ...]:
        whole = [None] * self.count
        for place, each in zip(self.places, known, strict=True):
            whole[place] = each
        return tuple(whole)


def _plotted(values: Sequence[Any], kind: str, denominators) -> tuple[list[int], list[Any], list[Any]]:
    """Places, plotted numbers and denominators of the points that are there."""
    if kind in ("p", "u"):
        if denominators is None or len(denominators) != len(values):
            raise ValueError(f"A {kind} chart needs one denominator for each value.")
        return _out_of(values, denominators, kind)
    places, numbers = present(values)
    if kind == "mr":
        pairs = [(later, abs(exactly(b) - exactly(a))) for (earlier, a), (later, b) in _neighbours(places, numbers)]
        return [place for place, _range in pairs], [range_ for _place, range_ in pairs], []
    if kind in ("c", "g", "t") and any(number < 0 for number in numbers):
        raise ValueError(f"A {kind} chart has no negative points.")
    if kind == "t" and any(number == 0 for number in numbers):
        raise ValueError("A time between events of zero cannot be placed: give it in a finer unit.")
    return places, numbers, []


def _out_of(counts: Sequence[Any], sizes: Sequence[Any], kind: str) -> tuple[list[int], list[Any], list[Any]]:
    there, _counts = present(counts)
    sized, _sizes = present(sizes)
    places = [place for place in there if place in set(sized) and sizes[place] != 0]
    for place in places:
        if sizes[place] < 0 or counts[place] < 0 or (kind == "p" and counts[place] > sizes[place]):
            raise ValueError(f"Point {place + 1}: {counts[place]} out of {sizes[place]} cannot be.")
    shares = [exactly(counts[place]) / exactly(sizes[place]) for place in places]
    return places, shares, [sizes[place] for place in places]


def _neighbours(places: list[int], numbers: list[Any]):
    """Pairs of points that follow one another; one over a missing point is none."""
    for earlier, later in pairwise(zip(places, numbers, strict=True)):
        if later[0] == earlier[0] + 1:
            yield earlier, later


# Lines


def _mean_range(places: list[int], scaled: Scaled, screen: bool) -> Fraction | None:
    """The mean moving range of points that follow one another; None without any."""
    wholes = scaled.wholes
    ranges = [abs(wholes[at + 1] - wholes[at]) for at in range(len(wholes) - 1) if places[at + 1] == places[at] + 1]
    if not ranges:
        return None
    mean = Fraction(sum(ranges), len(ranges))
    if screen and mean:
        most = RANGE_LIMIT * mean
        kept = [each for each in ranges if each * most.denominator < most.numerator]
        mean = Fraction(sum(kept), len(kept))
    return mean / scaled.unit


def _lines_i(places, numbers, _sizes, baseline, screen) -> _Lines:
    scaled = Scaled.of(numbers[:baseline])
    mean = scaled.mean()
    spread = _mean_range(places[:baseline], scaled, screen)
    count = len(numbers)
    if not spread:
        return _Lines([mean] * count, [None] * count, [None] * count, no_variation=spread is not None)
    reach = TO_LIMIT * spread
    return _Lines([mean] * count, [mean - reach] * count, [mean + reach] * count)


def _lines_mr(_places, ranges, _sizes, baseline, _screen) -> _Lines:
    count = len(ranges)
    mean = Scaled.of(ranges).mean(baseline)
    if not mean:
        return _Lines([mean] * count, [None] * count, [None] * count, no_variation=True)
    return _Lines([mean] * count, [Fraction(0)] * count, [RANGE_LIMIT * mean] * count)


def _lines_of_shares(variance: Callable[[float], float], most: float | None):
    def lines(_places, shares, sizes, baseline, _screen) -> _Lines:
        own = list(zip(shares, map(exactly, sizes), strict=True))[:baseline]
        mean = sum(share * size for share, size in own) / sum(size for _share, size in own)
        reach = [3 * sqrt(variance(float(mean)) / float(size)) for size in sizes]
        upper = [float(mean) + each for each in reach]
        return _Lines(
            [mean] * len(shares),
            [max(0.0, float(mean) - each) for each in reach],
            upper if most is None else [min(most, each) for each in upper],
        )

    return lines


def _lines_c(_places, counts, _sizes, baseline, _screen) -> _Lines:
    mean = Scaled.of(counts).mean(baseline)
    reach, count = 3 * sqrt(mean), len(counts)
    return _Lines([mean] * count, [max(0.0, float(mean) - reach)] * count, [float(mean) + reach] * count)


def _lines_g(_places, gaps, _sizes, baseline, _screen) -> _Lines:
    own = gaps[:baseline]
    mean = float(Scaled.of(own).mean())
    reach, count = 3 * sqrt(mean * (mean + 1)), len(gaps)
    return _Lines([middle(own)] * count, [max(0.0, mean - reach)] * count, [mean + reach] * count)


def _lines_t(places, times, _sizes, baseline, screen) -> _Lines:
    """An i chart of the times to the power of 1/3.6, which makes them nearly normal, and back again."""
    small = _lines_i(places, [float(each) ** (1 / TIME_POWER) for each in times], [], baseline, screen)

    def back(line: Any) -> float | None:
        return None if line is None else max(0.0, float(line)) ** TIME_POWER

    return _Lines(
        [back(each) for each in small.centre],
        [back(each) for each in small.lower],
        [back(each) for each in small.upper],
        small.no_variation,
    )


_LINES = {
    "i": _lines_i,
    "mr": _lines_mr,
    "p": _lines_of_shares(lambda mean: mean * (1 - mean), 1.0),
    "u": _lines_of_shares(lambda mean: mean, None),
    "c": _lines_c,
    "g": _lines_g,
    "t": _lines_t,
}


# Judgement


def _judge(numbers: list[Any], lines: _Lines, *, every_rule: bool) -> tuple[list[str], list[int]]:
    if not numbers:
        return [], []
    outside = _beyond(numbers, lines.lower, lines.upper)
    if not every_rule:
        return [OUTSIDE if each else COMMON for each in outside], outside
    centre = lines.centre[0]
    near = [0] * len(numbers)
    if lines.upper[0] is not None:
        low, high = (centre + TWO_THIRDS * (exactly(limit) - centre) for limit in (lines.lower[0], lines.upper[0]))
        beyond = _beyond(numbers, [low] * len(numbers), [high] * len(numbers))
        near = [0 if out else close for out, close in zip(outside, beyond, strict=True)]
    return labels(numbers, outside=outside, near=near, side=sides(numbers, centre))


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
    for number, low, high in zip(map(float, numbers), lower, upper, strict=True):
        margin = CLOSE * (abs(number) + 1)
        found.append(1 if number > high + margin else -1 if number < low - margin else 0)
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


def _assurance(lines: _Lines, target: Any, improvement: str | None) -> str | None:
    """Whether the process as it runs passes the target always, never or by chance; on a limit, by chance."""
    if target is None or improvement is None or not lines.upper or lines.upper[-1] is None:
        return None
    wanted, low, high = exactly(target), exactly(lines.lower[-1]), exactly(lines.upper[-1])
    way = GOOD_WAY[improvement]
    if wanted < low:
        return PASSES if way > 0 else FAILS
    if wanted > high:
        return PASSES if way < 0 else FAILS
    return HIT_AND_MISS
