"""Export everything of an authority by name, in the layout of an extract: one zip file, asked for with a reason."""

import zipfile
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from children.models import Child
from milestones.extract.output import LEFT_OUT, write_extract
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.accounts.scope import scope_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.identified.actions import RECORD_TYPE, Asked
from pace_site.front.identified.asking import KEEPING, SHORTEST_REASON, Purpose
from pace_site.front.identified.mark import Mark, mark_of
from pace_site.long_work.actions import ask_for
from pace_site.long_work.kinds import Outcome, kind
from pace_site.long_work.models import LongWork
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.long_work.reading import one_reading
from pace_site.look.attachment import ExportedFile
from pace_site.look.words import children as in_children
from pace_site.look.words import count_of
from pace_site.replica.reading import reads_apart

# So many children are written while a page waits: some seconds.
AT_ONCE = 1_000
FIRST_REFUSED = 50


def check_may_export(by: User) -> None:
    """Raise `PermissionDenied` unless `by` exports by name, and sees the whole authority by name."""
    check_can(by, Permission.EXPORT_IDENTIFIED)
    if not scope_of(by, with_identity=True).whole_authority:
        raise PermissionDenied("Everything is exported by people who see the whole authority.")


def export_everything(asked: Asked, *, by: User, progress: Progress = UNWATCHED) -> ExportedFile:
    """Write all children whom `by` may see by name, as a zip file. Raises `PermissionDenied` and `ValidationError`.

    All files are of one moment; nothing is handed out of which the trail does not know.
    """
    check_may_export(by)
    if len(asked.reason.strip()) < SHORTEST_REASON:
        raise ValidationError("Say why everything is exported by name.")
    mark = mark_of(by, at=timezone.now())
    progress.expect(2)
    progress.step("Reading everything recorded")
    body, codes, written, refused = _everything_of(by)
    if not codes:
        raise ValidationError("There is no child to export.")
    progress.step("Writing what the files are")
    with zipfile.ZipFile(body, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("READ ME.txt", _read_me(mark, asked, written, refused, children=len(codes)))
    record(
        AuditEntry.Action.EXPORT,
        authority=by.organisation,
        record_type=RECORD_TYPE,
        record_id=mark.number,
        by=by,
        after={
            "list": "Everything recorded, in the layout of an extract",
            "purpose": asked.purpose.value,
            "format": "zip",
            "rows": written,
            "sha256": sha256(body.getvalue()).hexdigest(),
        },
        listed=codes,
        reason=f"{asked.purpose.label}: {asked.reason}",
    )
    return ExportedFile(f"extract_{mark.number}.zip", "application/zip", body.getvalue())


@reads_apart
def _everything_of(by: User) -> tuple[BytesIO, list[str], dict[str, int], list[str]]:
    """A zip file of all that `by` may see by name, of whom it is, how much of what, and what an import would refuse."""
    body = BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed, one_reading():

        def open_file(name: str) -> TextIOWrapper:
            return TextIOWrapper(packed.open(name, "w"), encoding="utf-8", newline="")

        children = Child.objects.identifiable_to(by)
        codes = list(children.order_by("code").values_list("code", flat=True))
        written, refused = write_extract(children, extract_date=timezone.localdate(), open_file=open_file)
    return body, codes, written, refused


def queue_export(asked: Asked, *, by: User) -> LongWork:
    """Raises what `export_everything` raises of who may, before anything is queued."""
    check_may_export(by)
    said = {"purpose": asked.purpose.value, "reason": asked.reason}
    return ask_for(make_extract, title="Everything recorded, in the layout of an extract", asked=said, by=by)


@kind("extract", needs=Permission.EXPORT_IDENTIFIED)
def make_extract(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    said = Asked(Purpose(asked["purpose"]), asked["reason"])
    return Outcome(export_everything(said, by=by, progress=progress))


def _read_me(mark: Mark, asked: Asked, written: dict[str, int], refused: list[str], *, children: int) -> str:
    lines = [
        mark.line,
        "",
        f"{in_children(children)}. Why: {asked.purpose.label}: {asked.reason}",
        "",
        *(f"{name}: {count_of(count, 'row', 'rows')}" for name, count in written.items()),
        "",
        "Not in these files:",
        *(f"- {words}" for words in LEFT_OUT),
        "",
        *(f"{words}\r\n" for words in KEEPING),
    ]
    if refused:
        lines += [f"An import would refuse {count_of(len(refused), 'row', 'rows')}, the first of which are:"]
        lines += [f"- {each}" for each in refused[:FIRST_REFUSED]]
    return "\r\n".join(lines) + "\r\n"
