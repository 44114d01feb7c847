"""What a PACE lead does with an aim: begin it, change it, activate it, close it, and say whose it is."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from aims.actions import save_definition
from aims.activation import lost_by_change, needed_to_activate
from aims.definition import AimDefinition
from aims.models import Aim, AimVersion
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import save_record

CODE_TAKEN = "There is an aim with this code already. Give this one another."


class AimCollision(Exception):
    """Somebody else changed the aim after this person opened it; `current` is its version as it is now."""

    def __init__(self, current: AimVersion):
        super().__init__("Somebody else has changed this aim.")
        self.current = current


@transaction.atomic
def start_aim(definition: AimDefinition, *, by: User) -> AimVersion:
    """Begin an aim of `by`'s own authority, as a draft, whatever the definition says of its status."""
    check_can(by, Permission.MANAGE_AIMS)
    if Aim.objects.visible_to(by).filter(code__iexact=definition.code).exists():
        raise ValidationError({"code": CODE_TAKEN})
    try:
        with transaction.atomic():
            aim = Aim.objects.create(authority=by.organisation, code=definition.code, status=Aim.Status.DRAFT)
    except IntegrityError:  # somebody began it in the same moment
        raise ValidationError({"code": CODE_TAKEN}) from None
    save_definition(replace(definition, status=Aim.Status.DRAFT), authority=by.organisation, by=by)
    return aim.versions.get()


@transaction.atomic
def change_definition(
    aim: Aim, definition: AimDefinition, *, opened_at: int, reason: str = "", by: User
) -> AimVersion | None:
    """Write a changed definition as the next version, which keeps the aim's code and status.

    `opened_at` is the number of the version that the person was shown. Returns None when the definition says what the
    current one says. Raises `AimCollision` when there is a newer version, and `ValidationError`, by field, when the
    aim is closed or active and would lose what it needs.
    """
    current = _current(aim, opened_at=opened_at, by=by)
    if aim.status == Aim.Status.CLOSED:
        raise ValidationError("This aim is closed. Reopen it as a draft to change it.")
    if definition.code != aim.code:
        raise ValidationError({"code": f"This aim is {aim.code}, and keeps its code."})
    definition = replace(definition, status=aim.status)
    before = replace(current.definition, status=aim.status)
    if definition == before:
        return None
    if aim.status == Aim.Status.ACTIVE and (lost := lost_by_change(before, definition)):
        raise ValidationError(lost)
    save_definition(definition, authority=aim.authority, by=by, reason=reason)
    return aim.versions.last()


@transaction.atomic
def activate(aim: Aim, *, opened_at: int, by: User) -> AimVersion:
    """Let a draft count; raises `ValidationError`, by field, for a draft without what it needs."""
    current = _current(aim, opened_at=opened_at, by=by)
    if aim.status != Aim.Status.DRAFT:
        raise ValidationError("Only a draft can be made active.")
    if needed := needed_to_activate(current.definition):
        raise ValidationError(needed)
    return _set_status(aim, current, Aim.Status.ACTIVE, reason="", by=by)


@transaction.atomic
def close(aim: Aim, *, opened_at: int, reason: str, by: User) -> AimVersion:
    """Close an aim for a reason; its history, reports and figures stay."""
    current = _current(aim, opened_at=opened_at, by=by)
    if aim.status == Aim.Status.CLOSED:
        raise ValidationError("This aim is closed already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the aim is closed, so that others understand."})
    return _set_status(aim, current, Aim.Status.CLOSED, reason=reason.strip(), by=by)


@transaction.atomic
def reopen(aim: Aim, *, opened_at: int, by: User) -> AimVersion:
    """Make a closed or active aim a draft again."""
    current = _current(aim, opened_at=opened_at, by=by)
    if aim.status == Aim.Status.DRAFT:
        raise ValidationError("This aim is a draft already.")
    return _set_status(aim, current, Aim.Status.DRAFT, reason="", by=by)


@transaction.atomic
def set_group(aim: Aim, *, group: str, lead: User | None, by: User) -> None:
    """Say which group works on an aim, and who leads it: somebody of the same organisation."""
    _check(aim, by)
    if lead is not None and not User.objects.visible_to(by).filter(pk=lead.pk, is_active=True).exists():
        raise ValidationError({"lead": "The lead is somebody of your own organisation."})
    aim.group, aim.lead = group.strip(), lead
    save_record(aim, by=by)


def _set_status(aim: Aim, current: AimVersion, status: str, *, reason: str, by: User) -> AimVersion:
    save_definition(replace(current.definition, status=status), authority=aim.authority, by=by, reason=reason)
    aim.refresh_from_db()
    return aim.versions.last()


def _check(aim: Aim, by: User) -> None:
    check_can(by, Permission.MANAGE_AIMS)
    if aim.authority_id != by.organisation_id:
        raise PermissionDenied("You can change aims of your own organisation only.")


def _current(aim: Aim, *, opened_at: int, by: User) -> AimVersion:
    """The aim's current version, with the aim held until the end of the transaction."""
    _check(aim, by)
    aim.status = Aim.objects.select_for_update().get(pk=aim.pk).status
    current = aim.versions.last()
    if current.number != opened_at:
        raise AimCollision(current)
    return current
