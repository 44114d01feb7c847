"""The measurements of one database: `python -m tests.bench.one_database SIZE OUT`, on whatever DATABASE_URL names.

Every page after a change of the council's records, and again with nothing changed, beside its floor; of a large council
also the figures beside the one statement that computes them, the import and the reports.
"""

import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - settings first
from django.db import connection  # noqa: E402

from tests.bench import measuring, reports, taking_in  # noqa: E402
from tests.bench.councils import SIZES, Council, council_of  # noqa: E402
from tests.bench.pages import PAGES, MainPage  # noqa: E402
from tests.bench.visits import change_something, floor_of, milliseconds, open_page  # noqa: E402
from tests.reliability.running_site import ROOT  # noqa: E402

LEAST, MOST, SECONDS_A_PAGE = 3, 20, 0.8
DEPLOYED = ROOT / "deploy" / "postgresql" / "make_database.sh"


def main(size: str, out: Path) -> None:
    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        set_up_as_deployed()
    council = council_of(size)
    rows = [page_row(page, council) for page in PAGES]
    if size == "large":
        rows.append(measuring.row(council))
        if connection.vendor == "sqlite":
            rows += [taking_in.row(), *reports.rows(council)]
    for row in rows:
        row.setdefault("size", SIZES[size])
        row["database"] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    out.write_text(json.dumps(rows))


def set_up_as_deployed() -> None:
    """Give the database the settings that a deployment gives it, and connect anew."""
    settings = re.findall(r"^ALTER DATABASE pace SET [^;]+;", DEPLOYED.read_text(), flags=re.MULTILINE)
    if not settings:
        sys.exit(f"{DEPLOYED.name} sets nothing of the database any more.")
    with connection.cursor() as cursor:
        for each in settings:
            cursor.execute(each)
    connection.close()


def page_row(page: MainPage, council: Council) -> dict:
    """One page: after a change, again, and its floor, turn about for some seconds."""
    visit = open_page(page, council)
    floor = floor_of(visit, council)
    changed: list[float] = []
    again: list[float] = []
    floors: list[float] = []
    until = time.perf_counter() + SECONDS_A_PAGE
    while len(changed) < LEAST or (len(changed) < MOST and time.perf_counter() < until):
        change_something(council)
        for times, action in ((changed, visit.again), (again, visit.again), (floors, floor)):
            times.append(milliseconds(action))
    p50, of_floor = statistics.median(changed), statistics.median(floors)
    return {
        "name": page.name,
        "p50_ms": round(p50, 1),
        "p95_ms": round(statistics.quantiles(changed, n=20, method="inclusive")[-1], 1),
        "again_ms": round(statistics.median(again), 1),
        "floor_ms": round(of_floor, 1),
        "ratio": round(p50 / of_floor, 2),
        "queries": visit.queries,
        "bytes": visit.bytes,
    }


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
