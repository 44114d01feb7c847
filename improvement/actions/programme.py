"""Write the charter, say who is in the groups, and say how far the programme has come."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import Aim
from improvement.editions import Collision, at_edition, change
from improvement.models import GroupMember, Programme, ProgressScore
from improvement.models.programme import SCORES, GroupRole
from improvement.named_children import refuse_named_children
from improvement.scope import who_may_see_improvement
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import save_record

TEXTS = (
    "problem",
    "aim",
    "why_now",
    "scope_in",
    "scope_out",
    "measures",
    "baseline",
    "risks",
    "approvals",
)
CHARTER = (*TEXTS, "starts_on", "ends_on")
NOT_WRITTEN_YET = 0  # the edition of a charter that nobody has written


@transaction.atomic
def write_charter(said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Write the charter of `by`'s authority, or the part that is said; False when it says so already.

    `edition` is that of the charter when it was opened, 0 when there was none. Raises `Collision` and
    `ValidationError`, by field.
    """
    check_can(by, Permission.LEAD_IMPROVEMENT)
    if unknown := set(said) - set(CHARTER):
        raise ValueError(f"A charter has no {', '.join(sorted(unknown))}.")
    values = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value for name, value in said.items()
    }
    refuse_named_children({name: value for name, value in values.items() if isinstance(value, str)}, by=by)
    row = Programme.objects.visible_to(by).first()
    if row is not None and edition == NOT_WRITTEN_YET:
        # It was made meanwhile, perhaps only to hold the groups: then there is nothing to write over.
        if any(getattr(row, name) for name in CHARTER):
            raise Collision(row)
        edition = row.edition
    row = row or programme_of(by)
    start, end = (values.get(name, getattr(row, name)) for name in ("starts_on", "ends_on"))
    if start and end and end <= start:
        raise ValidationError({"ends_on": "The programme ends after it starts."})
    return change(row, values, edition=edition or row.edition, by=by)


def programme_of(by: User) -> Programme:
    """The programme of `by`'s authority, made when there is none."""
    row = Programme.objects.visible_to(by).first()
    if row is None:
        row = Programme(authority=by.organisation)
        save_record(row, by=by)
    return row


@transaction.atomic
def add_member(
    *,
    aim: Aim | None = None,
    user: User | None = None,
    name: str = "",
    agency: str = "",
    role: GroupRole = GroupRole.OTHER,
    leads: bool = False,
    by: User,
    on: date | None = None,
) -> GroupMember:
    """Take somebody into the Champions' Group, or into the group of `aim`: a user, or a partner by name."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    name, agency = name.strip(), agency.strip()
    if (user is None) == (not name):
        raise ValidationError({"user": "Choose somebody who signs in, or write the name of a partner: one of them."})
    if aim is not None and aim.authority_id != by.organisation_id:
        raise ValidationError({"aim": "Choose an aim of your own authority."})
    if user is not None and user not in set(who_may_see_improvement(by)):
        raise ValidationError({"user": "Choose somebody of your authority who may see its improvement work."})
    refuse_named_children({"name": name, "agency": agency}, by=by)
    programme = programme_of(by)
    there = GroupMember.objects.visible_to(by).filter(aim=aim, left_on=None)
    if user is not None and there.filter(user=user).exists():
        raise ValidationError({"user": f"{user} is in this group already."})
    if name and there.filter(name__iexact=name, agency__iexact=agency).exists():
        raise ValidationError({"name": f"{name} is in this group already."})
    leads = leads and aim is None
    if leads:
        _let_nobody_lead(programme, by=by)
    member = GroupMember(
        programme=programme,
        aim=aim,
        user=user,
        name=name,
        agency=agency,
        role=role,
        leads=leads,
        joined_on=on or timezone.localdate(),
    )
    save_record(member, by=by)
    return member


@transaction.atomic
def change_member(
    member: GroupMember, *, role: GroupRole, agency: str, leads: bool = False, edition: int, by: User
) -> bool:
    """Say anew what somebody is in their group; who leads the Champions' Group takes over from who did."""
    current = _still_there(member, edition=edition, by=by)
    refuse_named_children({"agency": agency}, by=by)
    leads = leads and current.aim_id is None
    if leads and not current.leads:
        _let_nobody_lead(current.programme, by=by)
    return change(member, {"role": role, "agency": agency.strip(), "leads": leads}, edition=edition, by=by)


@transaction.atomic
def let_member_go(member: GroupMember, *, edition: int, by: User, on: date | None = None) -> None:
    """Somebody leaves their group; past minutes keep naming them."""
    current = _still_there(member, edition=edition, by=by)
    left = max(on or timezone.localdate(), current.joined_on)
    change(member, {"left_on": left, "leads": False}, edition=edition, by=by)


def _still_there(member: GroupMember, *, edition: int, by: User) -> GroupMember:
    check_can(by, Permission.LEAD_IMPROVEMENT)
    GroupMember.objects.visible_to(by).get(pk=member.pk)
    current = at_edition(member, edition)
    if current.left_on is not None:
        raise ValidationError(f"{current.called} has left this group.")
    return current


def _let_nobody_lead(programme: Programme, *, by: User) -> None:
    for member in GroupMember.objects.filter(programme=programme, leads=True):
        change(member, {"leads": False}, edition=member.edition, by=by)


@transaction.atomic
def give_score(*, month: date, score: Decimal, reason: str, by: User) -> ProgressScore:
    """Say how far the programme has come in a month; the last score of a month stands, and none is ever changed."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    reason, month = reason.strip(), month.replace(day=1)
    faults = {}
    if score not in SCORES:
        faults["score"] = "Choose a score from 0.5 to 5.0."
    if not reason:
        faults["reason"] = "Say why, so that others understand the score."
    if month > timezone.localdate():
        faults["month"] = "This month has not begun."
    if faults:
        raise ValidationError(faults)
    refuse_named_children({"reason": reason}, by=by)
    row = ProgressScore(programme=programme_of(by), month=month, score=score, reason=reason, by=by)
    save_record(row, by=by)
    return row
