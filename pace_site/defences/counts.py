"""Count what happens in a stretch of time, in one place for all processes.

A table of our own: django-ratelimit needs a cache that counts in one step, and Django's cache in the database reads and
then writes, so that of two requests at once one may go uncounted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F

from pace_site.defences.models import UseCount

MINUTE, FIVE_MINUTES, HOUR, DAY = timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """The how-manieth it was in the stretch that ends at `until`; the last number stands for all further ones."""

    number: int
    until: datetime

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the stretch is over, at least one."""
        return max(1, -int((now - self.until) // timedelta(seconds=1)))


def count(of: str, *, most: int, each: timedelta, now: datetime) -> Counted:
    """Count one more of something, up to one more than `most`; stretches follow each other by the clock (UTC).

    What goes on beyond that is read and not written, so that a flood of requests is none of writes.
    """
    length = int(each.total_seconds())
    until = datetime.fromtimestamp((int(now.timestamp()) // length + 1) * length, tz=UTC)
    row, is_new = UseCount.objects.get_or_create(of=of, until=until)
    if is_new:
        UseCount.objects.filter(until__lt=now).delete()
    elif row.count <= most:
        # Counted by the database, so that two at once are two.
        UseCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
        row.refresh_from_db(fields=["count"])
    return Counted(row.count, until)
