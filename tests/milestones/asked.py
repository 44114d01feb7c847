"""The queries that are asked meanwhile."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def counted():
    """The queries asked meanwhile, with everything that is kept left as it is."""
    asked = []
    with connection.execute_wrapper(lambda execute, *query: (asked.append(query[0]), execute(*query))[1]):
        yield asked
