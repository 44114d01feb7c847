"""How a meeting is planned, minuted, kept and closed, and what its actions and barriers may say."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from improvement.actions.agreed import agree_action, change_action, complete_action, reopen_action
from improvement.actions.barriers import change_barrier, raise_barrier, resolve_barrier
from improvement.actions.meetings import (
    answer_invitation,
    call_off_meeting,
    change_meeting,
    close_minutes,
    keep_pack,
    plan_meeting,
    reopen_minutes,
    set_agenda,
    write_minutes,
)
from improvement.editions import Collision
from improvement.meetings import TEMPLATE, carried_over, last_meeting_before, open_actions_of, since_of
from improvement.models import Action, Attendance, Meeting
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person
from tests.improvement.builders import an_aim
from tests.improvement.meeting_builders import AUGUST, JULY, a_barrier, a_meeting, a_member, an_action
from tests.improvement.refusals import faults

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 9)


def minuted(meeting, *, by, notes="All agreed", edition=None):
    item = meeting.items.first()
    edition = edition or Meeting.objects.get(pk=meeting.pk).edition
    return write_minutes(meeting, answers={}, guests="", said={item.pk: (notes, "")}, edition=edition, by=by)


def test_a_planned_meeting_has_the_agenda_of_the_template(lead):
    meeting = plan_meeting(on=JULY, place=" Town House ", by=lead)
    assert (meeting.kind, meeting.place, meeting.state) == ("champions", "Town House", "planned")
    assert [item.title for item in meeting.items.all()] == [title for title, _fills in TEMPLATE]
    meeting = plan_meeting(on=JULY, aim=an_aim(), by=lead)
    assert meeting.kind == "aim_group"
    assert [item.title for item in meeting.items.all()][2:4] == ["Data update", "Tests since the last meeting"]


def test_the_chair_is_a_member_of_the_group_that_meets(lead):
    aim = an_aim()
    chair, other = a_member(), a_member(aim=aim)
    assert plan_meeting(on=JULY, chair=chair, by=lead).chair == chair
    assert plan_meeting(on=JULY, chair=other, aim=aim, by=lead).chair == other
    with pytest.raises(ValidationError) as excinfo:
        plan_meeting(on=JULY, chair=other, by=lead)
    assert faults(excinfo) == {"chair"}


def test_an_aim_of_another_authority_has_no_group_here(lead):
    with pytest.raises(ValidationError) as excinfo:
        plan_meeting(on=JULY, aim=an_aim(organisation=authority("S12000033")), by=lead)
    assert faults(excinfo) == {"aim"}


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CHAMPION, Role.DATA_LEAD, Role.SENIOR_LEADER])
def test_who_does_not_lead_improvement_writes_into_no_meeting(role):
    user, meeting, barrier = person(role), a_meeting(), a_barrier()
    action = an_action(meeting)
    for attempt in (
        lambda: plan_meeting(on=JULY, by=user),
        lambda: change_meeting(meeting, {"place": "x"}, edition=1, by=user),
        lambda: call_off_meeting(meeting, reason="x", edition=1, by=user),
        lambda: set_agenda(meeting, [(None, "x")], edition=1, by=user),
        lambda: minuted(meeting, by=user),
        lambda: keep_pack(meeting, {}, edition=1, by=user),
        lambda: close_minutes(meeting, edition=1, by=user),
        lambda: reopen_minutes(meeting, edition=1, by=user),
        lambda: agree_action(meeting, text="x", partner="Mo", due_on=AUGUST, by=user),
        lambda: change_action(action, {"text": "x"}, edition=1, by=user),
        lambda: complete_action(action, edition=1, by=user),
        lambda: raise_barrier({"text": "x", "partner": "Mo", "raised_on": JULY}, by=user),
        lambda: change_barrier(barrier, {"text": "x"}, edition=1, by=user),
        lambda: resolve_barrier(barrier, resolution="x", edition=1, by=user),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_meeting_of_another_authority_is_not_found(lead):
    meeting = a_meeting(organisation=authority("S12000033"))
    for attempt in (
        lambda: change_meeting(meeting, {"place": "x"}, edition=1, by=lead),
        lambda: reopen_minutes(meeting, edition=1, by=lead),
        lambda: agree_action(meeting, text="x", partner="Mo", due_on=AUGUST, by=lead),
        lambda: answer_invitation(meeting, answer="will_come", by=lead),
    ):
        with pytest.raises(Meeting.DoesNotExist):
            attempt()


def test_an_agenda_is_ordered_extended_and_shortened(lead):
    meeting = a_meeting(agenda=("Welcome", "Data", "Next steps"))
    welcome, data, steps = meeting.items.all()
    assert set_agenda(meeting, [(steps.pk, "Next steps"), (None, "Cake"), (welcome.pk, "Hello")], edition=1, by=lead)
    assert [item.title for item in meeting.items.all()] == ["Next steps", "Cake", "Hello"]
    assert AuditEntry.objects.filter(record_type="agendaitem", action="remove").count() == 1
    now = [(item.pk, item.title) for item in meeting.items.all()]
    assert not set_agenda(meeting, now, edition=2, by=lead)
    assert data.pk not in [key for key, _title in now]


def test_what_has_minutes_stays_on_the_agenda(lead):
    meeting = a_meeting(agenda=("Welcome", "Data"))
    minuted(meeting, by=lead)
    kept = meeting.items.last()
    with pytest.raises(ValidationError, match="There are minutes of “Welcome”"):
        set_agenda(meeting, [(kept.pk, "Data")], edition=2, by=lead)
    assert meeting.items.count() == 2


@pytest.mark.parametrize("items", [[], [(None, " ")], [(999999, "Of another")], [(None, "x")] * 31])
def test_an_agenda_that_cannot_be_is_refused_whole(lead, items):
    meeting = a_meeting()
    with pytest.raises(ValidationError):
        set_agenda(meeting, items, edition=1, by=lead)
    assert [item.title for item in meeting.items.all()] == ["Welcome"]


def test_minutes_say_who_came_what_was_said_and_what_was_decided(lead):
    meeting, came, away = a_meeting(), a_member(), a_member(name="Mo Grant", agency="SCRA")
    item = meeting.items.get()
    said = {item.pk: (" Opened at two\r\n", "Meet earlier")}
    answers = {came.pk: "came", away.pk: "apologies"}
    assert write_minutes(meeting, answers=answers, guests="Al, NHS", said=said, edition=1, by=lead)
    item.refresh_from_db()
    assert (item.notes, item.decisions) == ("Opened at two", "Meet earlier")
    assert {each.member: each.answer for each in meeting.attendance.all()} == {came: "came", away: "apologies"}
    assert not write_minutes(meeting, answers=answers, guests="Al, NHS", said=said, edition=2, by=lead)
    write_minutes(meeting, answers={came.pk: "", away.pk: "apologies"}, guests="", said={}, edition=2, by=lead)
    assert meeting.attendance.get().member == away


def test_who_is_not_of_the_group_has_no_place_in_the_attendance(lead):
    stranger = a_member(aim=an_aim())
    with pytest.raises(ValidationError):
        write_minutes(a_meeting(), answers={stranger.pk: "came"}, guests="", said={}, edition=1, by=lead)


def test_minutes_that_were_written_meanwhile_are_not_overwritten(lead):
    meeting = a_meeting()
    minuted(meeting, by=lead, notes="Mine")
    with pytest.raises(Collision):
        minuted(meeting, by=lead, notes="Theirs", edition=1)
    assert meeting.items.get().notes == "Mine"


def test_minutes_speak_of_children_by_pseudonym_and_never_by_name(lead):
    row, meeting = child(name=("Morag", "Baird")), a_meeting()
    action, barrier = an_action(meeting), a_barrier()
    said = {"text": f"Ask about {row.code}", "partner": "Mo"}
    minuted(meeting, by=lead, notes=f"{row.code} waits longest")
    agree_action(meeting, **said, due_on=AUGUST, by=lead)
    for words in ("Ask about Morag Baird", f"Ask about {row.local_ref}"):
        for attempt in (
            lambda words=words: minuted(meeting, by=lead, notes=words),
            lambda words=words: agree_action(meeting, text=words, partner="Mo", due_on=AUGUST, by=lead),
            lambda words=words: change_action(action, {"text": words}, edition=1, by=lead),
            lambda words=words: complete_action(action, outcome=words, edition=1, by=lead),
            lambda words=words: raise_barrier({"text": words, "partner": "Mo", "raised_on": JULY}, by=lead),
            lambda words=words: change_barrier(barrier, {"asked": words}, edition=1, by=lead),
            lambda words=words: resolve_barrier(barrier, resolution=words, edition=1, by=lead),
        ):
            with pytest.raises(ValidationError, match="names a child"):
                attempt()


def test_a_member_says_whether_they_come_and_the_minutes_say_whether_they_came(lead):
    champion, meeting = person(Role.CHAMPION), a_meeting()
    member = a_member(champion)
    answer_invitation(meeting, answer="will_come", by=champion)
    answer_invitation(meeting, answer="apologies", by=champion)
    assert Attendance.objects.get().answer == "apologies"
    with pytest.raises(ValidationError):
        answer_invitation(meeting, answer="came", by=champion)
    with pytest.raises(PermissionDenied):
        answer_invitation(meeting, answer="will_come", by=person(Role.CHAMPION))
    write_minutes(meeting, answers={member.pk: "came"}, guests="", said={}, edition=1, by=lead)
    with pytest.raises(ValidationError, match="say who came"):
        answer_invitation(meeting, answer="apologies", by=champion)


def test_a_meeting_is_called_off_for_a_reason_and_not_once_it_was_held(lead):
    meeting = a_meeting()
    with pytest.raises(ValidationError) as excinfo:
        call_off_meeting(meeting, reason=" ", edition=1, by=lead)
    assert faults(excinfo) == {"reason"}
    call_off_meeting(meeting, reason="Snow", edition=1, by=lead)
    assert Meeting.objects.get(pk=meeting.pk).state == "called_off"
    held = a_meeting(AUGUST)
    minuted(held, by=lead)
    agreed = a_meeting(AUGUST)
    an_action(agreed)
    for each, edition in ((held, 2), (agreed, 1)):
        with pytest.raises(ValidationError, match="was held"):
            call_off_meeting(each, reason="Snow", edition=edition, by=lead)


def test_nothing_is_written_into_closed_minutes_until_they_are_opened_again(lead):
    meeting = a_meeting()
    with pytest.raises(ValidationError, match="no minutes to close"):
        close_minutes(meeting, edition=1, by=lead)
    minuted(meeting, by=lead)
    close_minutes(meeting, edition=2, by=lead)
    assert Meeting.objects.get(pk=meeting.pk).state == "closed"
    for attempt in (
        lambda: minuted(meeting, by=lead, notes="More"),
        lambda: change_meeting(meeting, {"place": "x"}, edition=3, by=lead),
        lambda: set_agenda(meeting, [(None, "x")], edition=3, by=lead),
        lambda: keep_pack(meeting, {}, edition=3, by=lead),
        lambda: agree_action(meeting, text="x", partner="Mo", due_on=AUGUST, by=lead),
    ):
        with pytest.raises(ValidationError, match="Nothing more is written"):
            attempt()
    reopen_minutes(meeting, edition=3, by=lead)
    assert minuted(meeting, by=lead, notes="More")


def test_neither_pack_nor_minutes_are_final_before_the_day(lead):
    tomorrow = a_meeting(timezone.localdate() + timedelta(days=1))
    minuted(tomorrow, by=lead)
    for act in (
        lambda: keep_pack(tomorrow, {}, edition=2, by=lead),
        lambda: close_minutes(tomorrow, edition=2, by=lead),
    ):
        with pytest.raises(ValidationError, match="once the day of the meeting has come"):
            act()


def test_a_pack_is_kept_once(lead):
    meeting = a_meeting()
    keep_pack(meeting, {"aims": []}, edition=1, by=lead)
    with pytest.raises(ValidationError, match="kept already"):
        keep_pack(meeting, {"aims": [1]}, edition=2, by=lead)
    assert Meeting.objects.get(pk=meeting.pk).pack == {"aims": []}


def test_an_action_says_what_who_and_by_when(lead):
    meeting = a_meeting()
    with pytest.raises(ValidationError) as excinfo:
        agree_action(meeting, text=" ", due_on=date(2026, 7, 6), by=lead)
    assert faults(excinfo) == {"text", "owner", "due_on"}
    for owner in (person(Role.SENIOR_LEADER), person(Role.CHAMPION, organisation=authority("S12000033"))):
        with pytest.raises(ValidationError) as excinfo:
            agree_action(meeting, text="Ask", owner=owner, due_on=AUGUST, by=lead)
        assert faults(excinfo) == {"owner"}
    assert agree_action(meeting, text="Ask", partner="Mo, NHS", due_on=JULY, by=lead).owned_by == "Mo, NHS"


def test_an_owner_says_that_their_action_is_done_and_nobody_elses(lead):
    champion, meeting = person(Role.CHAMPION), a_meeting()
    mine, other = an_action(meeting, owner=champion), an_action(meeting)
    complete_action(mine, outcome="They agreed", edition=1, by=champion)
    mine.refresh_from_db()
    assert (mine.done_by, mine.outcome) == (champion, "They agreed")
    with pytest.raises(ValidationError, match="done already"):
        complete_action(mine, edition=2, by=champion)
    with pytest.raises(PermissionDenied):
        complete_action(other, edition=1, by=champion)
    with pytest.raises(PermissionDenied):
        change_action(mine, {"text": "x"}, edition=2, by=champion)
    complete_action(other, edition=1, by=lead)
    reopen_action(mine, edition=2, by=champion)
    mine.refresh_from_db()
    assert mine.done_on is None


def test_an_action_that_is_done_or_was_changed_meanwhile_is_not_overwritten(lead):
    action = an_action(a_meeting())
    with pytest.raises(Collision):
        change_action(action, {"text": "Mine"}, edition=2, by=lead)
    complete_action(action, edition=1, by=lead)
    with pytest.raises(ValidationError, match="stays as it was"):
        change_action(action, {"text": "Mine"}, edition=2, by=lead)
    with pytest.raises(Collision):
        reopen_action(action, edition=1, by=lead)


def test_an_action_is_carried_over_until_it_is_done_and_heard_of_once_more():
    june = a_meeting(JUNE)
    open_still = an_action(june, text="Open")
    done_between = an_action(june, text="Done between", done_on=date(2026, 7, 1), done_by=person())
    done_before = an_action(june, text="Done before", done_on=JUNE, done_by=person())
    july = a_meeting(JULY)
    own = an_action(july, text="Of July")
    august = a_meeting(AUGUST)
    assert set(carried_over(july)) == {open_still, done_between}
    assert set(carried_over(august)) == {open_still, own}
    assert done_before not in carried_over(august)
    assert Action.objects.count() == 4


def test_actions_are_carried_over_within_one_group_and_one_authority():
    aim = an_aim()
    for meeting in (a_meeting(JUNE, aim=aim), a_meeting(JUNE, organisation=authority("S12000033"))):
        an_action(meeting)
    called_off = a_meeting(date(2026, 6, 30), called_off_reason="Snow")
    july = a_meeting(JULY)
    assert list(carried_over(july)) == []
    assert carried_over(a_meeting(JULY, aim=aim)).count() == 1
    assert called_off.on < july.on


def test_new_is_what_happened_since_the_meeting_before_or_in_four_weeks():
    july = a_meeting(JULY)
    assert since_of(july) == date(2026, 6, 9)
    a_meeting(date(2026, 6, 23))
    a_meeting(date(2026, 6, 30), called_off_reason="Snow")
    a_meeting(date(2026, 6, 30), aim=an_aim())
    assert since_of(july) == date(2026, 6, 23)


def test_the_last_meeting_is_that_of_ones_own_champions(lead):
    a_meeting(JUNE)
    a_meeting(date(2026, 6, 16), aim=an_aim())
    a_meeting(date(2026, 6, 23), organisation=authority("S12000033"))
    a_meeting(date(2026, 6, 30), called_off_reason="Snow")
    assert last_meeting_before(lead, JULY) == JUNE
    assert last_meeting_before(lead, JUNE) is None
    assert last_meeting_before(person(Role.NATIONAL_ANALYST), JULY) is None


def test_open_actions_of_a_person_stand_the_most_overdue_first():
    champion, meeting = person(Role.CHAMPION), a_meeting()
    later, sooner = an_action(meeting, owner=champion, due_on=AUGUST), an_action(meeting, owner=champion, due_on=JULY)
    an_action(meeting, owner=champion, done_on=JULY, done_by=champion)
    an_action(meeting)
    assert list(open_actions_of(champion)) == [sooner, later]


def test_a_barrier_is_raised_put_right_and_resolved(lead):
    aim, leader = an_aim(), person(Role.SENIOR_LEADER)
    said = {"text": "No panel", "aim": aim, "owner": leader, "partner": "", "raised_on": JULY, "asked": "Another panel"}
    barrier = raise_barrier(said, by=lead)
    assert change_barrier(barrier, said | {"text": "No panel in July"}, edition=1, by=lead)
    with pytest.raises(Collision):
        change_barrier(barrier, said, edition=1, by=lead)
    with pytest.raises(ValidationError) as excinfo:
        resolve_barrier(barrier, resolution=" ", edition=2, by=lead)
    assert faults(excinfo) == {"resolution"}
    resolve_barrier(barrier, resolution="A second panel", edition=2, by=lead)
    with pytest.raises(ValidationError, match="resolved already"):
        resolve_barrier(barrier, resolution="Again", edition=3, by=lead)


def test_what_cannot_be_of_a_barrier_is_refused_by_field(lead):
    elsewhere = an_aim(organisation=authority("S12000033"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError) as excinfo:
        raise_barrier({"text": "", "aim": elsewhere, "raised_on": tomorrow}, by=lead)
    assert faults(excinfo) == {"text", "aim", "raised_on", "owner"}
    with pytest.raises(ValidationError) as excinfo:
        raise_barrier({"text": "x", "raised_on": JULY, "owner": person(Role.SYSTEM_ADMINISTRATOR)}, by=lead)
    assert faults(excinfo) == {"owner"}
    barrier = a_barrier(resolved_on=JULY, resolution="Gone")
    with pytest.raises(ValidationError) as excinfo:
        change_barrier(barrier, {"raised_on": AUGUST}, edition=1, by=lead)
    assert faults(excinfo) == {"raised_on"}
