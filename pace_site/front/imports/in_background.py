"""The steps of an import: at once when it is small, and else by a worker."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from milestones.extract.actions import apply_run, begin, make_preview, note_failure, size_of
from milestones.extract.large_sheets import look_at_run
from milestones.extract.run_models import ImportRun
from milestones.extract.sheet_actions import is_large
from milestones.extract.undoing import undo_run, why_not
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.front.data_quality.looking import queue_look
from pace_site.front.imports.effects import active_versions, effects, measured
from pace_site.long_work.actions import ask_for
from pace_site.long_work.kinds import Kind, Outcome, kind
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.look.words import british_date

State = ImportRun.State


def try_import(run: ImportRun, *, by: User) -> None:
    """Make the dry run, or have it made."""
    current = begin(run, State.PREVIEWING, by=by)
    _now_or_later(current, import_preview, {}, title="Dry run of the extract", small=_is_small(current), by=by)


def look_at_sheets(run: ImportRun, *, header_lines: dict[int, int] | None = None, by: User) -> None:
    """Have sheets looked at that take long to read; `header_lines` as in `look_at_run`."""
    asked = {"run": run.pk, "header_lines": [*(header_lines or {}).items()]}
    work = ask_for(import_look, title=f"Reading the sheets of {british_date(run.extract_date)}", asked=asked, by=by)
    ImportRun.objects.filter(pk=run.pk).update(work=work)


def apply_import(run: ImportRun, *, leave_out_rejects: bool, by: User) -> None:
    """Take the extract in, or have it taken in."""
    current = begin(run, State.APPLYING, by=by)
    asked = {"leave_out_rejects": leave_out_rejects}
    _now_or_later(current, import_apply, asked, title="Taking in the extract", small=_is_small(current), by=by)


def undo_import(run: ImportRun, *, by: User) -> None:
    """Undo the import, or have it undone. Raises what `undo_run` raises when it is done at once."""
    if words := why_not(run):
        raise ValidationError(f"This import cannot be undone. {words}")
    rows = sum(sum(counts.values()) for counts in run.summary.get("files", {}).values())
    small = rows <= settings.UNDO_AT_ONCE
    _now_or_later(run, import_undo, {}, title="Undoing the import of the extract", small=small, by=by)


@kind("import_look", needs=Permission.IMPORT_DATA)
def import_look(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    run = _found(asked, by)
    look_at_run(run, header_lines=dict(map(tuple, asked["header_lines"])), by=by, progress=progress)
    return Outcome(address=run.get_absolute_url())


@kind("import_preview", needs=Permission.IMPORT_DATA)
def import_preview(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    run = _found(asked, by)
    titles = {version.aim.code: version.definition.title for version in active_versions(run.authority)}
    _telling(
        run,
        lambda: make_preview(
            run,
            by=by,
            measure=lambda: measured(run.authority),
            compare=lambda before, after: effects(before, after, titles=titles),
            progress=progress,
        ),
        by=by,
        progress=progress,
    )
    return Outcome(address=run.get_absolute_url())


@kind("import_apply", needs=Permission.IMPORT_DATA)
def import_apply(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    run = _found(asked, by)
    if run.state != State.APPLIED:  # an attempt before this one, whose worker fell silent, may have come to its end
        leave_out = bool(asked["leave_out_rejects"])
        _telling(
            run, lambda: apply_run(run, by=by, leave_out_rejects=leave_out, progress=progress), by=by, progress=progress
        )
    _look_anew(run, State.APPLIED, by=by)
    return Outcome(address=run.get_absolute_url())


@kind("import_undo", needs=Permission.IMPORT_DATA)
def import_undo(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    run = _found(asked, by)
    progress.expect(1)
    progress.step("Giving every row back what it said before.")
    if run.state != State.UNDONE:
        _telling(run, lambda: undo_run(run, by=by), by=by, progress=progress)
    _look_anew(run, State.UNDONE, by=by)
    return Outcome(address=run.get_absolute_url())


def _look_anew(run: ImportRun, since: State, *, by: User) -> None:
    """Have data quality looked at in the background, as the import left the records; what fails there fails alone.

    Months that were counted while an import stood that is undone were counted from what nobody says any more.
    """
    if can(by, Permission.LOOK_THROUGH):
        recount = timezone.localdate(run.applied_at) if since == State.UNDONE else None
        queue_look(by=by, after=f"import {run.pk} {since.value}", recount_since=recount)


def _is_small(run: ImportRun) -> bool:
    """A sheet may be packed small and be large."""
    return size_of(run) <= settings.IMPORT_AT_ONCE and (run.mapping is None or not is_large(run))


def _now_or_later(run: ImportRun, of_kind: Kind, asked: dict[str, Any], *, title: str, small: bool, by: User) -> None:
    asked = {"run": run.pk, **asked}
    if small:
        of_kind.carry_out(asked, by, UNWATCHED)
        return
    work = ask_for(of_kind, title=f"{title} of {british_date(run.extract_date)}", asked=asked, by=by)
    ImportRun.objects.filter(pk=run.pk).update(work=work)


def _found(asked: dict[str, Any], by: User) -> ImportRun:
    run = ImportRun.objects.visible_to(by).select_related("authority").filter(pk=asked["run"]).first()
    if run is None:
        raise ValidationError("This import is no longer there.")
    return run


def _telling(run: ImportRun, step: Callable[[], Any], *, by: User, progress: Progress) -> None:
    """Make a step; why it is refused is kept with the import.

    In the background what is refused is kept with the work besides, and longer than the import: there nothing of a
    sheet may stand.
    """
    try:
        step()
    except ValidationError as refused:
        note_failure(run, " ".join(refused.messages), by=by)
        if progress is UNWATCHED or run.mapping is None:
            raise
        raise ValidationError("This was not done. The page of the import says why.") from refused
