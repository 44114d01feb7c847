"""Months by their ends, as figures of months are counted and told."""

import re
from datetime import date, timedelta

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def named_month(text: str) -> date | None:
    """The last day of a month that is written as 2018-10; None for whatever is written otherwise."""
    is_month = MONTH.fullmatch(text) and text >= "1900"
    return end_of_month(date(int(text[:4]), int(text[5:]), 1)) if is_month else None


def end_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)


def month_ends_before(day: date, *, months: int) -> list[date]:
    """The last days of the months that were over on `day`, oldest first."""
    ends, first = [], day.replace(day=1)
    for _ in range(months):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends[::-1]
