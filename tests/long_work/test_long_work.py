"""Long work: asked for, carried out by a worker, interrupted, failed and tried again, handed out and deleted."""

from datetime import timedelta
from io import StringIO

import psycopg2
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from pace_site.accounts.models import RoleMembership
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.long_work.actions import ask_again, hand_out
from pace_site.long_work.carrying_out import UNEXPECTED
from pace_site.long_work.kinds import Outcome
from pace_site.long_work.models import FinishedFile, LongWork, WorkerSeen
from pace_site.long_work.workers import delete_old, is_interrupted, take_up_interrupted
from tests.builders import authority, person, team
from tests.long_work.made import Made, asked_for

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]
State = LongWork.State


def now(work) -> LongWork:
    return LongWork.objects.get(pk=work.pk)


def killed(work, *, ago=timedelta(minutes=5)):
    """Leave the work as a worker leaves it that was killed while it was at it."""
    WorkerSeen.objects.create(name=f"killed {work.attempts}", seen_at=timezone.now() - ago)
    DBTaskResult.objects.get(pk=work.attempt).claim(f"killed {work.attempts}")
    LongWork.objects.filter(pk=work.pk).update(state=State.RUNNING, attempts=work.attempts + 1)


def test_a_worker_makes_what_was_asked_for(declare, lead, run_a_worker):
    given = {}

    def carry_out(asked, by, progress):
        given.update(asked=asked, by=by)
        return Outcome(Made())

    work = asked_for(declare(carry_out), lead, aim="MID-1")
    assert now(work).state == State.WAITING
    run_a_worker()
    assert given == {"asked": {"aim": "MID-1"}, "by": lead}
    assert now(work).state == State.DONE
    assert bytes(now(work).file.body) == b"one,two"


def test_each_step_can_be_read_while_it_is_under_way(declare, lead, run_a_worker):
    read = []

    def carry_out(asked, by, progress):
        progress.expect(2)
        for doing in ("Measuring MID-1.", "Drawing MID-1."):
            progress.step(doing)
            row = LongWork.objects.get()
            read.append((row.state, row.steps_done, row.steps, row.doing))
        return Outcome()

    work = asked_for(declare(carry_out), lead)
    run_a_worker()
    assert read == [("running", 0, 2, "Measuring MID-1."), ("running", 1, 2, "Drawing MID-1.")]
    assert (now(work).steps_done, now(work).doing) == (2, "")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (ValidationError("A report as at this day is issued already."), "A report as at this day is issued already."),
        (PermissionDenied("Your role does not allow you to export."), "Your role does not allow you to export."),
        (RuntimeError("list index out of range"), UNEXPECTED),
    ],
)
def test_what_fails_is_told_in_words_and_can_be_tried_again(declare, lead, problem, words, run_a_worker):
    problems = [problem]

    def carry_out(asked, by, progress):
        if problems:
            raise problems.pop()
        return Outcome(address="/reports/1/")

    work = asked_for(declare(carry_out), lead)
    run_a_worker()
    assert (now(work).state, now(work).failure) == (State.FAILED, words)
    ask_again(work, by=lead)
    run_a_worker()
    assert (now(work).state, now(work).failure, now(work).address) == (State.DONE, "", "/reports/1/")


def test_what_did_not_fail_is_not_tried_again(declare, lead):
    work = asked_for(declare(lambda *_: Outcome()), lead)
    with pytest.raises(ValidationError, match="did not fail"):
        ask_again(work, by=lead)


def test_who_presses_twice_gets_one_and_two_people_get_two(declare, lead):
    of_kind = declare(lambda *_: Outcome())
    first = asked_for(of_kind, lead, aim="MID-1")
    assert asked_for(of_kind, lead, aim="MID-1") == first
    assert asked_for(of_kind, lead, aim="MID-2") != first
    assert asked_for(of_kind, person(Role.PACE_LEAD), aim="MID-1") != first


def test_the_same_may_be_asked_for_again_when_the_first_is_done(declare, lead, run_a_worker):
    of_kind = declare(lambda *_: Outcome())
    first = asked_for(of_kind, lead)
    run_a_worker()
    assert asked_for(of_kind, lead) != first


def test_who_may_not_do_it_cannot_ask_for_it(declare):
    with pytest.raises(PermissionDenied):
        asked_for(declare(lambda *_: Outcome()), person(Role.CHAMPION))


def test_work_is_its_owner_s_alone(declare, lead, client, run_a_worker):
    work = asked_for(declare(lambda *_: Outcome(Made())), lead)
    run_a_worker()
    client.force_login(person(Role.PACE_LEAD))
    for name in ("long_work", "long_work_file"):
        assert client.get(reverse(name, args=[work.pk])).status_code == 404
    assert client.post(reverse("long_work", args=[work.pk])).status_code == 404
    assert "A list" not in client.get(reverse("long_works")).content.decode()


def test_the_file_is_handed_out_and_each_time_is_in_the_trail(declare, lead, client, run_a_worker):
    work = asked_for(declare(lambda *_: Outcome(Made())), lead)
    run_a_worker()
    client.force_login(lead)
    response = client.get(reverse("long_work_file", args=[work.pk]))
    assert (response.content, response["Content-Type"]) == (b"one,two", "text/csv")
    assert response["Content-Disposition"] == 'attachment; filename="list.csv"'
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.record_type, entry.after["file"]) == (lead.email, "longwork", "list.csv")


def test_who_lost_the_role_since_is_not_given_the_file(declare, lead, client, run_a_worker):
    work = asked_for(declare(lambda *_: Outcome(Made())), lead)
    run_a_worker()
    RoleMembership.objects.filter(user=lead).update(role=Role.CHAMPION)
    client.force_login(lead)
    assert client.get(reverse("long_work_file", args=[work.pk])).status_code == 403


def test_who_moved_to_another_team_or_council_since_is_given_nothing(declare, client, run_a_worker):
    manager = person(Role.TEAM_MANAGER, Role.PRACTITIONER)
    of_kind = declare(lambda *_: Outcome(Made()))
    done = asked_for(of_kind, manager)
    run_a_worker()
    waiting = asked_for(of_kind, manager)
    manager.memberships.filter(role=Role.TEAM_MANAGER).update(team=team("Team South"))
    run_a_worker()
    assert (now(waiting).state, now(waiting).failure) == (
        State.FAILED,
        "Your roles have changed since you asked for this. Ask for it again.",
    )
    client.force_login(manager)
    assert client.get(reverse("long_work_file", args=[done.pk])).status_code == 403
    assert client.post(reverse("long_work", args=[waiting.pk])).status_code == 403
    assert asked_for(of_kind, manager) not in (done, waiting)
    manager.organisation = authority("S12000033")
    manager.save()
    client.force_login(manager)
    assert client.get(reverse("long_work_file", args=[done.pk])).status_code == 404
    assert not AuditEntry.objects.filter(action="export").exists()


def test_work_whose_worker_was_killed_begins_again_once(declare, lead, run_a_worker):
    work = asked_for(declare(lambda *_: Outcome(Made())), lead)
    killed(work)
    assert is_interrupted(now(work))
    run_a_worker()
    assert now(work).state == State.DONE
    assert now(work).attempts == 2


def test_work_that_was_interrupted_twice_has_failed(declare, lead):
    work = asked_for(declare(lambda *_: Outcome()), lead)
    killed(work)
    take_up_interrupted()
    killed(now(work))
    take_up_interrupted()
    assert now(work).state == State.FAILED
    assert "was stopped twice" in now(work).failure
    assert not DBTaskResult.objects.exclude(status="FAILED").exists()


def test_work_whose_worker_is_alive_is_left_alone(declare, lead):
    work = asked_for(declare(lambda *_: Outcome()), lead)
    killed(work, ago=timedelta(seconds=30))
    assert not is_interrupted(now(work))
    assert take_up_interrupted() == 0
    assert now(work).state == State.RUNNING


def test_a_worker_killed_before_it_began_is_noticed_too(declare, lead, run_a_worker):
    work = asked_for(declare(lambda *_: Outcome()), lead)
    DBTaskResult.objects.get(pk=work.attempt).claim("killed")
    run_a_worker()
    assert now(work).state == State.DONE


def test_an_attempt_that_was_given_up_writes_nothing_any_more(declare, lead, run_a_worker):
    """A machine that slept wakes up, and somebody else has begun again."""

    def carry_out(asked, by, progress):
        LongWork.objects.update(attempt="00000000-0000-0000-0000-000000000001")
        return Outcome(Made())

    work = asked_for(declare(carry_out), lead)
    run_a_worker()
    assert now(work).state == State.RUNNING
    assert not FinishedFile.objects.exists()


def test_a_worker_that_is_told_to_stop_at_once_leaves_its_work_to_the_next(declare, lead, run_a_worker):
    stops = [SystemExit(1)]

    def carry_out(asked, by, progress):
        if stops:
            raise stops.pop()
        return Outcome()

    work = asked_for(declare(carry_out), lead)
    run_a_worker()
    assert is_interrupted(now(work))
    run_a_worker()
    assert now(work).state == State.DONE


def lost_connection() -> OperationalError:
    error = OperationalError("lost")
    error.__cause__ = psycopg2.OperationalError("server closed the connection unexpectedly")
    return error


def test_work_whose_database_went_away_begins_again_once(declare, lead, run_a_worker):
    outages = [lost_connection()]

    def carry_out(asked, by, progress):
        if outages:
            raise outages.pop()
        return Outcome(Made())

    work = asked_for(declare(carry_out), lead)
    run_a_worker()
    assert is_interrupted(now(work))
    run_a_worker()
    assert now(work).state == State.DONE


def test_a_worker_goes_on_after_an_outage_and_under_another_name(declare, lead, monkeypatch):
    names, pauses, work = [], [], asked_for(declare(lambda *_: Outcome(Made())), lead)
    plain = db_worker.Command.handle

    def handle(command, *, worker_id, **options):
        names.append(worker_id)
        if len(names) < 3:
            raise lost_connection()
        plain(command, worker_id=worker_id, **options)

    monkeypatch.setattr(db_worker.Command, "handle", handle)
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    monkeypatch.setattr("pace_site.long_work.management.commands.work.connection.close", lambda: None)
    monkeypatch.setattr("pace_site.long_work.management.commands.work.time.sleep", pauses.append)
    call_command("work", batch=True, startup_delay=False, verbosity=0, stdout=StringIO())
    assert now(work).state == State.DONE
    assert len(set(names)) == 3
    assert pauses == [1, 2]
    assert not WorkerSeen.objects.exists()


def test_a_worker_does_not_hide_a_fault_of_ours(monkeypatch):
    def handle(command, **options):
        raise OperationalError("no such column")

    monkeypatch.setattr(db_worker.Command, "handle", handle)
    with pytest.raises(OperationalError):
        call_command("work", batch=True, verbosity=0, stdout=StringIO())


def test_what_ended_a_day_ago_is_deleted_with_its_file_and_what_is_open_is_not(declare, lead, run_a_worker):
    of_kind = declare(lambda *_: Outcome(Made()))
    old, new = asked_for(of_kind, lead, number=1), asked_for(of_kind, lead, number=2)
    run_a_worker()
    still_open = asked_for(of_kind, lead, number=3)
    ages = {old: 25, new: 23}
    for work, hours in ages.items():
        LongWork.objects.filter(pk=work.pk).update(ended_at=timezone.now() - timedelta(hours=hours))
    LongWork.objects.filter(pk=still_open.pk).update(asked_at=timezone.now() - timedelta(days=9))
    assert delete_old() == 1
    assert set(LongWork.objects.all()) == {new, still_open}
    assert FinishedFile.objects.get().work == new
    assert hand_out(old, by=lead) is None


def test_the_command_that_deletes_says_how_much(declare, lead, run_a_worker):
    asked_for(declare(lambda *_: Outcome(Made())), lead)
    run_a_worker()
    LongWork.objects.update(ended_at=timezone.now() - timedelta(days=2))
    out = StringIO()
    call_command("delete_finished_files", stdout=out)
    assert out.getvalue() == "1 piece of work deleted.\n"
