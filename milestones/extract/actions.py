"""Bring an extract in by hand: upload it, try it, take it in, or cancel it. Undoing is in `undoing.py`."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from children.models import Child
from milestones.extract.corrections import corrections_of, forget_names
from milestones.extract.files import IDENTITIES, LAYOUT_FILES
from milestones.extract.intake import take_in
from milestones.extract.intake_result import IntakeResult
from milestones.extract.mapped_sheets import mapped_tables
from milestones.extract.named_sources import source_of_upload
from milestones.extract.previews import Preview, keep_preview, kept_preview, preview_of
from milestones.extract.rejects import KeptRejects
from milestones.extract.run_models import ImportPreview, ImportRun, ImportUndo, ImportUpload, SheetLooks
from milestones.extract.sources import Extract, TablesExtract, UploadedExtract
from milestones.extract.stopping import Stopped, StopWatch, ask_to_stop, forget_note
from milestones.sheets.tables import Upload
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.defences.closed_bytes import Unopenable, closed, opened
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.look.words import british_date

State = ImportRun.State
PURPOSE = "upload of an extract"
# Uploads that nobody took in or cancelled are deleted, and an import can be undone for so long.
UPLOADS_KEPT, UNDO_KEPT = timedelta(days=7), timedelta(days=30)
NOT_ANY_MORE = "Somebody cancelled this import. Nothing was changed."
WORDS_ARE_KEPT = "why stands on the page of the import"
OTHERWISE = (
    "What is recorded has changed since the dry run, so the result would be another than the one you saw. Nothing was "
    "changed: make a new dry run."
)
# What an extract does to other figures: measured before it and, in its transaction, after it.
Measure = Callable[[], Any]
Compare = Callable[[Any, Any], dict[str, Any]]


@transaction.atomic
def upload_extract(
    uploads: Sequence[Upload], *, extract_date: date, source: str, whole: bool | None = None, by: User
) -> ImportRun:
    """Keep the files of an extract, closed, until they are taken in. Raise `ValidationError` for files of no use.

    `whole` is whether the source has all children, None when it is known or not said.
    """
    check_can(by, Permission.IMPORT_DATA)
    _check_date(extract_date)
    files = named_as_laid_out(uploads)
    named = source_of_upload(source, whole=whole, five_files=True, by=by)
    run = ImportRun.objects.create(
        authority=by.organisation, extract_date=extract_date, source=named, by=by, state=State.UPLOADED
    )
    ImportUpload.objects.bulk_create(
        ImportUpload(run=run, name=name, size=len(content), body=closed(content, purpose=PURPOSE))
        for name, content in files.items()
    )
    sizes = {name: len(content) for name, content in files.items()}
    _note(run, AuditEntry.Action.CREATE, by=by, after={"files": sizes, "source": named.name})
    return run


def named_as_laid_out(uploads: Sequence[Upload]) -> dict[str, bytes]:
    """The files by the names that the layout gives them. Raise `ValidationError` in words for any that is none."""
    files: dict[str, bytes] = {}
    for upload in uploads:
        name = upload.name.strip().lower()
        if name not in LAYOUT_FILES:
            raise ValidationError(f"{upload.name} is none of the files of an extract: {', '.join(LAYOUT_FILES)}.")
        if name in files:
            raise ValidationError(f"There are two files called {name}. Choose each once.")
        if not upload.content.strip():
            raise ValidationError(f"{upload.name} is empty.")
        files[name] = upload.content
    if missing := [name for name in LAYOUT_FILES if name not in files and name != IDENTITIES]:
        raise ValidationError(f"These files of the extract are missing: {', '.join(missing)}.")
    return files


def extract_of(run: ImportRun) -> Extract:
    """The extract that was uploaded. Raise `ValidationError` when its files are gone, or their columns not settled."""
    contents = opened_uploads(run)
    if run.mapping is None:
        return UploadedExtract(contents, settings.IMPORT_MAX_BYTES, tuple(corrections_of(run)))
    return TablesExtract(mapped_tables(run, contents))


def opened_uploads(run: ImportRun) -> dict[str, bytes]:
    """The files as they were sent, by name. Raise `ValidationError` when they are gone."""
    uploads = list(ImportUpload.objects.filter(run=run))
    if not uploads:
        raise ValidationError("The files of this import were deleted. Upload them again.")
    try:
        return {upload.name: opened(upload.body, purpose=PURPOSE) for upload in uploads}
    except Unopenable as error:
        raise ValidationError(f"{error} Upload the files again.") from error


def size_of(run: ImportRun) -> int:
    """Bytes of all its files."""
    return sum(ImportUpload.objects.filter(run=run).values_list("size", flat=True))


@transaction.atomic
def begin(run: ImportRun, state: State, *, by: User) -> ImportRun:
    """Let a dry run, or the taking in, begin: each from the states that lead to it, or once more after it failed."""
    check_can(by, Permission.IMPORT_DATA)
    current = _locked(run, by=by)
    before = {
        State.PREVIEWING: (State.UPLOADED, State.PREVIEWED, State.PREVIEWING),
        State.APPLYING: (State.PREVIEWED, State.APPLYING),
    }[state]
    if current.state not in before:
        raise ValidationError(f"This import is in another state now: {current.get_state_display().lower()}.")
    current.state, current.failure = state, ""
    current.save()
    _note(current, AuditEntry.Action.CHANGE, by=by, after={"state": state.value})
    return current


def make_preview(
    run: ImportRun, *, by: User, measure: Measure, compare: Compare, progress: Progress = UNWATCHED
) -> Preview:
    """Try an extract: what it would change, found by taking it in and taking that back."""
    check_can(by, Permission.IMPORT_DATA)
    if run.state != State.PREVIEWING:
        raise ValidationError(NOT_ANY_MORE)
    progress.expect(3)
    progress.step("Measuring the aims as they are.")
    before, after = measure(), []
    progress.step("Reading the files, and comparing them with what is recorded.")

    def measure_again(result: IntakeResult) -> None:
        if not result.refused:
            aside.step("Measuring the aims as they would be.")
            after.append(measure())

    try:
        with progress.aside() as aside, StopWatch(run) as watch:
            result = take_in(
                extract_of(run),
                authority=run.authority,
                extract_date=run.extract_date,
                source=run.source,
                by=by,
                dry_run=True,
                skip_rejects=True,
                rejects=KeptRejects(),
                progress=watch.check,
                at_the_end=measure_again,
            )
    except Stopped:
        raise ValidationError(NOT_ANY_MORE) from None
    missing = Child.objects.filter(authority=run.authority, local_ref__in=result.missing_children)
    preview = preview_of(
        result,
        missing=sorted(missing.values_list("code", flat=True)),
        effects=compare(before, after[0]) if after else {},
    )
    _keep(preview, run=run, by=by)
    return preview


@transaction.atomic
def _keep(preview: Preview, *, run: ImportRun, by: User) -> None:
    current = _locked(run, by=by)
    if current.state != State.PREVIEWING:
        raise ValidationError(NOT_ANY_MORE)
    keep_preview(preview, of=current)
    current.state = State.PREVIEWED
    current.save()
    _note(current, AuditEntry.Action.VIEW, by=by, after={"dry_run": _counted(preview)})


def apply_run(
    run: ImportRun, *, by: User, leave_out_rejects: bool = False, progress: Progress = UNWATCHED
) -> IntakeResult:
    """Take an extract in as its dry run said, in one transaction; all of it is taken back when somebody cancels.

    Raise `ValidationError` when it would now do something else than the dry run said.
    """
    check_can(by, Permission.IMPORT_DATA)
    preview = kept_preview(run)
    if run.state != State.APPLYING or preview is None:
        raise ValidationError(NOT_ANY_MORE)
    if not preview.usable:
        raise ValidationError("This extract cannot be taken in: mend its files and upload them again.")
    if preview.reject_count and not leave_out_rejects:
        raise ValidationError("Rows of this extract are rejected. Say that they are to be left out, or mend them.")
    progress.expect(2)
    progress.step("Reading the files, and writing what they say.")

    def hold_to_the_preview(result: IntakeResult) -> None:
        if result.files != preview.files:
            raise ValidationError(OTHERWISE)
        aside.step("Writing it down for good.")

    try:
        with progress.aside() as aside, StopWatch(run) as watch, transaction.atomic():
            result = take_in(
                extract_of(run),
                authority=run.authority,
                extract_date=run.extract_date,
                source=run.source,
                by=by,
                skip_rejects=leave_out_rejects,
                rejects=KeptRejects(),
                progress=watch.check,
                run=run,
                at_the_end=hold_to_the_preview,
            )
            # What is not needed any more: the files and their dry run tell of children.
            _delete_files(run)
    except Stopped:
        raise ValidationError(NOT_ANY_MORE) from None
    return result


def cancel_run(run: ImportRun, *, by: User) -> None:
    """Cancel an import that is not taken in, also while it is under way; its files are deleted."""
    check_can(by, Permission.IMPORT_DATA)
    ask_to_stop(run)
    try:
        with transaction.atomic():
            current = _locked(run, by=by)
            if not current.is_waiting:
                raise ValidationError(f"It is too late to cancel: {current.get_state_display().lower()}.")
            current.state, current.ended_at, current.ended_by = State.CANCELLED, timezone.now(), by
            current.save()
            _delete_files(current)
            _note(current, AuditEntry.Action.VOID, by=by, after={"state": State.CANCELLED.value})
    finally:
        forget_note(run)


@transaction.atomic
def note_failure(run: ImportRun, words: str, *, by: User) -> None:
    """Keep why a step was not made, and go back to the state before it; one that was cancelled stays so."""
    current = _locked(run, by=by)
    back = {State.PREVIEWING: State.UPLOADED, State.APPLYING: State.PREVIEWED, State.APPLIED: State.APPLIED}
    if current.state in back:
        current.state, current.failure = back[State(current.state)], words
        current.save()
        # Of sheets the words may name files and quote cells, in which names of children stand.
        after = {"state": current.state, "refused": words if current.mapping is None else WORDS_ARE_KEPT}
        _note(current, AuditEntry.Action.CHANGE, by=by, after=after)


@transaction.atomic
def delete_old_files() -> int:
    """Cancel imports that nobody took in for a week, and forget what long ones said before; return how many."""
    now = timezone.now()
    ImportUndo.objects.filter(kept_since__lt=now - UNDO_KEPT).delete()
    old = ImportRun.objects.filter(state__in=ImportRun.WAITING, at__lt=now - UPLOADS_KEPT)
    count = 0
    for run in old.select_for_update(of=("self",)):
        run.state, run.ended_at = State.CANCELLED, now
        run.save()
        _delete_files(run)
        _note(run, AuditEntry.Action.VOID, by=None, after={"state": State.CANCELLED.value}, reason="Left for a week")
        count += 1
    return count


def _check_date(extract_date: date) -> None:
    if extract_date > timezone.localdate():
        raise ValidationError({"extract_date": "This day is in the future. Give the day on which the files were made."})


def _locked(run: ImportRun, *, by: User) -> ImportRun:
    return ImportRun.objects.visible_to(by).select_for_update(of=("self",)).get(pk=run.pk)


def _delete_files(run: ImportRun) -> None:
    ImportUpload.objects.filter(run=run).delete()
    ImportPreview.objects.filter(run=run).delete()
    SheetLooks.objects.filter(run=run).delete()
    forget_names(run)


def _counted(preview: Preview) -> dict[str, int]:
    counts = preview.total
    return {"new": counts.new, "changed": counts.changed, "gone": counts.gone, "rejected": counts.rejected}


def _note(run: ImportRun, action: AuditEntry.Action, *, by: User | None, after: dict, reason: str = "") -> None:
    authority: Organisation = run.authority
    record(
        action,
        authority=authority,
        record_type=ImportRun._meta.model_name,
        record_id=run.pk,
        by=by,
        after=after,
        reason=reason or f"Extract of {british_date(run.extract_date)}",
    )
