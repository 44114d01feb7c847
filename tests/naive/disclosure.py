"""What patient readers would do with published tables; nothing here knows of networks.

One writes down every table that looks the same, and compares. Another takes the tables of several days side by side and
narrows each hidden count down, by every sum and by what cannot fall from day to day.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise, product

from aims.disclosure import ALL, Cell, CountTable

# By how much a hidden count is tried above the greatest count of a leaf.
ABOVE = 1
UNBOUNDED = 10**9
Row = Mapping[str, int]
Range = tuple[int, int]


def tables_that_look_the_same(table: CountTable, hidden: Collection[Cell]) -> Iterator[dict[str, Row]]:
    """Every table, by row and column, with the same counts shown, and none or any number where hidden."""
    most = ABOVE + max(count for leaves in table.leaves.values() for count in leaves.values())
    choices = [list(_rows_that_look_the_same(table, hidden, row, most)) for row in table.leaves]
    for rows in product(*choices):
        together = {column: sum(row[column] for row in rows) for column in table.columns}
        if _fits(table, hidden, ALL, together):
            yield {**dict(zip(table.leaves, rows, strict=True)), ALL: together}


def cells_worked_out(table: CountTable, hidden: Collection[Cell]) -> set[Cell]:
    """The cells not shown that have one and the same count in every such table."""
    possible = {cell: set() for cell in hidden}
    for same in tables_that_look_the_same(table, hidden):
        for cell, counts in possible.items():
            counts.add(same[cell.row][cell.column])
    return {cell for cell, counts in possible.items() if len(counts) < 2}


def _rows_that_look_the_same(table: CountTable, hidden: Collection[Cell], row: str, most: int) -> Iterator[Row]:
    leaves = table.leaves[row]
    for chosen in product(range(most + 1), repeat=len(leaves)):
        counts = dict(zip(leaves, chosen, strict=True))
        while len(counts) < len(table.columns):
            for whole, parts in table.parts.items():
                if all(part in counts for part in parts):
                    counts[whole] = sum(counts[part] for part in parts)
        if _fits(table, hidden, row, counts):
            yield counts


def _fits(table: CountTable, hidden: Collection[Cell], row: str, counts: Row) -> bool:
    return all(
        Cell(row, column) in hidden or count == table.counts[Cell(row, column)] for column, count in counts.items()
    )


def ranges_over_time(
    tables: Sequence[CountTable], hidden: Sequence[Mapping[Cell, Range]], *, never_falling: Collection[str]
) -> list[dict[Cell, Range]]:
    """By day, earliest first, the least and the greatest count of every cell that such a reader thinks possible.

    `hidden`: by day, what the mark of each hidden cell says of its count. `never_falling`: the columns whose counts
    never fall from one day to the next.
    """
    ranges = [
        {cell: marks.get(cell, (count, count)) for cell, count in table.counts.items()}
        for table, marks in zip(tables, hidden, strict=True)
    ]
    sums = list(_sums(tables[0]))
    before = None
    while before != ranges:
        before = [dict(day) for day in ranges]
        for day in ranges:
            for whole, parts in sums:
                _narrow_sum(day, whole, parts)
        for earlier, later in pairwise(ranges):
            for cell in earlier:
                if cell.column in never_falling:
                    earlier[cell] = (earlier[cell][0], min(earlier[cell][1], later[cell][1]))
                    later[cell] = (max(later[cell][0], earlier[cell][0]), later[cell][1])
    return ranges


def _sums(table: CountTable) -> Iterator[tuple[Cell, list[Cell]]]:
    for row in (*table.leaves, ALL):
        for whole, parts in table.parts.items():
            yield Cell(row, whole), [Cell(row, part) for part in parts]
    for column in table.columns:
        yield Cell(ALL, column), [Cell(row, column) for row in table.leaves]


def _narrow_sum(day: dict[Cell, Range], whole: Cell, parts: list[Cell]) -> None:
    least, greatest = (sum(day[part][end] for part in parts) for end in (0, 1))
    day[whole] = (max(day[whole][0], least), min(day[whole][1], greatest))
    for part in parts:
        others = [sum(day[other][end] for other in parts if other != part) for end in (0, 1)]
        low, high = day[part]
        day[part] = (max(low, day[whole][0] - others[1]), min(high, day[whole][1] - others[0]))
