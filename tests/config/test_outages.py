"""What a database says is told apart: away, busy, full, or a fault of ours."""

import errno
import sqlite3

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from psycopg2 import errors

from pace_site.config.outages import Outage, outage_of


def of_sqlite(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("told by SQLite")
    cause.sqlite_errorcode = code
    return caused(OperationalError("told by Django"), cause)


def of_postgresql(cause: Exception) -> Exception:
    return caused(OperationalError(*cause.args), cause)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (of_sqlite(sqlite3.SQLITE_BUSY), Outage.BUSY),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Outage.BUSY),
        (of_sqlite(sqlite3.SQLITE_FULL), Outage.FULL),
        (of_sqlite(sqlite3.SQLITE_IOERR_READ), Outage.AWAY),
        (of_sqlite(sqlite3.SQLITE_ERROR), None),  # no such column
        (of_postgresql(psycopg2.OperationalError("server closed the connection unexpectedly")), Outage.AWAY),
        (of_postgresql(psycopg2.OperationalError('connection to server on socket "/x" failed')), Outage.AWAY),
        (of_postgresql(psycopg2.InterfaceError("connection already closed")), Outage.AWAY),
        (of_postgresql(psycopg2.InterfaceError("only protocol 3 supported")), None),
        (caused(InterfaceError("x"), psycopg2.InterfaceError("cursor already closed")), Outage.AWAY),
        (ProgrammingError("relation does not exist"), None),
        (OperationalError("connection"), None),  # nothing that a driver told
        (OSError(errno.ENOSPC, "No space left on device"), Outage.FULL),
        (OSError(errno.EACCES, "Permission denied"), None),
        (ValueError("closed"), None),
        (None, None),
    ],
)
def test_what_a_driver_says_is_told_apart(error, outage):
    assert outage_of(error) is outage


@pytest.mark.parametrize(
    ("kind", "code", "outage"),
    [
        (errors.AdminShutdown, "57P01", Outage.AWAY),
        (errors.CannotConnectNow, "57P03", Outage.AWAY),
        (errors.TooManyConnections, "53300", Outage.AWAY),
        (errors.ReadOnlySqlTransaction, "25006", Outage.AWAY),
        (errors.DiskFull, "53100", Outage.FULL),
        (errors.DeadlockDetected, "40P01", Outage.BUSY),
        (errors.LockNotAvailable, "55P03", Outage.BUSY),
        (errors.UndefinedColumn, "42703", None),
        (errors.UniqueViolation, "23505", None),
    ],
)
def test_codes_of_postgresql_are_told_apart(kind, code, outage):
    # The driver writes the code itself, so it is put in where it reads it.
    told = type(kind.__name__, (kind,), {"pgcode": code, "__module__": "psycopg2.errors"})("told")
    assert outage_of(of_postgresql(told)) is outage


def test_a_chain_of_causes_that_bites_its_tail_ends():
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert outage_of(first) is None
