"""Imports of a large council: `python -m tests.bench.imports`, on whatever DATABASE_URL names, which must be empty.

A council of 15,000 children sends an extract of 150,000 rows, and a year later another: each is uploaded, tried and
taken in, and the second undone. Each line tells the seconds on the clock, those of the processor, and the most memory
that the process had taken until then. The targets are a minute, two minutes, and 500 MB.
"""

import csv
import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - settings first
from django.db import connection  # noqa: E402

from aims.actions import save_definition  # noqa: E402
from aims.definition import AimDefinition  # noqa: E402
from aims.models import Aim  # noqa: E402
from milestones.extract.actions import apply_run, begin, make_preview, upload_extract  # noqa: E402
from milestones.extract.undoing import undo_run  # noqa: E402
from milestones.models import ImportRun  # noqa: E402
from milestones.sheets.tables import Upload  # noqa: E402
from pace_site.accounts.models import Organisation, RoleMembership, User  # noqa: E402
from pace_site.accounts.roles import Role  # noqa: E402
from pace_site.front.imports.effects import active_versions, effects, measured  # noqa: E402
from tests.bench.statement import AIMS  # noqa: E402

COUNCIL = "S12000019"
CHILDREN, FIRST, A_YEAR = 15_000, date(2025, 10, 31), timedelta(days=365)
HEADERS = {
    "children": "child_ref,family_ref,date_of_birth,sex,ethnicity,disability,locality,team",
    "episodes": "child_ref,start,end,destination",
    "placements": "child_ref,start,end,placement_type,provider,short_break",
    "legal": "child_ref,start,end,legal_code",
    "events": "child_ref,event_code,date,precision,route,outcome,source,note",
}
STEPS = ("REVIEW", "MTG_2WK", "MEDICAL", "PERM_REC", "PANEL_PRESENTED")


def main() -> None:
    call_command("migrate", verbosity=0)
    council = Organisation.objects.get(code=COUNCIL)
    for mapping in AIMS:
        save_definition(AimDefinition.from_mapping(mapping), authority=council, by=None)
    Aim.objects.filter(authority=council).update(status=Aim.Status.ACTIVE)
    lead = User.objects.create_user("bench@council.example", organisation=council)
    RoleMembership.objects.create(user=lead, role=Role.DATA_LEAD)
    say(f"{connection.vendor}: what", "seconds", "processor", "MB")
    bring_in(FIRST, first_child=0, by=lead)
    run = bring_in(FIRST + A_YEAR, first_child=CHILDREN // 10, by=lead)
    timed("undo the second", lambda: undo_run(run, by=lead))


def bring_in(day: date, *, first_child: int, by: User) -> ImportRun:
    """Upload an extract, try it and take it in."""
    files = [Upload(f"{name}.csv", body) for name, body in extract(day, first_child=first_child)]
    rows = sum(upload.content.count(b"\n") for upload in files) - len(files)
    say(f"extract of {day}: {rows:,} rows", f"{sum(len(each.content) for each in files) / 1e6:.1f} MB")
    run = timed("upload", lambda: upload_extract(files, extract_date=day, source="bench", by=by))
    run = begin(run, ImportRun.State.PREVIEWING, by=by)
    titles = {version.aim.code: version.definition.title for version in active_versions(run.authority)}
    preview = timed(
        "dry run",
        lambda: make_preview(
            run,
            by=by,
            measure=lambda: measured(run.authority),
            compare=lambda before, after: effects(before, after, titles=titles),
        ),
    )
    run = begin(run, ImportRun.State.APPLYING, by=by)
    timed("take in", lambda: apply_run(run, by=by, leave_out_rejects=bool(preview.reject_count)))
    total = preview.total
    say(f"  {total.new:,} new, {total.changed:,} changed, {total.gone:,} gone, {len(preview.missing):,} missing")
    return ImportRun.objects.get(pk=run.pk)


def extract(day: date, *, first_child: int) -> Iterator[tuple[str, bytes]]:
    """The files of one year, by name. The same child says the same each year, but for what happened meanwhile."""
    rows: dict[str, list[list]] = {name: [] for name in HEADERS}
    for number in range(first_child, first_child + CHILDREN):
        rng, ref = Random(number), f"C{number:06d}"  # nosec B311 # repeatable made-up lives, and no secret
        start = FIRST - timedelta(days=rng.randrange(30, 2000))
        moved, later = start + timedelta(days=rng.randrange(10, 25)), FIRST + timedelta(days=rng.randrange(1, 360))
        left = later if rng.random() < 0.2 and later <= day else ""
        birth = start - timedelta(days=rng.randrange(30, 5000))
        rows["children"].append([ref, f"F{number // 2}", birth, rng.choice("FM"), "", "", "North", "Team A"])
        rows["episodes"].append([ref, start, left, "HOME_PARENTS" if left else ""])
        rows["placements"].append([ref, start, moved, "FOST_LA", "", "0"])
        rows["placements"].append([ref, moved, left, "KIN", "", "0"])
        rows["legal"].append([ref, start, left, "CSO"])
        for step, kind in enumerate(STEPS):
            on = start + timedelta(days=5 * (step + 1))
            rows["events"].append([ref, kind, on, "day", "PO" if kind == "PERM_REC" else "", "", "review", ""])
        if rng.random() < 0.3 and later <= day:
            rows["events"].append([ref, "REVIEW", later, "day", "", "", "review", ""])
    for name, header in HEADERS.items():
        text = io.StringIO()
        text.write(header + "\n")
        csv.writer(text, lineterminator="\n").writerows(rows[name])
        yield name, text.getvalue().encode()


def timed(what: str, act: Callable[[], Any]) -> Any:
    clock, processor = time.perf_counter(), time.process_time()
    made = act()
    seconds, of_processor = time.perf_counter() - clock, time.process_time() - processor
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1000
    say(f"  {what}", f"{seconds:.1f}", f"{of_processor:.1f}", f"{peak:.0f}")
    return made


def say(what: str, *cells: str) -> None:
    sys.stdout.write(f"{what:<44}" + "".join(f"{cell:>12}" for cell in cells) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
