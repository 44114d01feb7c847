"""What a reader can work out of the cells that are not shown.

A count may be one more exactly when its unit can run on, and back to where it came from, over cells that may change
too: upwards along an arc where the count may grow, or downwards against it where it may shrink. Any other table that
looks the same differs from the true one by such rounds, so what no round reaches is worked out by whoever tries.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from aims.disclosure.count_table import Cell, CountTable
from aims.disclosure.marks import Mark


def worked_out(table: CountTable, marks: Mapping[Cell, Mark], *, guessing: bool = False) -> list[Cell]:
    """The cells that are not shown and of which all the same only one count is possible; none is what is wanted.

    `guessing`: to a reader who knows of every cell that is not shown whether it is below five.
    """
    hidden = [cell for cell, mark in marks.items() if mark is not Mark.SHOWN]
    return [cell for cell in hidden if not may_differ(cell, table, marks, guessing=guessing)]


def may_differ(cell: Cell, table: CountTable, marks: Mapping[Cell, Mark], *, guessing: bool = False) -> bool:
    """Whether another table that the reader must think possible has another count in this cell."""
    steps: dict = {}
    for other, mark in marks.items():
        if other != cell:
            for start, end in _changes(other, table, mark, guessing=guessing):
                steps.setdefault(start, []).append(end)
    return any(_leads(end, start, steps) for start, end in _changes(cell, table, marks[cell], guessing=guessing))


def _changes(cell: Cell, table: CountTable, mark: Mark, *, guessing: bool) -> Iterator[tuple]:
    """The steps from node to node that one more, and one less, in this cell would be."""
    start, end = table.arc(cell)
    count = table.counts[cell]
    least, greatest = mark.guessed(count) if guessing else mark.known(count)
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
