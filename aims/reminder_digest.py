"""The e-mail that tells a person how many reminders wait for them, and of no child (`design.md` 5)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from aims.reminder_kinds import ReminderKind
from aims.reminders import Reminder
from children.allocations import in_force_on
from children.models import Allocation, Child
from pace_site.accounts.models import Organisation, RoleMembership, User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.roles import Role
from pace_site.accounts.scope import scope_of
from pace_site.look.words import count_of

# The most pressing first.
IN_WORDS = {
    ReminderKind.OVERDUE: ("clock is overdue", "clocks are overdue"),
    ReminderKind.DUE_SOON: ("clock is due within two weeks", "clocks are due within two weeks"),
    ReminderKind.HALFWAY: (
        "clock has come halfway to its due date, or as far as its aim says",
        "clocks have come halfway to their due dates, or as far as their aims say",
    ),
}


@dataclass(frozen=True)
class Digest:
    """What one person is told of at once."""

    person: User
    reminders: tuple[Reminder, ...]

    def as_email(self, *, as_at: date) -> EmailMessage:
        """Counts by kind in words and where to sign in; no word of a child, not even which aim it is."""
        context = {
            "lines": counts_in_words(self.reminders),
            "as_at": as_at,
            "link": settings.SITE_URL + reverse("home"),
        }
        return EmailMessage(
            subject=f"PACE tracker: {count_of(len(self.reminders), 'reminder', 'reminders')}",
            body=render_to_string("aims/email/reminders.txt", context),
            to=[self.person.email],
        )


def counts_in_words(reminders: Iterable[Reminder]) -> list[str]:
    """How many of each kind, the most pressing first; kinds without any are left out."""
    found = Counter(reminder.kind for reminder in reminders)
    return [count_of(found[kind], *words) for kind, words in IN_WORDS.items() if found[kind]]


def digests(reminders: list[Reminder], authority: Organisation) -> list[Digest]:
    """One digest for each person who is to be told of some of `reminders`, by e-mail address."""
    told = []
    for person, children in sorted(_children_of_people(authority).items(), key=lambda one: one[0].email):
        theirs = tuple(reminder for reminder in reminders if reminder.child_id in children)
        if theirs:
            told.append(Digest(person, theirs))
    return told


def _children_of_people(authority: Organisation) -> dict[User, set[int]]:
    """Each person's own children: allocated to them today, or of a team that they manage.

    Only people of the authority with an active account whose roles let them open these children today.
    """
    today = timezone.localdate()
    theirs: dict[User, set[int]] = defaultdict(set)
    allocations = Allocation.objects.filter(
        in_force_on(today),
        child__authority=authority,
        user__organisation=authority,
        user__is_active=True,
    )
    for allocation in allocations.select_related("user"):
        theirs[allocation.user].add(allocation.child_id)
    for person in list(theirs):
        scope = scope_of(person)
        if not (can(person, Permission.VIEW_CHILDREN) and (scope.assigned or scope.whole_authority)):
            del theirs[person]
    of_team: dict[int, set[int]] = defaultdict(set)
    for child, team in Child.objects.filter(authority=authority, team__isnull=False).values_list("pk", "team"):
        of_team[team].add(child)
    managers = RoleMembership.objects.filter(
        role=Role.TEAM_MANAGER, team__organisation=authority, user__organisation=authority, user__is_active=True
    )
    for manager in managers.select_related("user"):
        theirs[manager.user] |= of_team[manager.team_id]
    return _without_closed(theirs, authority)


def _without_closed(theirs: dict[User, set[int]], authority: Organisation) -> dict[User, set[int]]:
    """Each person's children less those whose records are closed to them, of whom only few people are reminded."""
    closed = set(Child.objects.filter(authority=authority).closed_to_somebody().values_list("pk", flat=True))
    if not closed:
        return theirs
    opened = {}
    for person, children in theirs.items():
        shut = children & closed
        if shut:
            shut -= set(Child.objects.visible_to(person).filter(pk__in=shut).values_list("pk", flat=True))
        opened[person] = children - shut
    return opened
