"""Read apart: from the replica where it knows all that the primary knows now, else from the primary."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from pace_site.replica.freshness import NotFresh, fresh_replica
from pace_site.replica.router import PRIMARY, REPLICA, Reading, reading_from, reading_now

# Seconds during which a replica that was behind or away is not asked again: nobody else waits for it.
LEFT_ALONE = 15
FROM_REPLICA, LAGGING, AWAY, LEFT, IN_TRANSACTION = "replica", "lagging", "away", "left_alone", "in_transaction"

logger = logging.getLogger(__name__)
P, T = ParamSpec("P"), TypeVar("T")


class Readings:
    """How often this process read from the replica and, by why not, from the primary."""

    def __init__(self):
        self._counts: Counter[str] = Counter()
        self._lock = Lock()
        self._left_alone_until = 0.0

    @property
    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)

    def count(self, where: str) -> None:
        with self._lock:
            self._counts[where] += 1
        if settings.METRICS_TOKEN:
            from pace_site.replica.figures import COUNTED  # its library is read only where figures are asked for

            COUNTED.labels(where=where).inc()

    @property
    def leaves_alone(self) -> bool:
        return time.monotonic() < self._left_alone_until

    def leave_alone(self) -> None:
        self._left_alone_until = time.monotonic() + LEFT_ALONE

    def forget(self) -> None:
        with self._lock:
            self._counts.clear()
            self._left_alone_until = 0.0


READINGS = Readings()


def read_apart(read: Callable[[], T]) -> T:
    """What `read` gives, which only reads; it is called twice where the replica fails in the middle.

    Whatever was committed when this began is in it, from wherever it is read. From the replica all of it is of one
    moment; from the primary it is what `read` makes it (`one_reading`). Writing in it raises `WrittenWhileReading`.
    """
    if reading_now() is not None:
        return read()
    if _may_ask_replica():
        try:
            with fresh_replica() as reading, reading_from(reading):
                answer = read()
            READINGS.count(FROM_REPLICA)
            return answer
        except NotFresh as why:
            _tell(LAGGING, str(why))
        except (DatabaseError, InterfaceError) as error:
            # Its words may have values in them, and so are told to nobody; a fault of ours comes again below.
            connections[REPLICA].close()
            _tell(AWAY, f"{type(error).__name__} {getattr(error.__cause__, 'pgcode', None) or 'without a code'}")
    with reading_from(Reading(PRIMARY, timezone.now())):
        return read()


def reads_apart(function: Callable[P, T]) -> Callable[P, T]:
    """A function, or a method of a page, that only reads, and reads apart."""

    @wraps(function)
    def apart(*args: P.args, **kwargs: P.kwargs) -> T:
        return read_apart(lambda: function(*args, **kwargs))

    return apart


def _may_ask_replica() -> bool:
    if REPLICA not in connections:
        return False
    if connections[PRIMARY].in_atomic_block:
        READINGS.count(IN_TRANSACTION)  # what is written in it is nowhere else yet
        return False
    if READINGS.leaves_alone:
        READINGS.count(LEFT)
        return False
    return True


def _tell(where: str, why: str) -> None:
    READINGS.count(where)
    READINGS.leave_alone()
    logger.warning("Read from the primary, as the replica could not be: %s. Not asked for %d s.", why, LEFT_ALONE)
