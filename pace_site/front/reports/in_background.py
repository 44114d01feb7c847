"""Reports that take longer than a request may: which they are, and how a worker makes them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from aims.models import Aim, AimVersion
from aims.reports.actions import FORMATS, FileFormat, export_report
from aims.reports.issuing import check_may_issue, issue_report
from aims.reports.told import Told
from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission
from pace_site.front.reports.telling import told_since_last_report
from pace_site.long_work.actions import ask_for
from pace_site.long_work.kinds import Outcome, kind
from pace_site.long_work.models import LongWork
from pace_site.long_work.progress import Progress
from pace_site.look.words import british_date, count_of


def takes_long(versions: Sequence[AimVersion], *, files: int) -> bool:
    """Whether a report is made in the background: by how many children the authority has, and how much is made of each.

    So a council of ordinary size is served at once, whether a worker runs or not.
    """
    if not versions:
        return False
    children = Child.objects.filter(authority=versions[0].aim.authority).count()
    return children * len(versions) * files > settings.REPORT_AT_ONCE


def queue_export(
    versions: Sequence[AimVersion], *, as_at: date, file_format: FileFormat, by: User, plan: Sequence[str] = ()
) -> LongWork:
    """`plan` is what was typed of the next period, a line each."""
    asked = {**_asked(versions, as_at, plan), "format": file_format.name}
    title = f"{_what(versions)} as {file_format.label}, as at {british_date(as_at)}"
    return ask_for(make_export, title=title, asked=asked, by=by)


def queue_issue(versions: Sequence[AimVersion], *, as_at: date, by: User, plan: Sequence[str] = ()) -> LongWork:
    """Raises what `issue_report` raises, before anything is queued."""
    check_may_issue(versions, as_at=as_at, by=by)
    title = f"Issuing the report of {_what(versions)}, as at {british_date(as_at)}"
    return ask_for(make_issue, title=title, asked=_asked(versions, as_at, plan), by=by)


@kind("report", needs=Permission.EXPORT_AIM)
def make_export(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    versions, as_at = _found(asked, by)
    told = _told(asked, by, as_at)
    file_format = FORMATS[asked["format"]]
    return Outcome(export_report(versions, as_at=as_at, file_format=file_format, by=by, told=told, progress=progress))


@kind("issue", needs=Permission.ISSUE_REPORT)
def make_issue(asked: dict[str, Any], by: User, progress: Progress) -> Outcome:
    versions, as_at = _found(asked, by)
    told = _told(asked, by, as_at)
    report = issue_report(versions, as_at=as_at, by=by, told=told, progress=progress)
    return Outcome(address=report.get_absolute_url())


def _asked(versions: Sequence[AimVersion], as_at: date, plan: Sequence[str]) -> dict[str, Any]:
    aims = [version.aim.code for version in versions]
    return {"aims": aims, "as_at": as_at.isoformat(), "plan": list(plan)}


def _told(asked: dict[str, Any], by: User, as_at: date) -> Told:
    # Work that was asked for before plans were has none.
    return replace(told_since_last_report(by.organisation, as_at=as_at), next_period=tuple(asked.get("plan", ())))


def _found(asked: dict[str, Any], by: User) -> tuple[list[AimVersion], date]:
    """The aims asked for as they are defined now, in that order, inside the person's scope of now."""
    aims = Aim.objects.visible_to(by).filter(code__in=asked["aims"])
    by_code = {version.aim.code: version for version in aims.current_versions()}
    gone = [code for code in asked["aims"] if code not in by_code]
    if gone:
        raise ValidationError(f"These aims are no longer there: {', '.join(gone)}. Choose again.")
    return [by_code[code] for code in asked["aims"]], date.fromisoformat(asked["as_at"])


def _what(versions: Sequence[AimVersion]) -> str:
    return versions[0].aim.code if len(versions) == 1 else count_of(len(versions), "aim", "aims")
