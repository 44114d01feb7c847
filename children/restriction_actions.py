"""Restrict a child's record to named people, open one by break-glass, and look at what was opened.

Whoever is named and holds `RESTRICT_RECORDS` decides who else is. A PACE lead who is not named opens the record by
break-glass first; that, and each change that they make then, is told to everybody who answers for it. A broken glass
lets nobody else change anything: it would open for ever what it opens for an hour. Names stand in the trail as e-mail
addresses of the staff; no name of a child does.
"""

import logging
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from children.closing import pace_leads
from children.keeping import check_may
from children.models import BreakGlass, Child, Restriction, RestrictionAccess
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

SHORTEST_REASON, LONGEST_REASON = 20, 1000
SUBJECT = "PACE tracker: a restricted record was opened"
SUBJECT_OF_CHANGE = "PACE tracker: who may open a restricted record was changed"
NOT_NAMED = "Break-glass lets you read this record. Who may open it is for the people named, or a PACE lead, to say."
logger = logging.getLogger(__name__)


@transaction.atomic
def restrict(child: Child, *, reason: str, named: Collection[User] = (), by: User) -> Restriction:
    """Close a child's record to all but `by` and those `named`. Raises `PermissionDenied` and `ValidationError`."""
    check_may(by, Permission.RESTRICT_RECORDS, child)
    reason = _said(reason, field="reason")
    Child.objects.select_for_update().get(pk=child.pk)  # of two who restrict at once the second sees the first's
    if child.restrictions.standing().exists():
        raise ValidationError("This record is restricted already.")
    restriction = Restriction.objects.create(child=child, reason=reason, set_by=by)
    people = sorted({by, *named}, key=lambda person: person.email)
    for person in people:
        _check_may_be_named(person, by=by)
        RestrictionAccess.objects.create(restriction=restriction, user=person, given_by=by)
    _note(AuditEntry.Action.CREATE, restriction, by=by, reason=reason, after={"named": [who.email for who in people]})
    return restriction


@transaction.atomic
def name_person(restriction: Restriction, person: User, *, by: User) -> None:
    """Let one more person open the record, as far as their roles reach. Raises `ValidationError`."""
    restriction = _standing(restriction, by=by)
    _check_may_be_named(person, by=by)
    if restriction.accesses.standing().filter(user=person).exists():
        raise ValidationError(f"{person} is named already.")
    RestrictionAccess.objects.create(restriction=restriction, user=person, given_by=by)
    _note(AuditEntry.Action.CHANGE, restriction, by=by, before={"named": None}, after={"named": person.email})


@transaction.atomic
def take_name_away(restriction: Restriction, person: User, *, by: User) -> None:
    """Close the record to somebody who was named. Raises `ValidationError` for the last who is left."""
    restriction = _standing(restriction, by=by)
    named = restriction.accesses.standing()
    access = named.filter(user=person).first()
    if access is None:
        raise ValidationError(f"{person} is not, or no longer, named.")
    if not named.exclude(user=person).filter(user__is_active=True).exists():
        raise ValidationError("Somebody must be able to open the record: name somebody else first.")
    access.taken_by, access.taken_at = by, timezone.now()
    access.save(update_fields=["taken_by", "taken_at"])
    _note(AuditEntry.Action.CHANGE, restriction, by=by, before={"named": person.email}, after={"named": None})


@transaction.atomic
def end_restriction(restriction: Restriction, *, reason: str, by: User) -> None:
    """Open the record again to everybody whose roles reach it; what was said stays. Raises `ValidationError`."""
    restriction = _standing(restriction, by=by)
    restriction.end_reason = _said(reason, field="reason")
    restriction.ended_by, restriction.ended_at = by, timezone.now()
    restriction.save(update_fields=["end_reason", "ended_by", "ended_at"])
    _note(AuditEntry.Action.VOID, restriction, by=by, reason=restriction.end_reason)


def break_glass(restriction: Restriction, *, reason: str, by: User) -> BreakGlass:
    """Open a restricted record to `by` for a short time, because they must; of adopted children none is opened.

    The alert and its entry in the trail are stored together with the opening; e-mail leaves after that is committed, so
    that a mail server that fails neither opens nor closes anything. Raises `PermissionDenied` and `ValidationError`.
    """
    with transaction.atomic():
        restriction = breakable(by).filter(pk=restriction.pk).first()
        if restriction is None:
            raise PermissionDenied("There is no restricted record that you may open here.")
        child = restriction.child
        reason = _said(reason, field="reason")
        now = timezone.now()
        opened = BreakGlass.objects.create(
            restriction=restriction,
            user=by,
            reason=reason,
            at=now,
            until=now + timedelta(minutes=settings.BREAK_GLASS_MINUTES),
        )
        record(
            AuditEntry.Action.BREAK_GLASS,
            authority=child.authority,
            record_type="child",
            record_id=child.pk,
            child_code=child.code,
            by=by,
            reason=reason,
            after={"until": opened.until.isoformat(), "alert": opened.pk},
        )
        transaction.on_commit(lambda: tell_of(opened))
    return opened


def breakable(by: User) -> QuerySet[Restriction]:
    """The restrictions that keep `by` from records which their roles reach by name, and adoption orders do not."""
    if not can(by, Permission.VIEW_CHILDREN):
        return Restriction.objects.none()
    closed = Child.objects.closed_to(by, with_identity=True).not_adopted().order_by().values("pk")
    return Restriction.objects.standing().filter(child__in=closed).select_related("child__authority", "set_by")


def tell_of(opened: BreakGlass) -> bool:
    """Send word of an opening to the PACE leads and whoever set the restriction, with no word of the child.

    False when no e-mail left: the alert stands in the tracker all the same, and says that nobody got an e-mail.
    """
    sent = _send(opened.restriction, subject=SUBJECT, template="break_glass")
    if sent:
        BreakGlass.objects.filter(pk=opened.pk).update(mailed_at=timezone.now())
    return sent


def may_change_names(restriction: Restriction, *, by: User) -> bool:
    """Whether `by`, who can open the record, may also say who else can: not who is here by break-glass alone."""
    return _is_named(restriction, by) or can(by, Permission.ANSWER_BREAK_GLASS)


@transaction.atomic
def look_at(opened: BreakGlass, *, words: str, by: User) -> None:
    """Write down what somebody found who looked at an opening; nobody looks at their own.

    Raises `PermissionDenied`, and `ValidationError` when it was looked at already.
    """
    check_can(by, Permission.RESTRICT_RECORDS)
    opened = BreakGlass.objects.told_to(by).select_for_update(of=("self",)).get(pk=opened.pk)
    if opened.user_id == by.pk:
        raise PermissionDenied("Somebody else looks at what you opened.")
    if opened.looked_at is not None:
        raise ValidationError("Somebody has looked at this meanwhile.")
    words = words.strip()
    if not words:
        raise ValidationError({"words": "Say what you found."})
    opened.looked_at_by, opened.looked_at, opened.looked_words = by, timezone.now(), words
    opened.save(update_fields=["looked_at_by", "looked_at", "looked_words"])
    child = opened.restriction.child
    record(
        AuditEntry.Action.CHANGE,
        authority=child.authority,
        record_type="break-glass",
        record_id=opened.pk,
        child_code=child.code,
        by=by,
        reason=words,
        after={"looked_at": opened.looked_at.isoformat()},
    )


def _send(restriction: Restriction, *, subject: str, template: str) -> bool:
    """Send the same few words to the PACE leads and whoever set the restriction; False when no e-mail left."""
    setter, child = restriction.set_by, restriction.child
    people = {lead.pk: lead for lead in pace_leads(child.authority_id)}
    if setter.is_active:
        people[setter.pk] = setter
    link = settings.SITE_URL + reverse("break_glass_alerts")
    body = render_to_string(f"children/email/{template}.txt", {"link": link})
    # One to each: nobody reads in its head who else answers for the record.
    emails = [EmailMessage(subject=subject, body=body, to=[person.email]) for person in people.values()]
    try:
        return bool(get_connection().send_messages(emails) if emails else 0)
    except OSError:  # what a mail server or the way to it raises; smtplib's errors are among these
        logger.exception("No e-mail could be sent about restriction %s", restriction.pk)
        return False


def _is_named(restriction: Restriction, person: User) -> bool:
    return restriction.accesses.standing().filter(user=person).exists()


def _standing(restriction: Restriction, *, by: User) -> Restriction:
    """The restriction as it is now, held; raise unless `by` may change it. What a broken glass changes is told."""
    check_may(by, Permission.RESTRICT_RECORDS, restriction.child)
    if not may_change_names(restriction, by=by):
        raise PermissionDenied(NOT_NAMED)
    current = (
        Restriction.objects.select_for_update(of=("self",)).select_related("child__authority").get(pk=restriction.pk)
    )
    if current.ended_at is not None:
        raise ValidationError("Somebody has ended this restriction meanwhile.")
    if not _is_named(current, by):
        transaction.on_commit(lambda: _send(current, subject=SUBJECT_OF_CHANGE, template="restriction_changed"))
    return current


def _check_may_be_named(person: User, *, by: User) -> None:
    if person.organisation_id != by.organisation_id or not person.is_active:
        raise ValidationError({"person": "Choose somebody of your own organisation whose account is open."})
    if not can(person, Permission.VIEW_CHILDREN):
        raise ValidationError({"person": f"{person} holds no role that opens children's records."})


def _said(reason: str, *, field: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({field: f"Say a little more: at least {SHORTEST_REASON} characters."})
    return reason


def _note(action: AuditEntry.Action, restriction: Restriction, *, by: User, **what) -> None:
    child = restriction.child
    record(
        action,
        authority=child.authority,
        record_type="restriction",
        record_id=restriction.pk,
        child_code=child.code,
        by=by,
        **what,
    )
