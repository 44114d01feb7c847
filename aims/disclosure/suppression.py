"""Choose what is not shown: small counts, and as little as possible else so that no sum gives them away.

Each small count that could be worked out is put on a round of cells (`reach.py`) over which one unit may run otherwise;
the round that costs least is taken, and its cells fall with it. What lies on such a round cannot be worked out,
whatever falls later, so one pass over the small counts is enough.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count as counter

from aims.disclosure.count_table import Cell, CountTable
from aims.disclosure.marks import SMALLEST_SHOWN, Mark, is_small
from aims.disclosure.reach import may_differ

# Doubts, clocks no longer told, cells no longer told; compared in this order, and added up along a round.
Loss = tuple[int, int, int]
NO_LOSS: Loss = (0, 0, 0)


@dataclass(frozen=True)
class Suppressed:
    """A table as it may be shown."""

    table: CountTable
    marks: Mapping[Cell, Mark]

    def shown(self, cell: Cell) -> int | None:
        """The count, or None where it is not shown."""
        return self.table.counts[cell] if self.marks[cell] is Mark.SHOWN else None


def suppress(table: CountTable) -> Suppressed:
    """Mark every cell; the same table always falls in the same way."""
    marks = {cell: Mark.SMALL if is_small(count) else Mark.SHOWN for cell, count in table.counts.items()}
    for cell in [cell for cell, mark in marks.items() if mark is Mark.SMALL]:
        if not may_differ(cell, table, marks):
            marks |= _cheapest_round(cell, table, marks)
    return Suppressed(table, marks)


def _cheapest_round(cell: Cell, table: CountTable, marks: Mapping[Cell, Mark]) -> dict[Cell, Mark]:
    """The marks of the cells on the round through `cell` that costs least.

    There always is one: where nothing above zero is shown, one more may run down the cell's own group, through all
    together, and back.
    """
    steps: dict = {}
    for other in marks:
        if other != cell:
            for start, end, mark, loss in _steps(other, table, marks[other]):
                steps.setdefault(start, []).append((end, other, mark, loss))
    rounds = []
    for start, end, mark, loss in _steps(cell, table, marks[cell]):
        found = _cheapest_way(end, start, steps)
        if found:
            way_loss, way = found
            rounds.append((_sum(loss, way_loss), len(rounds), {cell: mark, **way}))
    return min(rounds)[2]


def _steps(cell: Cell, table: CountTable, mark: Mark):
    """The steps that one more or one less in this cell would be, the mark that it needs for that, and what it costs.

    A count from five on that falls is taken never to be thought below five, so that whoever takes "hidden" for "five or
    more" learns nothing; and "<5" is kept wherever it can be. Both are given up, at the cost of a doubt, only where
    no round is found otherwise.
    """
    count = table.counts[cell]
    if count == 0:
        return
    start, end = table.arc(cell)
    falls: Loss = (0, count, 1) if mark is Mark.SHOWN else NO_LOSS
    hidden = Mark.HIDDEN
    if is_small(count):
        may_grow = mark is Mark.HIDDEN or count < SMALLEST_SHOWN - 1
        yield start, end, *((mark, NO_LOSS) if may_grow else (hidden, _doubt(NO_LOSS)))
        if count > 1:
            yield end, start, mark, NO_LOSS
        return
    yield start, end, hidden, falls
    yield end, start, hidden, falls if count > SMALLEST_SHOWN else _doubt(falls)


def _doubt(loss: Loss) -> Loss:
    return loss[0] + 1, *loss[1:]


def _cheapest_way(start, goal, steps: Mapping) -> tuple[Loss, dict[Cell, Mark]] | None:
    """Dijkstra's way from node to node, with the marks of its cells; of two that cost the same, the first found."""
    order = counter()
    waiting = [(NO_LOSS, next(order), start, None)]
    came: dict = {}
    while waiting:
        loss, _order, node, by = heapq.heappop(waiting)
        if node in came:
            continue
        came[node] = by
        if node == goal:
            return loss, _marks_back(goal, start, came)
        for end, cell, mark, more in steps.get(node, ()):
            if end not in came:
                heapq.heappush(waiting, (_sum(loss, more), next(order), end, (node, cell, mark)))
    return None


def _marks_back(goal, start, came: Mapping) -> dict[Cell, Mark]:
    marks, node = {}, goal
    while node != start:
        node, cell, mark = came[node]
        marks[cell] = mark
    return marks


def _sum(one: Loss, other: Loss) -> Loss:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
