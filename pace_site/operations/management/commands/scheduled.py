"""Do by the clock what must be done by the clock: all the time, or one job now, as a timer of systemd asks."""

import logging
import signal
import subprocess  # nosec B404
import sys
from pathlib import Path
from threading import Event

from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.config.outages import outage_of
from pace_site.operations.running import carry_out, claim, due
from pace_site.operations.timetable import Job, jobs

logger = logging.getLogger("pace_site.operations.scheduled")
ROUND = 20  # seconds between two looks at the clock
MANAGE = Path(__file__).parents[4] / "manage.py"


class Command(NamedCommand):
    help = (
        "Do by the clock what must be done by the clock, until told to stop. As many may run as there is room for: "
        "each job is done by one of them. With a name, do that job now if it is due."
    )

    def add_arguments(self, parser):
        parser.add_argument("job", nargs="?", help="Do this job now, if its last moment was not done yet.")
        parser.add_argument("--list", action="store_true", help="Say what is done when, and do nothing.")

    def handle(self, *, job, list: bool, **_options):
        if list:
            self.stdout.write(in_a_table(jobs()))
        elif job:
            self.do_now(job)
        else:
            self.look_at_the_clock()

    def do_now(self, name: str) -> None:
        found = next((job for job in jobs() if job.name == name), None)
        if found is None:
            names = ", ".join(job.name for job in jobs())
            raise CommandError(f"There is no job {name!r} on this site; there are {names}.", returncode=REJECTED)
        now = timezone.now()
        moment = due(found, now=now)
        run = claim(found, moment, now=now) if moment else None
        if run is None:
            self.stdout.write(f"{name} is not due, or another process does it.")
        elif not carry_out(found, run):
            raise CommandError(f"{name} failed; the log says why.", returncode=REJECTED)

    def look_at_the_clock(self) -> None:
        """Each job in a process of its own, so that what one takes of memory is given back, and none ends this one."""
        stopped = Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_told: stopped.set())
        logger.info("The scheduler looks at the clock: %s.", ", ".join(job.name for job in jobs()))
        while not stopped.is_set():
            for job in self.all_due():
                if not stopped.is_set():
                    start(job)
            stopped.wait(ROUND)

    def all_due(self) -> list[Job]:
        try:
            return [job for job in jobs() if due(job, now=timezone.now())]
        except (DatabaseError, InterfaceError) as error:
            if (outage := outage_of(error)) is None:
                raise
            logger.warning("%s The scheduler looks again.", outage.value)
            return []
        finally:
            connection.close()


def start(job: Job) -> None:
    """Do the job in a process of its own, and wait for it; one that takes too long is ended."""
    try:
        # This very program; the name comes from the timetable, and no shell reads it.
        subprocess.run(  # nosec B603
            [sys.executable, str(MANAGE), "scheduled", job.name], timeout=job.longest.total_seconds(), check=False
        )
    except subprocess.TimeoutExpired:
        logger.error("Job %s was ended, as it took longer than %s.", job.name, job.longest)


def in_a_table(found: list[Job]) -> str:
    """The timetable as the guide has it."""
    lines = ["| Job | When | Command | What, and why twice does no harm |", "|---|---|---|---|"]
    for job in found:
        each = " --authority CODE, for each" if job.each_authority else ""
        lines.append(f"| `{job.name}` | {job.clock.in_words} | `{' '.join(job.command)}{each}` | {job.why} |")
    return "\n".join(lines)
