"""Choose what is not shown: what is small in any table of a series, and as little else as keeps sums from telling it.

One pattern of hidden cells holds for all tables. Each small cell is put on a round of hidden cells (`reach.py`) over
which as many more units may run in all tables alike as the smallest count that is shown, so that it might not be small;
the round that costs least is taken, and its cells fall with it. Cells that would have less are taken only where each
table has more than that. The choice does not look at how small a count is, and at the others only roughly, so that it
tells little to whoever repeats it. What lies on such a round stays on it, whatever falls later, so one pass is enough.
A round goes only over groups that are in the same tables: one that changed in some of its tables alone could be told by
its changes.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count as counter

from aims.disclosure.count_table import Cell, CountTable
from aims.disclosure.series import TableSeries

# Things no longer told (to the next power of two), cells no longer told; compared in this order.
Loss = tuple[int, int]
NO_LOSS: Loss = (0, 0)


@dataclass(frozen=True)
class Suppressed:
    """A table as it may be shown."""

    table: CountTable
    hidden: frozenset[Cell]

    def shown(self, cell: Cell) -> int | None:
        """The count, or None where it is not shown."""
        return None if cell in self.hidden else self.table.counts[cell]


def common_pattern(series: TableSeries) -> frozenset[Cell]:
    """The cells to hide in every table of the series; the same series always falls in the same way."""
    hidden = set(series.small)
    for cell in series.small:
        for company in series.companies_of(cell):
            hidden |= _cheapest_round(cell, company, series, hidden)
    return frozenset(hidden)


def _cheapest_round(cell: Cell, company: tuple[Cell, ...], series: TableSeries, hidden: set[Cell]) -> set[Cell]:
    """The cells of the round in a company that costs least and gives `cell` more; nothing new where all are hidden.

    There always is one for a group's cell: more may run down its group, through all together, and back. For a cell of
    all together there is one in the company of each group that has part in it, and elsewhere there need not be any.
    """
    steps: dict = {}
    for other in company:
        if other != cell:
            for start, end in _steps(other, series):
                steps.setdefault(start, []).append((end, other, _loss(other, series, hidden)))
    start, end = series.arc(cell)
    return _cheapest_way(end, start, steps)


def _steps(cell: Cell, series: TableSeries) -> Iterable[tuple]:
    """The steps that more or less in this cell would be; a cell that is always zero is shown, and takes no part."""
    start, end = series.arc(cell)
    if series.greatest[cell]:
        yield start, end
    if series.least[cell] > series.smallest_shown:
        yield end, start


def _loss(cell: Cell, series: TableSeries, hidden: set[Cell]) -> Loss:
    return NO_LOSS if cell in hidden else (1 << series.greatest[cell].bit_length(), 1)


def _cheapest_way(start, goal, steps: Mapping) -> set[Cell]:
    """The cells of Dijkstra's way from node to node; of equals the first found; none without a way."""
    order = counter()
    waiting = [(NO_LOSS, next(order), start, None)]
    came: dict = {}
    while waiting and goal not in came:
        loss, _order, node, by = heapq.heappop(waiting)
        if node in came:
            continue
        came[node] = by
        for end, cell, more in steps.get(node, ()):
            if end not in came:
                heapq.heappush(waiting, ((loss[0] + more[0], loss[1] + more[1]), next(order), end, (node, cell)))
    cells, node = set(), goal
    while node in came and node != start:
        node, cell = came[node]
        cells.add(cell)
    return cells
