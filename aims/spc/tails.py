"""Where the tails of a bell-shaped distribution of whole numbers begin, certainly and quickly.

A distribution is known by the ratio of each weight to the one before. Weights are taken relative to one near the
middle, in whole numbers of 2^-256, outwards until nothing is left: a few standard deviations, however large the
numbers. What is cut off adds up to far less than `SLACK`; a tail that comes so close to its limit is left to exact
fractions.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate

ONE = 1 << 256
SLACK = 1 << 128


def weights(first: int, last: int, middle: int, ratio: Callable[[int], tuple[int, int]]) -> tuple[int, list[int]]:
    """Where weights begin that are not nothing, and the weights from there on.

    `ratio(k)` is the weight of k + 1 over that of k, as numerator and denominator, for k from `first` to `last` - 1.
    """
    above, weight, at = [ONE], ONE, middle
    while at < last and weight:
        over, under = ratio(at)
        weight = weight * over // under
        above.append(weight)
        at += 1
    below, weight, at = [], ONE, middle
    while at > first and weight:
        over, under = ratio(at - 1)
        weight = weight * under // over
        below.append(weight)
        at -= 1
    return at, [*reversed(below), *above]


def tail_ends(weights: Sequence[int], *, of: int) -> int | None:
    """How many weights from the left stay below the share 1/`of` of all together; None if that is too close to tell."""
    whole = sum(weights)
    count, seen = next((at, seen) for at, seen in enumerate(accumulate(weights)) if seen * of > whole - SLACK)
    return None if seen * of < whole + SLACK else count
