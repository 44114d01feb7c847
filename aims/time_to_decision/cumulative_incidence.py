"""The cumulative incidence of one way in which a wait ends, when it can end in several (Aalen-Johansen).

Kaplan-Meier asks how fast decisions would come if nobody left; this asks how many children do get one.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from aims.time_to_decision.intervals import log_log_interval


@dataclass(frozen=True)
class IncidenceStep:
    """A day on which a wait ended: the share of all ended in the way asked for by then; no bounds at 0 and 1."""

    day: int
    at_risk: int
    share: float
    error: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class CumulativeIncidence:
    """The share of all whose wait has ended in one way, by days since the start."""

    steps: tuple[IncidenceStep, ...]

    def step_at(self, day: float) -> IncidenceStep | None:
        """The last step up to `day`; None before the first."""
        place = bisect_right(self._days, day)
        return self.steps[place - 1] if place else None

    def share_at(self, day: float) -> float:
        step = self.step_at(day)
        return 0.0 if step is None else step.share

    @cached_property
    def _days(self) -> list[int]:
        return [step.day for step in self.steps]


def cumulative_incidence(waits: Iterable[tuple[int, Hashable | None]], *, of: Hashable) -> CumulativeIncidence:
    """Estimate the share that ends in `of` from (days waited, how it ended) pairs; None has not ended (censored).

    Source: Aalen and Johansen, Scand J Statist 1978;5:141-150; the variance is that of the delta method as in
    Marubini and Valsecchi, Analysing Survival Data (1995), p. 341, which is also the infinitesimal jackknife's; the
    interval is log-log.
    """
    pairs = list(waits)
    days = sorted(day for day, _end in pairs)
    ended = Counter(day for day, end in pairs if end is not None)
    wanted = Counter(day for day, end in pairs if end is not None and end == of)
    steps = []
    waiting, share = 1.0, 0.0
    # The variance is sum (F - F_j)^2 a_j + sum b_j - 2 sum (F - F_j) c_j over the days j so far: kept as running sums.
    a = a_f = a_ff = b = c = c_f = 0.0
    for day in sorted(ended):
        n, all_ends, ends = len(days) - bisect_left(days, day), ended[day], wanted[day]
        share += waiting * ends / n
        of_day = waiting * ends / n**2
        b += waiting**2 * ends * (n - ends) / n**3
        c += of_day
        c_f += of_day * share
        if all_ends < n:
            greenwood = all_ends / (n * (n - all_ends))
            a += greenwood
            a_f += greenwood * share
            a_ff += greenwood * share**2
        waiting *= (n - all_ends) / n
        variance = share**2 * a - 2 * share * a_f + a_ff + b - 2 * (share * c - c_f)
        error = math.sqrt(max(variance, 0.0))
        lower, upper = log_log_interval(share, error) or (None, None)
        steps.append(IncidenceStep(day, n, share, error, lower, upper))
    return CumulativeIncidence(tuple(steps))
