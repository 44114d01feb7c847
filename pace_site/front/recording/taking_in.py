"""Take in a form: do what it says, see what that changes, and keep it or leave everything as it was.

One transaction does it, so that what a form says it will do is what it does: a preview is the same thing undone. On
SQLite nobody else can write meanwhile, so that only what decides whether the form is kept is worked out inside; the
clocks are run before it and after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from aims.definition import AimDefinition
from aims.models import Aim
from children.models import Child
from milestones.journeys import Journeys
from milestones.quality.records import load_records
from milestones.quality.rules import Finding, odd_in
from pace_site.accounts.models import User
from pace_site.audit.models import Receipt
from pace_site.front.recording.effects import Picture, changes_in_words, journeys_of, picture
from pace_site.front.recording.entry_forms import EntryForm


@dataclass(frozen=True)
class TakenIn:
    """What became of a form. Without `saved` nothing was written, and `form.errors` or `warnings` say why."""

    saved: bool
    effects: list[str] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    changed_nothing: bool = False
    sent_before: bool = False


def take_in(form: EntryForm, *, by: User, today: date, preview: bool = False) -> TakenIn:
    """Save a valid form, unless it is only a `preview`, something is odd and not yet accepted, or it came before.

    Raises `Collision` when what it corrects was changed meanwhile; then, too, nothing is written.
    """
    definitions = [
        version.definition for version in Aim.objects.visible_to(by).filter(status="active").current_versions()
    ]
    before = _seen(_children(form), today)
    pictured = _pictured(before, definitions)
    with transaction.atomic():
        if not preview and not _first_sending(form, by):
            return TakenIn(saved=False, sent_before=True)
        try:
            rows = form.save()
        except ValidationError as error:
            form.refuse(error)
            transaction.set_rollback(True)
            return TakenIn(saved=False)
        children = _children(form)
        after = _seen(children, today)
        known = {(finding.rule, finding.child_id, finding.message) for finding in before.odd}
        warnings = [each for each in after.odd if (each.rule, each.child_id, each.message) not in known]
        accepted = form.cleaned_data.get("accepted") == said(warnings)
        saved = not preview and (not warnings or accepted)
        if not saved:
            transaction.set_rollback(True)
    called = {child.pk: child.code for child in children} if len(children) > 1 else {}
    effects = changes_in_words(pictured, _pictured(after, definitions), called=called)
    return TakenIn(saved=saved, effects=effects, warnings=warnings, changed_nothing=not rows)


def said(warnings: Sequence[Finding]) -> str:
    """What a person accepts when they save all the same: these warnings and no others."""
    return ",".join(sorted(f"{finding.rule}:{finding.child_id}" for finding in warnings))


def _first_sending(form: EntryForm, by: User) -> bool:
    token = form.cleaned_data.get("token")
    if token is None:
        return True
    _receipt, is_first = Receipt.objects.get_or_create(token=token, defaults={"actor_id": by.pk})
    return is_first


def _children(form: EntryForm) -> list[Child]:
    """The children that a form is about, but for one who is still to be recorded."""
    included = getattr(form, "included", None)
    children = [child for child, _suffix in included()] if included else [form.child]
    return [child for child in children if child is not None]


@dataclass(frozen=True)
class _Seen:
    """Some children as they are recorded: their rows, of which no clock has been run yet, and what is odd in them."""

    children: list[Child]
    journeys: Journeys
    odd: list[Finding]


def _seen(children: list[Child], today: date) -> _Seen:
    records = load_records(Child.objects.filter(pk__in=[child.pk for child in children]))
    return _Seen(children, journeys_of(children, today), odd_in(records, as_at=today))


def _pictured(seen: _Seen, definitions: list[AimDefinition]) -> Picture:
    return picture(seen.journeys, definitions) if seen.children else {}
