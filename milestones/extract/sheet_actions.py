"""Bring spreadsheets in: keep them with what their columns seem to say, confirm that, and correct cells for one run."""

import json
from collections.abc import Mapping as Named
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from children.models import ExtractSource
from milestones.extract.actions import PURPOSE, State, opened_uploads, upload_extract
from milestones.extract.corrections import Corrected, with_corrections
from milestones.extract.files import IDENTITIES, LAYOUT_FILES
from milestones.extract.mapped_sheets import MappedSheets, books_of_the_site, upload_limits
from milestones.extract.named_sources import source_of_upload
from milestones.extract.previews import kept_preview
from milestones.extract.rejects import Reject
from milestones.extract.run_models import ColumnMapping, ImportPreview, ImportRun, ImportUpload, SheetLooks
from milestones.extract.upload_names import unnamed, unnamed_files, unnamed_sheets
from milestones.sheets.fields import NAMES
from milestones.sheets.guessing import guess_mapping
from milestones.sheets.looks import SheetLook, look_at_uploads
from milestones.sheets.mapping import Mapping
from milestones.sheets.remembered import Refitted, refit
from milestones.sheets.tables import Correction, Upload, UploadRefused
from milestones.sheets.uploads import bytes_to_read
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.defences.closed_bytes import Unopenable, closed, opened
from pace_site.look.words import british_date

LOOKS_PURPOSE = "sheets of an upload"
# Of one source, so many mappings are looked through for the one that fits.
LOOKED_THROUGH = 12
CORRECTED_AT_ONCE = 200
LONGEST_CORRECTION = 200


def is_an_extract(uploads: Sequence[Upload]) -> bool:
    """True for the CSV files of an extract by their names, which need no mapping."""
    return all(upload.name.strip().lower() in LAYOUT_FILES for upload in uploads)


def receive(
    uploads: Sequence[Upload], *, extract_date: date, source: str, whole: bool | None = None, by: User
) -> ImportRun:
    """Keep what was uploaded: the files of an extract as they are, and anything else with what its columns seem to say.

    `whole` is whether the source has all children, None when it is known or not said. What takes long to read is only
    seen from outside, and kept unread (`is_unread`). Raise `ValidationError` for files of no use, and for a source that
    nobody knows; nothing of them is kept then.
    """
    check_can(by, Permission.IMPORT_DATA)
    if is_an_extract(uploads):
        return upload_extract(uploads, extract_date=extract_date, source=source, whole=whole, by=by)
    if extract_date > timezone.localdate():
        raise ValidationError({"extract_date": "This day is in the future. Give the day on which the file was made."})
    looks = None if take_long(uploads) else look_at_files(uploads)
    return _keep(uploads, looks, extract_date=extract_date, source=source, whole=whole, by=by)


def look_at_files(
    uploads: Sequence[Upload], *, header_lines: dict[tuple[str, str], int] | None = None
) -> list[SheetLook]:
    """What is to be seen of the sheets. Raise `ValidationError` for a file that cannot be read."""
    try:
        return look_at_uploads(uploads, header_lines=header_lines, limits=upload_limits())
    except UploadRefused as refused:
        raise ValidationError(str(refused)) from refused


@transaction.atomic
def _keep(
    uploads: Sequence[Upload],
    looks: list[SheetLook] | None,
    *,
    extract_date: date,
    source: str,
    whole: bool | None,
    by: User,
) -> ImportRun:
    named = source_of_upload(source, whole=whole, five_files=False, by=by)
    sheets = MappedSheets(Mapping(())) if looks is None else sheets_seen(looks, source=named, by=by)
    run = ImportRun.objects.create(
        authority=by.organisation,
        extract_date=extract_date,
        source=named,
        by=by,
        state=State.UPLOADED,
        mapping=sheets.as_json(),
    )
    ImportUpload.objects.bulk_create(
        ImportUpload(run=run, name=upload.name, size=len(upload.content), body=closed(upload.content, purpose=PURPOSE))
        for upload in uploads
    )
    if looks is not None:
        keep_looks(run, looks)
    names = unnamed_files(upload.name for upload in uploads)
    sizes = {names[upload.name]: len(upload.content) for upload in uploads}
    _note(run, AuditEntry.Action.CREATE, by=by, after={"files": sizes, "source": source})
    return run


def take_long(uploads: Sequence[Upload]) -> bool:
    """True for files that nobody should wait for to be read. Raise `ValidationError` for what is plainly of no use."""
    try:
        return bytes_to_read(uploads, limits=upload_limits()) > settings.LOOK_AT_ONCE
    except UploadRefused as refused:
        raise ValidationError(str(refused)) from refused


def is_large(run: ImportRun) -> bool:
    """True for a run whose sheets take long to read. Raise `ValidationError` when its files are gone."""
    return take_long([Upload(name, content) for name, content in opened_uploads(run).items()])


def is_unread(run: ImportRun) -> bool:
    """True for sheets that were kept, and in which nobody has looked yet."""
    return run.mapping is not None and run.is_waiting and not SheetLooks.objects.filter(run=run).exists()


def sheets_seen(looks: list[SheetLook], *, source: ExtractSource, by: User) -> MappedSheets:
    """What is known of sheets at the first look: as their source was read before, or as they seem to be."""
    fitted = remembered_for(looks, source=source, by=by)
    if fitted:
        return MappedSheets(fitted.mapping, fitted.differences, remembered=True)
    return MappedSheets(guess_mapping(looks, books_of_the_site()))


def remembered_for(looks: list[SheetLook], *, source: ExtractSource, by: User) -> Refitted | None:
    """The mapping confirmed before for this source, put to these sheets; None when none of them fits."""
    kept = ColumnMapping.objects.visible_to(by).filter(source__iexact=source.name)[:LOOKED_THROUGH]
    books = books_of_the_site()
    fitted = [refit(Mapping.from_json(each.mapping), looks, books) for each in kept]
    fitting = [each for each in fitted if any(use.kind and use.confirmed for use in each.mapping.sheets)]
    return min(fitting, key=lambda each: len(each.differences), default=None)


def keep_looks(run: ImportRun, looks: list[SheetLook]) -> None:
    """Keep what was seen of the sheets, closed, so that the page need not read them again."""
    body = closed(json.dumps([look.as_json() for look in looks], ensure_ascii=False).encode(), purpose=LOOKS_PURPOSE)
    SheetLooks.objects.update_or_create(run=run, defaults={"body": body})


def looks_of(run: ImportRun) -> list[SheetLook]:
    """What was seen of the sheets of a run. Raise `ValidationError` when its files are gone."""
    kept = SheetLooks.objects.filter(run=run).first()
    if kept is None:
        raise ValidationError("The files of this import were deleted. Upload them again.")
    try:
        said = json.loads(opened(kept.body, purpose=LOOKS_PURPOSE))
    except Unopenable as error:
        raise ValidationError(f"{error} Upload the files again.") from error
    return [SheetLook.from_json(each) for each in said]


def look_again(run: ImportRun, header_lines: dict[tuple[str, str], int]) -> list[SheetLook]:
    """What is to be seen when the names of the columns are on other lines than were found."""
    uploads = [Upload(name, content) for name, content in opened_uploads(run).items()]
    return look_at_files(uploads, header_lines=header_lines)


@transaction.atomic
def keep_mapping(run: ImportRun, mapping: Mapping, *, looks: list[SheetLook], by: User) -> ImportRun:
    """Keep what a person says of the columns so far, so that nothing is lost; none of it is read before all is said."""
    check_can(by, Permission.IMPORT_DATA)
    current = _locked(run, by=by)
    sheets = MappedSheets.of(current)
    if sheets.mapping != mapping:
        _begin_anew(current, replace(sheets, mapping=mapping))
        keep_looks(current, looks)
    return current


@transaction.atomic
def confirm_mapping(run: ImportRun, mapping: Mapping, *, looks: list[SheetLook], by: User) -> ImportRun:
    """Take what a person says of the columns, and remember it for the source. Raise `ValidationError` for what is open.

    A dry run made before is of no use any more, and is deleted.
    """
    check_can(by, Permission.IMPORT_DATA)
    current = _locked(run, by=by)
    standing = [
        f"{look.name}: {problem}"
        for look in looks
        for problem in look.problems
        if (use := mapping.of(look.file, look.sheet)) and use.kind
    ]
    if open_questions := [*standing, *mapping.problems(), *mapping.doubts()]:
        raise ValidationError(open_questions)
    sheets = MappedSheets.of(current)
    _begin_anew(current, replace(sheets, mapping=mapping))
    keep_looks(current, looks)
    ColumnMapping.objects.update_or_create(
        authority=current.authority,
        source=current.source.name,
        fingerprint=mapping.fingerprint,
        defaults={"mapping": unnamed(mapping).as_json(), "confirmed_by": by},
    )
    used = {use.name: len(use.used) for use in unnamed(mapping).sheets if use.kind}
    _note(current, AuditEntry.Action.CHANGE, by=by, after={"columns_used": used})
    return current


@transaction.atomic
def correct_cells(run: ImportRun, values: Named[tuple[str, str, str], str], *, by: User) -> ImportRun:
    """Let cells (file, sheet, "D17") say something else in this run; only such as its dry run rejected.

    In the files of an extract, which have no sheets, a cell is (file, "", "line 17, date"). Each correction is kept
    with the run. Raise `ValidationError` when the dry run is gone or has no such cell.
    """
    check_can(by, Permission.IMPORT_DATA)
    current = _locked(run, by=by)
    preview = kept_preview(current)
    if preview is None:
        raise ValidationError("The dry run is no longer there. Make it again.")
    rejected = correctable(preview.rejects)
    if not values:
        raise ValidationError("Nothing was corrected: write what a cell should say.")
    corrected = []
    for cell, value in values.items():
        reject = rejected.get(cell)
        if reject is None:
            raise ValidationError(f"The cell {cell[2]} is not among the rejected ones any more.")
        if len(value) > LONGEST_CORRECTION:
            raise ValidationError(f"{cell[2]}: at most {LONGEST_CORRECTION} characters.")
        is_name = reject.file == IDENTITIES or reject.column in NAMES
        at = timezone.now().isoformat(timespec="seconds")
        corrected.append(Corrected(Correction(*cell, value), reject.value, by.get_username(), at, is_name))
    _without_dry_run(with_corrections(current, corrected))
    instead = unnamed_sheets(MappedSheets.of(current).mapping.sheets) if current.mapping is not None else {}
    cells = []
    for file, sheet, cell in (each.correction.place for each in corrected):
        cells.append(", ".join(filter(None, (*instead.get((file, sheet), (file, sheet)), cell))))
    _note(current, AuditEntry.Action.CHANGE, by=by, after={"corrected_cells": cells})
    return current


def correctable(rejects: Sequence[Reject]) -> dict[tuple[str, str, str], Reject]:
    """The rejected cells that can be corrected, the first reject of each."""
    cells: dict[tuple[str, str, str], Reject] = {}
    for reject in rejects:
        if reject.cell:
            cells.setdefault(reject.cell, reject)
    return cells


def _locked(run: ImportRun, *, by: User) -> ImportRun:
    current = ImportRun.objects.visible_to(by).select_for_update(of=("self",)).get(pk=run.pk)
    if current.state not in (State.UPLOADED, State.PREVIEWED) or (current.work is not None and current.work.is_open):
        raise ValidationError(f"This import is in another state now: {current.get_state_display().lower()}.")
    return current


def _begin_anew(run: ImportRun, sheets: MappedSheets) -> None:
    """Keep what is said of the columns now."""
    run.mapping = sheets.as_json()
    _without_dry_run(run)


def _without_dry_run(run: ImportRun) -> None:
    """Save a run of which something else is said now: the dry run of what was said before is of no use any more."""
    ImportPreview.objects.filter(run=run).delete()
    run.state, run.failure = State.UPLOADED, ""
    run.save()


def _note(run: ImportRun, action: AuditEntry.Action, *, by: User, after: dict) -> None:
    record(
        action,
        authority=run.authority,
        record_type=ImportRun._meta.model_name,
        record_id=run.pk,
        by=by,
        after=after,
        reason=f"Extract of {british_date(run.extract_date)}",
    )
