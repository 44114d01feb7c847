"""Write rows that people record, correct and void: with their edition, their origin and their line in the trail.

A correction of what an extract brought stands against the next extract (ADR 0005): the row becomes a person's, and
remembers what the extract said.
"""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from children.models import Child, Kept, Origin
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import lock
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

NAME_WITHHELD = "(name withheld)"
# Written by the machine: not what a person said.
UNSAID = frozenset(
    {
        "id",
        "child",
        "origin",
        "extract_source",
        "filled_by",
        "edition",
        "extract_said",
        "recorded_by",
        "recorded_on",
        "voided_by",
    }
)


class Collision(Exception):
    """Somebody else changed the row after this person opened it; `current` is the row as it is now."""

    def __init__(self, current: Kept | Child):
        super().__init__("Somebody else has changed this record.")
        self.current = current


def said_by(row: Kept | Child) -> dict[str, Any]:
    """What a row says, by field, as the trail keeps it."""
    values = {}
    for field in row._meta.concrete_fields:
        if field.name not in UNSAID:
            value = getattr(row, field.attname)
            values[field.name] = value.isoformat() if isinstance(value, date) else value
    return values


@transaction.atomic
def add(row: Kept | Child, *, by: User) -> None:
    """Record a new row."""
    row.save(force_insert=True)
    after = {name: value for name, value in said_by(row).items() if value not in ("", None, False)}
    _note(AuditEntry.Action.CREATE, row, by=by, after=after)


@transaction.atomic
def change(row: Kept, values: dict[str, Any], *, edition: int, by: User, reason: str = "") -> bool:
    """Give a row new values; False when it says so already. Raise `Collision` when it is no longer at `edition`."""
    current = lock(row)
    if current.edition != edition or current.is_void:
        raise Collision(current)
    before = said_by(current)
    remembered = extract_words(current) if current.origin == Origin.EXTRACT else current.extract_said
    for name, value in values.items():
        setattr(current, name, value)
    after = said_by(current)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return False
    current.origin, current.extract_said, current.edition = Origin.HAND, remembered, edition + 1
    current.save()
    _note(
        AuditEntry.Action.CHANGE,
        current,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        reason=reason,
    )
    return True


@transaction.atomic
def void(row: Kept, *, reason: str, edition: int, by: User) -> None:
    """Set a row aside as recorded in error; it stays in the history and counts nowhere."""
    current = lock(row)
    if current.edition != edition or current.is_void:
        raise Collision(current)
    current.void_reason, current.voided_on, current.voided_by = reason, timezone.localdate(), by
    current.edition = edition + 1
    current.save()
    after = {"voided_on": current.voided_on.isoformat(), "void_reason": reason}
    _note(AuditEntry.Action.VOID, current, by=by, before={"voided_on": None, "void_reason": ""}, after=after)


def check_may(by: User, permission: Permission, child: Child) -> None:
    """Raise `PermissionDenied` unless `by` holds the permission and may see this child with a name."""
    check_can(by, permission)
    if not Child.objects.identifiable_to(by).filter(pk=child.pk).exists():
        raise PermissionDenied("This child is not among those whom you may record for.")


def extract_words(row: Kept) -> dict[str, Any]:
    """What the extract said of a row: its fields apart from voids, as JSON values."""
    return {name: value for name, value in said_by(row).items() if not name.startswith("void")}


def _note(action: AuditEntry.Action, row: Kept | Child, *, by: User, **what) -> None:
    child = row if isinstance(row, Child) else row.child
    record(
        action,
        authority=child.authority,
        record_type=row._meta.model_name,
        record_id=row.pk,
        child_code=child.code,
        by=by,
        **what,
    )
