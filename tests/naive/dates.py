"""Date arithmetic the slow way: one date at a time, by the words of `domain.md` 4.1."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import holidays

from milestones.clocks.limits import Limit

ONE_DAY = timedelta(days=1)
# The package adds each year when a day of it is first asked for.
CLOSED = holidays.country_holidays("GB", subdiv="SCT")


def last_day_in_time(start: date, limit: Limit) -> date:
    """The last day on which a clock that began on `start` is still in time."""
    if limit.unit == "days":
        return start + timedelta(days=half_up(limit.value))
    if limit.unit == "weeks":
        return start + timedelta(days=half_up(limit.value * 7))
    if limit.unit == "working_days":
        return working_days_on(start, half_up(limit.value))
    months = limit.value * 12 if limit.unit == "years" else limit.value
    whole = int(months)
    return months_on(start, whole) + timedelta(days=half_up((months - whole) * 30))


def months_on(start: date, months: int) -> date:
    """Calendar months on, clamped to the end of a shorter month."""
    year, month = start.year, start.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def working_days_on(start: date, count: int) -> date:
    """Working days on; a start on a day that is none counts from the working day before."""
    day = start
    while not is_working_day(day):
        day -= ONE_DAY
    for _ in range(count):
        day += ONE_DAY
        while not is_working_day(day):
            day += ONE_DAY
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


def birthday(born: date, age: int) -> date:
    """The day of reaching `age`; born on 29 February, 1 March of a common year."""
    if (born.month, born.day) == (2, 29) and monthrange(born.year + age, 2)[1] == 28:
        return date(born.year + age, 3, 1)
    return born.replace(year=born.year + age)


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
