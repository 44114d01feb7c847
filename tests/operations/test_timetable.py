"""What runs by the clock: when, once, and again after it failed; and that every command is on it or said why not."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from aims.models import Aim
from pace_site.accounts.roles import Role
from pace_site.operations import running
from pace_site.operations.models import ScheduledRun
from pace_site.operations.running import AGAIN_AFTER, MOST_ATTEMPTS, arguments_of, carry_out, claim, due
from pace_site.operations.timetable import BY_HAND, WORKING_DAYS, Clock, Job, jobs
from tests.builders import allocate, authority, child, milestone, person
from tests.front.two_authorities import an_aim
from tests.own_code import own_commands

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.fixture
def job():
    return Job("look", ("look_through",), Clock(time(4, 0)), "")


@pytest.mark.parametrize(
    ("on", "now", "latest"),
    [
        (range(7), "2026-11-21T04:00", "2026-11-21T04:00"),
        (range(7), "2026-11-21T03:59", "2026-11-20T04:00"),
        # A Saturday.
        (WORKING_DAYS, "2026-11-21T12:00", "2026-11-20T04:00"),
        ({6}, "2026-11-21T12:00", "2026-11-15T04:00"),
        # The nights in which clocks change.
        (range(7), "2026-03-29T12:00", "2026-03-29T04:00"),
        (range(7), "2026-10-25T03:30", "2026-10-24T04:00"),
    ],
)
def test_the_last_moment_of_a_clock(on, now, latest):
    assert Clock(time(4, 0), frozenset(on)).latest(at(now)) == at(latest)


def test_no_job_falls_into_the_hour_that_a_night_may_lack_or_have_twice(settings):
    settings.BACKUP_DIR = "/backups"
    assert [job.name for job in jobs() if job.clock.at.hour == 1] == []


def test_every_command_runs_by_the_clock_or_it_is_said_why_not(settings):
    settings.BACKUP_DIR = "/backups"
    by_clock = {job.command[0] for job in jobs()}
    assert own_commands() | {"clearsessions"} == by_clock | set(BY_HAND)
    assert not by_clock & set(BY_HAND)


def test_without_a_folder_for_backups_none_is_made_by_the_clock(settings):
    settings.BACKUP_DIR = ""
    assert "backup" not in {job.name for job in jobs()}
    settings.BACKUP_DIR, settings.BACKUP_KEEP = "/backups", 9
    assert jobs()[0].command == ("backup", "--out", "/backups", "--keep", "9", "--verify")


@pytest.mark.django_db
def test_of_two_schedulers_one_does_the_job(job):
    now = at("2026-11-21T04:10")
    moment = due(job, now=now)
    assert moment == at("2026-11-21T04:00")
    # Both have found it due.
    assert claim(job, moment, now=now) is not None
    assert claim(job, moment, now=now) is None
    assert due(job, now=now) is None
    with pytest.raises(IntegrityError):
        ScheduledRun.objects.create(job=job.name, due_at=moment, began_at=now)


@pytest.mark.django_db
def test_what_was_missed_overnight_is_caught_up_with_and_not_days_later(job):
    assert due(job, now=at("2026-11-21T15:59")) == at("2026-11-21T04:00")
    assert due(job, now=at("2026-11-21T16:01")) is None


@pytest.mark.django_db
def test_a_job_that_failed_is_tried_again_after_a_while_three_times_in_all(job, monkeypatch):
    monkeypatch.setattr(running, "_is_done", lambda _job, _arguments: False)
    monkeypatch.setattr(job.clock.__class__, "latest", lambda _clock, now: at("2026-11-21T04:00"))
    now = at("2026-11-21T04:00")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        run = claim(job, due(job, now=now), now=now)
        assert run.attempts == attempt
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        assert not carry_out(job, run)
        assert due(job, now=now + AGAIN_AFTER - timedelta(seconds=1)) is None
        now += AGAIN_AFTER
    assert due(job, now=now) is None


@pytest.mark.django_db
def test_a_job_whose_process_is_gone_is_taken_over_once_it_must_have_ended(job):
    now = at("2026-11-21T04:00")
    claim(job, now, now=now)
    gone = now + job.longest + AGAIN_AFTER
    assert due(job, now=gone - timedelta(seconds=1)) is None
    taken_over = claim(job, due(job, now=gone), now=gone)
    assert taken_over.attempts == 2
    assert claim(job, now, now=gone) is None


@pytest.mark.django_db
def test_one_authoritys_fault_keeps_no_others_back_and_its_words_out_of_the_log(monkeypatch, caplog):
    north, south = authority(), authority("S12000020")
    for each in (north, south):
        child(organisation=each)
    job = Job("reminders", ("send_reminders",), Clock(time(7, 0)), "", each_authority=True)
    assert len(arguments_of(job)) == 2
    asked = []

    def broken(command, *arguments):
        asked.append(arguments[-1])
        if len(asked) == 1:
            raise ValueError("Morvenna Fictitious")

    monkeypatch.setattr(running, "call_command", broken)
    now = timezone.now()
    assert not carry_out(job, claim(job, now, now=now))
    assert asked == [north.code, south.code]
    assert not ScheduledRun.objects.get().succeeded
    assert "Job reminders broke." in caplog.messages
    assert "Morvenna" not in "".join(caplog.messages)


@pytest.mark.django_db
def test_the_command_does_a_job_that_is_due_and_a_second_one_finds_nothing_to_do(capsys, monkeypatch):
    now = timezone.localtime().replace(hour=7, minute=5)
    while now.weekday() not in WORKING_DAYS:
        now -= timedelta(days=1)
    aim = an_aim(authority(), "AIM-1")
    Aim.objects.filter(pk=aim.pk).update(status=Aim.Status.ACTIVE)
    row = child(accommodated=now.date() - timedelta(days=300))
    milestone(row, "REVIEW", now.date() - timedelta(days=400))
    allocate(person(Role.IRO), row)
    monkeypatch.setattr(timezone, "now", lambda: now)
    call_command("scheduled", "reminders")
    assert len(mail.outbox) == 1
    call_command("scheduled", "reminders")
    # Nor would it with the mark of the clock gone: what was told is marked by itself.
    ScheduledRun.objects.all().delete()
    call_command("scheduled", "reminders")
    assert len(mail.outbox) == 1
    assert "reminders is not due" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no job 'nothing'"):
        call_command("scheduled", "nothing")
