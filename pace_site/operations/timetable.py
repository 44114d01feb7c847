"""What runs by the clock, and when: the one list of which the scheduler, the timers of systemd and the guide are made.

Times are British; none lies between 1 and 2 o'clock, which a day in spring lacks and one in autumn has twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERY_DAY = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))
SUNDAY = frozenset({6})


@dataclass(frozen=True)
class Clock:
    """A time of day on some days of the week."""

    at: time
    on: frozenset[int] = EVERY_DAY

    def latest(self, now: datetime) -> datetime:
        """The last moment up to `now`."""
        local = timezone.localtime(now)
        for days in range(8):
            moment = datetime.combine(local.date() - timedelta(days=days), self.at, tzinfo=local.tzinfo)
            if moment <= local and moment.weekday() in self.on:
                return moment
        raise AssertionError("A week has every weekday.")

    @property
    def on_calendar(self) -> str:
        """As a timer of systemd has it."""
        days = "" if self.on == EVERY_DAY else ",".join(WEEKDAYS[day] for day in sorted(self.on)) + " "
        return f"{days}*-*-* {self.at:%H:%M} {settings.TIME_ZONE}"

    @property
    def in_words(self) -> str:
        days = {EVERY_DAY: "every day", WORKING_DAYS: "Monday to Friday", SUNDAY: "every Sunday"}[self.on]
        return f"{days}, {self.at:%H:%M}"


@dataclass(frozen=True)
class Job:
    """A command and its arguments; with `each_authority`, once for every authority that has children.

    `longest` is when it is given up. Doing it twice does no harm: each says why in `why`.
    """

    name: str
    command: tuple[str, ...]
    clock: Clock
    why: str
    longest: timedelta = timedelta(hours=1)
    each_authority: bool = False


def jobs() -> list[Job]:
    """The jobs of this site, in order of their time of day."""
    return [
        *([backup_to(settings.BACKUP_DIR)] if settings.BACKUP_DIR else []),
        Job(
            "sessions",
            ("clearsessions",),
            Clock(time(3, 15)),
            "what was left in sessions that are over may name a child; a second time finds nothing",
        ),
        Job(
            "files",
            ("delete_finished_files",),
            Clock(time(3, 20)),
            "files older than a day, where no worker runs; a second time finds nothing",
        ),
        Job(
            "look-through",
            ("look_through",),
            Clock(time(4, 0)),
            "data quality, for the first reader of the day; each look takes the place of the one before",
            longest=timedelta(hours=3),
        ),
        Job(
            "national",
            ("count_national",),
            Clock(time(4, 30)),
            "the national view, for who opens it first; counts again only what was written to since",
        ),
        Job(
            "audit",
            ("verify_audit",),
            Clock(time(5, 0), SUNDAY),
            "reads the whole audit trail; changes nothing",
            longest=timedelta(hours=3),
        ),
        Job(
            "reminders",
            ("send_reminders",),
            Clock(time(7, 0), WORKING_DAYS),
            "one e-mail a person; what was told is marked, and never told again",
            each_authority=True,
        ),
    ]


def backup_to(folder: str) -> Job:
    return Job(
        "backup",
        ("backup", "--out", folder, "--keep", str(settings.BACKUP_KEEP), "--verify"),
        Clock(time(2, 30)),
        "the whole database, encrypted; a second one is one more of those that are kept",
        longest=timedelta(hours=4),
    )


# Commands that are for people, or for programs that run all the time: why the clock does not run them.
BY_HAND: Mapping[str, str] = {
    "check_data": "read by who asks; `look_through` keeps the same for the pages",
    "demo": "makes a fictional council",
    "export_extract": "a file for who asks",
    "export_improvement": "a file for who asks",
    "export_national": "a file for who asks",
    "export_report": "a file for who asks",
    "import_extract": "somebody reads first what the extract would change",
    "import_improvement": "a file that somebody has",
    "import_national": "a file that somebody has",
    "list_due_for_review": "the page Retention shows the same to who decides",
    "load_aims": "aims are agreed by people",
    "make_administrator": "the first account",
    "make_authority": "makes a fictional council",
    "measure_aims": "figures for who asks; pages work them out by themselves",
    "migrate": "part of an upgrade",
    "permissions_matrix": "part of the documents",
    "publish_month": "what is out cannot be changed: somebody decides",
    "reset_second_step": "after a restore without SECRET_KEY",
    "restore": "somebody decides",
    "scheduled": "it is the clock",
    "set_up": "once, by who runs the server",
    "verify_backup": "needs a private key, which the server does not have; `backup --verify` tries each new one",
    "work": "runs all the time",
    "write_reference": "part of the documents",
}
