"""Dates as day numbers, computed by the database: no parsing of two hundred thousand dates in Python."""

from django.db.models import Func, IntegerField


class DayNumber(Func):
    """Days since 1970-01-01 of a date."""

    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="CAST(julianday(%(expressions)s) - 2440587.5 AS INTEGER)", **context
        )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="((%(expressions)s) - DATE '1970-01-01')", **context)
