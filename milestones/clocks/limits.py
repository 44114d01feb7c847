"""How long is allowed, and when it is up (`domain.md` 4.1). Dates only; the unit is stored and never converted."""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

import numpy as np

UNITS = ("days", "working_days", "weeks", "months", "years")
EPOCH = date(1970, 1, 1)
DAYS_OF_A_WHOLE_MONTH_FRACTION = 30


@dataclass(frozen=True)
class Limit:
    """A length of time in one unit, such as 26 weeks or 7.5 months."""

    value: Decimal
    unit: str

    @classmethod
    def parse(cls, text: "str | Limit") -> "Limit":
        """Read "26 weeks"; raise `ValueError` on anything else."""
        if isinstance(text, Limit):
            return text
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s+([a-z_ ]+?)\s*", str(text))
        if match is None:
            raise ValueError(f"{text!r} is not a limit")
        unit = match[2].replace(" ", "_")
        unit = unit if unit.endswith("s") else unit + "s"
        if unit not in UNITS:
            raise ValueError(f"{unit!r} is not a unit of time")
        return cls(Decimal(match[1]), unit)

    def __str__(self):
        return f"{self.value.normalize():f} {self.unit.replace('_', ' ')}"

    def after(self, start: date) -> date:
        """The last day on which a clock that began on `start` is still in time."""
        return from_day(int(self.after_days(np.array([to_day(start)]))[0]))

    def after_days(self, starts: np.ndarray) -> np.ndarray:
        """`after`, for many starts at once: day numbers since 1970 in, day numbers out."""
        if self.unit in ("days", "weeks"):
            length = self.value * (7 if self.unit == "weeks" else 1)
            return starts + _half_up(length)
        if self.unit == "working_days":
            return _after_working_days(starts, _half_up(self.value))
        months = self.value * (12 if self.unit == "years" else 1)
        whole = int(months)
        return add_months(starts, whole) + _half_up((months - whole) * DAYS_OF_A_WHOLE_MONTH_FRACTION)


def to_day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def from_day(number: int) -> date:
    return EPOCH + timedelta(days=int(number))


def add_months(days: np.ndarray, months: int) -> np.ndarray:
    """Calendar months on, held at the end of a shorter month (31 August + 6 months = 28 February)."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = month + months
    last = (target + 1).astype("datetime64[D]") - 1
    same_day = target.astype("datetime64[D]") + (dates - month.astype("datetime64[D]"))
    return np.minimum(same_day, last).astype(np.int64)


def birthdays(births: np.ndarray, age: int) -> np.ndarray:
    """The day on which somebody born on each day reaches `age`.

    Born on 29 February: 1 March of a common year (Age of Legal Capacity (Scotland) Act 1991, s.6).
    """
    held = add_months(births, 12 * age)
    return held + (_day_of_month(held) < _day_of_month(births))


def _day_of_month(days: np.ndarray) -> np.ndarray:
    dates = days.astype("datetime64[D]")
    return (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)


def _half_up(value: Decimal) -> int:
    return math.floor(value + Decimal("0.5"))


def _after_working_days(starts: np.ndarray, count: int) -> np.ndarray:
    if len(starts) == 0:
        return starts
    years = starts.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    closed = _bank_holidays(int(years.min()), int(years.max()) + 1 + count // 200)
    moved = np.busday_offset(starts.astype("datetime64[D]"), count, roll="backward", holidays=closed)
    return moved.astype(np.int64)


@lru_cache(maxsize=32)
def _bank_holidays(first_year: int, last_year: int) -> list[np.datetime64]:
    """Scottish bank holidays; a council's own local holidays are not known here."""
    import holidays

    calendar = holidays.country_holidays("GB", subdiv="SCT", years=range(first_year, last_year + 1))
    return [np.datetime64(day) for day in calendar]
