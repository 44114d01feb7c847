"""Record where a child lives and on what ground: one action for each thing that happens (`domain.md` 3.1).

All days are plain dates; an end is the day of the move. What is impossible raises `ValidationError` by field, in
words for the person, and leaves everything as it was.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from children.keeping import NAME_WITHHELD, Collision, add, change, check_may, lock, said_by
from children.models import (
    CareEpisode,
    Child,
    Destination,
    Family,
    Identity,
    Kept,
    LegalBasis,
    LegalMeasure,
    Origin,
    Placement,
    PlacementType,
)
from children.pseudonyms import new_codes
from pace_site.accounts.models import Team, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.words import british_date


@transaction.atomic
def take_on(
    *,
    given_name: str,
    family_name: str,
    local_ref: str,
    team: Team,
    by: User,
    date_of_birth: date | None = None,
    expected_on: date | None = None,
    sex: str = "",
    ethnicity: str = "",
    disability: str = "",
    locality: str = "",
    sibling: Child | None = None,
) -> Child:
    """Open a record for a child, or for one not yet born; `sibling` is a child of the same family."""
    check_can(by, Permission.RECORD_CARE)
    if Child.objects.filter(authority=by.organisation, local_ref=local_ref).exists():
        raise ValidationError({"local_ref": "This council reference is already used for another child."})
    if date_of_birth is None and expected_on is None:
        raise ValidationError({"date_of_birth": "Give the date of birth, or the expected date for an unborn child."})
    check_not_future(date_of_birth, "date_of_birth")
    child = Child(
        authority=by.organisation,
        code=new_codes(by.organisation, 1)[0],
        local_ref=local_ref,
        team=team,
        date_of_birth=date_of_birth,
        expected_on=expected_on,
        sex=sex,
        ethnicity=ethnicity,
        disability=disability,
        locality=locality,
        family=_family_of(sibling, by=by) if sibling else None,
    )
    add(child, by=by)
    Identity.objects.create(child=child, given_name=given_name, family_name=family_name)
    check_may(by, Permission.RECORD_CARE, child)
    return child


@transaction.atomic
def correct_child(child: Child, values: dict, *, edition: int, by: User) -> bool:
    """Correct who a child is, names included; False when it says so already."""
    check_may(by, Permission.RECORD_CARE, child)
    check_not_future(values.get("date_of_birth"), "date_of_birth")
    born = values.get("date_of_birth")
    first = child.episodes.standing().order_by("start").first()
    if born and first and born > first.start:
        raise ValidationError(
            {"date_of_birth": f"The child became looked after earlier, on {british_date(first.start)}."}
        )
    current = lock(child)
    if current.edition != edition:
        raise Collision(current)
    before = said_by(current)
    names = {name: values[name] for name in ("given_name", "family_name") if name in values}
    for name in values.keys() - names.keys():
        setattr(current, name, values[name])
    identity, _is_new = Identity.objects.get_or_create(child=current, defaults=names)
    renamed = [name for name, value in names.items() if getattr(identity, name) != value]
    after = said_by(current)
    changed = [name for name in after if before[name] != after[name]]
    if not changed and not renamed:
        return False
    for name in renamed:
        setattr(identity, name, names[name])
    identity.save()
    current.origin, current.edition = Origin.HAND, edition + 1
    current.save()
    record(
        AuditEntry.Action.CHANGE,
        authority=current.authority,
        record_type="child",
        record_id=current.pk,
        child_code=current.code,
        by=by,
        before={name: before[name] for name in changed} | dict.fromkeys(renamed, NAME_WITHHELD),
        after={name: after[name] for name in changed} | dict.fromkeys(renamed, NAME_WITHHELD),
    )
    return True


def _family_of(sibling: Child, *, by: User) -> Family:
    """The family of a child; a child without one gets a family of its own."""
    check_may(by, Permission.RECORD_CARE, sibling)
    if sibling.family is None:
        sibling.family = Family.objects.create(authority=sibling.authority, ref=f"FAMILY-{sibling.code}")
        sibling.save(update_fields=["family"])
    return sibling.family


@transaction.atomic
def start_care(
    child: Child,
    *,
    start: date,
    placement_type: PlacementType,
    by: User,
    measure: LegalMeasure | None = None,
    provider: str = "",
    carer: str = "",
    end: date | None = None,
    destination: Destination | None = None,
) -> CareEpisode:
    """A child becomes looked after: an episode, its first placement and its legal basis; `end` when it is over."""
    check_may(by, Permission.RECORD_CARE, child)
    check_stretch(child, start=start, end=end)
    for episode in child.episodes.standing():
        if start < (episode.end or date.max) and (end or date.max) > episode.start:
            until = f"to {british_date(episode.end)}" if episode.end else "and still is"
            raise ValidationError(
                {
                    "start": f"This child was already looked after from {british_date(episode.start)} {until}. "
                    "Correct that episode, or give the day on which this one ended."
                }
            )
    episode = CareEpisode(child=child, start=start, end=end, destination=destination)
    add(episode, by=by)
    add(
        Placement(child=child, start=start, end=end, placement_type=placement_type, provider=provider, carer=carer),
        by=by,
    )
    if measure is not None:
        add(LegalBasis(child=child, start=start, end=end, measure=measure), by=by)
    return episode


@transaction.atomic
def place(
    child: Child,
    *,
    start: date,
    placement_type: PlacementType,
    by: User,
    end: date | None = None,
    provider: str = "",
    carer: str = "",
    short_break: bool = False,
) -> Placement:
    """A child moves: the placement of that day ends, and the new one lasts until the next move known already."""
    check_may(by, Permission.RECORD_CARE, child)
    check_stretch(child, start=start, end=end)
    episode = _in_force(child.episodes.standing(), start).last()
    if episode is None:
        raise ValidationError(
            {"start": "This child was not looked after on that day. Record first that the child became looked after."}
        )
    if not short_break:
        lasting = child.placements.standing().filter(short_break=False).order_by("start", "pk")
        if lasting.filter(start=start).exists():
            raise ValidationError({"start": "A placement from that day is recorded already. Correct that one instead."})
        following = lasting.filter(start__gt=start).first()
        before = _in_force(lasting, start).last()
        end = end or (following.start if following else before.end if before else None) or episode.end
        if before is not None:
            change(before, {"end": start}, edition=before.edition, by=by, reason="Moved on")
    placement = Placement(
        child=child,
        start=start,
        end=end,
        placement_type=placement_type,
        provider=provider,
        carer=carer,
        short_break=short_break,
    )
    add(placement, by=by)
    return placement


@transaction.atomic
def add_legal_basis(
    child: Child,
    *,
    start: date,
    measure: LegalMeasure,
    by: User,
    end: date | None = None,
    instead_of: tuple[LegalBasis, ...] = (),
) -> LegalBasis:
    """A legal basis begins; those it comes `instead_of` end that day."""
    check_may(by, Permission.RECORD_COURT, child)
    check_stretch(child, start=start, end=end)
    for old in instead_of:
        if start < old.start:
            raise ValidationError({"start": f"{old.measure} began later, on {british_date(old.start)}."})
        change(old, {"end": start}, edition=old.edition, by=by, reason=f"Replaced by {measure}")
    basis = LegalBasis(child=child, start=start, end=end, measure=measure)
    add(basis, by=by)
    return basis


@transaction.atomic
def end_care(child: Child, *, on: date, destination: Destination, by: User) -> CareEpisode:
    """A child leaves care: the episode ends with its destination, and with it every open placement and basis."""
    check_may(by, Permission.RECORD_CARE, child)
    check_not_future(on, "on")
    episode = child.episodes.standing().filter(end=None).order_by("start").last()
    if episode is None:
        raise ValidationError("This child is not looked after now, so there is nothing to end.")
    if on < episode.start:
        raise ValidationError({"on": f"The child became looked after later, on {british_date(episode.start)}."})
    change(episode, {"end": on, "destination": destination}, edition=episode.edition, by=by)
    for rows in (child.placements, child.legal_bases):
        for row in rows.standing().filter(Q(end=None) | Q(end__gt=on), start__gte=episode.start):
            if row.start > on:
                raise ValidationError({"on": f"{row} begins after that day. Correct or void it first."})
            change(row, {"end": on}, edition=row.edition, by=by, reason="Left care")
    return episode


@transaction.atomic
def correct_stretch(row: Kept, values: dict, *, edition: int, by: User) -> bool:
    """Correct an episode, a placement or a legal basis; False when it says so already."""
    check_may(by, permission_for_stretch(row), row.child)
    check_stretch(row.child, start=values.get("start", row.start), end=values.get("end", row.end))
    return change(row, values, edition=edition, by=by)


def permission_for_stretch(row: Kept) -> Permission:
    """Legal bases are kept by whoever keeps court dates; where a child lives, by its worker."""
    return Permission.RECORD_COURT if isinstance(row, LegalBasis) else Permission.RECORD_CARE


def check_not_future(day: date | None, field: str) -> None:
    if day is not None and day > timezone.localdate():
        raise ValidationError({field: "This day is in the future. Only what has happened is recorded here."})


def check_stretch(child: Child, *, start: date, end: date | None) -> None:
    """Refuse a stretch of care in the future, before birth, or that ends before it starts."""
    check_not_future(start, "start")
    check_not_future(end, "end")
    if child.date_of_birth and start < child.date_of_birth:
        raise ValidationError({"start": f"This is before the child's birth on {british_date(child.date_of_birth)}."})
    if end is not None and end < start:
        raise ValidationError({"end": "The end is before the start."})


def _in_force(rows, day: date):
    return rows.filter(Q(end=None) | Q(end__gt=day), start__lte=day).order_by("start", "pk")
