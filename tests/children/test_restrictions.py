"""Restricted records and those of adopted children: closed to all but who may open them, and counted as before."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from children.models import BreakGlass, Child, Family, Identity, LegalBasis, Restriction
from children.restriction_actions import break_glass, end_restriction, look_at, name_person, restrict, take_name_away
from pace_site.accounts.models import User
from pace_site.accounts.roles import ROLE_GRANTS, Role
from pace_site.audit.models import AuditEntry
from tests.builders import allocate, authority, child, milestone, person, team

pytestmark = pytest.mark.django_db

WHY = "A relative of somebody who works in the team"
NOW = "The child is in hospital and nobody who is named answers"


@pytest.fixture
def manager():
    return person(Role.TEAM_MANAGER)


@pytest.fixture
def row():
    return child(of_team=team(), accommodated=timezone.localdate() - timedelta(days=90))


def opens(user) -> set[Child]:
    return set(Child.objects.visible_to(user))


def adopt(row: Child, *, days_ago: int = 0) -> None:
    on = timezone.localdate() - timedelta(days=days_ago)
    milestone(row, "ORDER_GRANTED", on, order_type="AO", route="ADOPT")


@pytest.mark.parametrize("role", [role for role in Role.values if ROLE_GRANTS[role].reach.value != "no child"])
def test_a_restricted_child_is_opened_by_nobody_else_and_counted_by_all_who_counted(role, row, manager):
    user = person(role)
    allocate(user, row)
    counted = set(Child.objects.countable_by(user))
    restrict(row, reason=WHY, by=manager)
    assert opens(user) == set()
    assert not Child.objects.identifiable_to(user).exists()
    assert not Identity.objects.identifiable_to(user).exists()
    assert set(Child.objects.countable_by(user)) == counted == {row}


def test_a_named_person_opens_it_as_far_as_their_role_reaches(row, manager):
    worker, champion, elsewhere = person(Role.PRACTITIONER), person(Role.CHAMPION), person(Role.IRO)
    restrict(row, reason=WHY, named=[worker, champion, elsewhere], by=manager)
    assert opens(manager) == opens(worker) == opens(champion) == {row}
    assert opens(elsewhere) == set()
    assert set(Child.objects.identifiable_to(worker)) == {row}
    assert not Child.objects.identifiable_to(champion).exists()


def test_a_restriction_says_in_the_trail_who_is_named_and_why(row, manager):
    worker = person(Role.PRACTITIONER)
    restrict(row, reason=WHY, named=[worker], by=manager)
    entry = AuditEntry.objects.get(record_type="restriction")
    assert (entry.action, entry.child_code, entry.reason) == ("create", row.code, WHY)
    assert entry.after["named"] == sorted([manager.email, worker.email])


@pytest.mark.parametrize("role", sorted({*Role.values} - {Role.TEAM_MANAGER, Role.PACE_LEAD}))
def test_other_roles_restrict_nothing(role, row):
    user = person(role)
    allocate(user, row)
    with pytest.raises(PermissionDenied):
        restrict(row, reason=WHY, by=user)
    assert not Restriction.objects.exists()


def test_a_manager_of_another_team_restricts_nothing(row):
    with pytest.raises(PermissionDenied):
        restrict(row, reason=WHY, by=person(Role.TEAM_MANAGER, of_team=team("Team South")))


def test_a_reason_of_a_few_words_restricts_nothing(row, manager):
    with pytest.raises(ValidationError, match="at least 20 characters"):
        restrict(row, reason="  A relative.        ", by=manager)
    assert opens(person(Role.PRACTITIONER)) == {row}


def test_a_record_is_not_restricted_twice_at_a_time(row, manager):
    restrict(row, reason=WHY, by=manager)
    with pytest.raises(ValidationError, match="already"):
        restrict(row, reason=WHY, by=manager)


@pytest.mark.parametrize("role", [Role.SENIOR_LEADER, Role.SYSTEM_ADMINISTRATOR])
def test_who_opens_no_children_is_not_named(role, row, manager):
    with pytest.raises(ValidationError, match="no role that opens"):
        restrict(row, reason=WHY, named=[person(role)], by=manager)
    assert not Restriction.objects.exists()


def test_nobody_of_another_authority_is_named(row, manager):
    with pytest.raises(ValidationError, match="own organisation"):
        restrict(row, reason=WHY, named=[person(Role.DATA_LEAD, organisation=authority("S12000033"))], by=manager)


def test_a_name_is_given_and_taken_away_again_and_both_stay_known(row, manager):
    worker = person(Role.PRACTITIONER)
    restriction = restrict(row, reason=WHY, by=manager)
    name_person(restriction, worker, by=manager)
    assert opens(worker) == {row}
    take_name_away(restriction, worker, by=manager)
    assert opens(worker) == set()
    gone = restriction.accesses.get(user=worker)
    assert (gone.given_by, gone.taken_by) == (manager, manager)
    said = AuditEntry.objects.filter(record_type="restriction", action="change").order_by("pk")
    assert [entry.after["named"] for entry in said] == [worker.email, None]


def test_the_last_name_stays_so_that_somebody_can_open_the_record(row, manager):
    restriction = restrict(row, reason=WHY, by=manager)
    with pytest.raises(ValidationError, match="name somebody else first"):
        take_name_away(restriction, manager, by=manager)


def test_who_is_not_named_changes_nothing_of_a_restriction(row, manager):
    restriction, lead = restrict(row, reason=WHY, by=manager), person(Role.PACE_LEAD)
    for change in (
        lambda: name_person(restriction, lead, by=lead),
        lambda: take_name_away(restriction, manager, by=lead),
        lambda: end_restriction(restriction, reason=WHY, by=lead),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert opens(lead) == set()


def test_a_pace_lead_who_broke_the_glass_can_name_others_and_that_is_told(
    row, manager, django_capture_on_commit_callbacks
):
    restriction, lead = restrict(row, reason=WHY, by=manager), person(Role.PACE_LEAD)
    break_glass(restriction, reason=NOW, by=lead)
    with django_capture_on_commit_callbacks(execute=True):
        name_person(restriction, lead, by=lead)
    assert restriction.accesses.standing().filter(user=lead, given_by=lead).exists()
    assert {address for sent in mail.outbox for address in sent.to} == {lead.email, manager.email}
    assert row.code not in "".join(sent.subject + sent.body for sent in mail.outbox)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        end_restriction(restriction, reason=WHY, by=lead)
    assert not mail.outbox  # by now the lead is named


def test_a_broken_glass_makes_nobody_else_the_one_who_decides(row):
    setter, relative = person(Role.PACE_LEAD), person(Role.TEAM_MANAGER)
    restriction = restrict(row, reason=WHY, by=setter)
    break_glass(restriction, reason=NOW, by=relative)
    for change in (
        lambda: name_person(restriction, relative, by=relative),
        lambda: take_name_away(restriction, setter, by=relative),
        lambda: end_restriction(restriction, reason=WHY, by=relative),
    ):
        with pytest.raises(PermissionDenied, match="Break-glass lets you read"):
            change()
    assert opens(person(Role.PRACTITIONER)) == set()


def test_an_ended_restriction_opens_the_record_again_and_stays_written(row, manager):
    restriction = restrict(row, reason=WHY, by=manager)
    end_restriction(restriction, reason="The relative has left the council", by=manager)
    assert opens(person(Role.PRACTITIONER)) == {row}
    kept = Restriction.objects.get()
    assert (kept.reason, kept.ended_by, kept.end_reason) == (WHY, manager, "The relative has left the council")
    with pytest.raises(ValidationError, match="meanwhile"):
        end_restriction(restriction, reason=WHY, by=manager)


def test_break_glass_opens_the_record_to_one_person_for_an_hour(row, manager, monkeypatch):
    restriction, worker, other = (
        restrict(row, reason=WHY, by=manager),
        person(Role.PRACTITIONER),
        person(Role.DATA_LEAD),
    )
    opened = break_glass(restriction, reason=NOW, by=worker)
    assert opened.until - opened.at == timedelta(minutes=60)
    assert opens(worker) == set(Child.objects.identifiable_to(worker)) == {row}
    assert opens(other) == set()
    monkeypatch.setattr(timezone, "now", lambda: opened.until)
    assert opens(worker) == set()


def test_break_glass_stands_in_the_trail_under_its_own_name_with_the_reason(row, manager):
    worker = person(Role.PRACTITIONER)
    break_glass(restrict(row, reason=WHY, by=manager), reason=NOW, by=worker)
    entry = AuditEntry.objects.get(action="break_glass")
    assert (entry.actor, entry.child_code, entry.reason) == (worker.email, row.code, NOW)


def test_break_glass_tells_the_pace_leads_and_who_set_the_restriction_and_names_nothing(
    row, manager, django_capture_on_commit_callbacks
):
    restriction, worker = restrict(row, reason=WHY, by=manager), person(Role.PRACTITIONER)
    lead, _elsewhere = person(Role.PACE_LEAD), person(Role.PACE_LEAD, organisation=authority("S12000033"))
    with django_capture_on_commit_callbacks(execute=True):
        opened = break_glass(restriction, reason=NOW, by=worker)
        assert not mail.outbox
    assert {address for sent in mail.outbox for address in sent.to} == {lead.email, manager.email}
    words = "".join(sent.subject + sent.body for sent in mail.outbox)
    for secret in (row.code, row.local_ref, "Given", "Family", WHY, NOW, str(worker), worker.email):
        assert secret not in words
    assert "/restricted-records/opened/" in words
    opened.refresh_from_db()
    assert opened.mailed_at is not None


def test_an_alert_is_stored_though_no_e_mail_leaves(row, manager, monkeypatch, django_capture_on_commit_callbacks):
    def broken(*_args, **_kwargs):
        raise ConnectionRefusedError("No mail server answers.")

    restriction, worker = restrict(row, reason=WHY, by=manager), person(Role.PRACTITIONER)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
    with django_capture_on_commit_callbacks(execute=True):
        break_glass(restriction, reason=NOW, by=worker)
    assert opens(worker) == {row}
    assert BreakGlass.objects.told_to(manager).get().mailed_at is None


@pytest.mark.parametrize("reason", ["", "                         ", "It is urgent."])
def test_break_glass_without_a_reason_opens_nothing(reason, row, manager):
    restriction, worker = restrict(row, reason=WHY, by=manager), person(Role.PRACTITIONER)
    with pytest.raises(ValidationError):
        break_glass(restriction, reason=reason, by=worker)
    assert opens(worker) == set()
    assert not AuditEntry.objects.filter(action="break_glass").exists()


@pytest.mark.parametrize(
    "stranger",
    [
        lambda: person(Role.PRACTITIONER, of_team=team("Team South")),
        lambda: person(Role.IRO),
        lambda: person(Role.CHAMPION),
        lambda: person(Role.SENIOR_LEADER),
        lambda: person(Role.SYSTEM_ADMINISTRATOR),
        lambda: person(Role.PACE_LEAD, organisation=authority("S12000033")),
    ],
    ids=["another team's", "not allocated", "by pseudonym", "counts alone", "no child", "another authority's"],
)
def test_break_glass_is_only_for_whom_the_role_would_show_the_name(stranger, row, manager):
    user = stranger()
    with pytest.raises(PermissionDenied):
        break_glass(restrict(row, reason=WHY, by=manager), reason=NOW, by=user)
    assert not BreakGlass.objects.exists()


def test_a_restriction_set_anew_is_not_open_to_who_broke_the_old_one(row, manager):
    restriction, worker = restrict(row, reason=WHY, by=manager), person(Role.PRACTITIONER)
    break_glass(restriction, reason=NOW, by=worker)
    end_restriction(restriction, reason="It was the wrong child's record", by=manager)
    restrict(row, reason=WHY, by=manager)
    assert opens(worker) == set()


def test_somebody_else_writes_down_what_they_found(row, manager):
    restriction, lead = restrict(row, reason=WHY, by=manager), person(Role.PACE_LEAD)
    opened = break_glass(restriction, reason=NOW, by=lead)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        look_at(opened, words="All was well", by=lead)
    look_at(opened, words="Asked the hospital: it was so", by=manager)
    opened.refresh_from_db()
    assert (opened.looked_at_by, opened.looked_words) == (manager, "Asked the hospital: it was so")
    assert AuditEntry.objects.get(record_type="break-glass").reason == "Asked the hospital: it was so"
    with pytest.raises(ValidationError, match="meanwhile"):
        look_at(opened, words="I too", by=manager)


def test_alerts_are_for_the_pace_lead_and_who_set_the_restriction(row, manager):
    opened = break_glass(restrict(row, reason=WHY, by=manager), reason=NOW, by=person(Role.PRACTITIONER))
    colleague = person(Role.TEAM_MANAGER)
    assert set(BreakGlass.objects.told_to(manager)) == {opened}
    assert set(BreakGlass.objects.told_to(person(Role.PACE_LEAD))) == {opened}
    assert not BreakGlass.objects.told_to(colleague).exists()
    assert not BreakGlass.objects.told_to(person(Role.PACE_LEAD, organisation=authority("S12000033"))).exists()


HOW_ADOPTED = {
    "an order granted": lambda row, on: milestone(row, "ORDER_GRANTED", on, order_type="AO"),
    "an order by its route": lambda row, on: milestone(row, "ORDER_GRANTED", on, route="ADOPT"),
    "an order of an unknown day": lambda row, on: milestone(
        row, "ORDER_GRANTED", None, precision="unknown", order_type="AO"
    ),
    "a legal ground": lambda row, on: LegalBasis.objects.create(child=row, start=on, measure_id="AO"),
    "where care ended": lambda row, on: row.episodes.update(end=on, destination_id="ADOPTED"),
}


@pytest.mark.parametrize("how", HOW_ADOPTED)
@pytest.mark.parametrize("role", Role.values)
def test_an_adopted_child_is_opened_by_named_roles_alone(role, how, row):
    user = person(role)
    allocate(user, row)
    counted = set(Child.objects.countable_by(user))
    HOW_ADOPTED[how](row, timezone.localdate())
    expected = {row} if role in (Role.DATA_LEAD, Role.PACE_LEAD) else set()
    assert opens(user) == set(Child.objects.identifiable_to(user)) == expected
    assert set(Child.objects.countable_by(user)) == counted


@pytest.mark.parametrize(
    "how",
    [
        lambda row: milestone(row, "ORDER_GRANTED", timezone.localdate(), order_type="PO", route="PO"),
        lambda row: milestone(row, "COURT_LODGED", timezone.localdate(), order_type="AO", route="ADOPT"),
        lambda row: milestone(row, "ORDER_GRANTED", None, planned_on=timezone.localdate(), order_type="AO"),
        lambda row: LegalBasis.objects.create(
            child=row, start=timezone.localdate() + timedelta(days=1), measure_id="AO"
        ),
        lambda row: milestone(
            row,
            "ORDER_GRANTED",
            timezone.localdate(),
            order_type="AO",
            voided_on=timezone.localdate(),
            void_reason="The wrong child",
        ),
    ],
    ids=["another order", "a petition", "planned", "tomorrow", "voided"],
)
def test_no_adoption_order_closes_nothing(how, row):
    how(row)
    assert opens(person(Role.PRACTITIONER)) == {row}


def test_no_glass_is_broken_for_an_adopted_child(row, manager):
    restriction = restrict(row, reason=WHY, by=manager)
    adopt(row)
    with pytest.raises(PermissionDenied):
        break_glass(restriction, reason=NOW, by=person(Role.PRACTITIONER))


def test_a_former_family_leads_to_no_adopted_child_and_back(manager):
    adopted, sister = child(of_team=team(), family="F1"), child(of_team=team(), family="F1")
    lead = person(Role.PACE_LEAD)
    assert set(Child.objects.visible_to(lead).siblings_of(sister)) == {adopted}
    adopt(adopted)
    assert not Child.objects.visible_to(lead).siblings_of(sister).exists()
    assert not Child.objects.visible_to(lead).siblings_of(adopted).exists()


def test_one_closed_child_does_not_close_its_family(manager):
    shut, sister = child(of_team=team(), family="F1"), child(of_team=team(), family="F1")
    worker = person(Role.PRACTITIONER)
    restrict(shut, reason=WHY, by=manager)
    assert set(Family.objects.visible_to(worker)) == {sister.family}
    restrict(sister, reason=WHY, by=manager)
    assert not Family.objects.visible_to(worker).exists()


@pytest.mark.parametrize(("start", "end"), [(-30, -1), (1, None)], ids=["ended yesterday", "starts tomorrow"])
def test_an_allocation_of_another_day_breaks_no_glass(start, end, row, manager):
    user, today = person(Role.IRO), timezone.localdate()
    restriction = restrict(row, reason=WHY, named=[user], by=manager)
    until = None if end is None else today + timedelta(days=end)
    allocate(user, row, start=today + timedelta(days=start), end=until)
    assert opens(user) == set()
    assert not Child.objects.closed_to(user).exists()
    with pytest.raises(PermissionDenied):
        break_glass(restriction, reason=NOW, by=user)


def test_scope_follows_the_clock_to_the_second(row, monkeypatch):
    """The day turns at midnight in Scotland, which is not midnight in the computer's own time in summer."""
    user = person(Role.IRO)
    allocate(user, row, start=datetime(2026, 7, 2).date(), end=datetime(2026, 7, 2).date())
    begins = timezone.make_aware(datetime(2026, 7, 2))
    for moment, seen in (
        (begins - timedelta(seconds=1), set()),
        (begins, {row}),
        (begins + timedelta(days=1, seconds=-1), {row}),
        (begins + timedelta(days=1), set()),
    ):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert opens(User.objects.get(pk=user.pk)) == seen
