"""The outcomes of a report's aims as CSV: UTF-8 with a byte-order mark and CRLF, as Excel reads it."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from aims.reports.columns import COLUMNS, Value
from aims.reports.content import ReportContent
from aims.reports.highlight import Highlight
from pace_site.long_work.progress import UNWATCHED, Progress

# What stands in every line of the file, so that it says on its face what it is.
OF_THE_REPORT = (
    ("authority", "Whose children they are.", "words"),
    ("aim", "Code of the aim.", "code"),
    ("as_at", "The day that the file speaks of.", "date"),
    ("covers", "Which of its children the file is of, and whether the aim's target is for them.", "words"),
)
# A cell that begins with one of these is read as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    """Return the file: a header, then one line per clock, each with whose it is, of which aim and as at which day."""
    header = [*(name for name, _meaning, _unit in OF_THE_REPORT), *(c.name for c in COLUMNS)]
    return csv_bytes(header, _lines(report, progress))


def _lines(report: Highlight, progress: Progress) -> Iterator[list[Value]]:
    for aim in report.aims:
        progress.step(f"Writing the outcomes of {aim.code}.")
        covers = _covers(aim.content)
        for row in aim.content.rows:
            yield [report.authority, aim.code, report.as_at, covers, *(column.value(row) for column in COLUMNS)]


def _covers(content: ReportContent) -> str:
    return f"{content.covers}. {content.verdict}" if content.is_not_judged else content.covers


def dictionary_file() -> bytes:
    """What every column of the file means, as a file to lie beside it."""
    return csv_bytes(["column", "meaning", "unit"], [*OF_THE_REPORT, *([c.name, c.meaning, c.unit] for c in COLUMNS)])


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
