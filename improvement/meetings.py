"""Which meeting comes after which: the agenda's template, who is invited, and what is carried over."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from aims.models import Aim
from improvement.models import Action, AgendaItem, GroupMember, Meeting
from pace_site.accounts.models import User

A_MEETING_AGO = timedelta(weeks=4)  # `domain.md` 6.7: about every four weeks
Fills = AgendaItem.Fills
TEMPLATE = (
    ("Welcome and apologies", Fills.NOTHING),
    ("Actions from the last meeting", Fills.ACTIONS),
    ("Data update for each aim", Fills.AIMS),
    ("Reports of the aim groups: tests since the last meeting", Fills.TESTS),
    ("Children waiting longest", Fills.WAITS),
    ("Barriers for leaders", Fills.BARRIERS),
    ("Communications", Fills.NOTHING),
    ("Next steps", Fills.NOTHING),
    ("Date of the next meeting", Fills.NOTHING),
)
OF_AN_AIM = {
    "Data update for each aim": "Data update",
    "Reports of the aim groups: tests since the last meeting": "Tests since the last meeting",
}


def template_of(meeting: Meeting) -> list[tuple[str, str]]:
    """The agenda of `domain.md` 6.7, as (title, part of the pack)."""
    if meeting.kind == Meeting.Kind.CHAMPIONS:
        return list(TEMPLATE)
    return [(OF_AN_AIM.get(title, title), fills) for title, fills in TEMPLATE]


def group_of(meeting: Meeting) -> QuerySet[GroupMember]:
    """Who belongs to the group that meets, on its day."""
    return members_of(meeting.authority_id, meeting.aim, on=meeting.on)


def members_of(authority_id: int, aim: Aim | None, *, on: date) -> QuerySet[GroupMember]:
    """The members of the Champions' Group, or of the group of `aim`, as it stands on a day or stood.

    Whoever joined later is invited too when the group was written down only after the meeting was planned.
    """
    there = Q(left_on=None) | Q(left_on__gt=on)
    rows = GroupMember.objects.filter(there, programme__authority=authority_id, aim=aim)
    return rows.select_related("user", "aim")


def last_meeting_before(user: User, day: date) -> date | None:
    """The day of the last meeting of the Champions' Group before a day; None without any.

    Only meetings that the person may see; one that was called off did not take place.
    """
    rows = Meeting.objects.visible_to(user).filter(aim=None, on__lt=day, called_off_reason="")
    return rows.values_list("on", flat=True).order_by("-on").first()


def before(meeting: Meeting) -> QuerySet[Meeting]:
    """The meetings of the same group before this one that took place, the latest first."""
    earlier = Q(on__lt=meeting.on) | Q(on=meeting.on, pk__lt=meeting.pk)
    rows = Meeting.objects.filter(earlier, authority=meeting.authority_id, aim=meeting.aim, called_off_reason="")
    return rows.order_by("-on", "-pk")


def since_of(meeting: Meeting) -> date:
    """The day after which things are new to this meeting: that of the one before, or four weeks ago."""
    last = before(meeting).values_list("on", flat=True).first()
    return last if last is not None and last < meeting.on else meeting.on - A_MEETING_AGO


def carried_over(meeting: Meeting) -> QuerySet[Action]:
    """What earlier meetings of the group agreed and this one hears of: still open on its day, or done since the last.

    Nothing is copied: an action stays with its meeting and is shown until it is done.
    """
    heard = Q(done_on=None) | Q(done_on__gt=since_of(meeting))
    rows = Action.objects.filter(heard, meeting__in=before(meeting).order_by().values("pk"))
    return rows.select_related("owner", "meeting__aim").order_by("due_on", "pk")


def open_actions_of(user: User) -> QuerySet[Action]:
    """What a person has still to do for meetings, most overdue first."""
    rows = Action.objects.visible_to(user).filter(owner=user, done_on=None)
    return rows.select_related("meeting__aim").order_by("due_on", "pk")
