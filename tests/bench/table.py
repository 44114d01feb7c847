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


def print_table(rows: Sequence[dict]) -> None:
    cells = [list(COLUMNS.values()), *map(_cells, rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(COLUMNS))]
    for line in cells:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n")


def markdown(rows: Sequence[dict]) -> str:
    """The rows of each name together, so that sizes and databases stand below one another."""
    names = list(dict.fromkeys(row["name"] for row in rows))
    ordered = sorted(rows, key=lambda row: names.index(row["name"]))
    lines = [list(COLUMNS.values()), ["---"] * len(COLUMNS), *map(_cells, ordered)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


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
