"""Let hundreds of people use the site at once, on two processes and a PostgreSQL of its own, and measure it.

Twice: by themselves, and while reports are issued and extracts taken in. Writes build/load.json and prints a table;
ends with 1 when anything failed, was lost, or stands there twice.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp
from threading import Event

import django

from tests.reliability.own_postgres import OwnPostgres

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "load.json"
# What is acknowledged is on the disk, as in production; memory as a small server has.
AS_IN_PRODUCTION = "-c fsync=on -c synchronous_commit=on -c shared_buffers=256MB -c max_wal_size=1GB"
FIRST_CODE = "S12009900"
PROCESSES = "2"
QUIET, BUSY = "people alone", "with reports and imports"
GOOD = (HTTPStatus.OK, HTTPStatus.FOUND)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    asked.add_argument("--people", type=int, default=200)
    asked.add_argument("--minutes", type=float, default=10, help="of each of the two parts")
    asked.add_argument("--pause", type=float, default=20, help="seconds that each of them reads or types, on average")
    asked.add_argument("--councils", type=int, default=8)
    asked.add_argument("--children", type=int, default=2500, help="of each council")
    asked.add_argument("--threads", default="", help="of each process; as in gunicorn.conf.py unless told")
    asked.add_argument("--only", choices=[QUIET, BUSY], help="one of the two parts")
    options = asked.parse_args()
    with own_postgres() as postgres:
        told = {part: measure(part, options, postgres) for part in (QUIET, BUSY) if options.only in (None, part)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"asked": vars(options), "parts": told}, indent=1))
    for part, each in told.items():
        print_table(part, each)
    sys.exit(any(each["faults"] for each in told.values()))


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A server of its own, which Django is told of before it is set up."""
    folder = Path(mkdtemp(prefix="pace-load."))
    folder.chmod(0o711)
    try:
        postgres = OwnPostgres(folder, settings=AS_IN_PRODUCTION)
        os.environ["DATABASE_URL"] = postgres.address
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
        django.setup()
        yield postgres
    finally:
        if "postgres" in locals() and postgres.is_up:
            postgres.stop("immediate")
        shutil.rmtree(folder)


def measure(part: str, options: argparse.Namespace, postgres: OwnPostgres) -> dict:
    """Fill the database where it is empty, let the people come, and look what is left."""
    from django.db import connections  # these need the settings

    from tests.load.beside import Beside
    from tests.load.people import people_of, roles_of
    from tests.load.watching import Watch
    from tests.reliability.crowd import CONTESTED, Crowd, contested_of
    from tests.reliability.running_site import RunningSite, kill, manage

    councils = filled(options)
    threads = {"WEB_THREADS": options.threads} if options.threads else {}
    site = RunningSite(limits={"WEB_CONCURRENCY": PROCESSES, **threads})
    crowd, beside, stopped = Crowd(), Beside(), Event()
    seconds = options.minutes * 60
    # At most 200 of the 300 who may sign in from one address in a minute, and most of the time with everybody there.
    ramp = max(options.people * 60 / 200, seconds / 10)
    # Of each part others, so that each knows all corrections of its own.
    contested = {code: contested_of(code, first=CONTESTED * (part == BUSY)) for code in councils}
    people = people_of(contested, options.people, pause=options.pause, ramp=ramp, site=site, crowd=crowd)
    before = {row.pk: row.edition for rows in contested.values() for row in rows}
    recorded_before = count_of_notes()
    roles = roles_of(people)
    connections.close_all()
    worker = manage("work", "--verbosity", "0")
    try:
        site.start()
        watch = Watch(postgres=postgres.folder, group=site.process.pid)
        watch.start()
        processor = time.process_time()
        began = time.monotonic()
        with ThreadPoolExecutor(options.people + 2) as crowding:
            using = [crowding.submit(person.use, began + ramp + seconds) for person in people]
            if part == BUSY:
                working = [
                    crowding.submit(beside.issue_reports, councils[0], site, stopped),
                    crowding.submit(beside.take_in_extracts, councils[-1], stopped),
                ]
            for used in using:
                used.result()
            crowd.lasted = time.monotonic() - began
            stopped.set()
            if part == BUSY:
                for each in working:
                    each.result()
        processor = time.process_time() - processor
        watched = watch.told()
    finally:
        stopped.set()
        site.kill()
        kill(worker)
    requests = sum(map(len, crowd.seconds.values()))
    crowd.faults += faults_of(crowd, before, recorded_before)
    crowd.faults += [*site.complaints(), *beside.faults]
    return {
        "people": len(people),
        "roles": dict(roles.most_common()),
        "seconds": round(crowd.lasted),
        "ramp_s": round(ramp),
        "requests": requests,
        "a_second": round(requests / crowd.lasted, 2),
        "web_processor_ms_a_request": round(1000 * watched["web_processor_seconds"] / max(requests, 1)),
        "records": len(crowd.recorded),
        "corrections": sum(map(len, crowd.corrected.values())),
        "collisions_told": crowd.collisions,
        "answers": {str(int(status)): count for status, count in sorted(crowd.answers.items())},
        "pages": [row(name, times) for name, times in sorted(crowd.seconds.items())],
        "all": row("all", [each for times in crowd.seconds.values() for each in times]),
        "bytes": sum(person.visitor.received for person in people),
        "reports_s": [round(each, 1) for each in beside.reports],
        "imports_s": [round(each, 1) for each in beside.imports],
        "own_processor_seconds": round(processor, 1),
        "load": [round(each, 1) for each in os.getloadavg()],
        **watched,
        "faults": crowd.faults,
    }


def filled(options: argparse.Namespace) -> list[str]:
    """The codes of the councils, which are made up the first time."""
    from django.core.management import call_command

    from pace_site.accounts.models import Organisation
    from pace_site.front.fiction.nation import codes_from
    from tests.reliability.kills import PASSWORD

    codes = list(codes_from(FIRST_CODE, options.councils))
    call_command("migrate", verbosity=0)
    if not Organisation.objects.filter(code__in=codes).exists():
        call_command(
            "make_authority",
            children=options.children,
            authorities=options.councils,
            code=FIRST_CODE,
            password=PASSWORD,
            stdout=StringIO(),
        )
    return codes


def count_of_notes() -> Counter:
    from milestones.models import Milestone
    from tests.reliability.kills import NOTED

    return Counter(Milestone.objects.filter(note__startswith=NOTED).values_list("note", flat=True))


def faults_of(crowd, before: dict[int, int], recorded_before: Counter) -> list[str]:
    """What is not as it was acknowledged: each record there once, each correction on the one before, each view told."""
    from tests.reliability.crowd import faults_of_corrections, faults_of_views
    from tests.reliability.kills import faults_of_records, faults_of_trail

    there = count_of_notes() - recorded_before
    faults = [f"{count} answers of {status}" for status, count in crowd.answers.items() if status not in GOOD]
    faults += [f"{note} stands there {count} times" for note, count in there.items() if count > 1]
    faults += [f"{note} is there and was not acknowledged" for note in there if note not in crowd.recorded]
    faults += [*faults_of_records(crowd.recorded), *faults_of_corrections(crowd, before)]
    return [*faults, *faults_of_views(crowd.viewed), *faults_of_trail()]


def row(name: str, seconds: list[float]) -> dict:
    """How often, and how long: the middle, what 95 of 100 took at most, the longest; in milliseconds."""
    slow = statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else max(seconds, default=0)
    return {
        "name": name,
        "times": len(seconds),
        "p50_ms": round(1000 * statistics.median(seconds or [0])),
        "p95_ms": round(1000 * slow),
        "longest_ms": round(1000 * max(seconds, default=0)),
    }


def print_table(part: str, told: dict) -> None:
    columns = ("name", "times", "p50_ms", "p95_ms", "longest_ms")
    sys.stdout.write(f"\n{part}: {told['people']} people, {told['seconds']} s, {told['a_second']} requests a second\n")
    for each in [dict(zip(columns, columns, strict=True)), *told["pages"], told["all"]]:
        sys.stdout.write(f"{each['name']:<20}" + "".join(f"{each[name]:>12}" for name in columns[1:]) + "\n")
    shown_above = {"pages", "all", "faults", "people", "seconds", "a_second"}
    sys.stdout.write("".join(f"{name}: {value}\n" for name, value in told.items() if name not in shown_above))
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in told["faults"][:50]) or "Nothing failed or was lost.\n")


if __name__ == "__main__":
    main()
