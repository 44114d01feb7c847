"""Calendar arithmetic on many days at once: numbers of days since 1970 in, numbers out (`domain.md` 4.1)."""

from functools import lru_cache

import numpy as np


def add_months(days: np.ndarray, months: int) -> np.ndarray:
    """Calendar months on, held at the end of a shorter month (31 August + 6 months = 28 February)."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = month + months
    last = (target + 1).astype("datetime64[D]") - 1
    same_day = target.astype("datetime64[D]") + (dates - month.astype("datetime64[D]"))
    held: np.ndarray = np.minimum(same_day, last)
    return held.astype(np.int64)


def birthdays(births: np.ndarray, age: int) -> np.ndarray:
    """The day on which somebody born on each day reaches `age`.

    Born on 29 February: 1 March of a common year (Age of Legal Capacity (Scotland) Act 1991, s.6).
    """
    held = add_months(births, 12 * age)
    return np.where(_day_of_month(held) < _day_of_month(births), held + 1, held)


def _day_of_month(days: np.ndarray) -> np.ndarray:
    dates = days.astype("datetime64[D]")
    since_first: np.ndarray = dates - dates.astype("datetime64[M]").astype("datetime64[D]")
    return since_first.astype(np.int64)


def after_working_days(starts: np.ndarray, count: int) -> np.ndarray:
    """The day that many working days on; weekends and Scottish bank holidays are none."""
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
