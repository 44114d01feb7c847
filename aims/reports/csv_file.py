"""The outcomes of one aim as CSV: UTF-8 with a byte-order mark and CRLF, as Excel reads it."""

import csv
from collections.abc import Iterable
from io import StringIO

from aims.reports.columns import COLUMNS, Value
from aims.reports.content import ReportContent

# A cell that begins with one of these is read as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(content: ReportContent) -> bytes:
    """Return the file: a header, then one line per clock; dates are ISO."""
    return csv_bytes([column.name for column in COLUMNS], ([c.value(row) for c in COLUMNS] for row in content.rows))


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
