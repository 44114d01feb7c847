"""Gather what a report says: figures, rows and judgements of its aims, for whoever makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet

from aims.compliance import measure
from aims.doubt import Doubts
from aims.figures import journeys_for
from aims.judged_chart import judge_aim, with_judgement
from aims.models import AimVersion
from aims.reports.content import report_content
from aims.reports.highlight import AimReport, Highlight
from aims.reports.told import NOTHING_TOLD, Told
from children.models import Child
from milestones.journeys import Journeys
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.scope import scope_of
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.long_work.reading import one_reading
from pace_site.replica.reading import read_apart
from pace_site.replica.router import reading_now


@dataclass(frozen=True)
class _Read:
    """What a report is made of, as it was at one moment: `listed` and `closed` are keys of children."""

    at: datetime
    journeys: Journeys
    listed: frozenset[int]
    closed: frozenset[int]
    last_extract_on: date | None
    doubts: Doubts


# Whom the figures count, so that one team's are never taken for the authority's.
PART_COVERED = "only children of the exporting person's own teams and allocations, not the whole authority"


def highlight_of(
    versions: Sequence[AimVersion],
    *,
    as_at: date,
    by: User | None,
    told: Told = NOTHING_TOLD,
    handed_on: bool = False,
    progress: Progress = UNWATCHED,
) -> Highlight:
    """The report of these versions of aims of one authority; `by` is None when a command asks for the whole authority.

    Figures count the children whom `by` may count. Rows are of those whom `by` may open; in a report to be `handed_on`,
    of those whose records are closed to nobody. The journeys are read once; `progress` has one step for each aim.
    """
    authority = versions[0].aim.authority
    children = Child.objects.filter(authority=authority)
    # What is issued goes on to people not known yet: no closed record is listed in it.
    if by is None:
        listed, closed = children.unrestricted(), children.restricted()
    elif handed_on:
        reached = children.reached_by(by)
        listed, closed = reached.open_to_everybody(), reached.closed_to_somebody()
    else:
        listed, closed = children.visible_to(by), children.closed_to(by)
    definitions = [version.definition for version in versions]
    is_part = by is not None and not scope_of(by).counts_authority
    covers = PART_COVERED if is_part else f"every child of {authority.name}"

    def read() -> _Read:
        with one_reading():
            with_judgement([version.aim for version in versions])
            return _Read(
                at=reading_now().at,
                journeys=journeys_for(definitions, counted_by(by, authority=authority), as_at),
                listed=frozenset(listed.values_list("pk", flat=True)),
                closed=frozenset(closed.values_list("pk", flat=True)),
                last_extract_on=children.aggregate(last=Max("last_extract_on"))["last"],
                doubts=Doubts(authority, counted_by(by, authority=authority)),
            )

    found = read_apart(read)
    reports = []
    for version, definition in zip(versions, definitions, strict=True):
        progress.step(f"Measuring {definition.code}.")
        content = report_content(
            measure(definition, found.journeys),
            authority=authority.name,
            fictional=authority.fictional,
            covers=covers,
            is_part=is_part,
            last_extract_on=found.last_extract_on,
            visible=found.listed,
            closed=found.closed,
        )
        judged = None if definition.is_backlog else judge_aim(version.aim, content.now.outcomes)
        doubt = found.doubts.words(content.now.outcomes)
        reports.append(AimReport(content, judged, told.of(definition.code), doubt=doubt))
    return Highlight(
        authority=authority.name,
        fictional=authority.fictional,
        covers=covers,
        as_at=as_at,
        aims=tuple(reports),
        told=told,
        made_by="" if by is None else str(by),
        read_at=found.at,
    )


def counted_by(by: User | None, *, authority: Organisation) -> QuerySet[Child]:
    """The children whom the figures of a report count."""
    children = Child.objects.filter(authority=authority)
    return children if by is None else children.countable_by(by)
