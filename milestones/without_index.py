"""A column whose index is left alone, where another serves a question better."""

from django.db.models import CharField, Func


class WithoutIndex(Func):
    """A column of words, looked at row by row.

    SQLite looks up a list of values in the index of their column for every child and every value anew. PostgreSQL
    knows how the values are spread and chooses by itself: its statement is the plain one.
    """

    output_field = CharField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="%(expressions)s", **context)
