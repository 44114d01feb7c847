"""Write very many rows at once: what `bulk_create` and `bulk_update` do, without a statement composed for each batch.

Only for rows whose values are known to be right: nothing is validated here but by the database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from django.db import connection, models

BATCH = 2_000


def insert(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows given by attribute name, all with the same names; what is not given has its default.

    Return their keys. Rows that have an `id` keep it.
    """
    if not rows:
        return []
    keys = [row["id"] for row in rows] if "id" in rows[0] else reserve_keys(model, len(rows))
    given = [field for field in model._meta.concrete_fields if field.attname in rows[0] and not field.primary_key]
    left = [field for field in model._meta.concrete_fields if field not in given and not field.primary_key]
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in left]
    prepared = [(field.attname, _preparation(field)) for field in given]
    columns = [model._meta.pk, *given, *left]
    _write(
        model._meta.db_table,
        [field.column for field in columns],
        (
            [key, *[row[name] if prepare is None else prepare(row[name]) for name, prepare in prepared], *defaults]
            for key, row in zip(keys, rows, strict=True)
        ),
    )
    return keys


def update(model: type[models.Model], changes: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Give rows new values, by key and attribute name. A row that counts its editions counts this one."""
    by_names = defaultdict(list)
    for key, values in changes:
        by_names[tuple(values)].append((key, values))
    counts = any(field.name == "edition" for field in model._meta.concrete_fields)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    for names, rows in by_names.items():
        prepared = [(name, _preparation(fields[name])) for name in names]
        parts = [f"{quote(fields[name].column)} = %s" for name in names]
        if counts:
            parts.append(f"{quote('edition')} = {quote('edition')} + 1")
        table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
        # The names are those of our own tables and columns.
        statement = f"UPDATE {table} SET {', '.join(parts)} WHERE {pk} = %s"  # nosec B608
        values = [
            [*[row[name] if prepare is None else prepare(row[name]) for name, prepare in prepared], key]
            for key, row in rows
        ]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                from psycopg2.extras import execute_batch

                execute_batch(cursor, statement, values, page_size=500)
            else:
                cursor.executemany(statement, values)


def tell_planner(tables: Iterable[type[models.Model]]) -> None:
    """Let PostgreSQL count rows that were just written: without it, it takes large tables for small until it looks."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in tables:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def batches(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    """The keys in parts as large as one query takes."""
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def as_ranges(keys: Iterable[int]) -> list[list[int]]:
    """Keys as first and last of each unbroken run of them."""
    ranges: list[list[int]] = []
    for key in sorted(keys):
        if ranges and key == ranges[-1][1] + 1:
            ranges[-1][1] = key
        else:
            ranges.append([key, key])
    return ranges


def from_ranges(ranges: Iterable[Sequence[int]]) -> list[int]:
    return [key for first, last in ranges for key in range(first, last + 1)]


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys that no other row has or will be given; inside a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return [*map(itemgetter(0), cursor.fetchall())]
        # One transaction at a time writes to SQLite. Its own counter knows the keys of rows that were deleted.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
    return [*range(last + 1, last + count + 1)]


def _preparation(field: models.Field) -> Callable[[Any], Any] | None:
    """How a value of this field goes to the database; None where it goes as it is."""
    if isinstance(field, models.ForeignKey):
        return _preparation(field.target_field)
    if type(field) in (models.CharField, models.TextField, models.BooleanField, models.BigAutoField):
        return None
    if type(field) is models.DateField and connection.vendor == "sqlite":
        return lambda day: day and day.isoformat()
    return lambda value: field.get_db_prep_save(value, connection)


class _Lines:
    """Rows as the text that COPY reads, made as it is read."""

    ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

    def __init__(self, rows: Iterable[list]):
        self._rows = iter(rows)

    def read(self, size: int = 8192) -> str:
        lines, length = [], 0
        for row in self._rows:
            lines.append("\t".join(map(self._cell, row)) + "\n")
            length += len(lines[-1])
            if length >= size:
                break
        return "".join(lines)

    def _cell(self, value: Any) -> str:
        if value is None:
            return "\\N"
        return value.translate(self.ESCAPED) if isinstance(value, str) else str(value)


def _write(table: str, columns: Sequence[str], rows: Iterable[list]) -> None:
    quote = connection.ops.quote_name
    into = f"{quote(table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {into} FROM STDIN", _Lines(rows))
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # nosec B608 # our own names
