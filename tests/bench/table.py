"""The measurements as a table: in columns for a terminal, in Markdown for `docs/performance.md`."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.reliability.running_site import ROOT

RESULTS = ROOT / "build" / "bench.json"
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
COLUMNS = {
    "name": "what",
    "size": "size",
    "database": "database",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "again_ms": "again ms",
    "floor_ms": "floor ms",
    "ratio": "ratio",
    "queries": "queries",
    "bytes": "bytes",
    "first_bytes": "first visit, bytes",
    "later_bytes": "later, bytes",
    "script_ms": "scripts ms",
    "note": "note",
}


TIMES = ("p50_ms", "p95_ms", "again_ms", "floor_ms", "ratio")
WEIGHTS = ("bytes", "first_bytes", "later_bytes", "script_ms")


def print_table(rows: Sequence[dict]) -> None:
    cells = [list(COLUMNS.values()), *map(_cells, rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(COLUMNS))]
    for line in cells:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n")


def markdown(rows: Sequence[dict]) -> str:
    """Of pages the times of each database, a size beside the other, and what they weigh; of the rest a line each."""
    pages = [row for row in rows if "p95_ms" in row]
    tables = [_times([row for row in pages if row["database"] == each], each) for each in _once(pages, "database")]
    others = [row for row in rows if "p95_ms" not in row]
    columns = ("name", "size", "database", "p50_ms", "floor_ms", "ratio", "note")
    rest = _lines(
        [COLUMNS[each] for each in columns], [[_shown(row.get(each, "")) for each in columns] for row in others]
    )
    return "\n".join([*tables, _weights(pages), *([rest] if others else [])])


def _times(rows: Sequence[dict], database: str) -> str:
    sizes = _once(rows, "size")
    cells = {(row["name"], row["size"]): " / ".join(_shown(row[each]) for each in TIMES) for row in rows}
    lines = [[name, *(cells.get((name, size), "") for size in sizes)] for name in _once(rows, "name")]
    return _lines([database, *sizes], lines)


def _weights(rows: Sequence[dict]) -> str:
    """Queries and bytes of each page where a browser has opened it, and how far queries go in all sizes."""
    opened = [row for row in rows if "first_bytes" in row]
    lines = []
    for row in opened:
        queries = [each["queries"] for each in rows if each["name"] == row["name"]]
        asked = str(min(queries)) if min(queries) == max(queries) else f"{min(queries)} to {max(queries)}"
        lines.append([row["name"], row["size"], asked, *(_shown(row[each]) for each in WEIGHTS)])
    return _lines(["page", "size", "queries, all sizes", *(COLUMNS[each] for each in WEIGHTS)], lines)


def _lines(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *lines])


def _once(rows: Iterable[dict], column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in rows))


def write_into_document(*, results: Path = RESULTS, document: Path = DOCUMENT) -> None:
    """Put the table of the last run between its two marks in the document."""
    text = document.read_text(encoding="utf-8")
    before, _mark, rest = text.partition(BEGIN)
    _table, mark, after = rest.partition(END)
    if not mark:
        sys.exit(f"{document.name} has no place for the table: it stands between {BEGIN} and {END}.")
    table = markdown(json.loads(results.read_text()))
    document.write_text(f"{before}{BEGIN}\n\n{table}\n{END}{after}", encoding="utf-8")


def _cells(row: dict) -> list[str]:
    return [_shown(row.get(column, "")) for column in COLUMNS]


def _shown(value: str | float) -> str:
    if isinstance(value, float) and value >= 100:
        return f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int | float) else value


def merged(rows: Iterable[dict], of_browser: Iterable[dict]) -> list[dict]:
    """The rows of SQLite with what the browser told of the same page and size."""
    found = {(row["name"], row["size"]): row for row in of_browser}
    return [
        {**row, **found.get((row["name"], row["size"]), {})} if row["database"] == "SQLite" else row for row in rows
    ]
