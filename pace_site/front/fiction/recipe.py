"""The recipe of the made-up data: dates, delays and shares (`domain.md` 7, last paragraph)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from random import Random
from typing import Any

DEFAULT_AS_AT = date(2026, 10, 31)
PACE_START = date(2024, 11, 1)
# Less time than this after the PACE start shows no improvement.
SHORTEST_STORY = timedelta(days=365)


@dataclass(frozen=True)
class Delay:
    """A log-normal delay whose median, in weeks, falls from `before` to `after` in the `settles` weeks of PACE."""

    before: float
    after: float
    settles: float = 0
    spread: float = 0.45

    def median(self, begun: date, pace_start: date) -> float:
        """The median, in weeks, of a delay that begins on `begun`."""
        if begun < pace_start:
            return self.before
        weeks = (begun - pace_start).days / 7
        if weeks >= self.settles:
            return self.after
        return self.before + (self.after - self.before) * weeks / self.settles

    def draw(self, rng: Random, begun: date, pace_start: date) -> timedelta:
        """One delay, at least a day."""
        weeks = rng.lognormvariate(log(self.median(begun, pace_start)), self.spread)
        return timedelta(days=max(1, round(7 * weeks)))


@dataclass(frozen=True)
class Recipe:
    """How long things take and how often they happen. Shares are of what the name says, 0 to 1."""

    as_at: date = DEFAULT_AS_AT
    pace_start: date = PACE_START
    years: int = 6  # how long before `as_at` the first children come into care

    # Falls to 20 at the end of fifteen months, which makes about 26 over all who come after the PACE start.
    recommendation: Delay = Delay(before=40, after=20, settles=65, spread=0.35)
    # Those who waited long already on the first day of PACE are looked at first.
    backlog: Delay = Delay(before=14, after=14, spread=0.6)
    panel: Delay = Delay(before=20, after=11, settles=52, spread=0.4)
    court: Delay = Delay(before=18, after=12.5, settles=78, spread=0.4)
    order: Delay = Delay(before=28, after=26)
    return_home: Delay = Delay(before=34, after=30, spread=0.6)
    at_home: Delay = Delay(before=106, after=96, spread=0.6)

    starts_at_home: float = 0.27
    several_episodes: float = 0.19
    returns_home: float = 0.12  # of single episodes away; earlier episodes of other children add their share
    recommended_superseded: float = 0.07  # by the as-at day, a twentieth
    adm_within_14_days: float = 0.85
    later_reviews: float = 0.9  # of those away from home, each half year: held and recorded
    reviews_at_home: float = 0.6  # ... and of those at home
    inexact_dates: float = 0.10
    pre_birth: float = 0.015
    unborn: float = 0.004
    transferred_in: float = 0.012
    transferred_out: float = 0.01

    @property
    def first_day(self) -> date:
        """No episode starts before it."""
        return self.as_at - timedelta(days=round(365.25 * self.years))

    @property
    def last_start(self) -> date:
        """No episode starts after it: the last week has not been typed in yet."""
        return self.as_at - timedelta(days=7)

    def after_pace(self, day: date) -> bool:
        return day >= self.pace_start


def recipe_for(as_at: date) -> Recipe:
    """The recipe for data that run up to `as_at`; `ValueError` when PACE has not had a year by then."""
    earliest = PACE_START + SHORTEST_STORY
    if as_at < earliest:
        raise ValueError(f"The story needs a year of PACE: choose an as-at date of {earliest} or later.")
    return Recipe(as_at=as_at)


def draw(rng: Random, *choices: tuple[Any, float]) -> Any:
    """One of `choices`, each with its weight."""
    mark = rng.random() * sum(weight for _, weight in choices)
    for choice, weight in choices:
        mark -= weight
        if mark < 0:
            return choice
    return choices[-1][0]


def day_between(rng: Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both included."""
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def days(rng: Random, fewest: int, most: int) -> timedelta:
    """A number of days from `fewest` to `most`, both included."""
    return timedelta(days=rng.randint(fewest, most))


def one_of(rng: Random, items: Sequence[Any]) -> Any:
    return items[int(rng.random() * len(items))]
