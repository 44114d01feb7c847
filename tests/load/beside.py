"""What goes on beside the people: reports are issued and extracts taken in, one after another until all is over."""

import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from threading import Event

from aims.models import Report
from children.models import Child
from milestones.extract.output import write_extract
from milestones.models import ImportRun
from pace_site.accounts.models import User
from pace_site.accounts.roles import Role
from pace_site.long_work.models import LongWork
from tests.reliability.kills import NOTED, PASSWORD
from tests.reliability.running_site import RunningSite, Visitor, manage

FIRST_REPORT, FIRST_EXTRACT = date(2024, 1, 31), date(2026, 11, 1)
FILES_OF_A_REPORT = 4


@dataclass
class Beside:
    """How long each report and each import took in seconds, and what went wrong."""

    reports: list[float] = field(default_factory=list)
    imports: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def issue_reports(self, council: str, site: RunningSite, stopped: Event) -> None:
        """As somebody does on the page: the report of all aims, in every format, as at one day after another."""
        lead = User.objects.filter(organisation__code=council, memberships__role=Role.PACE_LEAD).order_by("pk").last()
        visitor, day = Visitor(site), FIRST_REPORT
        visitor.sign_in(lead.email, PASSWORD)
        while not stopped.is_set():
            began = time.monotonic()
            status = visitor.post("/reports/make/", {"as_at": day.isoformat(), "what": "issue"})
            if status != HTTPStatus.FOUND:
                self.faults.append(f"issuing the report as at {day} was answered with {status}")
                return
            while LongWork.objects.open().filter(owner=lead).exists() and time.monotonic() - began < 600:
                time.sleep(0.5)
            report = Report.objects.filter(authority__code=council, as_at=day).first()
            if report is None or report.files.count() != FILES_OF_A_REPORT:
                self.faults.append(f"the report as at {day} is not there, or not all of its files")
                return
            self.reports.append(time.monotonic() - began)
            day += timedelta(days=7)

    def take_in_extracts(self, council: str, stopped: Event) -> None:
        """What the council has, as its other system would send it day after day, each time with some reviews less.

        What people record meanwhile is not in it, and stays.
        """
        files, day = extract_of(council), FIRST_EXTRACT
        with tempfile.TemporaryDirectory() as folder:
            while not stopped.is_set():
                for name, lines in files.items():
                    Path(folder, name).write_text("".join(without_some_reviews(lines, nth=len(self.imports))), "utf-8")
                began = time.monotonic()
                command = ("import_extract", folder, "--authority", council, "--extract-date", day.isoformat())
                code = manage(*command, "--skip-rejects").wait()
                if code:
                    self.faults.append(f"the import of the extract of {day} ended with {code}")
                    return
                self.imports.append(time.monotonic() - began)
                day = min(day + timedelta(days=1), date.today())
        taken_in = ImportRun.objects.taken_in().filter(authority__code=council, extract_date__gte=FIRST_EXTRACT).count()
        if taken_in != len(self.imports):
            self.faults.append(f"{len(self.imports)} extracts were taken in, and {taken_in} are there")


def extract_of(council: str) -> dict[str, list[str]]:
    """The lines of the files of everything that an extract told of a council, by the name of the file."""
    files: dict[str, StringIO] = {}
    write_extract(
        Child.objects.filter(authority__code=council),
        extract_date=FIRST_EXTRACT,
        open_file=lambda name: files.setdefault(name, _Kept()),
    )
    lines = {name: file.getvalue().splitlines(keepends=True) for name, file in files.items()}
    return {name: [line for line in found if NOTED not in line] for name, found in lines.items()}


def without_some_reviews(lines: list[str], *, nth: int) -> list[str]:
    return [line for place, line in enumerate(lines) if ",REVIEW," not in line or (place + nth) % 50]


class _Kept(StringIO):
    """What was written to a file, although it was closed."""

    def close(self) -> None:
        return
