"""Switch an authority's feed on and off, and make and revoke its tokens; each leaves word in the audit trail."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from aims.feed.tokens import beginning, digest, new_token
from aims.models import FeedSwitch, FeedToken
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

LONGEST = timedelta(days=365)
TOKEN, SWITCH = "feed token", "feed"


@transaction.atomic
def switch_feed(*, on: bool, by: User) -> FeedSwitch:
    """Switch the feed of `by`'s own authority on or off; its tokens stay as they are."""
    authority = _authority_of(by)
    switch = FeedSwitch.objects.select_for_update().filter(authority=authority).first()
    was_on = switch is not None and switch.is_on
    if switch is None:
        switch = FeedSwitch(authority=authority)
    elif was_on == on:
        return switch
    switch.is_on, switch.switched_by = on, by
    switch.save()
    record(
        AuditEntry.Action.CHANGE,
        authority=authority,
        record_type=SWITCH,
        record_id=authority.code,
        by=by,
        before={"on": was_on},
        after={"on": on},
    )
    return switch


@transaction.atomic
def make_token(*, label: str, expires_on: date, by: User) -> tuple[FeedToken, str]:
    """Make a token for one program of `by`'s own authority, and return it with the only copy there will be of its text.

    Raises `ValidationError`, by field, when the label is empty or taken or the day is past or more than a year ahead.
    """
    authority = _authority_of(by)
    label = label.strip()
    # Two people who make a token at once wait for each other here, so that a label that is taken is told in words.
    Organisation.objects.select_for_update().get(pk=authority.pk)
    check_token(authority, label=label, expires_on=expires_on)
    text = new_token()
    token = FeedToken.objects.create(
        authority=authority,
        label=label,
        begins_with=beginning(text),
        sha256=digest(text),
        expires_on=expires_on,
        made_by=by,
    )
    record(AuditEntry.Action.CREATE, **_of(token), by=by, after=_said(token))
    return token, text


def check_token(authority: Organisation, *, label: str, expires_on: date) -> None:
    """Raise `ValidationError`, by field, when a token cannot be made so."""
    errors = {}
    if not label:
        errors["label"] = "Say which program reads the feed with it, and whose it is."
    elif FeedToken.objects.filter(authority=authority, label=label, revoked_at=None).exists():
        errors["label"] = "There is a token of this name. Revoke it first, or give this one another name."
    if fault := fault_of_last_day(expires_on):
        errors["expires_on"] = fault
    if errors:
        raise ValidationError(errors)


def fault_of_last_day(day: date) -> str:
    """Why a token made today cannot have this last day, or nothing."""
    today = timezone.localdate()
    if day < today:
        return "This day is past. Choose today or a later day."
    if day > today + LONGEST:
        return "A token lasts for a year at most. Choose an earlier day."
    return ""


@transaction.atomic
def revoke_token(token: FeedToken, *, by: User) -> None:
    """Let nobody in by this token any more, from now on and for good."""
    if token.authority_id != _authority_of(by).pk:
        raise PermissionDenied("This token is another authority's.")
    token = FeedToken.objects.select_for_update().get(pk=token.pk)
    if token.is_revoked:
        return
    token.revoked_at, token.revoked_by = timezone.now(), by
    token.save(update_fields=["revoked_at", "revoked_by"])
    record(AuditEntry.Action.VOID, **_of(token), by=by, before=_said(token))


def _authority_of(by: User) -> Organisation:
    check_can(by, Permission.MANAGE_FEED)
    if by.organisation.kind != Organisation.Kind.LOCAL_AUTHORITY:
        raise PermissionDenied("Only a local authority has a feed.")
    return by.organisation


def _of(token: FeedToken) -> dict:
    return {"authority": token.authority, "record_type": TOKEN, "record_id": token.pk}


def _said(token: FeedToken) -> dict:
    return {"label": token.label, "begins_with": token.begins_with, "expires_on": token.expires_on.isoformat()}
