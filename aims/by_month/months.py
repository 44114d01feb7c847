"""An aim by month: of the clocks that fell due in a month, how many were met (`domain.md` 4.4, `spc.md` p chart).

A clock belongs to the month of its due date, whenever it was decided. So nobody who waits long is left out, as they
are from a chart of decisions, and a month once over changes only by corrections.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

import numpy as np

from aims.compliance import Compliance
from aims.outcomes import Outcomes
from aims.selections import SELECTIONS
from aims.spc import Shewhart, shewhart
from milestones.clocks.states import State

FEWEST_TO_JUDGE = 5


@dataclass(frozen=True)
class Month:
    """One month: its first day, how many clocks fell due in it, and how many of those were met."""

    first: date
    due: int
    met: int

    @property
    def percentage(self) -> Fraction | None:
        return Fraction(100 * self.met, self.due) if self.due else None

    @property
    def key(self) -> str:
        """How an address names the month."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Monthly:
    """The months of an aim that are over, in order and without a gap; `pending` clocks fall due in none of them.

    `pending` have been met or missed already, but the month in which they fall due is not over.
    """

    months: tuple[Month, ...]
    pending: int
    target: Fraction | None

    @cached_property
    def chart(self) -> Shewhart:
        """The p chart of proportions met, 0 to 1; a month in which nothing fell due is a missing point."""
        return shewhart(
            [month.met for month in self.months],
            kind="p",
            denominators=[month.due for month in self.months],
            target=None if self.target is None else self.target / 100,
            improvement="increase",
        )

    @cached_property
    def due(self) -> int:
        return sum(month.due for month in self.months)

    @cached_property
    def met(self) -> int:
        return sum(month.met for month in self.months)

    @property
    def mean(self) -> Fraction:
        """The percentage met of all that fell due, the centre of the chart."""
        return Fraction(100 * self.met, self.due)

    @property
    def too_small(self) -> int:
        """How many months have so few clocks that even none or all of them would lie inside the limits."""
        return sum(low == 0 and high == 1 for low, high in zip(self.chart.lower, self.chart.upper, strict=True))

    @property
    def outside(self) -> list[Month]:
        """The months that lie outside their limits."""
        return [month for month, signal in zip(self.months, self.chart.signals, strict=True) if signal]


def by_month(figures: Compliance) -> Monthly | None:
    """Count the months of an aim; None where clocks have no due date of their own, or no month is over."""
    definition = figures.definition
    if definition.limit is None or definition.deadline is not None:
        return None
    outcomes = figures.outcomes
    fell_due = SELECTIONS["due"].mask(outcomes)
    if not fell_due.any():
        return None
    of = due_months(outcomes)
    last = _last_month_over(figures, of)
    counted = fell_due & (of <= last)
    if not counted.any():
        return None
    first = of[counted].min()
    met = (outcomes.frame["state"] == State.MET).to_numpy(dtype=bool)
    size = int((last - first).astype(int)) + 1
    due_counts = np.bincount((of[counted] - first).astype(int), minlength=size)
    met_counts = np.bincount((of[counted & met] - first).astype(int), minlength=size)
    months = tuple(
        Month(first=(first + place).astype("datetime64[D]").item(), due=due, met=in_time)
        for place, (due, in_time) in enumerate(zip(due_counts.tolist(), met_counts.tolist(), strict=True))
    )
    return Monthly(
        months=months,
        pending=int(fell_due.sum() - counted.sum()),
        target=None if definition.target_pct is None else Fraction(definition.target_pct),
    )


def due_months(outcomes: Outcomes) -> np.ndarray:
    """The month in which each clock falls due."""
    return outcomes.frame["due"].to_numpy(dtype=np.int64).astype("datetime64[D]").astype("datetime64[M]")


def _last_month_over(figures: Compliance, of: np.ndarray) -> np.datetime64:
    """The last month of which every clock is settled: whoever is due on the as-at date itself may still be in time."""
    today = np.datetime64(figures.as_at, "D")
    month = today.astype("datetime64[M]")
    ends_today = (month + 1).astype("datetime64[D]") - 1 == today
    waiting = (figures.outcomes.frame["state"] == State.WAITING).to_numpy(dtype=bool)
    return month if ends_today and not (waiting & (of == month)).any() else month - 1
