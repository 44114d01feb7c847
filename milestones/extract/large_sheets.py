"""Look in the background at sheets that take long to read: at first, and when their columns are named elsewhere."""

from collections.abc import Mapping as Named
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction

from milestones.extract.actions import NOT_ANY_MORE, State, cancel_run, opened_uploads
from milestones.extract.mapped_sheets import MappedSheets, books_of_the_site, upload_limits
from milestones.extract.run_models import ImportRun
from milestones.extract.sheet_actions import is_unread, keep_looks, looks_of, sheets_seen
from milestones.extract.upload_names import unnamed_files
from milestones.sheets.guessing import guess_sheet
from milestones.sheets.looks import SheetLook, look_at_uploads
from milestones.sheets.mapping import Mapping
from milestones.sheets.tables import Upload, UploadRefused
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.long_work.progress import UNWATCHED, Progress


def look_at_run(
    run: ImportRun, *, header_lines: Named[int, int], by: User, progress: Progress = UNWATCHED
) -> ImportRun:
    """Read the sheets of a run and keep what is to be seen of them, and what their columns seem to say.

    `header_lines`: by the number of a sheet, from 0, on which line a person says that its columns are named; what was
    said of the other sheets stays. Files of no use are deleted, and the run is cancelled with the reason.
    """
    check_can(by, Permission.IMPORT_DATA)
    if run.state not in (State.UPLOADED, State.PREVIEWED):
        raise ValidationError(NOT_ANY_MORE)
    before = [] if is_unread(run) else looks_of(run)
    asked = {(look.file, look.sheet): header_lines[n] for n, look in enumerate(before) if n in header_lines}
    progress.expect(2)
    progress.step("Reading the sheets.")
    uploads = [Upload(name, content) for name, content in opened_uploads(run).items()]
    try:
        looks = look_at_uploads(uploads, header_lines=asked, limits=upload_limits())
    except UploadRefused as refused:
        return _refuse(run, refused, by=by)
    progress.step("Finding out what the columns say.")
    return _keep(run, looks, asked, by=by)


def _refuse(run: ImportRun, refused: UploadRefused, *, by: User) -> ImportRun:
    file = unnamed_files(run.uploads.values_list("name", flat=True))[refused.file]
    cancel_run(run, by=by)
    ImportRun.objects.filter(pk=run.pk).update(failure=f"{file}: {refused.message}")
    run.refresh_from_db()
    return run


@transaction.atomic
def _keep(run: ImportRun, looks: list[SheetLook], asked: Named[tuple[str, str], int], *, by: User) -> ImportRun:
    current = ImportRun.objects.visible_to(by).select_for_update(of=("self",)).get(pk=run.pk)
    if current.state not in (State.UPLOADED, State.PREVIEWED):
        raise ValidationError(NOT_ANY_MORE)
    if is_unread(current):
        sheets = sheets_seen(looks, source=current.source, by=by)
    else:
        sheets, books = MappedSheets.of(current), books_of_the_site()
        uses = [
            replace(guess_sheet(look, books, kind=use.kind), kind=use.kind, confirmed=True)
            if (look.file, look.sheet) in asked
            else use
            for look, use in zip(looks, sheets.mapping.sheets, strict=True)
        ]
        sheets = replace(sheets, mapping=Mapping(tuple(uses)))
    current.mapping = sheets.as_json()
    current.save()
    keep_looks(current, looks)
    return current
