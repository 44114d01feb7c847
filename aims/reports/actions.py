"""Export one aim, and leave word of it in the audit trail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from aims.compliance import measure
from aims.figures import journeys_for
from aims.models import AimVersion
from aims.reports.content import ReportContent, report_content
from aims.reports.csv_file import csv_file
from children.models import Child
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.accounts.scope import scope_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record


def _workbook(content: ReportContent) -> bytes:
    from aims.reports.workbook import workbook  # XlsxWriter is slow to import and seldom needed

    return workbook(content)


@dataclass(frozen=True)
class FileFormat:
    """One format of the export: its ending is its name."""

    name: str
    content_type: str
    render: Callable[[ReportContent], bytes]


FORMATS = {
    each.name: each
    for each in (
        FileFormat("csv", "text/csv; charset=utf-8", csv_file),
        FileFormat("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook),
    )
}


@dataclass(frozen=True)
class ExportedFile:
    """A file ready to hand out; its name says which aim and which day, and nothing of any child."""

    name: str
    content_type: str
    body: bytes


@transaction.atomic
def export_aim(version: AimVersion, *, as_at: date, file_format: FileFormat, by: User | None) -> ExportedFile:
    """Export an aim as at a day, by pseudonym; `by` is None when a command exports the whole authority's.

    Figures count the children whom `by` may count, rows are of those whom `by` may open. Raises `PermissionDenied`.
    """
    authority = version.aim.authority
    children = Child.objects.filter(authority=authority)
    countable = listed = children
    if by is not None:
        check_can(by, Permission.EXPORT_AIM)
        countable, listed = children.countable_by(by), children.visible_to(by)
    definition = version.definition
    content = report_content(
        measure(definition, journeys_for([definition], countable, as_at)),
        authority=authority.name,
        fictional=authority.fictional,
        covers=_covers(authority, by),
        last_extract_on=children.aggregate(last=Max("last_extract_on"))["last"],
        visible=frozenset(listed.values_list("pk", flat=True)),
    )
    body = file_format.render(content)
    record(
        AuditEntry.Action.EXPORT,
        authority=authority,
        record_type="aim",
        record_id=version.aim_id,
        by=by,
        after={
            "aim": definition.code,
            "version": version.number,
            "as_at": as_at.isoformat(),
            "format": file_format.name,
            "rows": len(content.rows),
        },
    )
    return ExportedFile(f"{definition.code}_{as_at.isoformat()}.{file_format.name}", file_format.content_type, body)


def _covers(authority: Organisation, by: User | None) -> str:
    """Whom the figures count, so that one team's are never taken for the authority's."""
    if by is None or scope_of(by).counts_authority:
        return f"every child of {authority.name}"
    return "only children of the exporting person's own teams and allocations, not the whole authority"
