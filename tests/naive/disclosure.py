"""What a patient reader would do with a published table: write down every table that looks the same, and compare.

Nothing here knows of networks: tables are tried one after the other.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from aims.disclosure import ALL, Cell, CountTable, Mark

# By how much a hidden count is tried above the greatest count of a leaf.
ABOVE = 1
Row = Mapping[str, int]


def tables_that_look_the_same(table: CountTable, marks: Mapping[Cell, Mark]) -> Iterator[dict[str, Row]]:
    """Every table, by row and column, with the same counts shown, 1 to 4 for "<5", and at least 1 where hidden."""
    most = ABOVE + max(count for leaves in table.leaves.values() for count in leaves.values())
    choices = [list(_rows_that_look_the_same(table, marks, row, most)) for row in table.leaves]
    for rows in product(*choices):
        together = {column: sum(row[column] for row in rows) for column in table.columns}
        if _fits(table, marks, ALL, together):
            yield {**dict(zip(table.leaves, rows, strict=True)), ALL: together}


def cells_worked_out(table: CountTable, marks: Mapping[Cell, Mark]) -> set[Cell]:
    """The cells not shown that have one and the same count in every such table."""
    possible = {cell: set() for cell, mark in marks.items() if mark is not Mark.SHOWN}
    for same in tables_that_look_the_same(table, marks):
        for cell, counts in possible.items():
            counts.add(same[cell.row][cell.column])
    return {cell for cell, counts in possible.items() if len(counts) < 2}


def _rows_that_look_the_same(table: CountTable, marks: Mapping[Cell, Mark], row: str, most: int) -> Iterator[Row]:
    leaves = table.leaves[row]
    for chosen in product(range(most + 1), repeat=len(leaves)):
        counts = dict(zip(leaves, chosen, strict=True))
        while len(counts) < len(table.columns):
            for whole, parts in table.parts.items():
                if all(part in counts for part in parts):
                    counts[whole] = sum(counts[part] for part in parts)
        if _fits(table, marks, row, counts):
            yield counts


def _fits(table: CountTable, marks: Mapping[Cell, Mark], row: str, counts: Row) -> bool:
    for column, count in counts.items():
        cell = Cell(row, column)
        truth, mark = table.counts[cell], marks[cell]
        if mark is Mark.SHOWN and count != truth:
            return False
        if mark is Mark.SMALL and not 1 <= count <= 4:
            return False
        if mark is Mark.HIDDEN and count < 1:
            return False
    return True
