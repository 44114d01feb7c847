"""Which reminders stand as at a day: those of the pure fold, less the clocks that were asked to be quiet."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from aims.definition import AimDefinition
from aims.figures import journeys_for
from aims.models import Aim, AimVersion, ReminderSent, ReminderSnooze
from aims.outcomes import clock_rule, outcomes
from aims.reminder_kinds import ReminderKind
from aims.reminders import Reminder, in_order, reminders
from children.models import Child
from milestones.journeys import Journeys
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.scope import scope_of

BYTES_OF_A_REMINDER = 600


def reminders_for(user: User, *, as_at: date) -> list[Reminder]:
    """The reminders of the children whom `user` may open, sent or not, but for snoozed clocks.

    A reminder stands while it is true. In order of day, council reference, aim and kind; the number of queries depends
    on neither children nor aims.
    """
    if not can(user, Permission.VIEW_CHILDREN):
        return []
    versions = reminding(Aim.objects.visible_to(user))
    given = reminders_of(versions, Child.objects.visible_to(user), as_at=as_at, within=scope_of(user).whole)
    return unsnoozed(given, ReminderSnooze.objects.visible_to(user), as_at=as_at)


def unsent_reminders(authority: Organisation, *, as_at: date) -> list[Reminder]:
    """Every reminder of an authority that has come due, is still true, was never sent and is not snoozed."""
    versions = reminding(Aim.objects.filter(authority=authority))
    given = reminders_of(versions, Child.objects.filter(authority=authority), as_at=as_at)
    sent = set(
        ReminderSent.objects.filter(aim__authority=authority).values_list("aim__code", "child", "clock_start", "kind")
    )
    unsent = [reminder for reminder in given if reminder.key not in sent]
    return unsnoozed(unsent, ReminderSnooze.objects.filter(aim__authority=authority), as_at=as_at)


def reminding(aims: QuerySet[Aim]) -> list[AimVersion]:
    """The current versions of those of `aims` that are active and have a limit or a deadline."""
    versions = aims.filter(status=Aim.Status.ACTIVE).current_versions()
    return [version for version in versions if version.definition.has_claim]


def reminders_of(
    versions: Iterable[AimVersion], children: QuerySet[Child], *, as_at: date, within: int | None = None
) -> list[Reminder]:
    """The reminders of `children` by these versions of aims, sent, snoozed or neither; `within` as of the journeys."""
    definitions = [version.definition for version in versions]
    if not definitions:
        return []
    journeys = journeys_for(definitions, children, as_at, within=within)
    return in_order(reminder for definition in definitions for reminder in _reminders_by(definition, journeys))


def _reminders_by(definition: AimDefinition, journeys: Journeys) -> tuple[Reminder, ...]:
    return journeys.kept(
        ("reminders", definition),
        lambda: tuple(reminders(outcomes(definition, journeys))),
        kinds=clock_rule(definition).kinds,
        size=lambda found: BYTES_OF_A_REMINDER * len(found),
    )


def unsnoozed(given: list[Reminder], snoozes: QuerySet[ReminderSnooze], *, as_at: date) -> list[Reminder]:
    """Those of `given` whose clock none of `snoozes` quiets on the day.

    A snooze made while the child still waited in time does not quiet that the clock is overdue since.
    """
    running = snoozes.filter(since__lte=as_at, until__gt=as_at)
    quiet = {
        (aim, child, start): since
        for aim, child, start, since in running.values_list("aim__code", "child", "clock_start", "since")
    }
    return [reminder for reminder in given if not _is_quiet(reminder, quiet.get(reminder.clock))]


def _is_quiet(reminder: Reminder, since: date | None) -> bool:
    return since is not None and (reminder.kind != ReminderKind.OVERDUE or since >= reminder.on)
