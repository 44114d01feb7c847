"""Export a report of one aim or of several, and leave word of it in the audit trail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from aims.models import AimVersion
from aims.reports.csv_file import csv_file
from aims.reports.highlight import Highlight
from aims.reports.since_last import report_with_changes
from aims.reports.told import NOTHING_TOLD, Told
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.look.attachment import ExportedFile


def _workbook(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    from aims.reports.workbook import workbook  # XlsxWriter is slow to import and seldom needed

    return workbook(report, progress)


def _pdf(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    from aims.reports.pdf_file import pdf_file  # so are matplotlib and typst

    return pdf_file(report, progress)


def _slides(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    from aims.reports.slides.deck import slides  # and python-pptx

    return slides(report, progress)


@dataclass(frozen=True)
class FileFormat:
    """One format of the export: its ending is its name. Rendering begins one step of the progress for each aim."""

    name: str
    label: str
    content_type: str
    render: Callable[..., bytes]  # of the report and, when somebody watches, the progress


FORMATS = {
    each.name: each
    for each in (
        FileFormat("pdf", "PDF", "application/pdf", _pdf),
        FileFormat(
            "pptx",
            "PowerPoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            _slides,
        ),
        FileFormat("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook),
        FileFormat("csv", "CSV", "text/csv; charset=utf-8", csv_file),
    )
}


def export_report(
    versions: Sequence[AimVersion],
    *,
    as_at: date,
    file_format: FileFormat,
    by: User | None,
    told: Told = NOTHING_TOLD,
    progress: Progress = UNWATCHED,
) -> ExportedFile:
    """Export these aims of one authority as at a day, by pseudonym; `by` is None when a command exports them.

    May take minutes: nothing is locked while the file is made, and only the word in the trail is a transaction. Raises
    `PermissionDenied`.
    """
    if by is not None:
        check_can(by, Permission.EXPORT_AIM)
    progress.expect(2 * len(versions))
    report, _previous = report_with_changes(versions, as_at=as_at, by=by, told=told, progress=progress)
    body = file_format.render(report, progress)
    with transaction.atomic():
        for version, aim in zip(versions, report.aims, strict=True):
            record(
                AuditEntry.Action.EXPORT,
                authority=version.aim.authority,
                record_type="aim",
                record_id=version.aim_id,
                by=by,
                after={
                    "aim": aim.code,
                    "version": version.number,
                    "as_at": as_at.isoformat(),
                    "format": file_format.name,
                    "rows": len(aim.content.rows),
                },
                listed={row.child_code for row in aim.content.rows},
            )
    return ExportedFile(f"{report.file_stem}.{file_format.name}", file_format.content_type, body)
