"""Whether the replica knows all that the primary knew when it was asked: by its place in the log, and by the trail."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connections, transaction

from pace_site.audit.models import AuditEntry
from pace_site.replica.router import PRIMARY, REPLICA, Reading

FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1  # seconds between two questions to a replica that lags
# What was committed before this was asked lies before this place. Where the primary answers before a commit is on its
# disk, that is true only of the place up to which the log was written in memory.
PLACE = (
    "SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()"
    " ELSE pg_current_wal_flush_lsn() END::text, clock_timestamp()"
)


class NotFresh(Exception):
    """The replica does not know yet what the primary knows, or is no copy of it."""


@dataclass(frozen=True)
class Moment:
    """What the primary knew: all up to `place` in its log, the last entry of the trail among it."""

    at: datetime
    place: str
    last_entry: tuple | None

    @classmethod
    def now(cls) -> "Moment":
        # The entry first: what it speaks of was committed with it, and so lies before the place.
        last = AuditEntry.objects.using(PRIMARY).order_by("-pk").values_list("pk", "at", "request_id").first()
        place, at = _asked(PRIMARY, PLACE)
        return cls(at, place, last)


@contextmanager
def fresh_replica() -> Iterator[Reading]:
    """One moment of the replica, not before now; raises `NotFresh`, and what a database raises that is away.

    Waits `REPLICA_WAIT` seconds for a replica that lags.
    """
    # Of a connection that was lost meanwhile a command or a worker, which answers no requests, would not know.
    connections[REPLICA].close_if_unusable_or_obsolete()
    moment = Moment.now()
    reached = _wait_for(moment.place)
    with transaction.atomic(using=REPLICA):
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _check_history(moment, reached)
        yield Reading(REPLICA, moment.at)


def _wait_for(place: str) -> str:
    """The place that the replica has reached, at or after `place`."""
    until, pause = time.monotonic() + settings.REPLICA_WAIT, FIRST_PAUSE
    while True:
        is_replica, reached, is_there = _asked(
            REPLICA,
            "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text, pg_last_wal_replay_lsn() >= %s::pg_lsn",
            place,
        )
        if not is_replica:
            raise NotFresh("it is no replica, or not any more")
        if is_there:
            return reached
        if time.monotonic() + pause > until:
            raise NotFresh(f"it was still behind after {settings.REPLICA_WAIT:g} s")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _check_history(moment: Moment, reached: str) -> None:
    """Places of two servers that went ways of their own, as after a fail-over or a restore, say nothing of each other.

    A replica is never before its primary, and has the same last entry.
    """
    (is_behind,) = _asked(PRIMARY, "SELECT pg_current_wal_insert_lsn() >= %s::pg_lsn", reached)
    if not is_behind:
        raise NotFresh("it is ahead of the primary, and so no copy of it")
    if moment.last_entry is None:
        return
    same = dict(zip(("pk", "at", "request_id"), moment.last_entry, strict=True))
    if not AuditEntry.objects.using(REPLICA).filter(**same).exists():
        raise NotFresh("it does not have the last entry of the audit trail, and so is no copy of the primary")


def _asked(alias: str, question: str, *values: str) -> tuple:
    with connections[alias].cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()
