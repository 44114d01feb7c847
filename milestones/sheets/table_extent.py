"""Where the table of a sheet begins and which of its rows belong to it: no titles, totals or remarks around it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from milestones.sheets.fields import FIELDS
from milestones.sheets.grids import Grid, GridRow, is_blank
from milestones.sheets.text import plain_words

LOOKED_FOR_IN = 40
TOTAL = re.compile(r"(?:(?:grand|sub|overall)[ -]?)?(?:totals?|count|average|mean|sum)\b", re.I)
# On a sheet of two or three columns a row with one cell may well be a row.
WIDE_ENOUGH_FOR_REMARKS = 4
KNOWN_WORDS = frozenset(plain_words(word) for fields in FIELDS.values() for field in fields for word in field.words)


def find_header(grid: Grid) -> int | None:
    """Return the line of the column names, or None when no row looks like names.

    The row of the first lines with most names that are known; where none has two, the first row of words only that is
    as wide as what follows.
    """
    first = grid.rows[:LOOKED_FOR_IN]
    best = max(first, key=lambda row: (_known(row), -row.line), default=None)
    if best is not None and _known(best) >= 2:
        return best.line
    usual = sorted(_filled(row) for row in first)[len(first) // 2] if first else 0
    for row in first:
        words = [cell for cell in row.cells if isinstance(cell, str) and cell]
        if len(words) == _filled(row) >= max(2, 0.6 * usual) and len(set(words)) == len(words) and _are_names(words):
            return row.line
    return None


def _known(row: GridRow) -> int:
    return len({words for cell in row.cells if isinstance(cell, str) and (words := plain_words(cell)) in KNOWN_WORDS})


def _filled(row: GridRow) -> int:
    return sum(not is_blank(cell) for cell in row.cells)


def _are_names(words: Iterable[str]) -> bool:
    """Names of columns hold letters and seldom begin with a figure, as dates and references do."""
    words = list(words)
    return 2 * sum(word[:1].isalpha() for word in words) > len(words) and all(len(word) < 120 for word in words)


def shape(text: str) -> str:
    """C1234 -> A9999: what references of one system have in common."""
    return "".join("9" if letter.isdigit() else "A" if letter.isalpha() else letter for letter in text)


@dataclass
class Extent:
    """The rows of the table under its header. `left_out` says in words which rows are none of it, once iterated."""

    grid: Grid
    header: GridRow
    left_out: list[str] = field(default_factory=list)

    def rows(self, *, hidden: bool) -> list[GridRow]:
        """Return the rows of data in their order; the hidden ones only where `hidden`."""
        self.left_out.clear()
        names = [cell for cell in self.header.cells if not is_blank(cell)]
        rows: list[GridRow] = []
        lone: list[GridRow] = []
        unseen = 0
        for row in self.grid.rows:
            if row.line <= self.header.line:
                continue
            if not hidden and row.line in self.grid.hidden_lines:
                unseen += 1
                continue
            filled = [cell for cell in row.cells if cell is not None and cell != ""]
            if not filled:
                # Only formulas without a value: let the cells be refused.
                rows.append(row)
            elif isinstance(filled[0], str) and TOTAL.match(filled[0]):
                self.left_out.append(f"row {row.line} is a total (“{filled[0][:40]}”)")
            elif filled == names:
                self.left_out.append(f"row {row.line} repeats the names of the columns")
            elif len(filled) == 1 and len(names) >= WIDE_ENOUGH_FOR_REMARKS:
                lone.append(row)
            else:
                rows.append(row)
        if unseen:
            self.left_out.append(f"{unseen:,} hidden row{'s' * (unseen != 1)}")
        return self._with_lone_rows(rows, lone) if lone else rows

    def _with_lone_rows(self, rows: list[GridRow], lone: list[GridRow]) -> list[GridRow]:
        """Rows of one cell are remarks, unless it is a reference: a child of whom the sheet says nothing else."""
        shapes = {shape(str(row.cells[0])) for row in rows if row.cells and not is_blank(row.cells[0])}
        kept = []
        for row in lone:
            cell = next(cell for cell in row.cells if not is_blank(cell))
            if not is_blank(row.cells[0]) and shape(str(cell)) in shapes:
                kept.append(row)
            else:
                self.left_out.append(f"row {row.line} holds one cell only (“{str(cell)[:40]}”)")
        return sorted([*rows, *kept], key=lambda row: row.line) if kept else rows


def extent_of(grid: Grid, header_line: int) -> Extent | None:
    """Return the extent of the table whose names are on `header_line`; None when that line is blank."""
    for row in grid.rows:
        if row.line == header_line:
            return Extent(grid, row)
    return None
