"""Allocate children to people, from a day to a day, and hand a leaver's cases over.

An allocation's last day is one of its days: who takes over on the 5th follows somebody whose last day is the 4th.
What is impossible raises `ValidationError` by field, in words for the person, and leaves everything as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from children.allocations import people_to_allocate
from children.models import Allocation, Child
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record_all
from pace_site.look.as_at import EARLIEST
from pace_site.look.words import british_date
from pace_site.look.words import children as count_children

FARTHEST = timedelta(days=90)
# So many children are named in a message; of more, the number is said.
NAMED = 5


@dataclass(frozen=True)
class HandedOver:
    """What became of a hand-over: the children who went to the new person, and those who were there already."""

    given: tuple[str, ...]
    held_already: tuple[str, ...]


@transaction.atomic
def hand_over(children: Sequence[Child], *, leaver: User, to: User, start: date, by: User) -> HandedOver:
    """End the allocations of `children` to `leaver` the day before `start`, and begin those to `to` on that day.

    A child whom `to` has already is not begun again. One child that cannot be handed over refuses them all.
    """
    _check_may_allocate(children, by=by)
    _check_may_be_given(to, by=by)
    _check_day(start, "start")
    if to == leaver:
        raise ValidationError({"to": "Choose somebody else than the person who hands over."})
    if not children:
        raise ValidationError({"children": "Choose at least one child."})
    last_day = start - timedelta(days=1)
    # Who leaves may have a last day already: nothing of theirs is lengthened.
    since = min(last_day, timezone.localdate())
    rows = list(
        Allocation.objects.select_for_update(of=("self",))
        .select_related("child", "user")
        .filter(Q(end=None) | Q(end__gte=since), child__in=children, user__in=[leaver, to])
        .order_by("start", "pk")
    )
    leaving = {child.pk: [] for child in children}
    held = {}
    for row in rows:
        if row.user_id == leaver.pk:
            leaving[row.child_id].append(row)
        elif row.end is None or row.end >= start:
            held.setdefault(row.child_id, row)
    _check_can_end(children, leaving, held, leaver=leaver, start=start)
    changes = _Changes(by)
    for child in children:
        for row in leaving[child.pk]:
            changes.change(row, start=row.start, end=min(row.end or last_day, last_day))
    given, already = [], []
    for child in children:
        changed = _give(child, held.get(child.pk), to=to, start=start, changes=changes)
        (given if changed else already).append(child.code)
    changes.write()
    return HandedOver(tuple(given), tuple(already))


@transaction.atomic
def allocate(child: Child, *, to: User, start: date, by: User) -> Allocation:
    """Let a person work with a child from a day on, beside whoever does already."""
    _check_may_allocate([child], by=by)
    _check_may_be_given(to, by=by)
    _check_day(start, "start")
    held = (
        Allocation.objects.select_for_update()
        .filter(Q(end=None) | Q(end__gte=start), child=child, user=to)
        .order_by("start", "pk")
        .first()
    )
    if held is not None:
        until = f" to {british_date(held.end)}" if held.end else ""
        raise ValidationError(
            {"to": f"{to} is allocated to this child already, from {british_date(held.start)}{until}."}
        )
    changes = _Changes(by)
    row = changes.create(child, user=to, start=start)
    changes.write()
    return row


@transaction.atomic
def end_allocation(allocation: Allocation, *, on: date, by: User) -> None:
    """Let `on` be the last day of an allocation that has not ended yet."""
    _check_may_allocate([allocation.child], by=by)
    _check_day(on, "on")
    row = Allocation.objects.select_for_update(of=("self",)).select_related("child", "user").get(pk=allocation.pk)
    if row.end is not None and row.end < timezone.localdate():
        raise ValidationError({"on": f"This allocation has ended already, on {british_date(row.end)}."})
    if on < row.start:
        raise ValidationError({"on": f"This allocation began later, on {british_date(row.start)}."})
    changes = _Changes(by)
    changes.change(row, start=row.start, end=on)
    changes.write()


def _give(child: Child, held: Allocation | None, *, to: User, start: date, changes: "_Changes") -> bool:
    """Begin an allocation without an end; False when the person has one that covers it."""
    if held is None:
        changes.create(child, user=to, start=start)
        return True
    # A stay that was to end, or to begin later, becomes the lasting one.
    return changes.change(held, start=min(held.start, start), end=None)


class _Changes:
    """Gathers new and changed allocations, and writes them all with their lines in the audit trail."""

    def __init__(self, by: User):
        self.by = by
        self.new: list[Allocation] = []
        self.changed: list[tuple[Allocation, dict]] = []

    def create(self, child: Child, *, user: User, start: date) -> Allocation:
        self.new.append(Allocation(child=child, user=user, start=start))
        return self.new[-1]

    def change(self, row: Allocation, *, start: date, end: date | None) -> bool:
        before = _days(row)
        row.start, row.end = start, end
        if _days(row) == before:
            return False
        self.changed.append((row, before))
        return True

    def write(self) -> None:
        Allocation.objects.bulk_create(self.new)
        Allocation.objects.bulk_update([row for row, _before in self.changed], ["start", "end"])
        entries = [self._entry(AuditEntry.Action.CHANGE, row, before=before) for row, before in self.changed]
        record_all(entries + [self._entry(AuditEntry.Action.CREATE, row) for row in self.new])

    def _entry(self, action: AuditEntry.Action, row: Allocation, *, before: dict | None = None) -> AuditEntry:
        return audit_entry(
            action,
            authority=self.by.organisation,
            record_type="allocation",
            record_id=row.pk,
            child_code=row.child.code,
            by=self.by,
            before=before,
            after={"user": row.user.email, **_days(row)},
        )


def _days(row: Allocation) -> dict[str, str | None]:
    return {"start": row.start.isoformat(), "end": row.end.isoformat() if row.end else None}


def _check_may_allocate(children: Sequence[Child], *, by: User) -> None:
    """Raise `PermissionDenied` unless `by` may allocate and may see every one of these children with a name."""
    check_can(by, Permission.ALLOCATE)
    keys = {child.pk for child in children}
    if Child.objects.identifiable_to(by).filter(pk__in=keys).count() != len(keys):
        raise PermissionDenied("One of these children is not among those whom you may allocate. Nothing was changed.")


def _check_may_be_given(to: User, *, by: User) -> None:
    if not people_to_allocate(by).filter(pk=to.pk).exists():
        raise ValidationError({"to": "This is not a person to whom you may allocate children."})


def _check_day(day: date, field: str) -> None:
    latest = timezone.localdate() + FARTHEST
    if day > latest:
        raise ValidationError({field: f"This is too far ahead: {british_date(latest)} is the latest day."})
    if day < EARLIEST:
        raise ValidationError({field: f"This is too long ago: {british_date(EARLIEST)} is the earliest day."})


def _check_can_end(
    children: Sequence[Child],
    leaving: dict[int, list[Allocation]],
    held: dict[int, Allocation],
    *,
    leaver: User,
    start: date,
) -> None:
    """Refuse what would end an allocation before it began, and children whom the leaver does not have on the day."""
    gone = [child.code for child in children if not leaving[child.pk] and child.pk not in held]
    if gone:
        raise ValidationError(
            {"children": f"{_named(gone)} not allocated to {leaver} on {british_date(start)}. Nothing was changed."}
        )
    late = {child.code: leaving[child.pk][-1].start for child in children if leaving[child.pk]}
    late = {code: begun for code, begun in late.items() if begun >= start}
    if late:
        latest = max(late.values())
        raise ValidationError(
            {
                "start": f"{_named(list(late))} allocated to {leaver} only from {british_date(latest)}. "
                "Choose a later day; nothing was changed."
            }
        )


def _named(codes: list[str]) -> str:
    if len(codes) > NAMED:
        return f"{count_children(len(codes))} are"
    return f"{', '.join(codes)} {'is' if len(codes) == 1 else 'are'}"
