"""The reminders that a person sees, and snoozing them: whose, for how long, why, and what the trail keeps."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aims.due_reminders import reminders_for
from aims.models import Aim, ReminderSent, ReminderSnooze
from aims.reminder_actions import snooze, wake
from children.models import Child
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim
from tests.builders import allocate, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]

# 26 weeks are 182 days: 100 days on a clock has come halfway and is not due soon.
DAYS_AGO = 100


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def start(today):
    return today - timedelta(days=DAYS_AGO)


@pytest.fixture
def clock(authority, start):
    """An aim, and two children of it halfway: one of Team North and one of Team South."""
    version = stored_aim(aim(code="LOC-1"), authority=authority)
    for ref, name in (("N1", "Team North"), ("S1", "Team South")):
        store([accommodated(start.isoformat(), ref=ref)], authority=authority)
        Child.objects.filter(local_ref=ref).update(team=team(name))
    return version.aim


@pytest.fixture
def north(clock):
    return Child.objects.get(local_ref="N1")


@pytest.fixture
def worker(clock):
    return person(Role.PRACTITIONER, of_team=team("Team North"))


def seen(user, as_at=None):
    return [(each.child_ref, each.kind.value) for each in reminders_for(user, as_at=as_at or timezone.localdate())]


class TestWhoSeesWhich:
    def test_a_social_worker_sees_those_of_the_team(self, worker):
        assert seen(worker) == [("N1", "halfway")]

    def test_whoever_opens_allocated_children_sees_theirs(self, clock):
        officer = person(Role.IRO)
        assert seen(officer) == []
        allocate(officer, Child.objects.get(local_ref="S1"))
        assert seen(officer) == [("S1", "halfway")]

    @pytest.mark.parametrize("role", [Role.PACE_LEAD, Role.CHAMPION])
    def test_whoever_opens_all_children_sees_all(self, clock, role):
        assert seen(person(role)) == [("N1", "halfway"), ("S1", "halfway")]

    @pytest.mark.parametrize("role", [Role.SENIOR_LEADER, Role.IG_AUDITOR, Role.SYSTEM_ADMINISTRATOR])
    def test_whoever_opens_no_child_sees_none(self, clock, role):
        assert seen(person(role)) == []

    def test_nobody_sees_those_of_another_authority(self, clock):
        assert seen(person(Role.PACE_LEAD, organisation=Organisation.objects.get(code="S12000020"))) == []

    def test_a_reminder_stays_when_it_was_sent(self, worker, clock, north, start, today):
        ReminderSent.objects.create(aim=clock, child=north, clock_start=start, kind="halfway", sent_on=today)
        assert seen(worker) == [("N1", "halfway")]

    def test_a_reminder_goes_when_the_child_is_decided(self, worker, north, today):
        north.milestones.create(kind="PERM_REC", happened_on=today, recorded_on=today)
        assert seen(worker) == []

    def test_reminders_are_those_of_the_day_asked_for(self, worker, start):
        assert seen(worker, as_at=start + timedelta(days=90)) == []
        assert seen(worker, as_at=start + timedelta(days=91)) == [("N1", "halfway")]
        assert seen(worker, as_at=start + timedelta(days=183)) == [("N1", "overdue")]

    def test_the_number_of_queries_depends_on_neither_children_nor_aims(self, clock, authority, start):
        user = person(Role.PACE_LEAD)
        seen(user)
        with CaptureQueriesContext(connection) as few:
            assert len(seen(user)) == 2
        stored_aim(aim(code="LOC-2"), authority=authority)
        store([accommodated(start.isoformat(), ref=f"MORE{n}") for n in range(30)], authority=authority)
        with CaptureQueriesContext(connection) as many:
            assert len(seen(user)) == 64
        assert len(many) == len(few)


class TestSnoozing:
    @pytest.fixture
    def quiet(self, clock, north, start, today, worker):
        def run(days=30, reason="Panel is booked", by=worker, child=north):
            return snooze(clock, child, start=start, until=today + timedelta(days=days), reason=reason, by=by)

        return run

    def test_a_snoozed_clock_is_quiet_for_everybody_until_its_day(self, quiet, worker, today):
        quiet(days=30)
        lead = person(Role.PACE_LEAD)
        assert seen(worker) == []
        assert seen(lead) == [("S1", "halfway")]
        assert seen(worker, as_at=today + timedelta(days=29)) == []
        assert seen(worker, as_at=today + timedelta(days=30)) == [("N1", "halfway")]

    def test_woken_it_reminds_at_once(self, quiet, worker, clock, north, start):
        quiet()
        wake(clock, north, start=start, by=worker)
        assert seen(worker) == [("N1", "halfway")]

    def test_waking_what_does_not_sleep_does_nothing(self, worker, clock, north, start):
        wake(clock, north, start=start, by=worker)
        assert not AuditEntry.objects.filter(record_type="reminder snooze").exists()

    def test_the_trail_keeps_who_snoozed_changed_and_woke_and_why(self, quiet, worker, clock, north, start, today):
        quiet(days=30, reason="  Panel is booked ")
        quiet(days=60, reason="Panel moved")
        quiet(days=60, reason="Panel moved")
        wake(clock, north, start=start, by=worker)
        removed, changed, created = AuditEntry.objects.filter(record_type="reminder snooze")
        assert [entry.action for entry in (created, changed, removed)] == ["create", "change", "remove"]
        assert {entry.child_code for entry in (created, changed, removed)} == {north.code}
        assert {entry.actor for entry in (created, changed, removed)} == {worker.email}
        assert (created.reason, changed.before["reason"], changed.reason) == (
            "Panel is booked",
            "Panel is booked",
            "Panel moved",
        )
        assert changed.after["until"] == (today + timedelta(days=60)).isoformat()

    @pytest.mark.parametrize("days", [-1, 0, 91])
    def test_a_day_gone_by_or_too_far_ahead_is_refused(self, quiet, days):
        with pytest.raises(ValidationError, match="Choose a day"):
            quiet(days=days)
        assert not ReminderSnooze.objects.exists()

    @pytest.mark.parametrize("days", [1, 90])
    def test_tomorrow_and_ninety_days_ahead_are_taken(self, quiet, days):
        assert quiet(days=days).pk

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_it_needs_a_reason(self, quiet, reason):
        with pytest.raises(ValidationError, match="Say why"):
            quiet(reason=reason)

    def test_nobody_snoozes_or_wakes_for_a_child_whom_they_may_not_open(self, quiet, clock, north, start):
        quiet()
        south = person(Role.PRACTITIONER, of_team=team("Team South"))
        leader = person(Role.SENIOR_LEADER)
        for user in (south, leader):
            with pytest.raises(PermissionDenied):
                quiet(by=user)
            with pytest.raises(PermissionDenied):
                wake(clock, north, start=start, by=user)
        assert ReminderSnooze.objects.count() == 1

    def test_an_aim_of_another_authority_is_refused(self, worker, north, start, today):
        elsewhere = Aim.objects.create(authority=Organisation.objects.get(code="S12000020"), code="LOC-1")
        with pytest.raises(PermissionDenied):
            snooze(elsewhere, north, start=start, until=today + timedelta(days=1), reason="No", by=worker)


class TestThePage:
    @pytest.fixture
    def enter(self, client, worker):
        client.force_login(worker)
        return client

    @pytest.fixture
    def address(self, north, start):
        def run(**changes):
            asked = {"aim": "LOC-1", "child": north.code, "start": start.isoformat(), **changes}
            return reverse("reminder_snooze", query=asked)

        return run

    def test_a_reminder_leads_to_its_page(self, enter, worker, today):
        (reminder,) = reminders_for(worker, as_at=today)
        shown = enter.get(f"{reverse('reminder_snooze')}?{reminder.query}").content.decode()
        assert "Halfway: due" in shown
        assert "82 days left" in shown
        assert "A test aim" in shown

    def test_it_snoozes_says_so_and_goes_home(self, enter, address, worker, today):
        until = today + timedelta(days=14)
        answer = enter.post(address(), {"until": until.isoformat(), "reason": "Panel is booked"})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        row = ReminderSnooze.objects.get()
        assert (row.since, row.until, row.reason, row.by) == (today, until, "Panel is booked", worker)
        shown = enter.get(address()).content.decode()
        assert "Panel is booked" in shown
        assert "Remind again now" in shown

    def test_it_wakes_a_snoozed_clock(self, enter, address, worker, today):
        enter.post(address(), {"until": (today + timedelta(days=14)).isoformat(), "reason": "Panel is booked"})
        enter.post(address(), {"wake": "yes"})
        assert seen(worker) == [("N1", "halfway")]

    @pytest.mark.parametrize(
        ("days", "reason", "words"),
        [
            (0, "Panel is booked", "Remind again on: Choose a day after today."),
            (91, "Panel is booked", "Remind again on: Choose a day at most 90 days ahead."),
            (14, "  ", "Why no reminder is needed until then: Say why."),
            (None, "Panel is booked", "Remind again on: Say on which day to remind again."),
            (14, "x" * 201, "at most 200 characters"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_summary_and_nothing_typed_is_lost(
        self, enter, address, today, days, reason, words
    ):
        until = "" if days is None else (today + timedelta(days=days)).isoformat()
        shown = enter.post(address(), {"until": until, "reason": reason}).content.decode()
        assert "There is a problem" in shown
        assert words in shown
        assert until in shown
        assert reason.strip() in shown
        assert not ReminderSnooze.objects.exists()

    def test_a_child_decided_meanwhile_needs_no_snooze(self, enter, address, north, today):
        north.milestones.create(kind="PERM_REC", happened_on=today, recorded_on=today)
        sent = {"until": (today + timedelta(days=14)).isoformat(), "reason": "Panel is booked"}
        for answer in (enter.get(address(), follow=True), enter.post(address(), sent, follow=True)):
            assert "there is nothing to be reminded of now" in answer.content.decode()
        assert not ReminderSnooze.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [{"child": "P-S1"}, {"child": "P-NONE"}, {"aim": "NO-1"}, {"start": "soon"}, {"aim": "A\x00"}, {"child": ""}],
    )
    def test_a_clock_that_is_nobodys_or_somebody_elses_is_not_found(self, enter, address, today, changes):
        sent = {"until": (today + timedelta(days=14)).isoformat(), "reason": "Panel is booked"}
        assert enter.get(address(**changes)).status_code == 404
        assert enter.post(address(**changes), sent).status_code == 404
        assert not ReminderSnooze.objects.exists()
