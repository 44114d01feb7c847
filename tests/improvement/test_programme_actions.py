"""What may be said of the programme, by whom, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from improvement.actions.programme import add_member, change_member, give_score, let_member_go, write_charter
from improvement.editions import Collision
from improvement.models import GroupMember, Programme, ProgressScore
from improvement.progress import history_of, unscored_month
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person
from tests.improvement.builders import an_aim
from tests.improvement.meeting_builders import a_member, a_programme, a_score
from tests.improvement.refusals import faults

pytestmark = pytest.mark.django_db


def test_the_programme_is_made_when_somebody_first_writes_its_charter(lead):
    assert write_charter({"problem": " Drift and delay \r\n"}, edition=0, by=lead)
    row = Programme.objects.get()
    assert (row.authority, row.problem, row.edition) == (lead.organisation, "Drift and delay", 2)
    assert not write_charter({"problem": "Drift and delay"}, edition=2, by=lead)
    assert set(AuditEntry.objects.filter(record_type="programme").values_list("action", flat=True)) == {
        "create",
        "change",
    }


def test_two_who_write_the_first_charter_at_once_do_not_overwrite_each_other(lead):
    write_charter({"problem": "Mine"}, edition=0, by=lead)
    with pytest.raises(Collision) as excinfo:
        write_charter({"problem": "Theirs"}, edition=0, by=lead)
    assert excinfo.value.current.problem == "Mine"


def test_a_programme_made_to_hold_a_group_leaves_the_charter_free(lead):
    a_programme()
    assert write_charter({"problem": "Mine"}, edition=0, by=lead)
    assert Programme.objects.get().problem == "Mine"


def test_a_charter_is_changed_at_the_edition_that_was_read(lead):
    write_charter({"problem": "One"}, edition=0, by=lead)
    with pytest.raises(Collision):
        write_charter({"problem": "Two"}, edition=1, by=lead)


def test_a_programme_ends_after_it_starts(lead):
    with pytest.raises(ValidationError) as excinfo:
        write_charter({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 5, 1)}, edition=0, by=lead)
    assert faults(excinfo) == {"ends_on"}


def test_neither_charter_nor_reason_names_a_child(lead):
    row = child(name=("Morag", "Baird"))
    for words in ("Like Morag Baird", f"See {row.code}", row.local_ref):
        with pytest.raises(ValidationError) as excinfo:
            write_charter({"risks": words}, edition=0, by=lead)
        assert faults(excinfo) == {"risks"}
        with pytest.raises(ValidationError):
            give_score(month=date(2026, 7, 1), score=Decimal("2.5"), reason=words, by=lead)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CHAMPION, Role.DATA_LEAD, Role.SENIOR_LEADER])
def test_who_does_not_lead_improvement_changes_nothing_of_the_programme(role):
    user, member = person(role), a_member()
    for attempt in (
        lambda: write_charter({"problem": "x"}, edition=0, by=user),
        lambda: add_member(name="Mo", by=user),
        lambda: change_member(member, role="health", agency="", edition=1, by=user),
        lambda: let_member_go(member, edition=1, by=user),
        lambda: give_score(month=date(2026, 7, 1), score=Decimal("2.5"), reason="x", by=user),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_group_takes_in_who_signs_in_and_partners_by_name(lead):
    champion, aim = person(Role.CHAMPION), an_aim()
    add_member(user=champion, role="health", agency="NHS", leads=True, by=lead)
    add_member(name=" Mo Grant ", agency="SCRA", role="reporter", by=lead)
    add_member(aim=aim, user=champion, by=lead)
    assert [str(each) for each in GroupMember.objects.filter(aim=None)] == [f"{champion}, NHS", "Mo Grant, SCRA"]
    assert GroupMember.objects.get(aim=aim).leads is False


@pytest.mark.parametrize("who", [{}, {"user": True, "name": "Mo"}])
def test_a_member_is_a_user_or_a_name_and_not_both(lead, who):
    if "user" in who:
        who["user"] = person(Role.CHAMPION)
    with pytest.raises(ValidationError) as excinfo:
        add_member(**who, by=lead)
    assert faults(excinfo) == {"user"}


def test_nobody_of_another_authority_or_without_a_role_here_is_taken_in(lead):
    for user in (person(Role.CHAMPION, organisation=authority("S12000033")), person(Role.SYSTEM_ADMINISTRATOR)):
        with pytest.raises(ValidationError) as excinfo:
            add_member(user=user, by=lead)
        assert faults(excinfo) == {"user"}
    with pytest.raises(ValidationError) as excinfo:
        add_member(name="Mo", aim=an_aim(organisation=authority("S12000033")), by=lead)
    assert faults(excinfo) == {"aim"}


def test_nobody_is_in_a_group_twice(lead):
    champion = person(Role.CHAMPION)
    add_member(user=champion, by=lead)
    add_member(name="Mo Grant", agency="SCRA", by=lead)
    with pytest.raises(ValidationError):
        add_member(user=champion, by=lead)
    with pytest.raises(ValidationError):
        add_member(name="mo grant", agency="scra", by=lead)


def test_who_takes_over_the_lead_of_the_champions_takes_it_from_who_had_it(lead):
    first = add_member(name="Mo", leads=True, by=lead)
    second = add_member(name="Jo", by=lead)
    change_member(second, role="health", agency="NHS", leads=True, edition=1, by=lead)
    assert GroupMember.objects.get(leads=True) == second
    add_member(name="Al", leads=True, by=lead)
    assert GroupMember.objects.get(leads=True).name == "Al"
    first.refresh_from_db()
    assert first.edition == 2


def test_who_leaves_stays_named_and_can_come_back(lead):
    champion = person(Role.CHAMPION)
    member = add_member(user=champion, leads=True, by=lead, on=date(2026, 1, 5))
    let_member_go(member, edition=1, by=lead, on=date(2026, 6, 1))
    member.refresh_from_db()
    assert (member.left_on, member.leads) == (date(2026, 6, 1), False)
    with pytest.raises(ValidationError):
        let_member_go(member, edition=2, by=lead)
    add_member(user=champion, by=lead)


def test_a_member_who_was_changed_meanwhile_is_not_overwritten(lead):
    member = a_member()
    GroupMember.objects.update(edition=2)
    with pytest.raises(Collision):
        change_member(member, role="health", agency="", edition=1, by=lead)


def test_a_member_of_another_authority_is_not_found(lead):
    member = a_member(organisation=authority("S12000033"))
    for attempt in (
        lambda: change_member(member, role="health", agency="", edition=1, by=lead),
        lambda: let_member_go(member, edition=1, by=lead),
    ):
        with pytest.raises(GroupMember.DoesNotExist):
            attempt()


def test_a_score_has_a_step_a_reason_and_a_month_that_has_begun(lead):
    soon = timezone.localdate() + timedelta(days=40)
    with pytest.raises(ValidationError) as excinfo:
        give_score(month=soon, score=Decimal("2.2"), reason=" ", by=lead)
    assert faults(excinfo) == {"month", "score", "reason"}
    row = give_score(month=date(2026, 7, 14), score=Decimal("2.5"), reason="Tests begun", by=lead)
    assert (row.month, row.by) == (date(2026, 7, 1), lead)
    entry = AuditEntry.objects.get(record_type="progressscore")
    assert entry.after["score"] == "2.5"


def test_the_last_score_of_a_month_stands_and_the_others_stay_to_be_read():
    a_score("2.0", month=date(2026, 6, 1))
    a_score("2.5")
    a_score("3.0")
    history = history_of(list(ProgressScore.objects.all()))
    assert [(str(each.score.score), each.stands) for each in history] == [("3.0", True), ("2.5", False), ("2.0", True)]
    assert history[0].meaning.startswith("Modest improvement")


@pytest.mark.parametrize(("today", "month"), [(date(2026, 7, 31), None), (date(2026, 8, 1), date(2026, 8, 1))])
def test_a_month_without_a_score_waits_for_one(today, month):
    assert unscored_month([a_score()], today=today) == month
