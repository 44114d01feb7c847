"""Run the benchmarks on SQLite and on PostgreSQL, and those of the statistics, and print one table.

The large authority is built once for SQLite (build/bench.sqlite3) and once a run for the PostgreSQL server that the
run starts for itself.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench import control_charts

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
RESULTS = BUILD / "bench.json"


def main() -> None:
    BUILD.mkdir(exist_ok=True)
    rows = measured_on({"DATABASE_URL": f"sqlite:///{BUILD / 'bench.sqlite3'}"}, [])
    rows += measured_on({}, [str(ROOT / ".ci" / "with_postgres.sh")])
    rows += control_charts.rows()
    RESULTS.write_text(json.dumps(rows, indent=1))
    print_table(rows)


def measured_on(environment: dict[str, str], wrapper: list[str]) -> list[dict]:
    """Run the measurements in a process of their own, so that each database starts cold."""
    out = BUILD / "bench-part.json"
    command = [*wrapper, sys.executable, "-m", "tests.bench.measurements", str(out)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment})
    return json.loads(out.read_text())


def print_table(rows: list[dict]) -> None:
    columns = ("name", "size", "database", "p50_ms", "floor_ms", "ratio", "queries", "note")
    cells = [columns, *([str(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(columns))]
    for line in cells:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n")


if __name__ == "__main__":
    main()
