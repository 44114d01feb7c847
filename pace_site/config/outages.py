"""What a database says when it is away, busy or full: no fault of the program, and over by itself or soon."""

import errno
import sqlite3
from enum import Enum

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)
# PostgreSQL, by the beginning of its codes. Away: connection (08), shut down (57P), too many connections or no memory
# (53), turned to reading alone while another server takes over (25006). Busy: a deadlock, a lock not given, a
# serialization that failed, a time that ran out.
POSTGRESQL_FULL = "53100"
POSTGRESQL_AWAY = ("08", "57P", "53", "25006")
POSTGRESQL_BUSY = ("40001", "40P01", "55P03", "57014", "25P03")
SQLITE_FULL = (sqlite3.SQLITE_FULL,)
SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
SQLITE_AWAY = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL)
# psycopg2 gives no code when there is no server that could have told one; these are its words for that.
NO_SERVER = (
    "connection",
    "closed",
    "terminat",
    "timeout",
    "could not translate host",
    "ssl syscall",
    "could not receive",
)


class Outage(Enum):
    """Why the database did not do what it was asked, in words for whoever asked."""

    AWAY = "The database cannot be reached at the moment."
    BUSY = "The database is busy with other people's work."
    FULL = "There is no room left to record anything."


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that this exception tells of; None when the fault is another, and most likely ours."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found = _of_system(error) or _of_sqlite(error) or _of_postgresql(error)
        if found is not None:
            return found
        error = error.__cause__
    return None


def _of_system(error: BaseException) -> Outage | None:
    return Outage.FULL if isinstance(error, OSError) and error.errno in DISK_IS_FULL else None


def _of_sqlite(error: BaseException) -> Outage | None:
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says more of the same
    return next(
        (
            outage
            for codes, outage in ((SQLITE_FULL, Outage.FULL), (SQLITE_BUSY, Outage.BUSY), (SQLITE_AWAY, Outage.AWAY))
            if code in codes
        ),
        None,
    )


def _of_postgresql(error: BaseException) -> Outage | None:
    # Asked by name, so that a site on SQLite need not load the driver of PostgreSQL.
    if not type(error).__module__.startswith("psycopg2"):
        return None
    code = getattr(error, "pgcode", None) or ""
    if code == POSTGRESQL_FULL:
        return Outage.FULL
    if code.startswith(POSTGRESQL_BUSY):
        return Outage.BUSY
    said = str(error).lower()
    if code.startswith(POSTGRESQL_AWAY) or (not code and any(words in said for words in NO_SERVER)):
        return Outage.AWAY
    return None
