"""Reports of large authorities are made in the background, small ones at once; and two people may export together."""

import os
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.urls import reverse

from aims.models import Report
from aims.reports.actions import FORMATS, export_report
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.long_work.models import LongWork
from tests.aims.exports import csv_rows
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, person
from tests.improvement.builders import an_aim

AS_AT = "2020-06-01"
HISTORIES = [accommodated("2019-03-04", ref="A"), accommodated("2019-06-03", recommended("2019-09-02"), ref="B")]


pytestmark = pytest.mark.each_database


@pytest.fixture
def aim(db):
    store(HISTORIES, authority=authority())
    return an_aim("AIM-1")


@pytest.fixture
def large(settings):
    """Two children and one aim are more than is made at once."""
    settings.REPORT_AT_ONCE = 1


@pytest.fixture
def lead(client, aim):
    lead = person(Role.PACE_LEAD)
    client.force_login(lead)
    return lead


def export(client, file_format="csv"):
    return client.get(reverse("aim_export", args=["AIM-1", file_format]), {"as_at": AS_AT})


def test_an_ordinary_authority_is_served_at_once_without_a_worker(client, lead):
    assert len(csv_rows(export(client).content)) == 2
    assert not LongWork.objects.exists()


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_large_authority_s_file_is_made_by_a_worker_and_is_the_same(client, lead, aim, file_format, run_a_worker):
    work = LongWork.objects.get(pk=int(export(client, file_format)["Location"].split("/")[-2]))
    assert work.title == f"AIM-1 as {FORMATS[file_format].label}, as at 1 June 2020"
    run_a_worker()
    work.refresh_from_db()
    assert (work.state, work.steps_done) == ("done", 2)
    at_once = export_report([aim.versions.get()], as_at=date(2020, 6, 1), file_format=FORMATS[file_format], by=lead)
    assert (work.file.name, work.file.content_type) == (at_once.name, at_once.content_type)
    if file_format == "csv":  # the others carry the time at which they were made
        assert bytes(work.file.body) == at_once.body
    assert AuditEntry.objects.filter(action="export", actor=lead.email).count() == 2


@pytest.mark.usefixtures("large", "quick")
def test_a_draft_of_all_aims_is_made_in_the_background(client, lead, run_a_worker):
    page = client.post(reverse("report_make"), {"as_at": AS_AT, "what": "pdf"}, follow=True)
    assert "1 June 2020" in page.content.decode()
    run_a_worker()
    assert LongWork.objects.get().file.name == f"AIM-1_{AS_AT}.pdf"


@pytest.mark.usefixtures("large", "quick")
def test_a_report_is_issued_in_the_background_and_is_found_from_its_page(client, lead, run_a_worker):
    page = client.post(reverse("report_make"), {"as_at": AS_AT, "plan": "A second reporter"}, follow=True)
    assert "Issuing the report of AIM-1" in page.content.decode()
    assert not Report.objects.exists()
    run_a_worker()
    report = Report.objects.get()
    assert report.issued_by == lead
    assert report.content["next_period"] == ["A second reporter"]
    assert report.get_absolute_url() in client.get(LongWork.objects.get().get_absolute_url()).content.decode()


@pytest.mark.usefixtures("large", "quick")
def test_a_day_that_is_issued_already_is_refused_before_anything_is_queued(client, lead, run_a_worker):
    client.post(reverse("report_make"), {"as_at": AS_AT})
    run_a_worker()
    page = client.post(reverse("report_make"), {"as_at": AS_AT})
    assert "is issued already" in page.content.decode()
    assert LongWork.objects.count() == 1


@pytest.mark.usefixtures("large", "quick")
def test_an_aim_that_is_gone_when_its_turn_comes_is_told_in_words(client, lead, aim, run_a_worker):
    export(client)
    LongWork.objects.update(asked={"aims": ["AIM-9"], "as_at": AS_AT, "format": "csv"})
    run_a_worker()
    assert LongWork.objects.get().failure == "These aims are no longer there: AIM-9. Choose again."


EXPORTS = """
import sys, django
django.setup()
from datetime import date
from aims.models import AimVersion
from aims.reports.actions import FORMATS, export_report
from pace_site.accounts.models import User
by, file_format, out = sys.argv[1:]
sys.stdin.readline()
made = export_report(
    [AimVersion.objects.get()], as_at=date(2020, 6, 1), file_format=FORMATS[file_format], by=User.objects.get(email=by)
)
with open(out, "wb") as file:
    file.write(made.body)
"""


def database_for_other_processes(folder) -> str:
    """The address of the database of this test; of a copy of it on SQLite, where it lies in memory.

    The copy has the journal of a site's database: two processes that change it at once lock each other out.
    """
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / "copy.sqlite3")) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    return f"sqlite:///{folder / 'copy.sqlite3'}"


@pytest.mark.django_db(transaction=True)
def test_two_people_export_at_once(tmp_path):
    """Each has a process of their own and begins when the other does: both get their file."""
    store(HISTORIES, authority=authority())
    an_aim("AIM-1")
    asked = {"csv": person(Role.PACE_LEAD), "pdf": person(Role.DATA_LEAD)}
    environment = {
        **os.environ,
        "DATABASE_URL": database_for_other_processes(tmp_path),
        "DJANGO_SETTINGS_MODULE": "pace_site.config.settings",
    }
    with ExitStack() as both:
        processes = [
            both.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", EXPORTS, by.email, file_format, str(tmp_path / f"out.{file_format}")],
                    env=environment,
                    stdin=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                )
            )
            for file_format, by in asked.items()
        ]
        for process in processes:
            process.stdin.write(b"now\n")
            process.stdin.flush()
        said = [process.communicate(timeout=120)[1].decode() for process in processes]
    assert said == ["", ""]
    assert len(csv_rows((tmp_path / "out.csv").read_bytes())) == 2
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
