"""Everything recorded of a child, as the rules of data quality read it."""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from children.caseload import ChildQuerySet
from children.codes import HOME_PARENT
from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.catalogue import Precision
from milestones.journeys import Journeys
from milestones.models import Milestone
from milestones.quality.surroundings import RunningClocks, Surroundings, load_surroundings

Stretch = CareEpisode | Placement | LegalBasis
Period = tuple[date, date | None]


@dataclass(frozen=True)
class ChildRecord:
    """The rows of a child that stand, each list in order of day and then as recorded.

    `everything` is the record before it was cut off at a day; `around` is what is known beside the child's own rows:
    for rules that ask for what is missing the clocks alone.
    """

    child: Child
    episodes: list[CareEpisode]
    placements: list[Placement]
    legal_bases: list[LegalBasis]
    milestones: list[Milestone]
    around: RunningClocks | Surroundings
    everything: "ChildRecord | None" = None

    def up_to(self, day: date) -> "ChildRecord":
        """What had happened up to `day`: nothing later, and what ends later still open."""
        return replace(
            self,
            episodes=_begun(self.episodes, day),
            placements=_begun(self.placements, day),
            legal_bases=_begun(self.legal_bases, day),
            milestones=[row for row in self.milestones if row.happened_on is None or row.happened_on <= day],
            everything=self.everything or self,
        )

    @property
    def stretches(self) -> list[Stretch]:
        return [*self.episodes, *self.placements, *self.legal_bases]

    @cached_property
    def lasting(self) -> list[Placement]:
        """Placements without short breaks."""
        return [row for row in self.placements if not row.short_break]

    @property
    def at_home(self) -> list[Placement]:
        return [row for row in self.lasting if row.placement_type_id == HOME_PARENT]

    @property
    def away(self) -> list[Placement]:
        return [row for row in self.lasting if row.placement_type_id != HOME_PARENT]

    @property
    def open_episodes(self) -> list[CareEpisode]:
        return [row for row in self.episodes if row.end is None]

    @cached_property
    def in_care(self) -> list[Period]:
        """The times of being looked after; episodes that follow within one day are one."""
        joined: list[Period] = []
        for row in self.episodes:
            if joined and (joined[-1][1] is None or (row.start - joined[-1][1]).days <= 1):
                start, end = joined[-1]
                joined[-1] = (start, None if end is None or row.end is None else max(end, row.end))
            else:
                joined.append((row.start, row.end))
        return joined

    def in_care_on(self, day: date) -> Period | None:
        """The time of being looked after that `day` lies in, its last day included."""
        held = [period for period in self.in_care if holds(period, day)]
        return held[-1] if held else None

    def happened(self, *kinds: str) -> list[Milestone]:
        """Milestones of these kinds that happened on an exact day, oldest first."""
        found = [row for kind in kinds for row in self._exact.get(kind, ())]
        return found if len(kinds) == 1 else sorted(found, key=lambda row: (row.happened_on, row.pk))

    @cached_property
    def _exact(self) -> dict[str, list[Milestone]]:
        exact = defaultdict(list)
        for row in self.milestones:
            if row.happened_on and row.precision == Precision.DAY:
                exact[row.kind].append(row)
        return exact


def holds(period: Period, day: date) -> bool:
    """True when `day` lies in the period, its last day included."""
    start, end = period
    return start <= day and (end is None or day <= end)


def load_records(children: ChildQuerySet, *, journeys: Journeys | None = None) -> list[ChildRecord]:
    """Read the records of `children`, in order of pseudonym; however many they are, the queries are the same.

    `journeys` are theirs, where they are read already: with every kind of milestone, or those of `WAITING_KINDS`.
    """
    rows, tables = _read(children)
    around = load_surroundings(children.known([row.pk for row in rows]), rows, tables, journeys=journeys)
    return _records(rows, tables, around)


def load_own_records(children: ChildQuerySet, *, journeys: Journeys) -> list[ChildRecord]:
    """The same for rules that look at nothing but a child's own rows and clocks, as `missing_from` does."""
    return _records(*_read(children), RunningClocks(journeys))


def _read(children: ChildQuerySet) -> tuple[list[Child], list[dict[int, list]]]:
    """The children, and of each their episodes, placements, legal bases and milestones."""
    rows = list(children.select_related("authority").order_by("code"))
    mine = children.known([row.pk for row in rows]).order_by().values("pk")

    def by_child(queryset: QuerySet, *order: str) -> dict[int, list]:
        found = defaultdict(list)
        for row in queryset.standing().filter(child__in=mine).order_by(*order, "pk"):
            found[row.child_id].append(row)
        return found

    return rows, [
        by_child(CareEpisode.objects.select_related("destination"), "start"),
        by_child(Placement.objects.select_related("placement_type"), "start"),
        by_child(LegalBasis.objects.select_related("measure"), "start"),
        by_child(Milestone.objects, "happened_on"),
    ]


def _records(rows: list[Child], tables: list[dict[int, list]], around: RunningClocks) -> list[ChildRecord]:
    return [ChildRecord(row, *(table[row.pk] for table in tables), around) for row in rows]


def _begun(rows: list, day: date) -> list:
    return [_cut(row, day) for row in rows if row.start <= day]


def _cut(row: Stretch, day: date) -> Stretch:
    """The row as it stood on `day`: an end after it was not known yet, nor where the child went."""
    if row.end is None or row.end <= day:
        return row
    standing = copy(row)
    standing.end = None
    if isinstance(row, CareEpisode):
        standing.destination_id = None
    return standing
