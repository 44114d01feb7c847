"""How far a group may lie from all the others by chance alone: funnel limits that are exact for small numbers. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Beyond either limit less than once in a thousand: the 99.8 % limits of a funnel plot (Spiegelhalter, Statistics in
# Medicine 2005;24:1185-1202).
TAIL = 0.001
BOTH_TAILS = 2 * TAIL
# Taken together, groups spread more than chance would make them when it does so in less than one of a hundred deals.
TOGETHER = 0.01
DEALS = 9_999
SEED = 1934  # the same figures get the same answer


@dataclass(frozen=True)
class Limits:
    """The fewest and the most that chance would put into a group."""

    fewest: int
    most: int


def chance_limits(group: int, *, count: int, of: int, tail: float = TAIL) -> Limits:
    """Return how many of the `count` that are met, out of `of` in all, chance would put into a group of `group`.

    Fewer than `fewest`, or more than `most`, fall into the group with a chance less than `tail` each, if group and
    others do not differ: the hypergeometric distribution, so that a number beyond them is what Fisher's exact test
    (Statistical Methods for Research Workers, 1934) of the group against all the others finds at that level, one-sided.
    Unlike the binomial limits around the overall proportion it knows that the group is part of the whole.
    """
    if not 0 <= group <= of or not 0 <= count <= of:
        raise ValueError(f"a group of {group} with {count} met out of {of}")
    least, greatest = max(0, group + count - of), min(group, count)
    fewest = _first_likely(range(least, greatest + 1), group, count, of, tail)
    most = _first_likely(range(greatest, least - 1, -1), group, count, of, tail)
    return Limits(fewest, most)


def chance_of_spread(counts: Sequence[int], sizes: Sequence[int]) -> float:
    """Return how often chance alone spreads groups of these `sizes` as far as these `counts` of met, or further.

    The met are dealt out among the groups at random, many times, and the chi-squared statistic of each deal is compared
    with that of the counts as they are: a permutation test of equal proportions (Good, Permutation Tests, 2000), which
    needs no large numbers. It sees many groups a little apart, where none of them is by itself.
    """
    met, size = np.asarray(counts, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    if len(met) != len(size) or (met < 0).any() or (met > size).any() or (size < 1).any():
        raise ValueError(f"{list(counts)} met in groups of {list(sizes)}")
    deals = np.random.default_rng(SEED).multivariate_hypergeometric(size, int(met.sum()), size=DEALS)

    def spread(dealt: np.ndarray) -> np.ndarray:
        off = dealt * int(size.sum()) - size * int(met.sum())
        return (off.astype(float) ** 2 / size).sum(axis=-1)

    seen = spread(met)
    # Deals as far apart as what was seen are ties, which floating point must not decide.
    return (1 + int((spread(deals) >= seen * (1 - 1e-12)).sum())) / (1 + DEALS)


def _first_likely(numbers: range, group: int, count: int, of: int, tail: float) -> int:
    """The first number, counted from one end, up to which the chances add up to `tail`."""
    added = 0.0
    for number in numbers:
        added += math.exp(_log_choose(count, number) + _log_choose(of - count, group - number) - _log_choose(of, group))
        if added >= tail:
            return number
    return numbers[-1]


def _log_choose(of: int, count: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
