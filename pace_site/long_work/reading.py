"""One reading of the database: whatever is asked inside sees the same moment, though others write meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from pace_site.replica.router import read_from


@contextmanager
def one_reading() -> Iterator[None]:
    """Read inside this, and write nothing. Inside a transaction that is open already, it is that one."""
    alias = read_from()
    connection = connections[alias]
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(using=alias):
        if connection.vendor == "postgresql":
            # By itself each query sees what was committed when it began. On SQLite nobody writes during a transaction.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
