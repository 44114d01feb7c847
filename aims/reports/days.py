"""Of which days a report may speak."""

from datetime import date

from django.utils import timezone

from pace_site.look.as_at import EARLIEST
from pace_site.look.words import british_date


def fault_of_day(as_at: date) -> str:
    """Why no report speaks of this day; empty for a day that one may speak of."""
    if as_at > timezone.localdate():
        return "A report speaks of a day that has come: choose today or an earlier day."
    if as_at < EARLIEST:
        return f"This is too long ago: {british_date(EARLIEST)} is the earliest day."
    return ""
