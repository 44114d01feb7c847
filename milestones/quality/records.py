"""Everything recorded of a child, as the rules of data quality read it."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.catalogue import Precision
from milestones.models import Milestone


@dataclass(frozen=True)
class ChildRecord:
    """The rows of a child that stand, each list in order of day and then as recorded."""

    child: Child
    episodes: list[CareEpisode]
    placements: list[Placement]
    legal_bases: list[LegalBasis]
    milestones: list[Milestone]

    def happened(self, *kinds: str) -> list[Milestone]:
        """Milestones of these kinds that happened on an exact day, oldest first."""
        return [
            milestone
            for milestone in self.milestones
            if milestone.kind in kinds and milestone.happened_on and milestone.precision == Precision.DAY
        ]


def load_records(children: QuerySet[Child]) -> list[ChildRecord]:
    """Read the records of `children`, in order of pseudonym, in five queries."""
    rows = list(children.order_by("code"))
    mine = children.order_by().values("pk")

    def by_child(queryset: QuerySet, *order: str) -> dict[int, list]:
        found = defaultdict(list)
        for row in queryset.standing().filter(child__in=mine).order_by(*order, "pk"):
            found[row.child_id].append(row)
        return found

    episodes = by_child(CareEpisode.objects, "start")
    placements = by_child(Placement.objects.select_related("placement_type"), "start")
    legal = by_child(LegalBasis.objects.select_related("measure"), "start")
    milestones = by_child(Milestone.objects, "happened_on")
    return [ChildRecord(row, episodes[row.pk], placements[row.pk], legal[row.pk], milestones[row.pk]) for row in rows]
