"""Build programmes and meetings as far as a test needs them; everything not said is ordinary."""

from datetime import date
from decimal import Decimal

from django.urls import reverse

from aims.models import Aim
from improvement.models import Action, AgendaItem, Barrier, GroupMember, Meeting, Programme, ProgressScore
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from tests.builders import authority, person

JULY, AUGUST = date(2026, 7, 7), date(2026, 8, 4)
PACK_SINCE, PACK_DAY = date(2020, 5, 4), date(2020, 6, 1)


def keep(client, meeting: Meeting, lead: User):
    """Keep the pack of a meeting through its page."""
    client.force_login(lead)
    return client.post(reverse("meeting_pack", kwargs={"pk": meeting.pk}), {"edition": str(meeting.edition)})


def a_programme(organisation: Organisation | None = None, **more) -> Programme:
    return Programme.objects.get_or_create(authority=organisation or authority(), defaults=more)[0]


def a_member(
    user: User | None = None,
    *,
    name: str = "",
    aim: Aim | None = None,
    organisation: Organisation | None = None,
    **more,
) -> GroupMember:
    """A member of the Champions' Group, or of an aim's group: somebody who signs in unless there is a name."""
    organisation = organisation or (user.organisation if user else authority())
    if user is None and not name:
        user = person(Role.CHAMPION, organisation=organisation)
    more = {"joined_on": date(2026, 1, 5), **more}
    return GroupMember.objects.create(programme=a_programme(organisation), aim=aim, user=user, name=name, **more)


def a_score(score: str = "1.5", *, month: date = date(2026, 7, 1), by: User | None = None) -> ProgressScore:
    by = by or person(Role.PACE_LEAD)
    return ProgressScore.objects.create(
        programme=a_programme(by.organisation), month=month, score=Decimal(score), reason="Planning begun", by=by
    )


def a_meeting(
    on: date = JULY, *, aim: Aim | None = None, organisation: Organisation | None = None, agenda=("Welcome",), **more
) -> Meeting:
    kind = Meeting.Kind.AIM_GROUP if aim else Meeting.Kind.CHAMPIONS
    meeting = Meeting.objects.create(authority=organisation or authority(), kind=kind, aim=aim, on=on, **more)
    for position, title in enumerate(agenda, 1):
        AgendaItem.objects.create(meeting=meeting, position=position, title=title)
    return meeting


def an_action(meeting: Meeting, *, owner: User | None = None, partner: str = "", **more) -> Action:
    if owner is None and not partner:
        owner = person(Role.CHAMPION, organisation=meeting.authority)
    more = {"text": "Ask the health board", "due_on": AUGUST, **more}
    return Action.objects.create(meeting=meeting, owner=owner, partner=partner, **more)


def a_barrier(text: str = "No panel in July", *, organisation: Organisation | None = None, **more) -> Barrier:
    organisation = organisation or authority()
    if "partner" not in more and "owner" not in more:
        more["owner"] = person(Role.PACE_LEAD, organisation=organisation)
    return Barrier.objects.create(authority=organisation, text=text, **{"raised_on": JULY, **more})
