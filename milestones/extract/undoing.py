"""Undo an import as a whole: every row is again what it was before, while nobody has edited any of them since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from children.keeping import NAME_WITHHELD
from children.models import CareEpisode, Child, Family, Identity, Kept, LegalBasis, Listed, Merge, Placement
from milestones.extract.bulk import batches, insert, update
from milestones.extract.differences import EXTRACT_OF, UNDONE, plain
from milestones.extract.named_sources import extract_in_words
from milestones.extract.run_models import ImportRun, ImportUndo
from milestones.extract.traces import Traces, traces_of
from milestones.models import Milestone
from pace_site.accounts.models import Organisation, Team, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record, record_all
from pace_site.defences.closed_bytes import Unopenable
from pace_site.look.words import count_of

State = ImportRun.State
Action = AuditEntry.Action
WRITES = (Action.CREATE, Action.CHANGE, Action.VOID, Action.REMOVE, Action.ERASE)
# Leaves first: what hangs on something goes before it.
LEAVES_FIRST = (Milestone, LegalBasis, Placement, CareEpisode, Identity, Listed, Child, Family, Team)
OF_CHILDREN = (Milestone, LegalBasis, Placement, CareEpisode, Identity, Listed)
# To the letter, as people may begin a reason of their own so.
BY_AN_IMPORT = rf"^({EXTRACT_OF}|{UNDONE})[0-9]{{1,2}} [A-Za-z]+ [0-9]{{4}}( \(.+\))?$"
A_MERGE = Merge._meta.model_name
# What the program itself hangs on a child, and is no reason to keep one who came by mistake.
NO_REASON_TO_STAY = frozenset({"aims.remindersent", "milestones.keptfinding"})
MOST_TOLD = 20


@dataclass(frozen=True)
class Edit:
    """That somebody has changed a row of the import since."""

    actor: str
    at: datetime
    action: str
    what: str
    child_code: str


class EditedSince(ValidationError):
    """The import cannot be undone, as these edits would be lost; `edits` are the first of them."""

    def __init__(self, edits: Sequence[Edit], count: int):
        changes = count_of(count, "change", "changes")
        super().__init__(f"This import cannot be undone: {changes} of its rows by others would be lost.")
        self.edits = edits


@transaction.atomic
def undo_run(run: ImportRun, *, by: User) -> None:
    """Take an import back. Raise `EditedSince`, or `ValidationError` when a later import stands upon it."""
    check_can(by, Permission.IMPORT_DATA)
    # No other import and no review of records runs beside this.
    Organisation.objects.select_for_update(no_key=True).get(pk=run.authority_id)
    current = ImportRun.objects.visible_to(by).select_for_update(of=("self",)).get(pk=run.pk)
    traces = _traces(current)
    edits = edits_since(current, traces)
    if edits:
        raise EditedSince(edits[:MOST_TOLD], len(edits))
    codes = _codes_of(traces)
    entries = [*_put_back(traces, codes, run=current, by=by)]
    _take_away(traces)
    ImportUndo.objects.filter(run=current).delete()
    current.state, current.ended_at, current.ended_by = State.UNDONE, timezone.now(), by
    current.save()
    record_all(entries)
    record(
        Action.VOID,
        authority=current.authority,
        record_type=ImportRun._meta.model_name,
        record_id=current.pk,
        by=by,
        before={"state": State.APPLIED.value},
        after={"state": State.UNDONE.value, "files": current.summary.get("files", {})},
        reason=_reason(current),
    )


def why_not(run: ImportRun) -> str:
    """Why an import cannot be undone whatever people did since; empty when it can."""
    if run.state != State.APPLIED:
        return f"It does not stand in the records: {run.get_state_display().lower()}."
    if (last := _later_runs(run).taken_in().order_by("applied_at").last()) is not None:
        of = extract_in_words(last.extract_date, last.source)
        return f"A later import, of the extract of {of}, stands upon it: undo that first."
    if not ImportUndo.objects.filter(run=run).exists():
        return "What the records said before is no longer kept."
    return ""


def edits_since(run: ImportRun, traces: Traces) -> list[Edit]:
    """What people did since to the rows of an import, the latest first; by the trail, and by what hangs on them."""
    touched = {
        (model._meta.model_name, str(key))
        for rows in (traces.added, traces.changed)
        for model, keys in rows.items()
        for key in keys
    }
    new_children = set()
    for part in batches(traces.added[Child]):
        new_children.update(Child.objects.filter(pk__in=part).values_list("code", flat=True))
    entries = AuditEntry.objects.filter(
        authority_code=run.authority.code, at__gt=run.applied_at, action__in=WRITES
    ).values_list("record_type", "record_id", "child_code", "actor", "at", "action")
    of_touched = new_children | set(_codes_of(traces).values())
    edits = [
        Edit(actor, at, Action(action).label.lower(), record_type, child_code)
        for record_type, record_id, child_code, actor, at, action in entries.exclude(_by_imports()).iterator()
        if (record_type, record_id) in touched
        or child_code in new_children
        # What was set aside or removed would come back to the record that was given up.
        or (record_type == A_MERGE and child_code in of_touched)
    ]
    if not edits and not _later_runs(run).exists():
        edits += _unexplained(run, traces)
    return edits or [*_hanging(run, traces)]


def _later_runs(run: ImportRun):
    return ImportRun.objects.filter(authority=run.authority_id, applied_at__gt=run.applied_at)


def _by_imports() -> models.Q:
    """Lines of the trail that imports left, which stand no longer: a later one was undone first."""
    return models.Q(reason__regex=BY_AN_IMPORT)


def _traces(run: ImportRun) -> Traces:
    if words := why_not(run):
        raise ValidationError(f"This import cannot be undone. {words}")
    try:
        return traces_of(run.undo)
    except Unopenable as error:
        raise ValidationError(f"This import cannot be undone. {error}") from error


def _unexplained(run: ImportRun, traces: Traces) -> Iterable[Edit]:
    """Rows that count an edition which neither the import nor the trail explains."""
    for rows in (traces.changed, traces.added):
        for model, of_model in rows.items():
            if not any(field.name == "edition" for field in model._meta.concrete_fields):
                continue
            for part in batches(list(of_model)):
                for key, edition in model._base_manager.filter(pk__in=part).values_list("pk", "edition"):
                    expected = of_model[key]["edition"] + 1 if isinstance(of_model, dict) else 1
                    if edition != expected:
                        yield Edit("somebody", run.applied_at, "changed", model._meta.model_name, "")


def _hanging(run: ImportRun, traces: Traces) -> Iterable[Edit]:
    """What others made of children whom the import brought, which would go with them."""
    for relation in Child._meta.get_fields(include_hidden=True):
        model, field = relation.related_model, getattr(relation, "field", None)
        if not (relation.one_to_many or relation.one_to_one) or field is None or not field.concrete:
            continue
        if model._meta.label_lower in NO_REASON_TO_STAY:
            continue
        ours = set(traces.added[model]) if model in OF_CHILDREN else set()
        for part in batches(traces.added[Child]):
            for key, code in model._base_manager.filter(**{f"{field.name}__in": part}).values_list(
                "pk", f"{field.name}__code"
            ):
                if key not in ours:
                    yield Edit("somebody", run.applied_at, "recorded", str(model._meta.verbose_name), code)


def _put_back(traces: Traces, codes: dict[tuple, str], *, run: ImportRun, by: User) -> Iterable[AuditEntry]:
    """Give changed rows their old values and removed ones their place; yield the lines of the trail."""
    for model, rows in traces.removed.items():
        if issubclass(model, Kept):
            # Imports from before sources were kept do not say whose their rows were.
            rows = [{"extract_source_id": run.source_id, **row} for row in rows]
        insert(model, rows)
        for row in rows:
            yield _entry(Action.CREATE, model, row["id"], codes, run=run, by=by, after=_said(row))
    for model, rows in traces.changed.items():
        now = {}
        for part in batches(list(rows)):
            names = sorted({name for key in part for name in rows[key]})
            now.update({row["pk"]: row for row in model._base_manager.filter(pk__in=part).values("pk", *names)})
        old = {key: {name: value for name, value in row.items() if name != "edition"} for key, row in rows.items()}
        update(model, old.items())
        for key, before in old.items():
            was, said = {name: plain(now[key][name]) for name in before}, _said(before)
            if model is Identity:
                was = said = dict.fromkeys(before, NAME_WITHHELD)
            yield _entry(Action.CHANGE, model, key, codes, run=run, by=by, before=was, after=said)
    for day, keys in traces.dated.items():
        for part in batches(keys):
            Child.objects.filter(pk__in=part).update(last_extract_on=day)
    for day, keys in traces.listed.items():
        for part in batches(keys):
            Listed.objects.filter(pk__in=part).update(last_on=day)


def _take_away(traces: Traces) -> None:
    for model in LEAVES_FIRST:
        for part in batches(traces.added[model]):
            rows = model._base_manager.filter(pk__in=part)
            if model is Family:
                rows = rows.filter(children__isnull=True)
            elif model is Team:
                rows = rows.filter(children__isnull=True, memberships__isnull=True)
            rows.delete()


def _codes_of(traces: Traces) -> dict[tuple[type[models.Model], int], str]:
    """The pseudonyms of the children of rows that changed or went, by model and key."""
    codes = {}
    for model, rows in traces.changed.items():
        path = "code" if model is Child else "child__code"
        for part in batches(list(rows)):
            for key, code in model._base_manager.filter(pk__in=part).values_list("pk", path):
                codes[model, key] = code
    for model, rows in traces.removed.items():
        children = {row["child_id"] for row in rows}
        of_child = {}
        for part in batches(sorted(children)):
            of_child.update(Child.objects.filter(pk__in=part).values_list("pk", "code"))
        codes.update({(model, row["id"]): of_child[row["child_id"]] for row in rows})
    return codes


def _entry(action: Action, model, key: int, codes: dict[tuple, str], *, run: ImportRun, by: User, **what) -> AuditEntry:
    return audit_entry(
        action,
        authority=run.authority,
        record_type=model._meta.model_name,
        record_id=key,
        child_code=codes[model, key],
        by=by,
        reason=_reason(run),
        **what,
    )


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in row.items() if name not in ("id", "child_id")}


def _reason(run: ImportRun) -> str:
    return f"{UNDONE}{extract_in_words(run.extract_date, run.source)}"
