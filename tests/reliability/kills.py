"""Kill the server at random moments while people record and issue, and an import while it runs.

After each kill: nothing is half-written, and whatever was acknowledged is there. Run by `make reliability`, on the
database of `DATABASE_URL`, which is written over.
"""

import random
import shutil
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.db import connections

from aims.models import Report
from aims.reports.actions import FORMATS
from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.models import ImportRun, Milestone
from pace_site.audit.models import AuditEntry
from tests.acceptance_extracts import ACCEPTANCE
from tests.reliability.fresh_database import FreshDatabase
from tests.reliability.running_site import GONE, RunningSite, Visitor, kill, manage


@dataclass
class Told:
    """What came of the rounds. `faults` in words; `acknowledged` counts what people were told is recorded."""

    rounds: Counter = field(default_factory=Counter)
    acknowledged: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        rounds = ", ".join(f"{count} of {kind}" for kind, count in self.rounds.items())
        kept = ", ".join(f"{count} {kind}" for kind, count in self.acknowledged.items())
        return f"killed {sum(self.rounds.values())} times ({rounds}); acknowledged: {kept}"


PASSWORD = "braeburn-demo-2026"
NOTED = "reliability "  # how the notes of these trials begin
RECORDER, LEAD = "data.lead@braeburn.example", "pace.lead@braeburn.example"
IMPORTED = "S12000019"
EXTRACT_DAY = "2018-11-01"
FIRST_WITHIN = 30  # seconds; the first answer of a server that has just started is slow


def run(rounds: int, *, seed: int) -> Told:
    """Kill `rounds` times, each activity in turn, from the demo that is there."""
    fresh, chance, told = FreshDatabase(), random.Random(seed), Told()
    with TemporaryDirectory() as folder:
        # A copy, as an import lists its rejects beside the files.
        extract = Path(shutil.copytree(ACCEPTANCE / "midlothian", Path(folder) / "extract"))
        whole = _whole_import(extract)
        fresh.renew()
        for number in range(rounds):
            kind = ("recording", "import", "issuing")[number % 3]
            if kind == "import":
                _kill_an_import(extract, chance, told, whole)
                fresh.renew()
            else:
                _kill_the_server(kind, number, chance, told)
            told.rounds[kind] += 1
    return told


# An import


def _import(extract: Path) -> subprocess.Popen:
    return manage("import_extract", str(extract), f"--authority={IMPORTED}", f"--extract-date={EXTRACT_DAY}")


def _whole_import(extract: Path) -> tuple[Counter, float]:
    """What a whole import leaves, and how many seconds it takes."""
    began = time.monotonic()
    if _import(extract).wait():
        raise AssertionError("The extract was not taken in.")
    return _imported(), time.monotonic() - began


def _imported() -> Counter:
    """How many rows of each kind the imported authority has."""
    return Counter(
        {
            "children": Child.objects.filter(authority__code=IMPORTED).count(),
            "episodes": CareEpisode.objects.filter(child__authority__code=IMPORTED).count(),
            "placements": Placement.objects.filter(child__authority__code=IMPORTED).count(),
            "legal bases": LegalBasis.objects.filter(child__authority__code=IMPORTED).count(),
            "milestones": Milestone.objects.filter(child__authority__code=IMPORTED).count(),
            "imports": ImportRun.objects.filter(authority__code=IMPORTED).count(),
            "entries": AuditEntry.objects.filter(authority_code=IMPORTED).count(),
        }
    )


def _kill_an_import(extract: Path, chance: random.Random, told: Told, whole: tuple[Counter, float]) -> None:
    expected, seconds = whole
    process = _import(extract)
    time.sleep(chance.uniform(0.4, 1.05) * seconds)
    acknowledged = process.poll() == 0
    kill(process)
    found = _imported()
    told.acknowledged["imports"] += acknowledged
    if found != expected and (acknowledged or any(found.values())):
        told.faults.append(f"an import was left half-written: {dict(found)} of {dict(expected)}")


# The server


def _kill_the_server(kind: str, number: int, chance: random.Random, told: Told) -> None:
    site = RunningSite()
    site.start()
    stop, acknowledged = threading.Event(), []
    work = {"recording": _record, "issuing": _issue}[kind]
    visitors = []
    for place in range(2 if kind == "recording" else 1):
        visitor = Visitor(site)
        visitor.sign_in(LEAD if kind == "issuing" else RECORDER, PASSWORD)
        visitors.append(
            threading.Thread(target=work, args=(visitor, stop, acknowledged, random.Random(f"{number} {place}")))
        )
    for thread in visitors:
        thread.start()
    until = time.monotonic() + FIRST_WITHIN
    while not acknowledged and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 2))
    site.kill()
    stop.set()
    for thread in visitors:
        thread.join()
    site.start()
    status, _page = Visitor(site).get("/accounts/login/")
    site.kill()
    if status != 200:
        told.faults.append(f"after a kill while {kind} the site answered {status}")
    told.acknowledged[kind] += len(acknowledged)
    told.faults += faults_of_records(acknowledged) if kind == "recording" else _faults_of_reports(acknowledged)
    told.faults += faults_of_trail()


def _record(visitor, stop: threading.Event, acknowledged: list[str], chance: random.Random) -> None:
    """Record one medical after another, each with a note of its own."""
    codes = list(Child.objects.filter(authority__code="S12009999").values_list("code", flat=True))
    connections.close_all()
    while not stop.is_set():
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
        note = f"{NOTED}{chance.getrandbits(64):x}"
        typed = {"happened_on": day.isoformat(), "note": note}
        try:
            if visitor.post(f"/children/{chance.choice(codes)}/record/medical/", typed) == 302:
                acknowledged.append(note)
        except GONE:
            return


def _issue(visitor, stop: threading.Event, acknowledged: list[str], chance: random.Random) -> None:
    """Issue the report of one day after another."""
    while not stop.is_set():
        day = (date(2025, 1, 1) + timedelta(days=chance.randrange(600))).isoformat()
        try:
            if visitor.post(f"/reports/make/?as_at={day}", {"as_at": day, "aims": "NAT-2"}) == 302:
                acknowledged.append(day)
        except GONE:
            return


def faults_of_records(acknowledged: list[str]) -> list[str]:
    """What of the acknowledged notes is lost, and what was recorded without an entry in the trail, in words."""
    rows = dict(Milestone.objects.filter(note__startswith=NOTED).values_list("note", "pk"))
    entries = set(
        AuditEntry.objects.filter(record_type="milestone", action=AuditEntry.Action.CREATE).values_list(
            "record_id", flat=True
        )
    )
    faults = [f"what was acknowledged is lost: {note}" for note in acknowledged if note not in rows]
    return faults + [f"milestone {pk} has no entry in the trail" for pk in rows.values() if str(pk) not in entries]


def _faults_of_reports(acknowledged: list[str]) -> list[str]:
    reports = {report.as_at.isoformat(): report for report in Report.objects.prefetch_related("aims", "files")}
    faults = [f"the report of {day} was acknowledged and is lost" for day in acknowledged if day not in reports]
    for day, report in reports.items():
        files = report.files.all()
        if {file.format for file in files} != set(FORMATS) or not all(file.is_whole for file in files):
            faults.append(f"the report of {day} has not all of its files")
        if not report.aims.all():
            faults.append(f"the report of {day} has no aim")
    return faults


def faults_of_trail() -> list[str]:
    """Why the audit trail does not verify, if it does not."""
    try:
        call_command("verify_audit", stdout=StringIO())
    except CommandError as error:
        return [f"the audit trail does not verify: {error}"]
    return []
