"""Take the database away under load, give its disk no room, hold its lock: what people are told, and what is left.

Run as `python -m tests.reliability.outages`. The site is started once and never again: it must recover by itself.
"""

import html
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from children.models import Child
from pace_site.long_work.models import LongWork
from tests.reliability.kills import LEAD, NOTED, PASSWORD, RECORDER, faults_of_records, faults_of_trail
from tests.reliability.own_postgres import OwnPostgres
from tests.reliability.running_site import GONE, RunningSite, Visitor, kill, manage

PEOPLE = 4
BACK_WITHIN = 60  # seconds; PostgreSQL answers again some seconds after it is started
TOLD = (503, 507)
# What no page may show.
INSIDES = ("psycopg", "sqlite3", "traceback", "operationalerror", "select ", "insert ", "server closed", "/tmp/")


@dataclass
class Told:
    """What people were answered, by status; what was acknowledged; and what went wrong, in words."""

    answers: Counter = field(default_factory=Counter)
    outages: Counter = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    kept: int = 0
    back_after: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        outages = ", ".join(f"{count} × {kind}" for kind, count in self.outages.items())
        answers = ", ".join(f"{count} of {status}" for status, count in sorted(self.answers.items()))
        longest = max(self.back_after, default=0)
        return (
            f"{outages}; answers: {answers}; {len(self.acknowledged)} records acknowledged, {self.kept} forms given "
            f"back; recording again at most {longest:.0f} s after"
        )


class Load:
    """People who record one medical after another, whatever they are answered."""

    def __init__(self, told: Told, *, seed: int):
        self.told, self.site = told, RunningSite()
        self.site.start()
        self.codes = list(Child.objects.filter(authority__code="S12009999").values_list("code", flat=True))
        connections.close_all()
        first = Visitor(self.site)
        first.sign_in(RECORDER, PASSWORD)
        session = next(cookie.value for cookie in first.cookies if cookie.name == settings.SESSION_COOKIE_NAME)
        self.visitors = [Visitor(self.site, session=session) for _person in range(PEOPLE)]
        self.stopped = threading.Event()
        self.threads = [
            threading.Thread(target=self._record, args=(visitor, random.Random(f"{seed} {place}")))
            for place, visitor in enumerate(self.visitors)
        ]
        for thread in self.threads:
            thread.start()

    def wait_until_recorded(self) -> float:
        """Seconds until somebody has recorded something from now on; a fault when nobody does."""
        before, began = len(self.told.acknowledged), time.monotonic()
        while len(self.told.acknowledged) <= before:
            if time.monotonic() - began > BACK_WITHIN:
                self.told.faults.append(f"nobody could record within {BACK_WITHIN} seconds")
                break
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()
        self.site.kill()

    def _record(self, visitor: Visitor, chance: random.Random) -> None:
        while not self.stopped.is_set():
            day = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
            note = f"{NOTED}{chance.getrandbits(64):x}"
            typed = {"happened_on": day.isoformat(), "note": note}
            try:
                sent = visitor.post(f"/children/{chance.choice(self.codes)}/record/medical/", typed)
            except GONE as problem:
                self.told.faults.append(f"no answer at all: {problem!r}")
                continue
            self.told.answers[visitor.status] += 1
            if sent == 302:
                self.told.acknowledged.append(note)
            elif visitor.status in TOLD:
                self._check_page(visitor, note if sent else "")
                time.sleep(0.2)
            elif visitor.status >= 400:
                self.told.faults.append(f"answers {visitor.status}")

    def _check_page(self, visitor: Visitor, note: str) -> None:
        shown = visitor.page.lower().replace(note.lower(), "") if note else visitor.page.lower()
        self.told.faults += [f"a page shows {inside!r}" for inside in INSIDES if inside in shown]
        if not visitor.headers.get("Retry-After"):
            self.told.faults.append("a page does not say when to try again")
        if note and f'value="{html.escape(note)}"' not in visitor.page:
            self.told.faults.append("a page does not give back what was typed")
        self.told.kept += bool(note)


@contextmanager
def under_load(*, seed: int) -> Iterator[tuple[Told, Load]]:
    """The demo with people who record; afterwards what they were told is held to what is there."""
    call_command("migrate", verbosity=0)
    call_command("demo", children=12, password=PASSWORD, stdout=StringIO())
    told = Told()
    load = Load(told, seed=seed)
    try:
        load.wait_until_recorded()
        yield told, load
    finally:
        load.stop()
    told.faults += [*faults_of_records(told.acknowledged), *faults_of_trail()]
    connection.check_constraints()
    told.faults = list(dict.fromkeys(told.faults))


def meet(told: Told, load: Load, kind: str, outage: Callable[[], None]) -> None:
    """Let one outage happen, and wait until people record again."""
    outage()
    told.outages[kind] += 1
    told.back_after.append(load.wait_until_recorded())


# PostgreSQL


def lose_postgres(cluster: OwnPostgres, *, rounds: int, seed: int) -> Told:
    """Connections dropped, also in the middle of a transaction, and the server stopped and started, with a worker."""
    chance = random.Random(seed)
    with under_load(seed=seed) as (told, load):
        worker = manage("work", "--no-startup-delay", "--interval=0.2")
        try:
            for number in range(rounds):
                asked = _ask_for_a_report(load, number, told)
                time.sleep(chance.uniform(0, 2))
                kind = ("connections dropped", "transactions cut off", "restart", "crash and restart")[number % 4]
                meet(told, load, kind, lambda kind=kind: _lose(cluster, kind))
                _wait_for_report(asked, told)
        finally:
            kill(worker)
    return told


def _lose(cluster: OwnPostgres, kind: str) -> None:
    if kind == "connections dropped":
        cluster.end_sessions()
    elif kind == "transactions cut off":
        until = time.monotonic() + 20
        while not cluster.end_sessions(in_transaction=True) and time.monotonic() < until:
            time.sleep(0.01)
    else:
        cluster.stop("immediate" if kind.startswith("crash") else "fast")
        time.sleep(2)
        cluster.start()


def _ask_for_a_report(load: Load, number: int, told: Told) -> str:
    visitor = Visitor(load.site)
    visitor.sign_in(LEAD, PASSWORD)
    day = (date(2025, 1, 1) + timedelta(days=number)).isoformat()
    if visitor.post(f"/reports/make/?as_at={day}", {"as_at": day, "aims": "NAT-2"}) != 302:
        told.faults.append(f"a report could not be asked for: {visitor.status}")
    return day


def _wait_for_report(day: str, told: Told) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        connections.close_all()
        work = LongWork.objects.filter(asked__as_at=day).first() or LongWork.objects.first()
        if work is not None and not work.is_open:
            if work.state != LongWork.State.DONE:
                told.faults.append(f"a report was not made: {work.failure}")
            return
        time.sleep(0.5)
    told.faults.append("a report was not made within three minutes of an outage")


# A full disk


def fill_the_disk(folder: Path, *, seed: int, bring_back: Callable[[], None] = lambda: None) -> Told:
    """Leave no room beside the database, so that people are told so; then make room again."""
    ballast = folder / "ballast"

    def fill() -> None:
        until = time.monotonic() + BACK_WITHIN
        with ballast.open("wb", buffering=0) as file:
            while not _told_of_outage(told) and time.monotonic() < until:
                try:
                    file.write(bytes(4096))
                except OSError:
                    time.sleep(0.1)
        if not _told_of_outage(told):
            told.faults.append("nobody noticed that the disk was full")
        time.sleep(3)
        ballast.unlink()
        bring_back()

    with under_load(seed=seed) as (told, load):
        meet(told, load, "full disk", fill)
    return told


def _told_of_outage(told: Told) -> bool:
    return any(told.answers[status] for status in TOLD)


# A lock that somebody holds


def hold_the_lock(file: Path, *, seconds: float, seed: int) -> Told:
    """Keep SQLite's only place to write for longer than anybody waits for it."""

    def hold() -> None:
        link = sqlite3.connect(file, isolation_level=None, timeout=30)
        link.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        link.execute("ROLLBACK")
        link.close()
        if not told.answers[503]:
            told.faults.append("nobody was told that the database is busy")

    with under_load(seed=seed) as (told, load):
        meet(told, load, "lock held", hold)
    return told
