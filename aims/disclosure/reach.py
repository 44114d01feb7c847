"""What a reader can work out of the cells that are not shown.

A count may be one more exactly when its unit can run on, and back to where it came from, over cells that may change
too: upwards along an arc where the count may grow, or downwards against it where it may shrink. Any other table that
looks the same differs from the true one by such rounds, so what no round reaches is worked out by whoever tries.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from aims.disclosure.count_table import Cell, CountTable
from aims.disclosure.marks import Mark


def worked_out(table: CountTable, marks: Mapping[Cell, Mark]) -> list[Cell]:
    """The cells that are not shown and of which all the same only one count is possible; none is what is wanted."""
    hidden = [cell for cell, mark in marks.items() if mark is not Mark.SHOWN]
    return [cell for cell in hidden if not may_differ(cell, table, marks)]


def may_differ(cell: Cell, table: CountTable, marks: Mapping[Cell, Mark]) -> bool:
    """Whether another table with the same marks and the same counts shown has another count in this cell."""
    steps: dict = {}
    for other in marks:
        if other != cell:
            for start, end in changes(other, table, marks[other]):
                steps.setdefault(start, []).append(end)
    return any(_leads(end, start, steps) for start, end in changes(cell, table, marks[cell]))


def changes(cell: Cell, table: CountTable, mark: Mark) -> Iterator[tuple]:
    """The steps from node to node that one more, and one less, in this cell would be."""
    start, end = table.arc(cell)
    count = table.counts[cell]
    least, greatest = mark.known(count)
    if count < greatest:
        yield start, end
    if count > least:
        yield end, start


def _leads(start, goal, steps: Mapping) -> bool:
    seen, waiting = {start}, deque([start])
    while waiting:
        node = waiting.popleft()
        if node == goal:
            return True
        for following in steps.get(node, ()):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False
