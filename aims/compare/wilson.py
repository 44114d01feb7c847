"""Wilson's score interval for a proportion. Pure."""

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both parts of 1."""

    low: float
    high: float

    def holds(self, share: float) -> bool:
        return self.low <= share <= self.high


def wilson_interval(count: int, of: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of the proportion `count` / `of` by Wilson's score method, without continuity correction.

    Its ends are the two proportions p at which |count / of - p| = z sqrt(p (1 - p) / of), z being the quantile of the
    normal distribution; it never leaves 0..1 and says something even when nobody or everybody was counted.

    Source: Wilson, J Am Stat Assoc 1927;22:209-212; method 3 of Newcombe, Statistics in Medicine 1998;17:857-872, and
    recommended for small numbers by Brown, Cai and DasGupta, Statistical Science 2001;16:101-133.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no proportion")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = count / of
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + (z / (2 * of)) ** 2)
    whole = 1 + z * z / of
    # At the very ends the two terms are equal, which floating point need not know.
    low = 0.0 if count == 0 else (middle - half) / whole
    high = 1.0 if count == of else (middle + half) / whole
    return Interval(low, high)
