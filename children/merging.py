"""Make one record of two that are of one child, undo that, and say of two that they are of two children.

Rows that both records have are set aside once; all others move as they are. What the kept record leaves empty is
filled from the other. An undo puts back what the merge moved, as long as nobody has changed it since (ADR 0026).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from children.keeping import said_by
from children.likeness import Known, Pair, may_be_siblings, may_be_the_same
from children.models import CareEpisode, Child, Identity, Kept, Merge, NotTheSame, Pseudonymisation
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

# What of a child is filled from the other record where the kept one says nothing.
FILLED = ("date_of_birth", "expected_on", "sex", "ethnicity", "disability", "locality", "family_id", "team_id")
# What stays with the record that is given up, by model, and why.
STAYS = {
    "children.child": "it is the record itself that points to the kept one",
    "children.identity": "the kept record has a name of its own, and this one is needed to undo the merge",
    "children.merge": "what was merged before is undone by itself",
    "children.notthesame": "what was said of two records was said of these two",
    "children.pseudonymisation_children": "a record about to be pseudonymised is not merged",
    "children.listed": "its reference is still the one by which a source names it",
    "milestones.keptfinding": "what was found of a record is looked for anew",
    "aims.remindersent": "the reminders of the kept record are due by its own clocks",
    "aims.remindersnooze": "the reminders of the kept record are due by its own clocks",
}
# Not what happened, but how it came to be written down: rows that differ in these alone say the same.
BOOKKEEPING = frozenset({"void_reason", "voided_on", "note", "source", "recorder"})


@dataclass(frozen=True)
class Outlook:
    """What a merge would do: rows that move, rows that both records have, and stretches of care that would overlap."""

    moves: list[Kept]
    said_twice: list[Kept]
    overlapping: list[tuple[CareEpisode, CareEpisode]]
    fills: list[str]


def pairs_for(user: User) -> tuple[list[Pair], list[Pair]]:
    """The pairs that may be one child, and those that may be siblings, each of whom `user` sees by name."""
    check_can(user, Permission.MERGE_RECORDS)
    known = list(_known_to(user))
    apart = set(NotTheSame.objects.visible_to(user).values_list("first", "second"))
    same = [pair for pair in may_be_the_same(known) if (pair.first, pair.second) not in apart]
    siblings = [pair for pair in may_be_siblings(known, same=same) if (pair.first, pair.second) not in apart]
    return same, siblings


def outlook(kept: Child, other: Child) -> Outlook:
    """What merging `other` into `kept` would do; nothing is written."""
    moves, twice = [], []
    for model in _kept_models():
        ours = {_facts(row) for row in model.objects.standing().filter(child=kept)}
        for row in model.objects.standing().filter(child=other):
            (twice if _facts(row) in ours else moves).append(row)
    coming = [row for row in moves if isinstance(row, CareEpisode)]
    overlapping = [(ours, theirs) for ours in kept.episodes.standing() for theirs in coming if _overlap(ours, theirs)]
    fills = [name for name in FILLED if not getattr(kept, name) and getattr(other, name)]
    return Outlook(moves, twice, overlapping, fills)


@transaction.atomic
def merge(kept: Child, other: Child, *, reason: str, by: User) -> Merge:
    """Make `other` part of `kept`. Raises `PermissionDenied` and `ValidationError`."""
    kept, other = _held(kept, other, by=by)
    reason = _said(reason)
    seen = outlook(kept, other)
    today = timezone.localdate()
    set_aside, moved = {}, {}
    for row in seen.said_twice:
        row.void_reason, row.voided_on, row.voided_by = f"Recorded already of {kept.code}", today, by
        row.edition += 1
        row.save(update_fields=["void_reason", "voided_on", "voided_by", "edition"])
        _remember(set_aside, row)
    for row in seen.moves:
        row.child, row.edition = kept, row.edition + 1
        row.save(update_fields=["child", "edition"])
        _remember(moved, row)
    for row in _other_rows(other):
        if _moves(row, to=kept):
            _remember(moved, row)
    for name in seen.fills:
        setattr(kept, name, getattr(other, name))
    kept.edition, other.edition, other.merged_into = kept.edition + 1, other.edition + 1, kept
    kept.save(update_fields=[*(name.removesuffix("_id") for name in seen.fills), "edition"])
    other.save(update_fields=["merged_into", "edition"])
    done = Merge.objects.create(
        kept=kept, other=other, moved=moved, set_aside=set_aside, filled=seen.fills, reason=reason, by=by
    )
    _note(AuditEntry.Action.CHANGE, done, by=by, reason=reason, after={"merged_into": kept.code})
    return done


@transaction.atomic
def undo_merge(done: Merge, *, reason: str, by: User) -> None:
    """Give the other record back what it had. Raises `ValidationError` when any of it was changed since."""
    check_can(by, Permission.MERGE_RECORDS)
    done = Merge.objects.visible_to(by).select_for_update().get(pk=done.pk)
    reason = _said(reason)
    if done.undone_at is not None:
        raise ValidationError("This merge was undone already.")
    kept = Child.objects.select_for_update().get(pk=done.kept_id)
    other = Child.objects.select_for_update().get(pk=done.other_id)
    changed = []
    for model, row, edition in _remembered(done.moved):
        if row is None or row.child_id != kept.pk or getattr(row, "edition", None) != edition:
            changed.append(str(model._meta.verbose_name))
    for model, row, edition in _remembered(done.set_aside):
        if row is None or row.edition != edition:
            changed.append(str(model._meta.verbose_name))
    if changed:
        raise ValidationError(
            f"Somebody has changed since what this merge brought together ({', '.join(sorted(set(changed)))}). Correct "
            "the records by hand, or undo that change first."
        )
    for _model, row, _edition in _remembered(done.moved):
        row.child = other
        if isinstance(row, Kept):
            row.edition += 1
        row.save()
    for _model, row, _edition in _remembered(done.set_aside):
        row.void_reason, row.voided_on, row.voided_by = "", None, None
        row.edition += 1
        row.save()
    for name in done.filled:
        if getattr(kept, name) == getattr(other, name):
            setattr(kept, name, "" if isinstance(getattr(kept, name), str) else None)
    kept.edition, other.edition, other.merged_into = kept.edition + 1, other.edition + 1, None
    kept.save()
    other.save()
    done.undone_by, done.undone_at, done.undone_reason = by, timezone.now(), reason
    done.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    _note(AuditEntry.Action.VOID, done, by=by, reason=reason)


@transaction.atomic
def tell_apart(one: Child, another: Child, *, reason: str, by: User) -> None:
    """Say that two records are of two children, so that nobody is asked again."""
    check_can(by, Permission.MERGE_RECORDS)
    _both_known(one, another, by=by)
    first, second = sorted((one, another), key=lambda child: child.pk)
    told, is_new = NotTheSame.objects.get_or_create(
        first=first, second=second, defaults={"reason": _said(reason), "by": by}
    )
    if is_new:
        for child, of in ((first, second), (second, first)):
            record(
                AuditEntry.Action.CREATE,
                authority=child.authority,
                record_type=NotTheSame._meta.model_name,
                record_id=told.pk,
                child_code=child.code,
                by=by,
                after={"not_the_same_as": of.code},
                reason=told.reason,
            )


def why_not(kept: Child, other: Child) -> str:
    """Why two records cannot be merged, in words; nothing where they can."""
    both = [kept, other]
    if kept.pk == other.pk:
        return "These are the same record."
    for child in both:
        if child.pseudonymisations.filter(state=Pseudonymisation.State.PROPOSED).exists():
            return f"It is proposed to pseudonymise {child.code}: decide that first."
        if child.restrictions.standing().exists():
            return f"The record of {child.code} is restricted: end the restriction first."
    if Child.objects.not_adopted().filter(pk__in=[child.pk for child in both]).count() < len(both):
        return "One of these children was adopted, and the record of an adopted child is tied to no other."
    return ""


def _held(kept: Child, other: Child, *, by: User) -> tuple[Child, Child]:
    """The two records as they are now, held until the transaction ends."""
    check_can(by, Permission.MERGE_RECORDS)
    _both_known(kept, other, by=by)
    held = {child.pk: child for child in Child.objects.select_for_update().filter(pk__in=[kept.pk, other.pk])}
    if refusal := why_not(held[kept.pk], held[other.pk]):
        raise ValidationError(refusal)
    return held[kept.pk], held[other.pk]


def _both_known(one: Child, another: Child, *, by: User) -> None:
    keys = {one.pk, another.pk}
    if Child.objects.identifiable_to(by).filter(pk__in=keys).count() < len(keys):
        raise PermissionDenied("These children are not both among those whom you may open by name.")


def _known_to(user: User) -> Iterable[Known]:
    names = {
        key: (given, family)
        for key, given, family in Identity.objects.identifiable_to(user).values_list(
            "child", "given_name", "family_name"
        )
    }
    first = models.Min("episodes__start", filter=models.Q(episodes__voided_on__isnull=True))
    children = Child.objects.identifiable_to(user).not_adopted().annotate(since=first).order_by("pk")
    for key, born, sex, family, since in children.values_list("pk", "date_of_birth", "sex", "family", "since"):
        if key in names:
            given, family_name = names[key]
            yield Known(key, given, family_name, born, sex, family, since)


def relations() -> list[models.ManyToOneRel]:
    """Every relation by which a row hangs on a child, hidden ones as well."""
    fields = Child._meta.get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and not field.concrete and not field.many_to_many]


def _kept_models() -> list[type[Kept]]:
    return [each.related_model for each in relations() if issubclass(each.related_model, Kept)]


def _other_rows(child: Child) -> list[models.Model]:
    """The rows of a child that are not records of care and move with it; void records stay where they were voided."""
    rows = []
    for each in relations():
        model = each.related_model
        if not issubclass(model, Kept) and model._meta.label_lower not in STAYS:
            rows += model._default_manager.filter(**{each.field.name: child})
    return rows


def _moves(row: models.Model, *, to: Child) -> bool:
    """Move a row; False where the kept child has one in its place already."""
    row.child = to
    try:
        with transaction.atomic():
            row.save(update_fields=["child"])
    except IntegrityError:
        return False
    return True


def _facts(row: Kept) -> tuple:
    return tuple((name, value) for name, value in said_by(row).items() if name not in BOOKKEEPING)


def _overlap(ours: CareEpisode, theirs: CareEpisode) -> bool:
    return (theirs.end is None or ours.start < theirs.end) and (ours.end is None or theirs.start < ours.end)


def _remember(rows: dict[str, list], row: models.Model) -> None:
    rows.setdefault(row._meta.label_lower, []).append([row.pk, getattr(row, "edition", None)])


def _remembered(rows: dict[str, list]) -> Iterable[tuple[type[models.Model], models.Model | None, int | None]]:
    by_label = {each.related_model._meta.label_lower: each.related_model for each in relations()}
    for label, keys in rows.items():
        model = by_label[label]
        found = model._default_manager.select_for_update().in_bulk([key for key, _edition in keys])
        for key, edition in keys:
            yield model, found.get(key), edition


def _said(reason: str) -> str:
    if not (said := reason.strip()):
        raise ValidationError({"reason": "Say why."})
    return said


def _note(action: AuditEntry.Action, done: Merge, *, by: User, reason: str, after: dict | None = None) -> None:
    """In the trail of both children."""
    for child in (done.kept, done.other):
        record(
            action,
            authority=child.authority,
            record_type=Merge._meta.model_name,
            record_id=done.pk,
            child_code=child.code,
            by=by,
            before={"merged_into": None} if after else {"merged_into": done.kept.code},
            after=after or {"merged_into": None},
            reason=reason,
        )
