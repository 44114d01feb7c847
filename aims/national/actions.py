"""Hand out the national view as a file, and leave word of it in the audit trail."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from aims.compliance import two_decimals
from aims.count_columns import LABELS
from aims.national.figures import national_figures
from aims.national.publication import Group, Row, published
from aims.national.quarters import quarter_ends
from aims.reports.csv_file import csv_bytes
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.accounts.scope import sees_aggregates
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.attachment import ExportedFile

HEADER = ("as_at", "aim", "authority", "code", "fictional", "source", *LABELS, "pct_decided", "pct_decided_or_overdue")


def check_sees_aggregates(user: User) -> None:
    """Raise `PermissionDenied` unless `user` may see aggregates of all authorities."""
    check_can(user, Permission.VIEW_NATIONAL)
    if not sees_aggregates(user):
        raise PermissionDenied("The figures of all authorities are for people of a national body.")


def export_national(*, as_at: date, by: User) -> ExportedFile:
    """The national view as CSV, with the same figures withheld as on the page.

    Raises `PermissionDenied`, and `ValueError` when `as_at` is not one of the quarter ends that are offered today.
    """
    check_sees_aggregates(by)
    offered = quarter_ends(timezone.localdate())
    lines = list(_lines(published(national_figures(by, as_at=as_at, offered=offered)), as_at))
    record(
        AuditEntry.Action.EXPORT,
        authority=by.organisation,
        record_type="national view",
        record_id="",
        by=by,
        after={"as_at": as_at.isoformat(), "format": "csv", "rows": len(lines)},
    )
    return ExportedFile(f"national_{as_at.isoformat()}.csv", "text/csv; charset=utf-8", csv_bytes(HEADER, lines))


def _lines(groups: list[Group], as_at: date):
    for group in groups:
        for aim in group.aims:
            for row in (*aim.rows, aim.total):
                yield as_at.isoformat(), aim.definition.code, *_line(row, group)


def _line(row: Row, group: Group):
    yield row.name
    yield row.code
    yield "yes" if group.fictional else "no"
    yield row.source
    for count in row.counts:
        yield count.words if count.value is None else count.value
    for percentage in (row.pct_decided, row.pct_due):
        yield percentage.words if percentage.value is None else two_decimals(percentage.value)
