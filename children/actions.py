"""Record where a child lives and on what ground: one action for each thing that happens (`domain.md` 3.1).

All days are plain dates; an end is the day of the move. What is impossible raises `ValidationError` by field, in
words for the person, and leaves everything as it was.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from children.keeping import NAME_WITHHELD, Collision, add, change, check_may, said_by, void
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
from children.retention.references import Forgotten
from pace_site.accounts.models import Team, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import lock
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.words import british_date

# Somebody older is no child in anybody's care; a birth is expected for forty weeks, and sometimes comes late.
OLDEST, LONGEST_WAIT, OVERDUE_BIRTH = timedelta(days=26 * 366), timedelta(days=290), timedelta(days=60)


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
    if date_of_birth is None and expected_on is None:
        raise ValidationError({"date_of_birth": "Give the date of birth, or the expected date for an unborn child."})
    check_birth(date_of_birth, expected_on)
    _check_reference(local_ref, of=Child(authority=by.organisation))
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
def correct_child(child: Child, values: dict, *, edition: int, by: User, sibling: Child | None = None) -> bool:
    """Correct who a child is, names included, or put it into the family of `sibling`; False when it says so already."""
    check_may(by, Permission.RECORD_CARE, child)
    born = values.get("date_of_birth")
    check_birth(born, values.get("expected_on"))
    _check_reference(values.get("local_ref", child.local_ref), of=child)
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
    if sibling is not None and sibling.pk != child.pk:
        current.family = _family_of(sibling, by=by)
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
    current = lock(sibling)
    if current.family is None:
        current.family = Family.objects.create(authority=sibling.authority, ref=f"FAMILY-{sibling.code}")
        current.edition += 1
        current.save(update_fields=["family", "edition"])
        record(
            AuditEntry.Action.CHANGE,
            authority=current.authority,
            record_type="child",
            record_id=current.pk,
            child_code=current.code,
            by=by,
            before={"family": None},
            after={"family": current.family_id},
        )
    return current.family


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
    _check_overlap(child, start=start, end=end)
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
    episode = child.episodes.standing().in_force_on(start).order_by("start", "pk").last()
    if episode is None:
        raise ValidationError(
            {"start": "This child was not looked after on that day. Record first that the child became looked after."}
        )
    if not short_break:
        lasting = child.placements.standing().filter(short_break=False).order_by("start", "pk")
        if lasting.filter(start=start).exists():
            raise ValidationError({"start": "A placement from that day is recorded already. Correct that one instead."})
        following = lasting.filter(start__gt=start).first()
        before = lasting.in_force_on(start).last()
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
    _end_what_is_open(child, since=episode.start, on=on, field="on", by=by)
    return episode


@transaction.atomic
def correct_stretch(row: Kept, values: dict, *, edition: int, by: User) -> bool:
    """Correct an episode, a placement or a legal basis; False when it says so already."""
    check_may(by, permission_for_stretch(row), row.child)
    start, end = values.get("start", row.start), values.get("end", row.end)
    check_stretch(row.child, start=start, end=end)
    if isinstance(row, CareEpisode):
        _check_overlap(row.child, start=start, end=end, but_for=row)
        destination = values.get("destination", row.destination)
        if end is not None and destination is None:
            raise ValidationError({"destination": "Say where the child went."})
        if end is None and destination is not None:
            raise ValidationError({"end": "Give the day on which the child left, or take the destination away."})
    changed = change(row, values, edition=edition, by=by)
    if changed and isinstance(row, CareEpisode) and end is not None:
        _end_what_is_open(row.child, since=start, on=end, field="end", by=by)
    return changed


@transaction.atomic
def void_stretch(row: Kept, *, reason: str, edition: int, by: User) -> None:
    """Void a stretch of care: an episode with all inside it, a move by letting the placement before it go on."""
    void(row, reason=reason, edition=edition, by=by)
    child = row.child
    if isinstance(row, CareEpisode):
        inside = Q(start__gte=row.start) & (Q(start__lt=row.end) if row.end else Q())
        for rows in (child.placements, child.legal_bases):
            for each in rows.standing().filter(inside):
                void(each, reason=reason, edition=each.edition, by=by)
    elif isinstance(row, Placement) and not row.short_break:
        before = child.placements.standing().filter(short_break=False, end=row.start).order_by("start").last()
        if before is not None:
            change(before, {"end": row.end}, edition=before.edition, by=by, reason="The move after it was set aside")


def permission_for_stretch(row: Kept) -> Permission:
    """Legal bases are kept by whoever keeps court dates; where a child lives, by its worker."""
    return Permission.RECORD_COURT if isinstance(row, LegalBasis) else Permission.RECORD_CARE


def check_born(child: Child, field: str) -> None:
    """Refuse care of a child whose birth is still expected: the birth is recorded first."""
    if child.date_of_birth is None and child.expected_on is not None:
        raise ValidationError({field: "The birth of this child is still expected. Record the date of birth first."})


def check_not_future(day: date | None, field: str) -> None:
    if day is not None and day > timezone.localdate():
        raise ValidationError({field: "This day is in the future. Only what has happened is recorded here."})


def check_birth(born: date | None, expected_on: date | None) -> None:
    """Refuse a birthday in the future or of somebody grown up, and an expected one that nobody can expect."""
    today = timezone.localdate()
    check_not_future(born, "date_of_birth")
    if born is not None and today - born > OLDEST:
        raise ValidationError({"date_of_birth": "This is more than 26 years ago. Check the year."})
    if expected_on is not None and born is None and not today - OVERDUE_BIRTH <= expected_on <= today + LONGEST_WAIT:
        raise ValidationError({"expected_on": "This is no day on which a child can be expected. Check the year."})


def _check_reference(local_ref: str, *, of: Child) -> None:
    """A council reference names one child; whose it is stays unsaid, as it may be another team's."""
    if Child.objects.filter(authority=of.authority, local_ref=local_ref).exclude(pk=of.pk).exists():
        raise ValidationError({"local_ref": "This council reference is already used for another child."})
    year = Forgotten(of.authority).year_of(local_ref) if local_ref != of.local_ref else None
    if year is not None:
        raise ValidationError(
            {
                "local_ref": f"The record of this council reference was pseudonymised in {year}. If the child is "
                "looked after again, ask your data lead or PACE lead to let the reference in."
            }
        )


def _check_overlap(child: Child, *, start: date, end: date | None, but_for: CareEpisode | None = None) -> None:
    """Nobody is looked after twice at once."""
    for episode in child.episodes.standing().exclude(pk=but_for.pk if but_for else None):
        if start < (episode.end or date.max) and (end or date.max) > episode.start:
            until = f"to {british_date(episode.end)}" if episode.end else "and still is"
            raise ValidationError(
                {
                    "start": f"This child was already looked after from {british_date(episode.start)} {until}. "
                    "Correct that episode, or give the day on which this one ended."
                }
            )


def _end_what_is_open(child: Child, *, since: date, on: date, field: str, by: User) -> None:
    """End the placements and legal bases of an episode with it."""
    for rows in (child.placements, child.legal_bases):
        for row in rows.standing().filter(Q(end=None) | Q(end__gt=on), start__gte=since):
            if row.start > on:
                raise ValidationError({field: f"{row} begins after that day. Correct or void it first."})
            change(row, {"end": on}, edition=row.edition, by=by, reason="Left care")


def check_stretch(child: Child, *, start: date, end: date | None) -> None:
    """Refuse a stretch of care in the future, before birth, or that ends before it starts."""
    check_born(child, "start")
    check_not_future(start, "start")
    check_not_future(end, "end")
    if child.date_of_birth and start < child.date_of_birth:
        raise ValidationError({"start": f"This is before the child's birth on {british_date(child.date_of_birth)}."})
    if end is not None and end < start:
        raise ValidationError({"end": "The end is before the start."})
