"""Tables of the same cells as at several days, which whoever looks at one of them can look at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aims.disclosure.count_table import ALL, Cell, CountTable, Node

# The smallest count shown where nobody has set another.
SMALLEST_SHOWN = 5


def is_small(count: int, *, smallest_shown: int) -> bool:
    """Whether a count is so small that it might tell of a child; that there is none may be told."""
    return 0 < count < smallest_shown


@dataclass(frozen=True)
class TableSeries:
    """One table as at each of some days; a group may be in some of them and not in others.

    Raises `ValueError` without any table, or when one has other parts than the first.
    """

    tables: tuple[CountTable, ...]
    smallest_shown: int = SMALLEST_SHOWN

    def __post_init__(self):
        if not self.tables:
            raise ValueError("A series must have at least one table.")
        if any(table.parts != self.tables[0].parts for table in self.tables):
            raise ValueError("The tables of a series must have the same parts.")

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of any table."""
        return tuple(self._counts)

    @cached_property
    def _counts(self) -> dict[Cell, tuple[int, ...]]:
        counts: dict[Cell, list[int]] = {}
        for table in self.tables:
            for cell, count in table.counts.items():
                counts.setdefault(cell, []).append(count)
        return {cell: tuple(found) for cell, found in counts.items()}

    def arc(self, cell: Cell) -> tuple[Node, Node]:
        return self.tables[0].arc(cell)

    @cached_property
    def least(self) -> Mapping[Cell, int]:
        """Of each cell the least count in the tables that have it."""
        return {cell: min(counts) for cell, counts in self._counts.items()}

    @cached_property
    def greatest(self) -> Mapping[Cell, int]:
        return {cell: max(counts) for cell, counts in self._counts.items()}

    @cached_property
    def small(self) -> tuple[Cell, ...]:
        """The cells that are small in any of the tables."""
        return tuple(
            cell
            for cell, counts in self._counts.items()
            if any(is_small(count, smallest_shown=self.smallest_shown) for count in counts)
        )

    @cached_property
    def _companies(self) -> dict[frozenset[int], tuple[Cell, ...]]:
        """By the tables that they are in, the cells of the groups that are in exactly these, and all together's."""
        rows: dict[str, set[int]] = {}
        for number, table in enumerate(self.tables):
            for row in table.leaves:
                rows.setdefault(row, set()).add(number)
        found: dict[frozenset[int], set[str]] = {}
        for row, numbers in rows.items():
            found.setdefault(frozenset(numbers), {ALL}).add(row)
        return {
            numbers: tuple(cell for cell in self.cells if cell.row in company) for numbers, company in found.items()
        }

    def companies_of(self, cell: Cell) -> list[tuple[Cell, ...]]:
        """The cells that may change with this one in every table that has any of their groups.

        Of a group there is one such company. All together stand in each; a small count of theirs must be in the company
        of some group in the same table.
        """
        return [company for company in self._companies.values() if cell in company]
