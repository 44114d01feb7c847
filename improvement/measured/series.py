"""The months of a measure: what was counted or typed in each, in order and without a gap."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

Number = int | Decimal


@dataclass(frozen=True)
class MonthOf:
    """One month by its first day: a numerator out of a denominator, or a value; all None where nothing is known."""

    first: date
    numerator: Number | None = None
    denominator: Number | None = None
    value: Number | None = None
    note: str = ""

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    def in_unit(self, of: int) -> Fraction | None:
        """The value, or the numerator for each `of` of the denominator; None where there is none."""
        if self.denominator is None:
            return None if self.value is None else Fraction(self.value)
        return of * Fraction(self.numerator) / Fraction(self.denominator) if self.denominator else None


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def month_after(first: date) -> date:
    return month_of(first + timedelta(days=31))


def is_over(first: date, *, as_at: date) -> bool:
    """Whether a month is over at the end of a day."""
    return as_at >= month_after(first) - timedelta(days=1)


def last_month_over(as_at: date) -> date:
    """The first day of the last month that is over at the end of a day."""
    this = month_of(as_at)
    return this if is_over(this, as_at=as_at) else month_of(this - timedelta(days=1))


def without_gaps(known: Iterable[MonthOf], *, first: date, last: date) -> tuple[MonthOf, ...]:
    """The months from `first` to `last`, both by their first days; those that are not known say nothing."""
    by_first: Mapping[date, MonthOf] = {month.first: month for month in known}
    months, here = [], first
    while here <= last:
        months.append(by_first.get(here) or MonthOf(here))
        here = month_after(here)
    return tuple(months)
