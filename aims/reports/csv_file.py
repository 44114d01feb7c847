"""The outcomes of one aim as CSV: UTF-8 with a byte-order mark and CRLF, as Excel reads it."""

import csv
from io import StringIO

from aims.reports.columns import COLUMNS, Value
from aims.reports.content import ReportContent

# A cell that begins with one of these is read as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(content: ReportContent) -> bytes:
    """Return the file: a header, then one line per clock; dates are ISO."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    for row in content.rows:
        writer.writerow(_cell(column.value(row)) for column in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> Value:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
