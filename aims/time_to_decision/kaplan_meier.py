"""The Kaplan-Meier estimate of the share still waiting, with its median, both with 95 % intervals."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from aims.time_to_decision.intervals import log_log_interval

# As R: a curve that meets one half this closely lies on it.
TOLERANCE = 2**-26


@dataclass(frozen=True)
class Step:
    """A day on which somebody was decided: how many waited just before it, and the share that waits just after it.

    `error` is the standard error by Greenwood's formula; `lower` and `upper` are None where the share is 0.
    """

    day: int
    at_risk: int
    events: int
    share: float
    error: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class MedianTime:
    """The day by which half have been decided; a bound is None when its curve does not come down to one half."""

    day: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class SurvivalCurve:
    """The share still waiting by days since the start; `days` are all waits in order, `censored` those undecided."""

    steps: tuple[Step, ...]
    days: tuple[int, ...]
    censored: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.days)

    @property
    def events(self) -> int:
        return len(self.days) - len(self.censored)

    def at_risk(self, day: float) -> int:
        """How many were still waiting, and seen to be, just before the end of `day`."""
        return len(self.days) - bisect_left(self.days, day)

    def step_at(self, day: float) -> Step | None:
        """The last step up to `day`; None before the first, when everybody waits."""
        place = bisect_right(self._event_days, day)
        return self.steps[place - 1] if place else None

    def share_at(self, day: float) -> float:
        step = self.step_at(day)
        return 1.0 if step is None else step.share

    @cached_property
    def median(self) -> MedianTime | None:
        """The median with its interval, None while more than half still wait.

        The bounds are where the bounds of the curve meet one half. Source: Brookmeyer and Crowley, Biometrics
        1982;38:29-41.
        """
        day = self._meets_half([step.share for step in self.steps])
        if day is None:
            return None
        return MedianTime(
            day=day,
            lower=self._meets_half([step.lower for step in self.steps]),
            upper=self._meets_half([step.upper for step in self.steps]),
        )

    @cached_property
    def _event_days(self) -> list[int]:
        return [step.day for step in self.steps]

    def _meets_half(self, curve: Sequence[float | None]) -> float | None:
        """The first day on which the curve is at or below one half; the middle of the flat piece if it lies on it."""
        below = [
            (day, share)
            for day, share in zip(self._event_days, curve, strict=True)
            if share is not None and share < 0.5 + TOLERANCE
        ]
        if not below:
            return None
        day, share = below[0]
        if abs(share - 0.5) < TOLERANCE:
            after = next((later for later, lower in below if lower < share), day)
            return (day + after) / 2
        return day


def kaplan_meier(waits: Iterable[tuple[int, bool]]) -> SurvivalCurve:
    """Estimate the share still waiting from (days waited, whether then decided) pairs.

    Whoever is not decided is censored: counted as waiting up to and on that day, and not after. Source: Kaplan and
    Meier, JASA 1958;53:457-481; the error is Greenwood's, the interval log-log.
    """
    pairs = list(waits)
    days = sorted(day for day, _decided in pairs)
    decided = Counter(day for day, happened in pairs if happened)
    steps = []
    share, spread = 1.0, 0.0
    for day in sorted(decided):
        events, at_risk = decided[day], len(days) - bisect_left(days, day)
        if events == at_risk:
            steps.append(Step(day, at_risk, events, 0.0, None, None, None))
            continue
        share *= (at_risk - events) / at_risk
        spread += events / (at_risk * (at_risk - events))
        error = share * math.sqrt(spread)
        lower, upper = log_log_interval(share, error)
        steps.append(Step(day, at_risk, events, share, error, lower, upper))
    return SurvivalCurve(
        steps=tuple(steps),
        days=tuple(days),
        censored=tuple(sorted(day for day, happened in pairs if not happened)),
    )
