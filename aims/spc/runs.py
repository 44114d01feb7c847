"""How many runs about the median chance allows.

The published table (adapted from Swed and Eisenhart, 1943) governs from 10 to 60 useful points. It was typed from
memory and checked against the exact distribution: 34 rows identical, 17 differ by one, no tail over 3.3 % (`spc.md`).

Above 60 the distribution of the number of runs itself governs, given the points above and below, 2.5 % a tail. It is
never replaced by a normal one: `tails.py` finds its ends to the last run, in a time of the root of the points.
"""

from functools import lru_cache
from math import comb, log2

from aims.spc.tails import tail_ends, weights

FEWEST_POINTS = 10
LIMITS = dict(
    zip(
        range(10, 61),
        [
            (3, 9), (3, 10), (3, 11), (4, 11), (4, 12), (5, 12), (5, 13), (5, 13), (6, 14), (6, 15), (6, 16),
            (7, 16), (7, 17), (7, 17), (8, 18), (8, 18), (9, 19), (10, 19), (10, 20), (10, 20), (11, 21),
            (11, 22), (11, 23), (12, 23), (12, 24), (12, 24), (13, 25), (13, 25), (14, 26), (14, 26), (15, 27),
            (15, 27), (16, 28), (16, 28), (17, 29), (17, 30), (17, 31), (18, 31), (18, 32), (19, 32), (19, 33),
            (20, 33), (20, 34), (21, 34), (21, 35), (22, 35), (22, 36), (23, 36), (23, 37), (24, 38), (24, 38),
        ],
        strict=True,
    )
)  # fmt: skip
TAIL_OF_RUNS, TAIL_OF_CROSSINGS = 40, 20  # one in so many: 2.5 % and 5 %


@lru_cache(maxsize=1024)
def runs_limits(above: int, below: int) -> tuple[int, int] | None:
    """The fewest and the most runs that are no signal, or None where no test is made."""
    useful = above + below
    if useful < FEWEST_POINTS:
        return None
    if useful in LIMITS:
        return LIMITS[useful]
    if not above or not below:
        return (1, 1)
    return _limits(above, below) or _limits_by_fractions(above, below)


def _limits(above: int, below: int) -> tuple[int, int] | None:
    """From the distribution of the number of runs (Wald and Wolfowitz); None if a tail is too close to its limit.

    2k runs come in ways(k) = 2 C(above - 1, k - 1) C(below - 1, k - 1); those of 2k + 1 runs follow from these.
    """
    useful, most = above + below, min(above, below)
    first, pairs = weights(
        1, most, min(most, max(1, above * below // useful)), lambda k: ((above - k) * (below - k), k * k)
    )
    ways = []
    for k, weight in enumerate(pairs, start=first):
        ways += [2 * weight, weight * (useful - 2 * k) // k]
    low, high = tail_ends(ways, of=TAIL_OF_RUNS), tail_ends(ways[::-1], of=TAIL_OF_RUNS)
    if low is None or high is None:
        return None
    return 2 * first + low, 2 * first + len(ways) - 1 - high


def _limits_by_fractions(above: int, below: int) -> tuple[int, int]:
    """The same by exact sums over all that is possible, in a time of the square of the number of points."""
    whole = comb(above + below, above)

    def ways(runs: int) -> int:
        half = runs // 2
        if runs % 2 == 0:
            return 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1)
        return comb(above - 1, half) * comb(below - 1, half - 1) + comb(above - 1, half - 1) * comb(below - 1, half)

    low, seen = 2, ways(2)
    while seen * TAIL_OF_RUNS < whole:
        low += 1
        seen += ways(low)
    high = 2 * min(above, below) + (above != below)
    seen = ways(high)
    while seen * TAIL_OF_RUNS < whole:
        high -= 1
        seen += ways(high)
    return low, high


def longest_run_limit(useful: int) -> int:
    """The longest run that is no signal by Anhøj's rule (PLoS ONE 2014 e113825)."""
    return round(log2(useful)) + 3


@lru_cache(maxsize=1024)
def fewest_crossings(useful: int) -> int:
    """The fewest crossings that are no signal: the 5 % quantile of Binomial(useful - 1, 1/2)."""
    trials = useful - 1
    first, ways = weights(0, trials, trials // 2, lambda k: (trials - k, k + 1))
    ends = tail_ends(ways, of=TAIL_OF_CROSSINGS)
    if ends is None:
        raise ArithmeticError("A twentieth of a power of two is no whole number: the tail never ends exactly there.")
    return first + ends
