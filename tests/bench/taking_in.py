"""Taking in the first extract of a council, by the command's way: rows of all files a second."""

import csv
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from milestones.extract.intake import take_in_extract
from pace_site.accounts.models import Organisation
from tests.bench.councils import AS_AT

COUNCIL = "S12000019"
CHILDREN = 10_000


def row() -> dict:
    """Take in an extract of made-up children, and leave the database as it was."""
    authority = Organisation.objects.get(code=COUNCIL)
    with tempfile.TemporaryDirectory() as folder:
        count = write_extract(Path(folder))
        with transaction.atomic():
            begun = time.perf_counter()
            take_in_extract(Path(folder), authority=authority, extract_date=AS_AT)
            took = time.perf_counter() - begun
            transaction.set_rollback(True)
    return {
        "name": "import_extract, first time",
        "size": f"{count:,} rows",
        "p50_ms": round(took * 1000, 1),
        "note": f"{count / took:,.0f} rows a second",
    }


def write_extract(folder: Path) -> int:
    """Write five files in the import layout; return how many rows they have."""
    start = date(2020, 1, 1)
    files = {
        "children": ("child_ref,family_ref,date_of_birth,sex,ethnicity,disability,locality,team", []),
        "episodes": ("child_ref,start,end,destination", []),
        "placements": ("child_ref,start,end,placement_type,provider,short_break", []),
        "legal": ("child_ref,start,end,legal_code", []),
        "events": ("child_ref,event_code,date,precision,route,outcome,source,note", []),
    }
    for number in range(CHILDREN):
        ref, day = f"C{number:05d}", start + timedelta(days=number % 2000)
        files["children"][1].append([ref, f"F{number // 2}", day - timedelta(days=900), "F", "", "", "North", "Team A"])
        files["episodes"][1].append([ref, day, "", ""])
        files["placements"][1].append([ref, day, day + timedelta(days=60), "FOST_LA", "", "0"])
        files["placements"][1].append([ref, day + timedelta(days=60), "", "KIN", "", "0"])
        files["legal"][1].append([ref, day, "", "CSO"])
        for step, kind in enumerate(("REVIEW", "MTG_2WK", "MEDICAL", "PERM_REC", "PANEL_PRESENTED")):
            route = "PO" if kind == "PERM_REC" else ""
            files["events"][1].append(
                [ref, kind, day + timedelta(days=14 * (step + 1)), "day", route, "", "review", ""]
            )
    for name, (header, lines) in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(header + "\n")
            csv.writer(file).writerows(lines)
    return sum(len(lines) for _header, lines in files.values())
