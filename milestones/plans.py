"""The plan of a child: the recommendation for permanence that stands, and those that it replaced."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from children.models import Child
from milestones.catalogue import Precision
from milestones.models import Milestone


class Plans:
    """The recommendations with a route of some children, in one query; a later one replaces an earlier.

    One without an exact day is left aside: nobody can say what it replaced. `but_for` is the key of one to leave out.
    """

    def __init__(self, children: Sequence[Child], *, but_for: int | None = None):
        self._made: dict[int, list[Milestone]] = defaultdict(list)
        made = Milestone.objects.standing().filter(
            child__in=[child.pk for child in children], kind="PERM_REC", precision=Precision.DAY
        )
        for milestone in made.exclude(route="").exclude(happened_on=None).order_by("happened_on", "pk"):
            if milestone.pk != but_for:
                self._made[milestone.child_id].append(milestone)

    def of(self, child: Child) -> list[Milestone]:
        """Every recommendation of a child, oldest first."""
        return self._made.get(child.pk, [])

    def on(self, child: Child, day: date) -> Milestone | None:
        """The plan that stood at the end of a day."""
        made = self.of(child)
        at = bisect_right([milestone.happened_on for milestone in made], day)
        return made[at - 1] if at else None
