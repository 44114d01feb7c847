"""Change a row that several people work on: each change counts its edition, and nobody writes over another unseen."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can, check_can
from pace_site.audit.actions import lock, save_record


class Collision(Exception):
    """Somebody else changed the row after this person opened it; `current` is the row as it is now."""

    def __init__(self, current: Model):
        super().__init__("Somebody else has changed this.")
        self.current = current


@transaction.atomic
def change(row: Model, values: Mapping[str, Any], *, edition: int, by: User, with_others: bool = False) -> bool:
    """Give a row new values; False when it says so already.

    `with_others` counts an edition although no value of the row itself changed: the people or children that belong to
    it did. Raises `Collision` when the row is no longer at `edition`.
    """
    current = at_edition(row, edition)
    changed = {name: value for name, value in values.items() if getattr(current, name) != value}
    if not changed and not with_others:
        return False
    for name, value in changed.items():
        setattr(current, name, value)
        setattr(row, name, value)
    current.edition = row.edition = edition + 1
    save_record(current, by=by)
    return True


def at_edition(row: Model, edition: int) -> Model:
    """The row as it is now, held until the transaction ends; raises `Collision` when it has moved on."""
    current = lock(row)
    if current.edition != edition:
        raise Collision(current)
    return current


def check_may_edit(row: Model, *, by: User) -> None:
    """Raise `PermissionDenied` unless this row is among those of improvement that the person may change."""
    check_may_take_part(by)
    if not type(row)._default_manager.editable_by(by).filter(pk=row.pk).exists():
        raise PermissionDenied("Only those who take part in this, and those who lead improvement, can change it.")


def check_may_take_part(by: User) -> None:
    if not can(by, Permission.LEAD_IMPROVEMENT):
        check_can(by, Permission.RUN_TESTS)
