"""A report with what changed since the last issued one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Prefetch

from aims.compliance import Compliance
from aims.figures import journeys_for
from aims.models import AimVersion, Report, ReportedAim
from aims.outcomes import outcomes
from aims.reports.assembling import counted_by, highlight_of
from aims.reports.changes import changes
from aims.reports.frozen_clocks import corrected_since
from aims.reports.highlight import Highlight
from aims.reports.told import NOTHING_TOLD, Told
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.scope import scope_of
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.replica.reading import read_apart


def last_report(authority: Organisation, *, before: date) -> Report | None:
    """The last issued report as at an earlier day that was not withdrawn."""
    reports = Report.objects.filter(authority=authority, as_at__lt=before, withdrawn_at__isnull=True)
    aims = ReportedAim.objects.select_related("version").defer("clocks")
    return reports.prefetch_related(Prefetch("aims", queryset=aims)).first()


def report_with_changes(
    versions: Sequence[AimVersion],
    *,
    as_at: date,
    by: User | None,
    told: Told = NOTHING_TOLD,
    handed_on: bool = False,
    progress: Progress = UNWATCHED,
) -> tuple[Highlight, Report | None]:
    """The report with what changed since the last issued one, and that one.

    Issued reports count the whole authority: figures of a part of it are not set beside theirs.
    """
    report = highlight_of(versions, as_at=as_at, by=by, told=told, handed_on=handed_on, progress=progress)
    counts_all = by is None or scope_of(by).counts_authority
    previous = last_report(versions[0].aim.authority, before=as_at) if counts_all else None
    if previous is None:
        return report, None
    said = {each.version.aim_id: each for each in previous.aims.all()}
    before = {version.aim_id: said[version.aim_id].version for version in versions if version.aim_id in said}
    counted = counted_by(by, authority=versions[0].aim.authority)
    frozen_clocks = dict(previous.aims.values_list("version_id", "clocks"))
    definitions = [version.definition for version in before.values()]
    journeys = read_apart(lambda: journeys_for(definitions, counted, previous.as_at))
    aims = []
    for version, aim in zip(versions, report.aims, strict=True):
        if version.aim_id in before:
            then = Compliance(outcomes(before[version.aim_id].definition, journeys))
            frozen = said[version.aim_id]
            clocks = frozen_clocks[frozen.version_id]
            found = changes(
                frozen.figures,
                said_by=frozen.version.number,
                then=then,
                now=aim.content.now,
                by=version.number,
                corrected=None if clocks is None else corrected_since(bytes(clocks), then.outcomes),
            )
        else:
            found = ("This aim was not in the last report.",)
        aims.append(replace(aim, change=found))
    return replace(report, aims=tuple(aims), since=previous.as_at), previous
