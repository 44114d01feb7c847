"""The days that the national view speaks of: quarter ends, never any day.

Between two days that anybody may choose, figures differ by single children; between quarter ends by those of a quarter.
All that are offered share one pattern of hidden cells, so each page counts at all of them.
"""

from datetime import date, timedelta

QUARTERS_OFFERED = 8


def quarter_ends(today: date) -> tuple[date, ...]:
    """The ends of the last eight quarters that are over, latest first."""
    ends = []
    first_of_quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    while len(ends) < QUARTERS_OFFERED:
        ends.append(first_of_quarter - timedelta(days=1))
        first_of_quarter = ends[-1].replace(month=ends[-1].month - 2, day=1)
    return tuple(ends)


def quarter_end_asked(asked: str, *, today: date) -> date | None:
    """The quarter end asked for as an ISO date, the latest one when nothing is asked, None when it is not offered."""
    offered = quarter_ends(today)
    if not asked:
        return offered[0]
    return next((day for day in offered if day.isoformat() == asked), None)
