"""Hand out all that is held of one child, marked with who took it, and leave word of it in the trail."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.identified.asking import SHORTEST_REASON
from pace_site.front.identified.mark import MARKING, Mark, mark_of
from pace_site.front.subject_access.held import Held, held_of
from pace_site.look.attachment import ExportedFile
from pace_site.look.typesetting import typeset

TEMPLATE = Path(__file__).parent / "typst" / "held.typ"
TITLE = "What is held of one child"
# What whoever hands the file on does first.
READ_FIRST = (
    "Read it before it is handed out: words that people typed may speak of somebody else. Take out what is not the "
    "child's, and what may not be told (Data Protection Act 2018, schedules 2 and 3).",
    "Make sure who asks: the child, or somebody who may act for the child.",
    "Hand it over by the council's secure e-mail or in person, and delete your copy.",
)


def _pdf(held: Held, mark: Mark, asked: list[tuple[str, str]]) -> bytes:
    return typeset(
        TEMPLATE,
        {
            "title": TITLE,
            "marking": MARKING,
            "line": mark.line,
            "number": mark.numbered,
            "across": [MARKING, mark.name, mark.email, f"{mark.when}. {mark.numbered}"],
            "author": f"{mark.name}, {mark.email}",
            "facts": [*asked, *held.facts],
            "reading": READ_FIRST,
            "tables": [
                {"title": table.title, "headings": table.headings, "rows": table.rows, "note": table.note}
                for table in held.tables
            ],
        },
    )


def _json(held: Held, mark: Mark, asked: list[tuple[str, str]]) -> bytes:
    document = {
        "marking": mark.line,
        "export": mark.number,
        "asked": dict(asked),
        "child": dict(held.facts),
        **{table.key: [dict(zip(table.headings, row, strict=True)) for row in table.rows] for table in held.tables},
        "left_out": [table.note for table in held.tables if table.note],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


RENDER: dict[str, tuple[str, Callable[[Held, Mark, list[tuple[str, str]]], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "json": ("application/json", _json),
}


def export_held(child: Child, *, reference: str, reason: str, file_format: str, by: User) -> ExportedFile:
    """Write everything held of `child` as "pdf" or "json"; `reference` is the council's, of the request.

    Raise `PermissionDenied` unless `by` may export this child by name, `ValidationError` when the reason says nothing.
    """
    for permission in (Permission.VIEW_CHILDREN, Permission.EXPORT_IDENTIFIED):
        check_can(by, permission)
    if not Child.objects.identifiable_to(by).filter(pk=child.pk).exists():
        raise PermissionDenied("This child is not among those whom you may see by name.")
    if not reference.strip():
        raise ValidationError({"reference": "Give the council's reference of the request."})
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": "Say what the file is needed for."})
    mark = mark_of(by, at=timezone.now())
    content_type, write = RENDER[file_format]
    asked = [("Reference of the request", reference), ("Reason given", reason)]
    body = write(held_of(child, to=by), mark, asked)
    record(
        AuditEntry.Action.EXPORT,
        authority=child.authority,
        record_type="subject_access",
        record_id=mark.number,
        child_code=child.code,
        by=by,
        after={"reference": reference, "format": file_format, "sha256": sha256(body).hexdigest()},
        reason=reason,
    )
    return ExportedFile(f"subject_access_{mark.number}.{file_format}", content_type, body)
