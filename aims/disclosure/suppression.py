"""Choose what is not shown: small counts, and as little as possible else so that no sum gives them away.

Each small count that could be worked out is put on a round of cells (`reach.py`) over which one unit may run otherwise;
the round that costs least is taken, and its cells fall with it. First rounds are chosen without looking at how small a
count is, and by the size of the others roughly, so that the choice tells little to whoever repeats it. Then what can
still be worked out (1 + 1 = 2) is put on rounds that fit the counts themselves. What lies on such a round cannot be
worked out, whatever falls later, so one pass is enough.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count as counter

from aims.disclosure.count_table import Cell, CountTable
from aims.disclosure.marks import SMALLEST_SHOWN, Mark, is_small
from aims.disclosure.reach import may_differ

# Doubts, things no longer told (to the next power of two), cells no longer told; compared in this order.
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
    for exactly in (False, True):
        for cell in [cell for cell, mark in marks.items() if mark is not Mark.SHOWN]:
            if not _lies_on_a_round(cell, table, marks, exactly=exactly):
                marks |= _cheapest_round(cell, table, marks, exactly=exactly)
    return Suppressed(table, marks)


def _lies_on_a_round(cell: Cell, table: CountTable, marks: Mapping[Cell, Mark], *, exactly: bool) -> bool:
    if exactly:
        return may_differ(cell, table, marks, guessing=True)
    hidden = {other: mark for other, mark in marks.items() if mark is not Mark.SHOWN}
    steps = _steps_by_node(cell, table, hidden, exactly=False)
    start, end = table.arc(cell)
    return _cheapest_way(end, start, steps) is not None


def _cheapest_round(cell: Cell, table: CountTable, marks: Mapping[Cell, Mark], *, exactly: bool) -> dict[Cell, Mark]:
    """The marks of the cells on the round through `cell` that costs least.

    There always is one: where nothing above zero is shown, one more may run down the cell's own group, through all
    together, and back.
    """
    steps = _steps_by_node(cell, table, marks, exactly=exactly)
    rounds = []
    for start, end, mark, loss in _steps(cell, table, marks[cell], exactly=exactly):
        found = _cheapest_way(end, start, steps)
        if found:
            way_loss, way = found
            rounds.append((_sum(loss, way_loss), len(rounds), {cell: mark, **way}))
    return min(rounds)[2]


def _steps_by_node(without: Cell, table: CountTable, marks: Mapping[Cell, Mark], *, exactly: bool) -> dict:
    steps: dict = {}
    for cell, before in marks.items():
        if cell != without:
            for start, end, mark, loss in _steps(cell, table, before, exactly=exactly):
                steps.setdefault(start, []).append((end, cell, mark, loss))
    return steps


def _steps(cell: Cell, table: CountTable, mark: Mark, *, exactly: bool):
    """The steps that one more or one less in this cell would be, the mark that it needs for that, and what it costs.

    Unless `exactly`, whatever is above zero may grow and may fall. Else a count from five on is not to fall below five,
    so that whoever guesses that what is hidden is not small learns nothing by it, and "<5" is kept. Both are given
    up, at the cost of a doubt, only where no round is found otherwise.
    """
    count = table.counts[cell]
    if count == 0:
        return
    start, end = table.arc(cell)
    falls: Loss = (0, 1 << count.bit_length(), 1) if mark is Mark.SHOWN else NO_LOSS
    hidden = Mark.HIDDEN
    if not exactly:
        kept = hidden if mark is Mark.SHOWN else mark
        yield start, end, kept, falls
        yield end, start, kept, falls
        return
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
