"""What must never be false of meetings is refused by the database itself, and a state follows from the rest."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from improvement.models import Action, Attendance, Barrier, Meeting
from tests.builders import person
from tests.improvement.builders import an_aim
from tests.improvement.meeting_builders import AUGUST, JULY, a_barrier, a_meeting, a_member, an_action

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"kind": "aim_group"}, "meeting_of_an_aim_group_names_the_aim"),
        ({"closed_on": AUGUST}, "meeting_closed_by_somebody_after_it"),
        ({"pack": {}}, "pack_kept_by_somebody_on_a_day"),
        ({"pack_kept_on": AUGUST}, "pack_kept_by_somebody_on_a_day"),
    ],
)
def test_a_meeting_cannot_be_stored_half_filled(broken, constraint):
    meeting = a_meeting()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**broken)


def test_a_meeting_of_the_champions_serves_every_aim():
    with pytest.raises(IntegrityError, match="meeting_of_an_aim_group_names_the_aim"), transaction.atomic():
        Meeting.objects.filter(pk=a_meeting().pk).update(aim=an_aim())


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"closed_on": date(2026, 7, 6)}, "meeting_closed_by_somebody_after_it"),
        ({"closed_on": JULY, "called_off_reason": "Snow"}, "meeting_called_off_is_not_closed"),
    ],
)
def test_minutes_are_closed_on_the_day_or_later_and_of_a_meeting_that_took_place(broken, constraint):
    meeting = a_meeting()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(closed_by=person(), **broken)


def test_an_action_is_owned_by_one_and_done_by_somebody():
    action = an_action(a_meeting())
    for broken in (
        {"partner": "Mo, NHS"},
        {"owner": None},
        {"done_on": AUGUST},
        {"outcome": "It went well"},
        {"text": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(**broken)


def test_a_barrier_is_owned_by_one_and_resolved_after_it_was_raised():
    barrier = a_barrier()
    for broken in (
        {"partner": "Mo, NHS"},
        {"text": ""},
        {"resolved_on": AUGUST},
        {"resolution": "A panel was found"},
        {"resolved_on": date(2026, 7, 6), "resolution": "A panel was found"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Barrier.objects.filter(pk=barrier.pk).update(**broken)


def test_a_member_answers_once_for_each_meeting():
    meeting, member = a_meeting(), a_member()
    Attendance.objects.create(meeting=meeting, member=member, answer="came")
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(meeting=meeting, member=member, answer="apologies")


def test_a_meeting_is_planned_until_somebody_came_or_something_was_said():
    meeting = a_meeting()
    assert meeting.state == "planned"
    attendance = Attendance.objects.create(meeting=meeting, member=a_member(), answer="will_come")
    assert meeting.state == "planned"
    attendance.answer = "came"
    attendance.save()
    assert meeting.state == "held"


@pytest.mark.parametrize("field", ["notes", "decisions"])
def test_a_meeting_was_held_when_something_was_said(field):
    meeting = a_meeting()
    meeting.items.update(**{field: "All agreed"})
    assert meeting.state == "held"


def test_a_meeting_is_closed_or_called_off_whatever_was_said():
    meeting = a_meeting(closed_on=JULY, closed_by=person())
    assert (meeting.state, meeting.takes_minutes) == ("closed", False)
    meeting = a_meeting(called_off_reason="Snow")
    assert (meeting.state, meeting.takes_minutes) == ("called_off", False)
