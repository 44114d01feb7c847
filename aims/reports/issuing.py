"""Issue a report: freeze its figures, the versions of its aims and its files; and withdraw one."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import AimVersion, Report, ReportFile
from aims.reports.actions import FORMATS
from aims.reports.days import fault_of_day
from aims.reports.frozen_clocks import freeze
from aims.reports.highlight import Highlight
from aims.reports.report_words import report_words
from aims.reports.since_last import last_report, report_with_changes
from aims.reports.told import NOTHING_TOLD, Told
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, can, check_can
from pace_site.accounts.scope import scope_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import listed_by, record
from pace_site.long_work.progress import UNWATCHED, Progress

REPORT = "report"


class FileChanged(Exception):
    """A stored file is not the one that was issued."""


class ReportWithdrawn(Exception):
    """Files of a withdrawn report are for those alone who may issue reports."""


def issue_report(
    versions: Sequence[AimVersion], *, as_at: date, by: User, told: Told = NOTHING_TOLD, progress: Progress = UNWATCHED
) -> Report:
    """Issue the report of these aims as at a day, in every format.

    May take minutes: the files are made first, with nothing locked, and then all is kept at once. Raises
    `PermissionDenied`, and `ValidationError` for a day to come or too long ago, for no aim, and for a day whose report
    stands.
    """
    check_may_issue(versions, as_at=as_at, by=by)
    progress.expect(len(versions) * (1 + len(FORMATS)))
    content, previous = report_with_changes(versions, as_at=as_at, by=by, told=told, handed_on=True, progress=progress)
    bodies = {name: file_format.render(content, progress) for name, file_format in FORMATS.items()}
    return _keep(versions, content, bodies, previous=previous, by=by)


def check_may_issue(versions: Sequence[AimVersion], *, as_at: date, by: User) -> None:
    """Raise what `issue_report` would raise before it begins."""
    check_can(by, Permission.ISSUE_REPORT)
    if not scope_of(by).whole_authority:
        raise PermissionDenied("Only who opens the records of the whole authority can issue its report.")
    if not versions:
        raise ValidationError("Choose at least one aim.")
    _check_day(versions[0].aim.authority, as_at)


@transaction.atomic
def _keep(
    versions: Sequence[AimVersion],
    content: Highlight,
    bodies: Mapping[str, bytes],
    *,
    previous: Report | None,
    by: User,
) -> Report:
    """Keep all that was made; raise `ValidationError` when somebody else was quicker."""
    authority, as_at = versions[0].aim.authority, content.as_at
    # One after another: of two who issue at once, the second sees the first's report.
    Organisation.objects.select_for_update().get(pk=authority.pk)
    _check_day(authority, as_at)
    if last_report(authority, before=as_at) != previous:
        raise ValidationError(
            "Meanwhile an earlier report was issued or withdrawn, and this one tells what changed since it. Try again."
        )
    report = Report.objects.create(
        authority=authority, as_at=as_at, previous=previous, content=report_words(content), issued_by=by
    )
    for version, aim in zip(versions, content.aims, strict=True):
        measured = aim.content.measured
        report.aims.create(version=version, figures=measured.to_json(), clocks=freeze(measured.now.outcomes))
    sums = {}
    for file_format in FORMATS.values():
        body = bodies[file_format.name]
        sums[file_format.name] = sha256(body).hexdigest()
        report.files.create(
            format=file_format.name,
            name=f"{content.file_stem}.{file_format.name}",
            content_type=file_format.content_type,
            body=body,
            sha256=sums[file_format.name],
        )
    told_of = {row.child_code for aim in content.aims for row in aim.content.rows}
    _trail(report, AuditEntry.Action.ISSUE, by=by, after=_said(report, versions) | {"sha256": sums}, listed=told_of)
    return report


@transaction.atomic
def withdraw_report(report: Report, *, reason: str, by: User) -> Report:
    """Withdraw an issued report with a reason; it stays readable, and is marked. Raises `ValidationError`."""
    check_can(by, Permission.ISSUE_REPORT)
    report = Report.objects.visible_to(by).select_for_update().get(pk=report.pk)
    reason = reason.strip()
    if not reason:
        raise ValidationError("Say why the report is withdrawn.")
    if report.is_withdrawn:
        raise ValidationError("This report has been withdrawn already.")
    report.withdrawn_at, report.withdrawn_by, report.withdrawn_reason = timezone.now(), by, reason
    report.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _trail(report, AuditEntry.Action.VOID, by=by, reason=reason)
    return report


def hand_out(file: ReportFile, *, by: User) -> ReportFile:
    """Give out a file of an issued report.

    Raises `ReportWithdrawn`, and `FileChanged` when it is not the file that was issued.
    """
    if not may_have_files(file.report, by):
        raise ReportWithdrawn(f"{file.report} is withdrawn.")
    if not file.is_whole:
        raise FileChanged(f"{file.name} is not the file that was issued: its checksum differs.")
    said = {"report": file.report_id, "format": file.format, "sha256": file.sha256}
    of_report = {"authority": file.report.authority, "record_type": REPORT, "record_id": file.report_id}
    told_of = listed_by(AuditEntry.Action.ISSUE, **of_report)
    _trail(file.report, AuditEntry.Action.EXPORT, by=by, after=said, listed=told_of)
    return file


def may_have_files(report: Report, by: User) -> bool:
    """Whether a person may still have files of a report: of a withdrawn one, only who has to know what was issued."""
    return not report.is_withdrawn or can(by, Permission.ISSUE_REPORT)


def _check_day(authority: Organisation, as_at: date) -> None:
    if fault := fault_of_day(as_at):
        raise ValidationError(fault)
    if Report.objects.filter(authority=authority, as_at=as_at, withdrawn_at__isnull=True).exists():
        raise ValidationError("A report as at this day is issued already. Withdraw it first, or choose another day.")


def _said(report: Report, versions: Sequence[AimVersion]) -> dict[str, Any]:
    return {
        "as_at": report.as_at.isoformat(),
        "aims": [f"{version.aim.code} version {version.number}" for version in versions],
        "previous": report.previous_id,
    }


def _trail(report: Report, action: str, **more) -> None:
    record(action, authority=report.authority, record_type=REPORT, record_id=report.pk, **more)
