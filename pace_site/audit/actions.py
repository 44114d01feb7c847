"""Write one plain record, with its entry in the audit trail. What has rules of its own has actions of its own."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry
from pace_site.audit.sealing import seal_waiting
from pace_site.audit.trail import record

Row = TypeVar("Row", bound=Model)
# Never in the trail: the hash of a password, and what changes by itself.
LEFT_OUT = frozenset({"password", "last_login", "date_joined"})


def state_of(row: Model) -> dict[str, Any]:
    """The stored values of a record by field, as the trail keeps them."""
    values = {}
    for field in row._meta.concrete_fields:
        if field.name not in LEFT_OUT:
            value = getattr(row, field.attname)
            if isinstance(value, Decimal):
                value = str(value)
            values[field.name] = value.isoformat() if isinstance(value, date) else value
    return values


def lock(row: Row) -> Row:
    """The row as it is now, held until the transaction ends."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


@transaction.atomic
def save_record(row: Model, *, by: User) -> None:
    """Create or change a record of `by`'s own organisation; the trail keeps the fields that changed."""
    old = None if row._state.adding else lock(row)
    before = state_of(old) if old else {}
    if old and state_of(row) == before:
        return
    row.save()
    after = state_of(row)
    changed = [name for name in after if before.get(name) != after[name]] if old else list(after)
    if not changed:
        return
    record(
        AuditEntry.Action.CHANGE if old else AuditEntry.Action.CREATE,
        authority=by.organisation,
        record_type=row._meta.model_name,
        record_id=row.pk,
        by=by,
        before={name: before[name] for name in changed} if old else None,
        after={name: after[name] for name in changed},
    )


@transaction.atomic
def remove_record(row: Model, *, by: User) -> None:
    """Remove a record of `by`'s own organisation; the trail keeps what it said."""
    key, before = row.pk, state_of(row)
    row.delete()
    record(
        AuditEntry.Action.REMOVE,
        authority=by.organisation,
        record_type=row._meta.model_name,
        record_id=key,
        by=by,
        before=before,
    )


@transaction.atomic
def erase_values(child_code: str, *, authority: Organisation, by: User | None, reason: str) -> int:
    """Erase before, after and reason of all entries about one child, for good; return of how many.

    That there were entries, whose and of what kind, stays, and the chain holds. The caller has asked whether `by` may.
    """
    seal_waiting()
    of_child = AuditEntry.objects.filter(authority_code=authority.code, child_code=child_code).exclude(salt="")
    erased = of_child.update(before=None, after=None, reason="", salt="")
    record(
        AuditEntry.Action.ERASE,
        authority=authority,
        record_type="audit entries",
        record_id="",
        child_code=child_code,
        by=by,
        after={"erased": erased},
        reason=reason,
    )
    return erased
