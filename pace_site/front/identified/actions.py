"""Export children by name, and leave word of it in the audit trail: one entry of the file, one of every child in it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils import timezone

from aims.reports.actions import FORMATS as REPORT_FORMATS
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record_all
from pace_site.front.identified.aim_by_name import AimByName
from pace_site.front.identified.asking import SHORTEST_REASON, Purpose
from pace_site.front.identified.caseload_by_name import CaseloadByName
from pace_site.front.identified.mark import Mark, mark_of
from pace_site.front.identified.named_list import NamedList
from pace_site.look.attachment import ExportedFile

RECORD_TYPE = "identified_export"
NOBODY = "There is no child to export."


@dataclass(frozen=True)
class Asked:
    """What a person said when they asked for the file: its purpose and, in their words, the reason."""

    purpose: Purpose
    reason: str


def _workbook(listed: NamedList, mark: Mark, asked: Asked) -> bytes:
    from pace_site.front.identified.workbook import workbook  # XlsxWriter is slow to import and seldom needed

    return workbook(listed, mark=mark, purpose=asked.purpose.label, reason=asked.reason)


def _pdf(listed: NamedList, mark: Mark, asked: Asked) -> bytes:
    from pace_site.front.identified.pdf_file import pdf_file  # so is typst

    return pdf_file(listed, mark=mark, purpose=asked.purpose.label, reason=asked.reason)


RENDER: dict[str, Callable[[NamedList, Mark, Asked], bytes]] = {"xlsx": _workbook, "pdf": _pdf}


def export_by_name(
    source: AimByName | CaseloadByName, *, shown: Collection[str], asked: Asked, file_format: str, by: User
) -> ExportedFile:
    """Write the children of `source` whom `by` may see by name as "xlsx" or "pdf", marked with who and when.

    `shown` are the figures of an aim. Nothing is handed out of which the trail does not know. Raises
    `PermissionDenied`, and `ValidationError` when there is no child or the reason says nothing.
    """
    for permission in (Permission.VIEW_CHILDREN, Permission.EXPORT_IDENTIFIED):
        check_can(by, permission)
    if source.to != by:
        raise ValueError("A list is exported by the person for whom it was made.")
    if len(asked.reason.strip()) < SHORTEST_REASON:
        raise ValidationError("Say why the children are exported by name.")
    listed = source.listed(shown)
    if not listed.children:
        raise ValidationError(NOBODY)
    mark = mark_of(by, at=timezone.now())
    body = RENDER[file_format](listed, mark, asked)
    record_all(_entries(listed, mark=mark, asked=asked, file_format=file_format, body=body, by=by))
    return ExportedFile(f"by_name_{mark.number}.{file_format}", REPORT_FORMATS[file_format].content_type, body)


def _entries(
    listed: NamedList, *, mark: Mark, asked: Asked, file_format: str, body: bytes, by: User
) -> list[AuditEntry]:
    """Of the file, with all that was said; of each child, with the number of the file and what it was for.

    The reason in the person's own words stays with the file: it may speak of another child.
    """
    of_file = audit_entry(
        AuditEntry.Action.EXPORT,
        authority=by.organisation,
        record_type=RECORD_TYPE,
        record_id=mark.number,
        by=by,
        after={
            "list": listed.title,
            **listed.audited,
            "purpose": asked.purpose.value,
            "format": file_format,
            "rows": len(listed.rows),
            "children": len(listed.children),
            "sha256": sha256(body).hexdigest(),
        },
        reason=f"{asked.purpose.label}: {asked.reason}",
    )
    of_children = [
        audit_entry(
            AuditEntry.Action.EXPORT,
            authority=by.organisation,
            record_type="child",
            record_id=child.pk,
            child_code=child.code,
            by=by,
            after={"export": mark.number, "list": listed.title},
            reason=asked.purpose.label,
        )
        for child in listed.children
    ]
    return [of_file, *of_children]
