"""The outcomes of a report's aims as CSV: UTF-8 with a byte-order mark and CRLF, as Excel reads it."""

import csv
from collections.abc import Iterable
from io import StringIO

from aims.reports.columns import COLUMNS, Value
from aims.reports.highlight import Highlight

# A cell that begins with one of these is read as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(report: Highlight) -> bytes:
    """Return the file: a header, then one line per clock; dates are ISO. Of several aims, each line begins with its."""
    names = [column.name for column in COLUMNS]
    if len(report.aims) == 1:
        return csv_bytes(names, ([c.value(row) for c in COLUMNS] for row in report.aims[0].content.rows))
    lines = ([aim.code, *(c.value(row) for c in COLUMNS)] for aim in report.aims for row in aim.content.rows)
    return csv_bytes(["aim", *names], lines)


def dictionary_file() -> bytes:
    """What every column of the file means, as a file to lie beside it."""
    aim = ["aim", "Code of the aim; only in a file of several aims.", "code"]
    return csv_bytes(["column", "meaning", "unit"], [aim, *([c.name, c.meaning, c.unit] for c in COLUMNS)])


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[Value]]) -> bytes:
    """Return a table as the bytes of a CSV file; no cell of it is a formula."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(map(_cell, row))
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> Value:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
