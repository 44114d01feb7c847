"""Months by their ends, as figures of months are counted and told."""

from datetime import date, timedelta


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
