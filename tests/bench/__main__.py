"""`python -m tests.bench`: everything in one run, printed and written to build/bench.json (`make bench`).

`table` puts the last run's table into docs/performance.md. `some SIZE DATABASE` measures one size alone, as while
something is made faster: `some large sqlite`.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench import control_charts
from tests.bench.table import RESULTS, merged, print_table, write_into_document
from tests.reliability.running_site import ROOT

BUILD = ROOT / "build"
RUNS = (
    ("sqlite", "small"),
    ("sqlite", "large"),
    ("postgresql", "small"),
    ("postgresql", "large"),
    ("postgresql", "alone"),
    ("postgresql", "nation"),
)


def main() -> None:
    BUILD.mkdir(exist_ok=True)
    began = time.monotonic()
    rows = []
    for database, size in RUNS:
        rows += measured(database, size)
        say(f"{size} on {database} measured", began)
    of_browser = [row for size in ("small", "large") for row in in_browser(size)]
    say("pages opened in Chromium", began)
    rows = [*merged(rows, of_browser), *control_charts.rows()]
    say("charts computed", began)
    RESULTS.write_text(json.dumps(rows, indent=1))
    print_table(rows)


def measured(database: str, size: str) -> list[dict]:
    """Measure in a process of its own, so that each begins cold; PostgreSQL is a server of its own each time."""
    command = [sys.executable, "-m", "tests.bench.one_database", size]
    if database == "postgresql":
        return told_by([str(ROOT / ".ci" / "with_postgres.sh"), *command])
    return told_by(command, DATABASE_URL=f"sqlite:///{file_of(size)}")


def in_browser(size: str) -> list[dict]:
    return told_by([sys.executable, "-m", "tests.bench.in_browser", size], DATABASE_URL=f"sqlite:///{file_of(size)}")


def file_of(size: str) -> Path:
    """Kept from run to run: delete it where the made-up data or the tables have changed."""
    return BUILD / f"bench-{size}.sqlite3"


def told_by(command: list[str], **environment: str) -> list[dict]:
    out = BUILD / "bench-part.json"
    subprocess.run([*command, str(out)], check=True, cwd=ROOT, env={**os.environ, **environment})
    return json.loads(out.read_text())


def say(what: str, began: float) -> None:
    sys.stderr.write(f"{what} after {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    asked = sys.argv[1:]
    if not asked:
        main()
    elif asked == ["table"]:
        write_into_document()
    elif len(asked) == 3 and asked[0] == "some":
        BUILD.mkdir(exist_ok=True)
        print_table(measured(asked[2], asked[1]))
    else:
        sys.exit(__doc__)
