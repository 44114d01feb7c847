"""The date of birth that is left of a pseudonymised child: another day, under which every figure stays the same.

Figures ask four things of a birth: whole years on the day a clock starts (a clock starts on a recorded day, or whole
months after one), whether care began before the first birthday or a day came before birth, and whether the 18th
birthday ended a stay (`design.md` 3). All days of birth that answer alike form a stretch; one day is taken from that
stretch by the stretch alone, so that it tells no more of the true one than the recorded days of care do.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

# As long as it takes to come to a day on which the child is a year older.
FURTHEST = 370
GROWN_UP = 18


class LookedAfterPast18(ValueError):
    """The record says that care went on past the 18th birthday: figures turn on that very day."""


def substitute_birth(born: date, *, days: Iterable[date], stays: Sequence[tuple[date, date | None]]) -> date:
    """Return the day of birth to keep instead of `born`; 1 July or the first of a month where one answers alike.

    `days` are all those that the child's rows carry, `stays` its episodes of care. Raise `LookedAfterPast18` where a
    stay went on past the 18th birthday, or still does.
    """
    asked = sorted({*days})
    grown_up = birthday(born, GROWN_UP)
    if any(start < grown_up and (end is None or end > grown_up) for start, end in stays):
        raise LookedAfterPast18
    answers = _answers(born, asked, stays)
    alike = [
        other
        for other in (born + timedelta(days=shift) for shift in range(-FURTHEST, FURTHEST + 1))
        if _answers(other, asked, stays) == answers and not _ends_a_stay(birthday(other, GROWN_UP), stays)
    ]
    for fits in (lambda day: (day.month, day.day) == (7, 1), lambda day: day.day == 1):
        found = [day for day in alike if fits(day)]
        if found:
            return found[len(found) // 2]
    return alike[len(alike) // 2]


def birthday(born: date, age: int) -> date:
    """The day of reaching `age`; born on 29 February: 1 March of a common year, as the clocks have it."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _answers(born: date, days: Sequence[date], stays: Sequence[tuple[date, date | None]]) -> tuple[int, ...]:
    """Whole years on each day, -1 before birth, from 18 on all the same as 17; and which stays began after that."""
    grown_up = birthday(born, GROWN_UP)
    return (*(_years(born, day) for day in days), *(start >= grown_up for start, _end in stays))


def _years(born: date, day: date) -> int:
    if day < born:
        return -1
    years = day.year - born.year
    return min(years - (birthday(born, years) > day), GROWN_UP - 1)


def _ends_a_stay(grown_up: date, stays: Sequence[tuple[date, date | None]]) -> bool:
    return any(start < grown_up and (end is None or grown_up < end) for start, end in stays)
