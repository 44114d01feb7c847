"""`manage.py send_reminders`: what has come due, told once, to the right people, without a word of any child."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest
import yaml
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from aims.definition import AimDefinition
from aims.management.commands.send_reminders import Command
from aims.models import Aim, ReminderSent, ReminderSnooze
from children.models import Child
from pace_site.accounts.models import Organisation, RoleMembership
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.builders import allocate, person, team

REGISTER = Path(__file__).parents[2] / "aims" / "register"
MORAY = "S12000020"
START, HALFWAY, DUE_SOON, OVERDUE = "2019-02-01", "2019-05-17", "2019-08-16", "2019-08-31"
REFUSING = f"{__name__}.RefusingBackend"
DOWN = f"{__name__}.DownBackend"


class RefusingBackend(EmailBackend):
    """A mail server that knows no mailbox called refused@council.example."""

    def send_messages(self, messages):
        for message in messages:
            if message.to == ["refused@council.example"]:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"No such mailbox")})
        return super().send_messages(messages)


class DownBackend(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.fixture
def moray(db):
    """Moray with its published aim 2, from the register."""
    authority = Organisation.objects.get(code=MORAY)
    for item in yaml.safe_load((REGISTER / "moray.yaml").read_text(encoding="utf-8")):
        if item["code"] == "MOR-2":
            stored_aim(AimDefinition.from_mapping(item), authority=authority)
    return authority


@pytest.fixture
def tell_of(moray):
    """Store children of Moray's Team North, with a social worker to whom they are allocated."""

    def run(*histories, email="worker@council.example"):
        store(list(histories), authority=moray)
        north = team("Team North", organisation=moray)
        worker = person(Role.PRACTITIONER, of_team=north, email=email)
        for child in Child.objects.filter(local_ref__in=[history.ref for history in histories]):
            child.team = north
            child.save()
            allocate(worker, child)
        return worker

    return run


def send(*options, as_at, authority=MORAY):
    """Run the command as at a day and return what it printed: stdout, stderr."""
    out, err = StringIO(), StringIO()
    call_command("send_reminders", "--authority", authority, "--as-at", as_at, *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def listed(*options, as_at, authority=MORAY):
    return json.loads(send("--json", *options, as_at=as_at, authority=authority)[0])


def would_send(as_at, authority=MORAY):
    return listed("--dry-run", as_at=as_at, authority=authority)


def item(kind, due, ref="C1", code="MOR-2"):
    return {"child_ref": ref, "aim": code, "kind": kind, "due": due}


def test_a_child_accommodated_on_1_february_2019_comes_halfway_on_17_may_2019(moray):
    store([accommodated(START)], authority=moray)
    assert would_send("2019-05-16") == []
    assert would_send(HALFWAY) == [item("halfway", HALFWAY)]


def test_two_weeks_before_the_due_date_a_second_reminder_comes_and_the_day_after_it_the_last(moray):
    store([accommodated(START)], authority=moray)
    waiting = [item("halfway", HALFWAY), item("due_soon", DUE_SOON)]
    assert would_send("2019-08-15") == waiting[:1]
    assert would_send(DUE_SOON) == waiting
    assert would_send("2019-08-30") == waiting
    assert would_send(OVERDUE) == [item("overdue", OVERDUE)]


def test_reminders_are_listed_by_day_reference_aim_and_kind(moray):
    stored_aim(aim(code="A-1", limit="30 weeks"), authority=moray)
    store([accommodated(START, ref="C2"), accommodated(START, ref="C1")], authority=moray)
    assert [(each["due"], each["child_ref"], each["aim"]) for each in would_send(DUE_SOON)] == [
        (day, ref, code) for day in (HALFWAY, DUE_SOON) for ref in ("C1", "C2") for code in ("A-1", "MOR-2")
    ]


def test_json_stands_alone_on_stdout_whatever_the_mail_goes_to(tell_of, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    tell_of(accommodated(START))
    out, err = send("--json", as_at=HALFWAY)
    assert json.loads(out) == [item("halfway", HALFWAY)]
    assert "Subject: PACE tracker: 1 reminder" in err


def test_a_dry_run_sends_marks_and_audits_nothing(tell_of):
    tell_of(accommodated(START))
    would_send(HALFWAY)
    assert not mail.outbox
    assert not ReminderSent.objects.exists()
    assert not AuditEntry.objects.filter(action="remind").exists()


def test_each_reminder_is_sent_once(tell_of):
    tell_of(accommodated(START))
    assert listed(as_at=HALFWAY) == [item("halfway", HALFWAY)]
    assert listed(as_at="2019-05-18") == []
    assert listed(as_at=DUE_SOON) == [item("due_soon", DUE_SOON)]
    assert listed(as_at=OVERDUE) == [item("overdue", OVERDUE)]
    assert listed(as_at="2020-01-01") == []
    assert [message.to for message in mail.outbox] == [["worker@council.example"]] * 3


def test_a_clock_that_begins_anew_is_reminded_of_anew(tell_of):
    tell_of(accommodated(START, left="2019-06-01"))
    listed(as_at=HALFWAY)
    child = Child.objects.get()
    child.episodes.create(start="2019-07-01")
    child.placements.create(start="2019-07-01", placement_type_id="FOST_LA")
    assert would_send("2019-12-01") == [item("halfway", "2019-10-14")]


@pytest.mark.parametrize("decided", ["2019-05-16", HALFWAY])
def test_a_child_decided_meanwhile_is_not_spoken_of(moray, decided):
    store([accommodated(START, recommended(decided))], authority=moray)
    assert would_send(HALFWAY) == []


def test_a_child_who_left_meanwhile_is_not_spoken_of(moray):
    store([accommodated(START, left="2019-05-16")], authority=moray)
    assert would_send(HALFWAY) == []


def test_a_late_run_sends_what_is_still_true_and_not_what_was(moray):
    store([accommodated(START, recommended("2019-09-10"))], authority=moray)
    assert would_send("2019-09-09") == [item("overdue", OVERDUE)]
    assert would_send("2019-09-10") == []


def test_a_child_not_yet_born_has_no_clock_to_be_reminded_of(moray):
    Child.objects.create(authority=moray, code="P-UNBORN", local_ref="U1", expected_on=date(2019, 8, 1))
    assert would_send(OVERDUE) == []


def test_half_of_a_limit_that_spans_a_leap_day_counts_it(moray):
    store([accommodated("2019-11-15", ref="LEAP")], authority=moray)
    # 30 weeks are 210 days to 12 June 2020; 105 days on lies 28 February, and the next half-day is the 29th.
    assert would_send("2020-02-28") == [item("halfway", "2020-02-28", ref="LEAP")]
    store([accommodated("2019-11-16", ref="ON29")], authority=moray)
    assert item("halfway", "2020-02-29", ref="ON29") in would_send("2020-02-29")


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_an_aim_that_is_not_active_reminds_nobody(moray, status):
    store([accommodated(START)], authority=moray)
    Aim.objects.update(status=status)
    assert would_send(HALFWAY) == []


def test_an_aim_without_a_limit_reminds_nobody(moray):
    Aim.objects.all().delete()
    stored_aim(aim(limit="X"), authority=moray)
    Aim.objects.update(status="active")
    store([accommodated(START)], authority=moray)
    assert would_send("2024-01-01") == []


def test_children_and_aims_of_another_authority_stay_out(moray, tell_of):
    elsewhere = Organisation.objects.get(code="S12000019")
    stored_aim(aim(code="MOR-2", limit="30 weeks"), authority=elsewhere)
    store([accommodated(START, ref="E1")], authority=elsewhere)
    tell_of(accommodated(START))
    assert listed(as_at=HALFWAY) == [item("halfway", HALFWAY)]
    assert [message.to for message in mail.outbox] == [["worker@council.example"]]
    assert would_send(HALFWAY, authority="S12000019") == [item("halfway", HALFWAY, ref="E1")]


class TestSnoozed:
    @pytest.fixture
    def quiet(self, tell_of):
        """A snooze of the child's clock from 17 May, until 1 June 2019."""
        worker = tell_of(accommodated(START))
        return ReminderSnooze.objects.create(
            aim=Aim.objects.get(),
            child=Child.objects.get(),
            clock_start=START,
            since=HALFWAY,
            until="2019-06-01",
            reason="Panel is booked",
            by=worker,
        )

    def test_a_snoozed_clock_is_quiet_until_its_day(self, quiet):
        assert listed(as_at=HALFWAY) == []
        assert listed(as_at="2019-05-31") == []
        assert listed(as_at="2019-06-01") == [item("halfway", HALFWAY)]

    def test_a_snooze_of_another_clock_of_the_child_changes_nothing(self, quiet):
        ReminderSnooze.objects.update(clock_start="2019-02-02")
        assert would_send(HALFWAY) == [item("halfway", HALFWAY)]

    def test_a_snooze_made_later_says_nothing_of_days_before_it(self, quiet):
        ReminderSnooze.objects.update(since="2019-05-20")
        assert would_send("2019-05-19") == [item("halfway", HALFWAY)]


class TestWhoIsTold:
    def test_a_team_manager_is_told_of_the_children_of_the_team(self, tell_of):
        worker = tell_of(accommodated(START))
        manager = person(Role.TEAM_MANAGER, of_team=Child.objects.get().team)
        other = person(Role.TEAM_MANAGER, of_team=team("Team South", organisation=worker.organisation))
        send(as_at=HALFWAY)
        assert {message.to[0] for message in mail.outbox} == {worker.email, manager.email}
        assert other.email not in str([message.recipients() for message in mail.outbox])

    def test_a_person_is_told_of_everything_in_one_email(self, tell_of):
        tell_of(accommodated(START, ref="C1"), accommodated(START, ref="C2"), accommodated("2019-05-01", ref="C3"))
        send(as_at="2019-08-20")
        (message,) = mail.outbox
        assert message.subject == "PACE tracker: 5 reminders"
        assert "- 2 clocks are due within two weeks\n" in message.body
        assert "- 3 clocks have come halfway to their due dates" in message.body

    def test_nothing_to_send_means_no_email(self, tell_of):
        tell_of(accommodated(START, recommended("2019-03-01")))
        out, err = send(as_at=OVERDUE)
        assert not mail.outbox
        assert (out, err) == ("0 reminders to send.\n0 e-mails sent.\n", "")

    @pytest.mark.parametrize("gone", ["account closed", "role lost", "role of no child", "allocation ended"])
    def test_whoever_has_nothing_to_do_with_the_child_any_more_is_told_nothing(self, tell_of, gone):
        worker = tell_of(accommodated(START))
        if gone == "account closed":
            worker.is_active = False
            worker.save()
        elif gone == "role lost":
            worker.memberships.all().delete()
        elif gone == "role of no child":
            worker.memberships.all().delete()
            RoleMembership.objects.create(user=worker, role=Role.SENIOR_LEADER)
        else:
            worker.allocations.update(end=timezone.localdate() - timedelta(days=1))
        out, err = send(as_at=HALFWAY)
        assert not mail.outbox
        assert "1 reminder stays unsent, as its child has neither" in err
        assert would_send(HALFWAY) == [item("halfway", HALFWAY)]

    def test_an_inactive_manager_and_one_of_another_authority_are_told_nothing(self, tell_of):
        tell_of(accommodated(START))
        north = Child.objects.get().team
        inactive = person(Role.TEAM_MANAGER, of_team=north)
        inactive.is_active = False
        inactive.save()
        moved = person(Role.TEAM_MANAGER, of_team=north)
        moved.organisation = Organisation.objects.get(code="S12000019")
        moved.save()
        send(as_at=HALFWAY)
        assert [message.to for message in mail.outbox] == [["worker@council.example"]]


def test_the_email_says_how_many_and_where_and_nothing_of_any_child(tell_of, settings):
    settings.SITE_URL = "https://pace.example"
    tell_of(accommodated(START, ref="MREF77", born="2012-05-05"))
    child = Child.objects.get()
    child.locality = "Forres"
    child.save()
    send(as_at=HALFWAY)
    (message,) = mail.outbox
    assert message.body == (
        "These reminders are new for you in the PACE tracker, as at 17 May 2019:\n\n"
        "- 1 clock has come halfway to its due date, or as far as its aim says\n\n"
        "Sign in to see which they are:\n\n"
        "https://pace.example/\n\n"
        "Each is sent once. It stays on your page while it is true, or until somebody snoozes it with a reason.\n"
    )
    whole = message.message().as_string()
    for telling in ("MREF77", child.code, "2012", "5 May", "Forres", "MOR-2", "30 weeks", "1 February", "Team North"):
        assert telling not in whole


class TestWhenMailFails:
    def test_a_server_that_is_down_leaves_all_unsent_and_says_so(self, tell_of, settings):
        settings.EMAIL_BACKEND = DOWN
        tell_of(accommodated(START))
        with pytest.raises(CommandError, match="1 e-mail could not be sent") as refusal:
            send(as_at=HALFWAY)
        assert refusal.value.returncode == 1
        assert not ReminderSent.objects.exists()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert listed(as_at=HALFWAY) == [item("halfway", HALFWAY)]
        assert len(mail.outbox) == 1

    def test_what_was_sent_stays_marked_and_the_rest_comes_again(self, tell_of, settings):
        settings.EMAIL_BACKEND = REFUSING
        tell_of(accommodated(START, ref="C1"), email="refused@council.example")
        tell_of(accommodated(START, ref="C2"), email="told@council.example")
        with pytest.raises(CommandError):
            send(as_at=HALFWAY)
        assert [message.to for message in mail.outbox] == [["told@council.example"]]
        assert would_send(HALFWAY) == [item("halfway", HALFWAY, ref="C1")]

    def test_one_person_told_is_enough(self, tell_of, settings):
        settings.EMAIL_BACKEND = REFUSING
        tell_of(accommodated(START), email="refused@council.example")
        person(Role.TEAM_MANAGER, of_team=Child.objects.get().team, email="manager@council.example")
        with pytest.raises(CommandError):
            send(as_at=HALFWAY)
        assert would_send(HALFWAY) == []

    def test_the_command_ends_with_1_and_names_the_mailbox_on_stderr(self, tell_of, settings, capsys):
        settings.EMAIL_BACKEND = REFUSING
        tell_of(accommodated(START), email="refused@council.example")
        with pytest.raises(SystemExit) as end:
            Command().run_from_argv(["manage.py", "send_reminders", "--authority", MORAY, "--as-at", HALFWAY, "--json"])
        assert end.value.code == 1
        printed = capsys.readouterr()
        assert json.loads(printed.out) == [item("halfway", HALFWAY)]
        assert "The e-mail to refused@council.example could not be sent" in printed.err


def test_a_run_is_in_the_trail_with_its_counts(tell_of, moray):
    tell_of(accommodated(START))
    store([accommodated(START, ref="NOBODYS")], authority=moray)
    send(as_at=HALFWAY)
    entry = AuditEntry.objects.get(action="remind")
    assert (entry.authority_code, entry.record_type) == (MORAY, "reminders")
    assert entry.actor.startswith("command send_reminders (")
    assert entry.after == {
        "as_at": HALFWAY,
        "people": 1,
        "sent": {"halfway": 1},
        "failed": 0,
        "without_people": 1,
    }


def test_the_day_is_today_unless_it_is_said(moray):
    today = timezone.localdate()
    store([accommodated((today - timedelta(days=105)).isoformat())], authority=moray)
    out = StringIO()
    call_command("send_reminders", "--authority", MORAY, "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue()) == [item("halfway", today.isoformat())]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--authority", "S99"], 1, "no authority with the code 'S99'"),
        (["--authority", MORAY, "--as-at", "17/05/2019"], 2, "'17/05/2019' is not a date like 2018-11-01"),
        ([], 2, "--authority"),
    ],
)
def test_what_cannot_be_understood_ends_the_command(db, capsys, options, code, words):
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "send_reminders", *options])
    assert end.value.code == code
    assert words in capsys.readouterr().err
