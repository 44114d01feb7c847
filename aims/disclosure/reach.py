"""What a reader of all tables of a series can work out of the cells that are not shown.

A count may be one more exactly when its unit can run on, and back to where it came from, over cells that are hidden
too: upwards along an arc, or downwards against it where there is something to take away. Any other table that looks the
same differs from the true one by such rounds, so in one table what no round reaches is worked out by whoever tries.

Over a series the same round is gone in every table at once. Then no count changes otherwise from day to day than it
truly did, and so nothing that is known of the changes (who met stays met) tells the two series apart. That holds where
groups are in the same tables; so rounds go over such groups (a company) alone.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping

from aims.disclosure.count_table import Cell
from aims.disclosure.series import TableSeries


def may_grow(cell: Cell, series: TableSeries, hidden: Collection[Cell], *, by: int) -> bool:
    """Whether this cell might have `by` more in every table of a company, with all that is shown the same."""
    start, end = series.arc(cell)
    return any(_leads(end, start, steps) for steps in _steps(series, hidden, without=cell, by=by))


def may_fall(cell: Cell, series: TableSeries, hidden: Collection[Cell]) -> bool:
    """Whether the other hidden cells allow one less in this cell in every table of a company."""
    start, end = series.arc(cell)
    return any(_leads(start, end, steps) for steps in _steps(series, hidden, without=cell, by=1))


def _steps(series: TableSeries, hidden: Collection[Cell], *, without: Cell, by: int) -> Iterator[dict]:
    """By company of the cell, the steps between nodes that its other hidden cells would be."""
    for company in series.companies_of(without):
        steps: dict = {}
        for cell in company:
            if cell in hidden and cell != without:
                for start, end in _changes(cell, series, by=by):
                    steps.setdefault(start, []).append(end)
        yield steps


def _changes(cell: Cell, series: TableSeries, *, by: int) -> Iterator[tuple]:
    """The steps from node to node that `by` more, and `by` less, in this cell would be."""
    start, end = series.arc(cell)
    yield start, end
    if series.least[cell] >= by:
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
