"""The register of barriers: raise one, put it right, and say how it was resolved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from improvement.editions import at_edition, change, check_may_edit
from improvement.models import Barrier
from improvement.named_children import refuse_named_children
from improvement.scope import who_may_see_improvement
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import save_record

FIELDS = ("text", "aim", "raised_on", "owner", "partner", "asked")


@transaction.atomic
def raise_barrier(said: Mapping[str, Any], *, by: User) -> Barrier:
    """Write down what stands in the way; `said` holds the fields of a barrier. Raises `ValidationError`, by field."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    barrier = Barrier(authority=by.organisation)
    for name, value in _checked(barrier, said, by=by).items():
        setattr(barrier, name, value)
    save_record(barrier, by=by)
    return barrier


@transaction.atomic
def change_barrier(barrier: Barrier, said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Put a barrier right; False when it says so already. Raises `Collision` and `ValidationError`."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    check_may_edit(barrier, by=by)
    current = at_edition(barrier, edition)
    return change(barrier, _checked(current, said, by=by), edition=edition, by=by)


@transaction.atomic
def resolve_barrier(barrier: Barrier, *, resolution: str, edition: int, by: User, on: date | None = None) -> None:
    """It stands in the way no longer, and how that came."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    check_may_edit(barrier, by=by)
    current, resolution = at_edition(barrier, edition), resolution.strip()
    if current.resolved_on is not None:
        raise ValidationError("This barrier is resolved already.")
    if not resolution:
        raise ValidationError({"resolution": "Say what resolved it, so that others learn from it."})
    refuse_named_children({"resolution": resolution}, by=by, but_pseudonyms=True)
    day = max(on or timezone.localdate(), current.raised_on)
    change(barrier, {"resolved_on": day, "resolution": resolution}, edition=edition, by=by)


def _checked(barrier: Barrier, said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    if unknown := set(said) - set(FIELDS):
        raise ValueError(f"A barrier has no {', '.join(sorted(unknown))}.")
    values = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value for name, value in said.items()
    }
    owner, partner = (values.get(name, getattr(barrier, name)) for name in ("owner", "partner"))
    aim, faults = values.get("aim"), {}
    if values.get("text") == "":
        faults["text"] = "Say what stands in the way."
    if (owner is None) == (not partner):
        faults["owner"] = "Choose somebody who sees to it."
    if owner is not None and owner != barrier.owner and owner not in set(who_may_see_improvement(by)):
        faults["owner"] = "Choose somebody of your authority who may see its improvement work."
    if aim is not None and aim.authority_id != by.organisation_id:
        faults["aim"] = "Choose an aim of your own authority."
    day = values.get("raised_on")
    if day is not None and day > timezone.localdate():
        faults["raised_on"] = "This day is still to come."
    if day is not None and barrier.resolved_on is not None and day > barrier.resolved_on:
        faults["raised_on"] = "This lies after the day on which it was resolved."
    if faults:
        raise ValidationError(faults)
    texts = {name: values.get(name, "") for name in ("text", "asked")}
    refuse_named_children(texts, by=by, but_pseudonyms=True)
    return values
