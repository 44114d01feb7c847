"""How long is allowed, and when it is up (`domain.md` 4.1). Dates only; the unit is stored and never converted."""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

    def __str__(self) -> str:
        return f"{self.value.normalize():f} {self.unit.replace('_', ' ')}"

    def after(self, start: date) -> date:
        """The last day on which a clock that began on `start` is still in time."""
        import numpy as np  # a definition names limits without reckoning by them

        return from_day(int(self.after_days(np.array([to_day(start)]))[0]))

    def after_days(self, starts: "np.ndarray") -> "np.ndarray":
        """`after`, for many starts at once: day numbers since 1970 in, day numbers out."""
        from milestones.clocks.day_arrays import add_months, after_working_days

        if self.unit in ("days", "weeks"):
            length = self.value * (7 if self.unit == "weeks" else 1)
            return starts + _half_up(length)
        if self.unit == "working_days":
            return after_working_days(starts, _half_up(self.value))
        months = self.value * (12 if self.unit == "years" else 1)
        whole = int(months)
        return add_months(starts, whole) + _half_up((months - whole) * DAYS_OF_A_WHOLE_MONTH_FRACTION)


def to_day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def from_day(number: int) -> date:
    return EPOCH + timedelta(days=int(number))


def _half_up(value: Decimal) -> int:
    return math.floor(value + Decimal("0.5"))
