"""Day numbers: dates as days since 1970, so that whole tables of them can be compared at once."""

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from milestones.clocks.limits import from_day

if TYPE_CHECKING:
    import pandas as pd

# No end yet: later than any date that Python knows (31 December 9999 is day 2,932,896).
OPEN = 4_000_000
# A date that is not known; earlier than any date that Python knows.
NOT_KNOWN = -4_000_000
_SPAN = 1 << 23

# A column of a frame, as it stands there or taken out.
Column: TypeAlias = "np.ndarray | pd.Series[Any]"


def day_if_any(number: int) -> date | None:
    """The day of a number, None where it is `OPEN`."""
    return from_day(number) if number < OPEN else None


def child_day(child: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One sortable number for "this child on this day"."""
    return np.asarray(child, dtype=np.int64) * _SPAN + np.asarray(day, dtype=np.int64) + _SPAN // 2


def pairs_by_child(child: np.ndarray, of_child: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of a row of `child` with a row of `of_child` about the same child, as two arrays of row numbers."""
    order = np.argsort(of_child, kind="stable")
    ordered = of_child[order]
    first = np.searchsorted(ordered, child, side="left")
    count = np.searchsorted(ordered, child, side="right") - first
    left = np.repeat(np.arange(len(child)), count)
    place = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    return left, order[np.repeat(first, count) + place]


class DayIndex:
    """Finds the first of many dated things of a child on or after a day."""

    def __init__(self, child: np.ndarray, day: np.ndarray):
        self._keys = np.sort(child_day(child, day))

    def first_on_or_after(self, child: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the day found for each (child, day) asked, `OPEN` where there is none."""
        at = np.searchsorted(self._keys, child_day(child, day), side="left")
        found = np.append(self._keys, -1)[at]
        same_child = found // _SPAN == child
        return np.where(same_child, found % _SPAN - _SPAN // 2, OPEN)
