"""What an extract does to the figures of the aims, and to what is odd in the records: before it and after it."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from aims.cards import national_first
from aims.compliance import Compliance
from aims.figures import journeys_for
from aims.models import Aim, AimVersion
from aims.outcomes import outcomes
from children.models import Child
from milestones.quality.comparison import NotedFinding, compare, noted
from milestones.quality.declaration import SEVERITIES
from pace_site.accounts.models import Organisation


@dataclass(frozen=True)
class AimFigures:
    """The figures of one aim as JSON holds them; `percentage` is of those decided or overdue, None without any."""

    clocks: int
    met: int
    missed: int
    overdue: int
    waiting: int
    percentage: float | None


@dataclass(frozen=True)
class Measured:
    as_at: date
    figures: dict[str, AimFigures]
    findings: Counter[NotedFinding]


def measured(authority: Organisation) -> Measured:
    """The figures of every active aim, and the findings, as the database has them now, as at today."""
    as_at = timezone.localdate()
    versions = active_versions(authority)
    definitions = [version.definition for version in versions]
    children = Child.objects.filter(authority=authority)
    journeys = journeys_for(definitions, children, as_at) if definitions else None
    return Measured(
        as_at=as_at,
        figures={each.code: _figures(Compliance(outcomes(each, journeys))) for each in definitions},
        findings=noted(children, as_at=as_at),
    )


def effects(before: Measured, after: Measured, *, titles: dict[str, str]) -> dict[str, Any]:
    """The two beside each other, as JSON; `titles` by the code of the aim."""
    return {
        "as_at": before.as_at.isoformat(),
        "aims": [
            {
                "code": code,
                "title": titles[code],
                "before": asdict(figures),
                "after": asdict(after.figures[code]),
                "changes": figures != after.figures[code],
            }
            for code, figures in before.figures.items()
        ],
        "findings": [
            {
                "rule": change.rule.number,
                "name": change.rule.name,
                "severity": SEVERITIES[change.rule.severity].lower(),
                "before": change.before,
                "after": change.after,
                "new": len(change.new),
                "gone": len(change.gone),
            }
            for change in compare(before.findings, after.findings)
        ],
    }


def active_versions(authority: Organisation) -> list[AimVersion]:
    """The aims that are followed now, national ones first."""
    active = Aim.objects.filter(authority=authority, status=Aim.Status.ACTIVE)
    return sorted(active.current_versions(), key=lambda version: national_first(version.definition))


def _figures(compliance: Compliance) -> AimFigures:
    counts, percentage = compliance.counts, compliance.pct_decided_or_overdue
    return AimFigures(
        clocks=len(compliance.outcomes.frame),
        met=counts["MET"],
        missed=counts["MISSED"],
        overdue=counts["OVERDUE"],
        waiting=counts["WAITING"],
        percentage=None if percentage is None else round(float(percentage), 1),
    )
