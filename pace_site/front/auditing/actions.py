"""Search the audit trail and hand it out, which the trail itself keeps."""

from collections.abc import Callable
from io import BytesIO

from django.db.models import QuerySet
from django.utils import timezone

from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.auditing.entry_words import EntryInWords, in_words
from pace_site.look.attachment import ExportedFile

RECORD_TYPE = "audit trail"
# More than a person reads, and a spreadsheet takes.
MOST_EXPORTED = 50_000

COLUMNS: dict[str, Callable[[EntryInWords], str | int | None]] = {
    "at": lambda told: timezone.localtime(told.at).isoformat(timespec="seconds"),
    "who": lambda told: told.entry.actor,
    "did": lambda told: told.did,
    "what": lambda told: told.what,
    "child": lambda told: told.child_code,
    "fields": lambda told: told.hidden_fields or ", ".join(change.field for change in told.changes),
    "before": lambda told: "; ".join(f"{change.field}: {change.before}" for change in told.changes),
    "after": lambda told: "; ".join(f"{change.field}: {change.after}" for change in told.changes),
    "reason": lambda told: told.reason,
    "address": lambda told: told.address,
    "request": lambda told: told.request_id,
    "entry": lambda told: told.entry.pk,
    "place_in_chain": lambda told: told.entry.position,
    "seal": lambda told: told.entry.seal,
}


def _csv(rows: list[list]) -> bytes:
    from aims.reports.csv_file import csv_bytes  # the admin pages need this file, and hand nothing out

    return csv_bytes(COLUMNS, rows)


def _workbook(rows: list[list]) -> bytes:
    from xlsxwriter import Workbook

    from aims.reports.sheets import OPTIONS

    file = BytesIO()
    book = Workbook(file, OPTIONS)
    sheet = book.add_worksheet("Audit trail")
    sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    sheet.set_column(0, len(COLUMNS) - 1, 22)
    book.close()
    return file.getvalue()


FORMATS = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook),
}


def note_trail_search(*, by: User, child_code: str, asked: dict[str, str], found: int | None) -> None:
    """Keep that somebody searched the trail, and for what."""
    record(
        AuditEntry.Action.SEARCH,
        authority=by.organisation,
        record_type=RECORD_TYPE,
        record_id="",
        child_code=child_code,
        by=by,
        after={**asked, "found": found},
    )


def export_trail(
    entries: QuerySet[AuditEntry],
    *,
    by: User,
    child_code: str,
    asked: dict[str, str],
    file_format: str,
    people: dict[str, str],
) -> ExportedFile:
    """Write the newest of these entries as they may be told to `by`. Raises `PermissionDenied`."""
    check_can(by, Permission.VIEW_AUDIT)
    content_type, write = FORMATS[file_format]
    told = in_words(list(entries[:MOST_EXPORTED]), to=by, people=people)
    body = write([[cell(row) for cell in COLUMNS.values()] for row in told])
    record(
        AuditEntry.Action.EXPORT,
        authority=by.organisation,
        record_type=RECORD_TYPE,
        record_id="",
        child_code=child_code,
        by=by,
        after={**asked, "format": file_format, "rows": len(told)},
    )
    return ExportedFile(f"audit_trail_{timezone.localdate().isoformat()}.{file_format}", content_type, body)
