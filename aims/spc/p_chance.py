"""How often a p chart of a process that never changes shows a point outside its limits, by the binomial."""

from collections import Counter
from collections.abc import Iterable
from math import exp, isclose, lgamma, log, sqrt

from aims.spc.shewhart import TOLERANCE

SIGMAS = 3


def chance_outside(share: float, sizes: Iterable[int]) -> float:
    """The chance that of points of these sizes, each a binomial of the same `share` (0 to 1), one or more lies outside.

    The limits are those of the chart: three standard deviations about `share`, and a point on a limit inside.
    """
    none = 1.0
    for size, times in Counter(size for size in sizes if size).items():
        none *= (1 - _outside(float(share), size)) ** times
    return 1 - none


def _outside(share: float, size: int) -> float:
    if share in (0.0, 1.0):
        return 0.0
    spread = SIGMAS * sqrt(share * (1 - share) / size)
    low, high = share - spread, share + spread
    return sum(_mass(count, size, share) for count in range(size + 1) if not _lies_inside(count / size, low, high))


def _lies_inside(point: float, low: float, high: float) -> bool:
    return low <= point <= high or any(isclose(point, limit, rel_tol=TOLERANCE) for limit in (low, high))


def _mass(count: int, size: int, share: float) -> float:
    ways = lgamma(size + 1) - lgamma(count + 1) - lgamma(size - count + 1)
    return exp(ways + count * log(share) + (size - count) * log(1 - share))
