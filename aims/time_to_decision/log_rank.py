"""The log-rank test: whether two groups of children are decided at the same pace."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class LogRank:
    """How far two groups lie apart: chi-squared on one degree of freedom, and the chance of as much with no change."""

    chi_squared: float
    chance: float


def log_rank(first: Iterable[tuple[int, bool]], second: Iterable[tuple[int, bool]]) -> LogRank | None:
    """Compare two groups of (days waited, whether then decided) pairs; None when no day tells them apart.

    Source: Mantel, Cancer Chemother Rep 1966;50:163-170, with the hypergeometric variance, as R's `survdiff`.
    """
    one, other = list(first), list(second)
    days_one = sorted(day for day, _decided in one)
    days_other = sorted(day for day, _decided in other)
    decided_one = Counter(day for day, happened in one if happened)
    decided = decided_one + Counter(day for day, happened in other if happened)
    beyond = variance = 0.0
    for day, events in decided.items():
        n_one = len(days_one) - bisect_left(days_one, day)
        n = n_one + len(days_other) - bisect_left(days_other, day)
        beyond += decided_one[day] - events * n_one / n
        if n > 1:
            variance += events * n_one * (n - n_one) * (n - events) / (n * n * (n - 1))
    if variance == 0:
        return None
    chi_squared = beyond**2 / variance
    return LogRank(chi_squared, 2 * NormalDist().cdf(-math.sqrt(chi_squared)))
