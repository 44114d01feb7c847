"""Findings that somebody accepted with a reason: true oddities. They are told apart, and never left out of a count."""

from collections.abc import Iterable

from django.db.models import QuerySet

from children.models import Child
from milestones.models import AcceptedFinding
from milestones.quality.declaration import Finding

Known = dict[tuple[int, int, str], AcceptedFinding]


def accepted_of(children: QuerySet[Child]) -> Known:
    """What is accepted of `children` and stands, by child, rule and fingerprint of the facts, in one query."""
    rows = AcceptedFinding.objects.standing().filter(child__in=children.order_by().values("pk"))
    return {(row.child_id, row.rule, row.fingerprint): row for row in rows.select_related("accepted_by")}


def split(findings: Iterable[Finding], known: Known) -> tuple[list[Finding], list[tuple[Finding, AcceptedFinding]]]:
    """The findings that are open, and those accepted with their acceptance, each in the order given."""
    still_open, accepted = [], []
    for finding in findings:
        row = known.get((finding.child_id, finding.rule, finding.fingerprint))
        if row is None:
            still_open.append(finding)
        else:
            accepted.append((finding, row))
    return still_open, accepted
