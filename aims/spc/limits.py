"""Centre line and limits of each kind of Shewhart chart (`spc.md`, "Shewhart charts").

Those of XmR are exact, so that a point on a limit is on it; those with a square root are floats, and are compared with
the tolerance that `shewhart.py` states.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

from aims.spc.points import Scaled, middle

# Three standard deviations from a mean moving range of two, and its own upper limit.
TO_LIMIT = Fraction(266, 100)
RANGE_LIMIT = Fraction(3267, 1000)
# Times between events to the power of 1/3.6 are nearly normal (Nelson 1994).
TIME_POWER = 3.6


@dataclass(frozen=True)
class Plotted:
    """The points of a chart that are there: their places, what is drawn, and for p and u what it is made of.

    `base` of them, the first ones, are what the lines are computed from.
    """

    places: list[int]
    numbers: list[Any]
    base: int
    counts: list[Any] | None = None
    sizes: list[Any] | None = None


@dataclass(frozen=True)
class Lines:
    """Centre and limits of each point that is there; None for a limit that is not.

    `judged` holds numbers and lines on the scale on which points are judged, where that is not the one drawn.
    """

    centre: list[Any]
    lower: list[Any]
    upper: list[Any]
    no_variation: bool = False
    judged: tuple[list[Any], "Lines"] | None = None


def lines_of(kind: str, plotted: Plotted, *, screen: bool) -> Lines:
    """The lines of a chart of `kind`."""
    if not plotted.numbers:
        return Lines([], [], [])
    return _KINDS[kind](plotted, screen)


def mean_moving_range(places: Sequence[int], scaled: Scaled, *, screen: bool) -> Fraction | None:
    """The mean difference of points that follow one another, none over a missing one; None without any.

    Screening drops the ranges that are themselves at or beyond their limit, once (Nelson 1982).
    """
    wholes = scaled.wholes
    ranges = [abs(wholes[at + 1] - wholes[at]) for at in range(len(wholes) - 1) if places[at + 1] == places[at] + 1]
    if not ranges:
        return None
    mean = Fraction(sum(ranges), len(ranges))
    if screen and mean:
        most = RANGE_LIMIT * mean
        # The largest whole number below the limit.
        below = (most.numerator - 1) // most.denominator
        kept = [each for each in ranges if each <= below]
        mean = Fraction(sum(kept), len(kept))
    return mean / scaled.unit


def _level(
    plotted: Plotted,
    centre: Any,
    lower: Any,
    upper: Any,
    *,
    no_variation: bool = False,
    judged: tuple[list[Any], Lines] | None = None,
) -> Lines:
    """Lines that are the same at every point."""
    count = len(plotted.numbers)
    return Lines([centre] * count, [lower] * count, [upper] * count, no_variation=no_variation, judged=judged)


def _lines_i(plotted: Plotted, screen: bool) -> Lines:
    scaled = Scaled.of(plotted.numbers[: plotted.base])
    mean = scaled.mean()
    spread = mean_moving_range(plotted.places[: plotted.base], scaled, screen=screen)
    if not spread:
        return _level(plotted, mean, None, None, no_variation=spread is not None)
    reach = TO_LIMIT * spread
    return _level(plotted, mean, mean - reach, mean + reach)


def _lines_mr(plotted: Plotted, _screen: bool) -> Lines:
    """Moving ranges have an upper limit; that they are not below 0 is no limit that a point could come near to."""
    mean = _mean(plotted)
    if not mean:
        return _level(plotted, mean, None, None, no_variation=True)
    return _level(plotted, mean, Fraction(0), RANGE_LIMIT * mean)


def _lines_of_shares(variance: Callable[[float], float], most: float | None) -> Callable[[Plotted, bool], Lines]:
    def lines(plotted: Plotted, _screen: bool) -> Lines:
        base, counts, sizes = plotted.base, plotted.counts or [], plotted.sizes or []
        mean = Scaled.of(counts[:base]).total() / Scaled.of(sizes[:base]).total()
        centre, spread = float(mean), 3 * sqrt(variance(float(mean)))
        reach = [spread / sqrt(size) for size in sizes]
        upper = [centre + each for each in reach]
        return Lines(
            [mean] * len(reach),
            [max(0.0, centre - each) for each in reach],
            upper if most is None else [min(most, each) for each in upper],
        )

    return lines


def _lines_c(plotted: Plotted, _screen: bool) -> Lines:
    mean = _mean(plotted)
    reach = 3 * sqrt(mean)
    return _level(plotted, mean, max(0.0, float(mean) - reach), float(mean) + reach)


def _lines_g(plotted: Plotted, _screen: bool) -> Lines:
    mean = float(_mean(plotted))
    reach = 3 * sqrt(mean * (mean + 1))
    return _level(plotted, middle(plotted.numbers[: plotted.base]), max(0.0, mean - reach), mean + reach)


def _lines_t(plotted: Plotted, screen: bool) -> Lines:
    """An i chart of the roots, and back again; points are judged as roots, where nothing is lost on the way back."""
    roots = [float(each) ** (1 / TIME_POWER) for each in plotted.numbers]
    small = _lines_i(Plotted(plotted.places, roots, plotted.base), screen)

    def back(line: list[Any]) -> float | None:
        return None if line[0] is None else max(0.0, float(line[0])) ** TIME_POWER

    return _level(
        plotted,
        back(small.centre),
        back(small.lower),
        back(small.upper),
        no_variation=small.no_variation,
        judged=(roots, small),
    )


def _mean(plotted: Plotted) -> Fraction:
    return Scaled.of(plotted.numbers[: plotted.base]).mean()


_KINDS = {
    "i": _lines_i,
    "mr": _lines_mr,
    "p": _lines_of_shares(lambda mean: mean * (1 - mean), 1.0),
    "u": _lines_of_shares(lambda mean: mean, None),
    "c": _lines_c,
    "g": _lines_g,
    "t": _lines_t,
}
