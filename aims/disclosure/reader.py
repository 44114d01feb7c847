"""What a reader of all published days can narrow a hidden count down to, exactly.

The reader knows every count that was shown at any day, what adds up to what, and how counts can change from one day to
the next (who met an aim stays so). What is then possible are the whole numbers that satisfy all of this together; an
integer program finds the least and the greatest.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from aims.disclosure.count_table import CountTable
from aims.disclosure.series import is_small

# More than any authority has; where the solver comes to it, the count may be anything.
UNBOUNDED = 10**6
GROUP = "group"


@dataclass(frozen=True)
class PublishedDay:
    """The counts of one group as at a day, of every column that has no parts, and the columns that were not shown."""

    leaves: Mapping[str, int]
    hidden: frozenset[str]
    smallest_shown: int


@dataclass(frozen=True)
class Change:
    """What is known of neighbouring days: the sum of the `later` columns is at least, or at most, that of `earlier`."""

    later: tuple[str, ...]
    earlier: tuple[str, ...]
    at_most: bool = False

    def holds(self, earlier: Mapping[str, int], later: Mapping[str, int]) -> bool:
        """Whether it is true of two days' counts by column."""
        grown = sum(later[column] for column in self.later) - sum(earlier[column] for column in self.earlier)
        return grown <= 0 if self.at_most else grown >= 0


def never_falls(*columns: str) -> Change:
    """That the sum of these columns never falls from one day to the next."""
    return Change(columns, columns)


@dataclass(frozen=True)
class Small:
    """A small count that was hidden: the place of its day, and its column."""

    place: int
    column: str


class Reader:
    """Reads the published days of one group, earliest first. `parts` as in `CountTable`."""

    def __init__(
        self, days: Sequence[PublishedDay], *, parts: Mapping[str, tuple[str, ...]], changes: Collection[Change]
    ):
        self.days = days
        self.tables = [CountTable(parts, {GROUP: day.leaves}) for day in days]
        self.rows = [table.row(GROUP) for table in self.tables]
        self.changes = changes
        self._leaves = list(days[0].leaves)

    def small(self) -> Iterator[Small]:
        """Every count that must not be found out."""
        for place, (day, row) in enumerate(zip(self.days, self.rows, strict=True)):
            for column, count in row.items():
                if column in day.hidden and is_small(count, smallest_shown=day.smallest_shown):
                    yield Small(place, column)

    def finds_none_out(self) -> bool:
        """Whether each small count may, for all the reader knows, not be small, and be one of as many as are small.

        What is possible for all of them together settles most; the others are asked for one by one.
        """
        seen = {small: [self.rows[small.place][small.column]] for small in self.small()}
        if not seen:
            return True
        self._see(seen, [self._goal(*seen)])
        left = [small for small in seen if not self._is_safe(small, seen[small])]
        for small in left:
            if not self._is_safe(small, seen[small]):
                self._see(seen, [self._goal(small)])
                if not self._is_safe(small, seen[small]):
                    return False
        return True

    def range(self, place: int, column: str) -> tuple[int, int]:
        """The least and the greatest count that this reader thinks possible, `UNBOUNDED` where there is no greatest."""
        small = Small(place, column)
        seen = {small: []}
        self._see(seen, [self._goal(small)])
        return min(seen[small]), min(max(seen[small]), UNBOUNDED)

    def _is_safe(self, small: Small, possible: Sequence[int]) -> bool:
        smallest_shown = self.days[small.place].smallest_shown
        return max(possible) >= smallest_shown and max(possible) - min(possible) >= smallest_shown - 1

    def _see(self, seen: Mapping[Small, list[int]], goals: Sequence[np.ndarray]) -> None:
        """Write down what the counts are where each goal is least and where it is greatest."""
        from scipy.optimize import Bounds, milp  # slow to import, and only who publishes needs it

        for goal in goals:
            for sign in (1, -1):
                result = milp(
                    sign * goal,
                    constraints=self._known,
                    integrality=np.ones(len(goal)),
                    bounds=Bounds(0, UNBOUNDED),
                )
                for small, possible in seen.items():
                    possible.append(round(self._goal(small) @ result.x))

    @cached_property
    def _known(self):
        """All that the reader knows, as bounds on sums of the counts without parts."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        sums, least, greatest = [], [], []
        for place, (day, row) in enumerate(zip(self.days, self.rows, strict=True)):
            for column, count in row.items():
                if column not in day.hidden:
                    sums.append(self._goal(Small(place, column)))
                    least.append(count)
                    greatest.append(count)
        for earlier, later in pairwise(range(len(self.days))):
            for change in self.changes:
                # Corrections can break it; then the reader must not be told otherwise.
                if change.holds(self.rows[earlier], self.rows[later]):
                    grown = self._goal(*(Small(later, column) for column in change.later))
                    grown -= self._goal(*(Small(earlier, column) for column in change.earlier))
                    sums.append(grown)
                    least.append(-np.inf if change.at_most else 0)
                    greatest.append(0 if change.at_most else np.inf)
        return LinearConstraint(csr_array(np.array(sums)), least, greatest) if sums else ()

    def _goal(self, *counts: Small) -> np.ndarray:
        """The sum of some counts, as how often each count without parts, of each day, is in it."""
        goal = np.zeros(len(self.days) * len(self._leaves))
        for each in counts:
            for leaf in self.tables[each.place].leaves_of(each.column):
                goal[each.place * len(self._leaves) + self._leaves.index(leaf)] += 1
        return goal
