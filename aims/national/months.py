"""The months of which authorities send files of the national dataset; figures are shown for fewer (`quarters.py`)."""

from datetime import date

from pace_site.look.months import month_ends_before

MONTHS_OFFERED = 24


def month_ends(today: date) -> tuple[date, ...]:
    """The ends of the last 24 months that are over, latest first."""
    return tuple(reversed(month_ends_before(today, months=MONTHS_OFFERED)))


def month_end_asked(asked: str, *, today: date) -> date | None:
    """The month end asked for as an ISO date, the latest one when nothing is asked, None when it is not offered."""
    offered = month_ends(today)
    if not asked:
        return offered[0]
    return next((day for day in offered if day.isoformat() == asked), None)
