"""The rows of one sheet as the mapping reads them: for each field its text in ISO form, or why the cell was refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from milestones.extract.cells import Unacceptable
from milestones.sheets.code_books import RECOGNISED, CodeBook
from milestones.sheets.days import DayForm, DayRead, Evidence, Known, find_evidence, read_day
from milestones.sheets.field_kinds import Field, Reading
from milestones.sheets.grids import CellValue, Grid, GridRow
from milestones.sheets.mapping import LEAVE_EMPTY, ColumnUse, SheetUse
from milestones.sheets.table_extent import Extent
from milestones.sheets.tables import SAYS_EMPTY, Correction, Place
from milestones.sheets.text import tidied
from milestones.sheets.values import as_text, check_cell, read_flag, read_ref

# Cells of these types that are equal say the same; a number may also equal a yes or no.
REPEATING = (str, datetime)
MOST_KNOWN_CELLS = 20_000
MAY_BE_UNKNOWN = ("date_of_birth", "expected_on")


@dataclass(frozen=True)
class Refusal:
    """A cell of a row that cannot be used, by the field that it was to say ("" for the row as a whole)."""

    says: str
    value: str
    rule: str
    message: str


class Said(NamedTuple):
    """What one cell says: its text, its date where it is one, or why it was refused."""

    text: str = ""
    day: DayRead | None = None
    refusal: Refusal | None = None


@dataclass(slots=True)
class SheetRow:
    """One row: `values` by field, `days` for those that are dates, and what was refused of it."""

    line: int
    cells: tuple[CellValue, ...]
    indices: dict[str, int]
    values: dict[str, str] = field(default_factory=dict)
    days: dict[str, DayRead] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, says: str, rule: str, message: str) -> None:
        """Note that a cell which reads well still cannot stand."""
        index = self.indices.get(says, len(self.cells))
        value = as_text(self.cells[index]) if index < len(self.cells) else ""
        self.refusals.append(Refusal(says, value, rule, message))

    @property
    def ref(self) -> str:
        return self.values.get("child_ref", "")


class SheetReader:
    """Reads the data rows of one sheet by its mapping, with a person's corrections in place of what the cells say."""

    def __init__(
        self,
        grid: Grid,
        use: SheetUse,
        extent: Extent,
        rows: list[GridRow],
        *,
        books: dict[str, CodeBook],
        corrections: dict[tuple[str, str, str], Correction],
    ):
        self.grid = grid
        self.use = use
        self._books = books
        self._corrections = {
            cell: correction.value
            for (file, sheet, cell), correction in corrections.items()
            if (file, sheet) == (grid.file, grid.sheet)
        }
        self.corrected: set[str] = set()
        self._columns = [(column, use.fields()[column.says]) for column in use.columns if column.says]
        self._indices = {column.says: column.index for column, _ in self._columns}
        self._known_cells: list[dict[CellValue, Said]] = [{} for _ in self._columns]
        self._width = len(extent.header.cells)
        self._rows = [self._as_corrected(row) for row in rows] if self._corrections else rows
        self._forms = self._day_forms()

    @property
    def columns(self) -> dict[str, tuple[str, str]]:
        """Letter and header of the column of each field."""
        return {column.says: (column.letter, column.header) for column, _ in self._columns}

    def place(self, line: int, says: str = "") -> Place:
        letter, header = self.columns.get(says, ("", ""))
        return Place(self.grid.file, self.grid.sheet, line, letter, header)

    def rows(self) -> Iterator[SheetRow]:
        """Yield each row of data, read."""
        for row in self._rows:
            yield self._read(row)

    def _as_corrected(self, row: GridRow) -> GridRow:
        cells = list(row.cells)
        for column, _ in self._columns:
            cell = f"{column.letter}{row.line}"
            if cell in self._corrections:
                cells += [None] * (column.index + 1 - len(cells))
                said = tidied(self._corrections[cell])
                cells[column.index] = None if said == SAYS_EMPTY else said
                self.corrected.add(cell)
        return row._replace(cells=tuple(cells))

    def _day_forms(self) -> dict[str, DayForm]:
        """How the dates of each column are read; one that shows no order of its own goes by what the others show."""
        found = {
            column.says: find_evidence(
                (f"{column.letter}{row.line}", row.cells[column.index])
                for row in self._rows
                if column.index < len(row.cells)
            )
            for column, known in self._columns
            if known.reading is Reading.DAY
        }
        of_the_sheet = Evidence(
            next((one.day_first for one in found.values() if one.day_first), ""),
            next((one.month_first for one in found.values() if one.month_first), ""),
            elsewhere=True,
        )
        return {
            column.says: DayForm(
                order=column.order,
                numbers=self.grid.epoch or column.numbers,
                evidence=found[column.says].joined(of_the_sheet),
            )
            for column, known in self._columns
            if known.reading is Reading.DAY
        }

    def _read(self, row: GridRow) -> SheetRow:
        read = SheetRow(row.line, row.cells, self._indices)
        width = len(row.cells)
        if self.grid.is_text and width > self._width and any(row.cells[self._width :]):
            read.refusals.append(Refusal("", "", "cells", f"the row has {width} cells, and {self._width} have names"))
        for (column, known), known_cells in zip(self._columns, self._known_cells, strict=True):
            cell = row.cells[column.index] if column.index < width else None
            if cell is None or cell == "":
                self._read_blank(read, row, column, known)
                continue
            # Most cells of a large sheet repeat others of their column.
            said = known_cells.get(cell) if isinstance(cell, REPEATING) else None
            if said is None:
                said = self._said(column, known, cell)
                if isinstance(cell, REPEATING) and len(known_cells) < MOST_KNOWN_CELLS:
                    known_cells[cell] = said
            if said.refusal:
                read.refusals.append(said.refusal)
                continue
            read.values[known.key] = said.text
            if said.day:
                read.days[known.key] = said.day
        return read

    def _read_blank(self, read: SheetRow, row: GridRow, column: ColumnUse, known: Field) -> None:
        if (row.line, column.index) in self.grid.unsaved and f"{column.letter}{row.line}" not in self.corrected:
            message = "this is a formula whose value was not saved with the file; write the value"
            read.refusals.append(Refusal(known.key, "", "formula", message))
        elif known.must_fill:
            read.refusals.append(Refusal(known.key, "", "empty-cell", "this cell must not be empty"))

    def _said(self, column: ColumnUse, known: Field, cell: CellValue) -> Said:
        try:
            check_cell(cell)
            if known.reading is Reading.DAY:
                return self._day(known, read_day(cell, self._forms[known.key]))
            return Said(self._text(column, known, cell))
        except Unacceptable as why:
            return Said(refusal=Refusal(known.key, as_text(cell), why.rule, why.message))

    def _text(self, column: ColumnUse, known: Field, cell: CellValue) -> str:
        if known.reading is Reading.REF:
            return read_ref(cell)
        if known.reading is Reading.CODE:
            return self._code(column, known, as_text(cell))
        if known.reading is Reading.FLAG:
            return read_flag(cell)
        return as_text(cell)

    def _day(self, known: Field, day: DayRead) -> Said:
        """A date of birth that is not known may stay empty; a month alone would be a guess at the day."""
        if known.months or day.known in (Known.DAY, Known.BLANK):
            return Said(day.iso, day)
        if day.known is Known.UNKNOWN and known.key in MAY_BE_UNKNOWN:
            return Said()
        what = "only the month is known" if day.known is Known.MONTH else "the date is not known"
        raise Unacceptable("inexact-date", f"{what}, and here the day is needed, for figures count from it")

    def _code(self, column: ColumnUse, known: Field, text: str) -> str:
        use = column.codes.get(text)
        if use is None:
            # A correction, or one of so many values that nobody was asked about each.
            book = self._books[known.codes]
            code, sure = book.guess(text)
            if sure >= RECOGNISED:
                return code
            if book.open:
                return text
            raise Unacceptable("unknown-code", "nobody has said what this means; say so in the mapping")
        if use.code == LEAVE_EMPTY:
            return ""
        return use.code
