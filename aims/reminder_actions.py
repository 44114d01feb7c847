"""Everything that writes about reminders: what was sent, and which clocks were asked to be quiet."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from aims.models import Aim, ReminderSent, ReminderSnooze
from aims.reminder_digest import Digest, digests
from aims.reminders import Reminder
from children.models import Child
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import RECORDING, permissions_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

LONGEST_SNOOZE = timedelta(days=90)
SNOOZE, RUN = "reminder snooze", "reminders"


@dataclass
class Delivery:
    """What became of a run: who was told, whose e-mail failed and why, and which reminders nobody is there to hear."""

    digests: list[Digest] = field(default_factory=list)
    failures: list[tuple[User, OSError]] = field(default_factory=list)
    sent: set[Reminder] = field(default_factory=set)
    without_people: list[Reminder] = field(default_factory=list)


def send_reminders(
    reminders: list[Reminder], *, authority: Organisation, as_at: date, connection: BaseEmailBackend
) -> Delivery:
    """Tell people of `reminders` by e-mail, one digest each, and mark as sent what somebody was told.

    A mark follows its e-mail at once and in a transaction of its own: what left is never sent again, what did not leave
    comes again with the next run, and no lock is held while a mail server answers. One person told is enough for the
    mark, as one full mailbox must not have everybody else told every day; it stands on their page all the same. A
    reminder of a child who has nobody stays unsent. A failing e-mail does not keep the others back.
    """
    delivery = Delivery()
    told = digests(reminders, authority)
    heard = {reminder for digest in told for reminder in digest.reminders}
    delivery.without_people = [reminder for reminder in reminders if reminder not in heard]
    aims = dict(Aim.objects.filter(authority=authority).values_list("code", "pk"))
    for digest in told:
        email = digest.as_email(as_at=as_at)
        email.connection = connection
        try:
            email.send()
        except OSError as problem:  # what a mail server or the way to it raises; smtplib's errors are among these
            delivery.failures.append((digest.person, problem))
            continue
        _mark_sent(digest.reminders, aims)
        delivery.digests.append(digest)
        delivery.sent.update(digest.reminders)
    record(
        AuditEntry.Action.REMIND,
        authority=authority,
        record_type=RUN,
        record_id=as_at.isoformat(),
        by=None,
        after={
            "as_at": as_at.isoformat(),
            "people": len(delivery.digests),
            "sent": dict(Counter(reminder.kind.value for reminder in delivery.sent)),
            "failed": len(delivery.failures),
            "without_people": len(delivery.without_people),
        },
    )
    return delivery


def _mark_sent(reminders: tuple[Reminder, ...], aims: dict[str, int]) -> None:
    today = timezone.localdate()
    ReminderSent.objects.bulk_create(
        [
            ReminderSent(
                aim_id=aims[reminder.aim],
                child_id=reminder.child_id,
                clock_start=reminder.start,
                kind=reminder.kind,
                sent_on=today,
            )
            for reminder in reminders
        ],
        # A colleague's digest may have told of it before.
        ignore_conflicts=True,
        batch_size=500,
    )


def check_until(until: date) -> None:
    """Raise `ValidationError` unless reminders may be snoozed until this day: tomorrow to 90 days ahead."""
    today = timezone.localdate()
    if until <= today:
        raise ValidationError("Choose a day after today.")
    if until > today + LONGEST_SNOOZE:
        raise ValidationError(f"Choose a day at most {LONGEST_SNOOZE.days} days ahead.")


@transaction.atomic
def snooze(aim: Aim, child: Child, *, start: date, until: date, reason: str, by: User) -> ReminderSnooze:
    """Quiet all reminders of the clock of `child` under `aim` that began on `start`, for everybody, until a day.

    On `until` they are back. A snooze of the same clock is replaced; the trail keeps both. Raises `PermissionDenied`,
    or `ValidationError` for a day out of range or an empty reason.
    """
    _check_reach(aim, child, by)
    check_until(until)
    reason = reason.strip()
    if not reason:
        raise ValidationError("Say why.")
    key = {"aim": aim, "child": child, "clock_start": start}
    said = {"since": timezone.localdate(), "until": until, "reason": reason, "by": by}
    old = ReminderSnooze.objects.select_for_update().filter(**key).first()
    if old and all(getattr(old, name) == value for name, value in said.items()):
        return old  # sent twice
    row, _is_new = ReminderSnooze.objects.update_or_create(**key, defaults=said)
    record(
        AuditEntry.Action.CHANGE if old else AuditEntry.Action.CREATE,
        authority=child.authority,
        record_type=SNOOZE,
        record_id=row.pk,
        by=by,
        child_code=child.code,
        before=_said(old) if old else None,
        after=_said(row),
        reason=reason,
    )
    return row


@transaction.atomic
def wake(aim: Aim, child: Child, *, start: date, by: User) -> None:
    """End the snooze of a clock, if there is one: its reminders are back at once. Raises `PermissionDenied`."""
    _check_reach(aim, child, by)
    row = ReminderSnooze.objects.select_for_update().filter(aim=aim, child=child, clock_start=start).first()
    if row is None:
        return
    key = row.pk
    row.delete()
    record(
        AuditEntry.Action.REMOVE,
        authority=child.authority,
        record_type=SNOOZE,
        record_id=key,
        by=by,
        child_code=child.code,
        before=_said(row),
    )


def _check_reach(aim: Aim, child: Child, by: User) -> None:
    if not permissions_of(by) & RECORDING:
        raise PermissionDenied("Only those who record for a child can snooze its reminders.")
    in_scope = Child.objects.identifiable_to(by).filter(pk=child.pk, authority=aim.authority_id)
    if not in_scope.exists():
        raise PermissionDenied("You can snooze reminders only of children whom you may record for.")


def _said(row: ReminderSnooze) -> dict[str, str]:
    return {
        "aim": row.aim.code,
        "clock_start": row.clock_start.isoformat(),
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "reason": row.reason,
    }
