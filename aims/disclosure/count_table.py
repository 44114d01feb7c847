"""A table of counts that add up: groups to all of them together, and parts to wholes, as a circulation.

Each thing counted is a unit that runs from the ground through its group's whole down to one part, from there into the
same part of all groups together, up to the whole of all, and back to the ground. So every cell is an arc of a network
and every sum that a reader can check is "as much comes in as goes out" at a node. What a reader can work out of hidden
cells is then exactly what units may run otherwise (`reach.py`), and in whole numbers, as the network is unimodular.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

ALL = "all groups together"
Node = Hashable
_GROUND = "ground"


@dataclass(frozen=True, order=True)
class Cell:
    """One count: of which group (or `ALL`), and of which column."""

    row: str
    column: str


@dataclass(frozen=True)
class CountTable:
    """Counts of some groups, none negative.

    `parts`: the columns that each whole is the sum of; every column but one is part of exactly one whole. `leaves`: by
    group, the count of each column that has no parts. Raises `ValueError` when these do not fit.
    """

    parts: Mapping[str, tuple[str, ...]]
    leaves: Mapping[str, Mapping[str, int]]

    def __post_init__(self):
        of_a_whole = [part for parts in self.parts.values() for part in parts]
        if len(set(of_a_whole)) != len(of_a_whole) or len(set(self.parts) - set(of_a_whole)) != 1:
            raise ValueError("The columns must form one tree of parts.")
        if ALL in self.leaves:
            raise ValueError("No group may be called as all groups together are.")
        for row, counts in self.leaves.items():
            if set(counts) != set(self._leaf_columns) or any(count < 0 for count in counts.values()):
                raise ValueError(f"The counts of {row} must be one for each of {', '.join(self._leaf_columns)}.")

    @cached_property
    def _leaf_columns(self) -> tuple[str, ...]:
        return tuple(part for parts in self.parts.values() for part in parts if part not in self.parts)

    @cached_property
    def _whole_of(self) -> dict[str, str]:
        return {part: whole for whole, parts in self.parts.items() for part in parts}

    @cached_property
    def counts(self) -> dict[Cell, int]:
        """Every cell of the table: groups in their order and then all together, wholes before their parts."""
        by_row = {row: self._with_wholes(counts) for row, counts in self.leaves.items()}
        together = {leaf: sum(counts[leaf] for counts in by_row.values()) for leaf in self._leaf_columns}
        by_row[ALL] = self._with_wholes(together)
        return {Cell(row, column): counts[column] for row, counts in by_row.items() for column in self.columns}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns, each whole before its parts."""
        (root,) = set(self.parts) - set(self._whole_of)
        found, open_columns = [], [root]
        while open_columns:
            column = open_columns.pop()
            found.append(column)
            open_columns += reversed(self.parts.get(column, ()))
        return tuple(found)

    def row(self, name: str) -> dict[str, int]:
        """The counts of one group by column."""
        return {column: self.counts[Cell(name, column)] for column in self.columns}

    def leaves_of(self, column: str) -> tuple[str, ...]:
        """The columns without parts that a column is the sum of; itself, where it has none."""
        if column not in self.parts:
            return (column,)
        return tuple(leaf for part in self.parts[column] for leaf in self.leaves_of(part))

    def _with_wholes(self, leaves: Mapping[str, int]) -> dict[str, int]:
        counts = dict(leaves)
        for column in reversed(self.columns):
            if column in self.parts:
                counts[column] = sum(counts[part] for part in self.parts[column])
        return counts

    def arc(self, cell: Cell) -> tuple[Node, Node]:
        """The nodes from which and to which the units of a cell run."""
        whole = self._whole_of.get(cell.column)
        above = (cell.row, whole) if whole else _GROUND
        below = (cell.row, cell.column) if cell.column in self.parts else cell.column
        return (below, above) if cell.row == ALL else (above, below)
