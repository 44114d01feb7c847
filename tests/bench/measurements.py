"""The measurements of one database: measuring beside its floor, pages at two sizes, and the import."""

import csv
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - settings first
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from aims.actions import save_definition  # noqa: E402
from aims.compliance import Compliance  # noqa: E402
from aims.definition import AimDefinition  # noqa: E402
from aims.figures import journeys_for  # noqa: E402
from aims.outcomes import outcomes  # noqa: E402
from children.models import Child  # noqa: E402
from milestones.extract.intake import take_in_extract  # noqa: E402
from pace_site.accounts.models import Organisation, RoleMembership, User  # noqa: E402
from pace_site.accounts.roles import Role  # noqa: E402
from tests.bench import reports  # noqa: E402
from tests.bench.statement import AIMS, statement  # noqa: E402

LARGE, SMALL = 20_000, 300
LARGE_CODE, SMALL_CODE = "S12009900", "S12009901"
AS_AT = date(2026, 10, 31)
REPEATS = 7
EXTRACT_CHILDREN = 10_000


def main(out: Path) -> None:
    call_command("migrate", verbosity=0)
    rows = []
    for code, size in ((LARGE_CODE, LARGE), (SMALL_CODE, SMALL)):
        if not Organisation.objects.filter(code=code).exists():
            call_command("make_authority", children=size, seed=1, code=code)
            add_aims(Organisation.objects.get(code=code))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    authority = Organisation.objects.get(code=LARGE_CODE)
    rows.append(measuring(authority))
    rows += [*pages("/aims/"), *pages("/aims/NAT-2/", beside="NAT-2"), *pages("/meeting/"), *pages("/aims/stages/")]
    small = Organisation.objects.get(code=SMALL_CODE)
    rows += reports.rows({SMALL: small, LARGE: authority}, as_at=AS_AT, timed=timed, row=row)
    if connection.vendor == "sqlite":
        rows.append(importing())
    out.write_text(json.dumps(rows))


def add_aims(authority: Organisation) -> None:
    for mapping in AIMS:
        save_definition(AimDefinition.from_mapping(mapping), authority=authority, by=None)


def measuring(authority: Organisation) -> dict:
    """Eight aims, from rows to figures, beside the one statement that computes the same counts."""
    definitions = [AimDefinition.from_mapping(mapping) for mapping in AIMS]
    sql = statement(connection.vendor, authority_id=authority.pk, as_at=AS_AT)

    def by_statement() -> Counter:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return Counter({(aim, state): count for aim, state, count in cursor.fetchall()})

    def by_engine() -> Counter:
        journeys = journeys_for(definitions, Child.objects.filter(authority=authority), AS_AT)
        found = Counter()
        for definition in definitions:
            counts = Compliance(outcomes(definition, journeys)).counts
            for state in ("MET", "MISSED", "OVERDUE", "WAITING", "EXITED"):
                found[definition.code, state] = counts[state]
            found[definition.code, "EXCLUDED"] = counts["excluded"]
        return +found

    if by_engine() != by_statement():
        sys.exit(f"The statement and the engine differ: {by_engine() - by_statement()}, {by_statement() - by_engine()}")
    # Turn about, so that whatever else the machine does falls on both.
    times = [(timed(by_engine), timed(by_statement)) for _ in range(REPEATS)]
    return row("eight aims measured", LARGE, [each[0] for each in times], floor=[each[1] for each in times])


def pages(path: str, *, beside: str = "") -> list[dict]:
    """A page at two sizes; its floor is what computing the figures of the aim `beside` takes alone, turn about."""
    found = []
    for code, size in ((SMALL_CODE, SMALL), (LARGE_CODE, LARGE)):
        authority = Organisation.objects.get(code=code)
        client = signed_in(authority)
        address = f"{path}?as_at={AS_AT}"
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        queries = len(captured)
        if response.status_code != 200:
            sys.exit(f"{address} answered {response.status_code}")
        definitions = [AimDefinition.from_mapping(mapping) for mapping in AIMS if mapping["code"] == beside]
        times, floor = [], []
        for _ in range(REPEATS):
            times.append(timed(partial(client.get, address)))
            floor += [timed(partial(figures_of, each, authority)) for each in definitions]
        note = f"{len(response.content):,} bytes"
        found.append(row(f"page {path}", size, times, floor=floor, queries=queries, note=note))
    return found


def figures_of(definition: AimDefinition, authority: Organisation) -> dict[str, int]:
    """One aim from rows to figures, as its page needs them."""
    journeys = journeys_for([definition], Child.objects.filter(authority=authority), AS_AT)
    return Compliance(outcomes(definition, journeys)).counts


def signed_in(authority: Organisation) -> Client:
    user, created = User.objects.get_or_create(email=f"bench@{authority.code}.example", organisation=authority)
    if created:
        RoleMembership.objects.create(user=user, role=Role.PACE_LEAD)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def importing() -> dict:
    """Take in an extract of a made-up council; rows of all files a second."""
    authority = Organisation.objects.get(code="S12000019")
    with tempfile.TemporaryDirectory() as folder:
        count = write_extract(Path(folder))
        with transaction.atomic():
            begun = time.perf_counter()
            take_in_extract(Path(folder), authority=authority, extract_date=AS_AT)
            took = time.perf_counter() - begun
            transaction.set_rollback(True)
    return row("import_extract", count, [took * 1000], note=f"{count / took:,.0f} rows a second")


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
    for number in range(EXTRACT_CHILDREN):
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


def timed(action) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


def row(name: str, size: int, times: list[float], *, floor: list[float] | None = None, **more) -> dict:
    p50 = statistics.median(times)
    measured = {"name": name, "size": size, "database": connection.vendor, "p50_ms": round(p50, 1), **more}
    if floor:
        measured["floor_ms"] = round(statistics.median(floor), 1)
        measured["ratio"] = round(p50 / measured["floor_ms"], 2)
    return measured


if __name__ == "__main__":
    main(Path(sys.argv[1]))
