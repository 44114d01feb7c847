"""Special causes as NHS England's Making Data Count names them: one label a point, the first that fits (`spc.md`)."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

COMMON, OUTSIDE, TREND, TWO_OF_THREE, SHIFT = "common_cause", "outside_limits", "trend", "two_of_three", "shift"
IN_A_ROW = 7


def labels(
    numbers: Sequence[Any], *, outside: Sequence[int], near: Sequence[int], side: Sequence[int]
) -> tuple[list[str], list[int]]:
    """Return a label for each point, and which way it points (1 high, -1 low, 0 neither).

    `outside` and `near` say of each point whether it lies outside the limits, or beyond two thirds of the way to them
    and inside (1 above, -1 below, 0 neither); `side` on which side of the mean. Strict: a point on the mean, or an
    equal neighbour, breaks.
    """
    count = len(numbers)
    label, way = [COMMON] * count, [0] * count

    def mark(at: int, name: str, direction: int) -> None:
        if label[at] == COMMON:
            label[at], way[at] = name, direction

    for at, direction in enumerate(outside):
        if direction:
            mark(at, OUTSIDE, direction)
    steps = [(second > first) - (second < first) for first, second in pairwise(numbers)]
    for start, stop, direction in stretches(steps):
        if stop - start + 1 >= IN_A_ROW:
            for at in range(start, stop + 1):
                mark(at, TREND, direction)
    # Few points are near a limit, and only threes that have one of them can hold two.
    begun = {at - back for at, where in enumerate(near) if where for back in range(3)}
    for first in sorted(begun & set(range(count - 2))):
        window = range(first, first + 3)
        where = side[first]
        if where and all(side[at] == where for at in window):
            close = [at for at in window if near[at] == where]
            if len(close) >= 2:
                for at in close:
                    mark(at, TWO_OF_THREE, where)
    for start, stop, direction in stretches(side):
        if stop - start >= IN_A_ROW:
            for at in range(start, stop):
                mark(at, SHIFT, direction)
    return label, way


def stretches(signs: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Unbroken stretches of one sign other than 0: (start, stop, sign), stop exclusive."""
    start = 0
    for sign, group in groupby(signs):
        stop = start + len(list(group))
        if sign:
            yield start, stop, sign
        start = stop
