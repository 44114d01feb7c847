"""Record, correct and void milestones; each action is atomic and writes the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from children.actions import check_born, permission_for_stretch, void_stretch
from children.keeping import add, change, check_may, void
from children.models import Child, Kept
from milestones.catalogue import BY_CODE, Precision
from milestones.clocks.limits import Limit
from milestones.desks import permission_to_record
from milestones.models import Milestone
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.look.words import british_date

# Before birth only these can happen: a child who is expected may have been referred, met about and planned for.
BEFORE_BIRTH = frozenset(
    {
        "REFERRAL_FIRST",
        "REPORTER_REFERRAL",
        "LEGAL_ADVICE_REQ",
        "LEGAL_ADVICE_REC",
        "PCA_START",
        "PCA_END",
        "KIN_ASSESS_START",
        "KIN_ASSESS_END",
        "REHAB_DECISION",
        "KINSHIP_DECISION",
        "LA_TRANSFER_IN",
        "PPM",
    }
)
# ... and these, when the form says that they were made before birth.
FLAGGED_BEFORE_BIRTH = frozenset({"PERM_REC", "PERM_DECISION", "PPM_DECISION"})
FARTHEST_PLAN = Limit.parse("3 years")
A_MONTH, ONE_DAY = Limit.parse("1 month"), timedelta(days=1)


@dataclass(frozen=True)
class Draft:
    """A milestone that is about to be recorded."""

    child: Child
    kind: str
    values: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_milestones(drafts: Sequence[Draft], *, by: User) -> list[Milestone]:
    """Record milestones of one or several children, all or none; raise `ValidationError` for what is impossible."""
    rows = []
    for draft in drafts:
        check_may(by, permission_to_record(draft.kind), draft.child)
        row = Milestone(
            child=draft.child, kind=draft.kind, recorded_by=by, recorded_on=timezone.localdate(), **draft.values
        )
        check_possible(row)
        add(row, by=by)
        rows.append(row)
    return rows


@transaction.atomic
def correct_milestone(milestone: Milestone, values: dict[str, Any], *, edition: int, by: User) -> bool:
    """Correct a milestone; False when it says so already. Raise `Collision` when somebody changed it meanwhile."""
    check_may(by, permission_to_record(milestone.kind), milestone.child)
    imagined = Milestone.objects.get(pk=milestone.pk)
    for name, value in values.items():
        setattr(imagined, name, value)
    check_possible(imagined)
    if imagined.happened_on and imagined.happened_on > imagined.recorded_on:
        # A row of an old extract that is corrected now is recorded now.
        values = {**values, "recorded_on": timezone.localdate()}
    return change(milestone, values, edition=edition, by=by)


@transaction.atomic
def void_row(row: Kept, *, reason: str, edition: int, by: User) -> None:
    """Void a milestone, an episode, a placement or a legal basis that was recorded in error."""
    if not may_void(by, row):
        raise PermissionDenied("Your role does not allow you to void this record.")
    needs = Permission.VOID_ANY if can(by, Permission.VOID_ANY) else permission_for(row)
    check_may(by, needs, row.child)
    if not reason.strip():
        raise ValidationError({"reason": "Say why this was recorded in error."})
    set_aside = void if isinstance(row, Milestone) else void_stretch
    set_aside(row, reason=reason.strip(), edition=edition, by=by)


def permission_for(row: Kept) -> Permission:
    """The permission that recording a row of this kind needs."""
    return permission_to_record(row.kind) if isinstance(row, Milestone) else permission_for_stretch(row)


def may_void(by: User, row: Kept) -> bool:
    return can(by, Permission.VOID_ANY) or can(by, permission_for(row))


def check_possible(row: Milestone) -> None:
    """Raise `ValidationError`, by field, for what cannot be: in the future, before birth, or without any date."""
    today = timezone.localdate()
    if row.happened_on is None and row.planned_on is None and row.precision != Precision.UNKNOWN:
        raise ValidationError({"happened_on": "Give the day it happened, or the day it is planned for."})
    if row.happened_on is not None and row.precision == Precision.UNKNOWN:
        raise ValidationError({"happened_on": "A date that is not known must be left empty."})
    if row.happened_on is not None and row.happened_on > today:
        raise ValidationError({"happened_on": "This day is in the future. Give it as the planned day instead."})
    if row.planned_on is not None and row.planned_on > FARTHEST_PLAN.after(today):
        raise ValidationError({"planned_on": "This is more than three years ahead. Check the year."})
    first, until = row.first_accommodated_on, row.happened_on or today
    if first is not None and not (row.child.date_of_birth or date.min) <= first <= until:
        raise ValidationError({"first_accommodated_on": "This must lie between the birth and the transfer."})
    _check_birth(row)
    outcomes = BY_CODE[row.kind].outcomes
    if outcomes and row.outcome and row.outcome not in outcomes:
        raise ValidationError({"outcome": "Choose one of the outcomes offered."})


def _check_birth(row: Milestone) -> None:
    born, day = row.child.date_of_birth, row.happened_on
    if day is None or row.kind in BEFORE_BIRTH or (row.kind in FLAGGED_BEFORE_BIRTH and row.pre_birth):
        return
    if born is None:
        check_born(row.child, "happened_on")
        return
    if row.precision == Precision.MONTH:
        day = A_MONTH.after(day) - ONE_DAY
    if day >= born:
        return
    words = f"This is before the child's birth on {british_date(born)}."
    if row.kind in FLAGGED_BEFORE_BIRTH:
        words += " If it was made before birth, say so below."
    raise ValidationError({"happened_on": words})
