"""The rows of one sheet as the mapping reads them: for each field its text in ISO form, or why the cell was refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from milestones.extract.cells import Unacceptable
from milestones.sheets.code_books import CodeBook
from milestones.sheets.days import DayForm, DayRead, Evidence, Known, find_evidence, read_day
from milestones.sheets.fields import Field, Reading
from milestones.sheets.grids import CellValue, Grid, GridRow, is_blank
from milestones.sheets.mapping import LEAVE_EMPTY, ColumnUse, SheetUse
from milestones.sheets.table_extent import Extent
from milestones.sheets.tables import Correction, Place
from milestones.sheets.text import tidied
from milestones.sheets.values import as_text, check_cell, read_flag, read_ref, read_words


@dataclass(frozen=True)
class Refusal:
    """A cell of a row that cannot be used, by the field that it was to say ("" for the row as a whole)."""

    says: str
    value: str
    rule: str
    message: str


@dataclass
class SheetRow:
    """One row: `values` by field, `days` for those that are dates, and what was refused of it."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    days: dict[str, DayRead] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

    def refuse(self, says: str, rule: str, message: str) -> None:
        """Note that a cell which reads well still cannot stand."""
        self.refusals.append(Refusal(says, self.written.get(says, ""), rule, message))

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
        *,
        books: dict[str, CodeBook],
        corrections: dict[tuple[str, str, str], Correction],
    ):
        self.grid = grid
        self.use = use
        self.extent = extent
        self._books = books
        self._corrections = {
            cell: correction.value
            for (file, sheet, cell), correction in corrections.items()
            if (file, sheet) == (grid.file, grid.sheet)
        }
        self.corrected: set[str] = set()
        self._columns = [(column, use.fields()[column.says]) for column in use.columns if column.says]
        self._width = len(extent.header.cells)
        self._rows = [self._as_corrected(row) for row in extent.rows(hidden=bool(use.hidden_lines))]
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
        if not self._corrections:
            return row
        cells = list(row.cells)
        for column, _ in self._columns:
            cell = f"{column.letter}{row.line}"
            if cell in self._corrections:
                cells += [None] * (column.index + 1 - len(cells))
                cells[column.index] = tidied(self._corrections[cell])
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
        read = SheetRow(row.line)
        if self.grid.is_text and len(row.cells) != self._width and any(row.cells[self._width :]):
            read.refusals.append(
                Refusal("", "", "cells", f"the row has {len(row.cells)} cells, and the names are {self._width}")
            )
        for column, known in self._columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if is_blank(cell):
                self._read_blank(read, row, column, known)
                continue
            try:
                check_cell(cell)
                read.values[known.key] = self._value(read, column, known, cell)
            except Unacceptable as why:
                read.refusals.append(Refusal(known.key, as_text(cell), why.rule, why.message))
            else:
                read.written[known.key] = as_text(cell)
        return read

    def _read_blank(self, read: SheetRow, row: GridRow, column: ColumnUse, known: Field) -> None:
        if (row.line, column.index) in self.grid.unsaved and f"{column.letter}{row.line}" not in self.corrected:
            message = "this is a formula whose value was not saved with the file; write the value"
            read.refusals.append(Refusal(known.key, "", "formula", message))
        elif known.must_fill:
            read.refusals.append(Refusal(known.key, "", "empty-cell", "this cell must not be empty"))

    def _value(self, read: SheetRow, column: ColumnUse, known: Field, cell: CellValue) -> str:
        if known.reading is Reading.REF:
            return read_ref(cell)
        if known.reading is Reading.DAY:
            day = read_day(cell, self._forms[known.key])
            if day.known in (Known.MONTH, Known.UNKNOWN) and not known.months:
                return self._inexact(read, known, day)
            read.days[known.key] = day
            return day.iso
        if known.reading is Reading.CODE:
            return self._code(column, known, as_text(cell))
        if known.reading is Reading.FLAG:
            return read_flag(cell)
        return read_words(cell)

    def _inexact(self, read: SheetRow, known: Field, day: DayRead) -> str:
        """A date of birth or an end that is not known may stay empty; a month alone would be a guess at the day."""
        if day.known is Known.UNKNOWN and known.key in ("date_of_birth", "expected_on"):
            read.days[known.key] = DayRead(Known.BLANK)
            return ""
        what = "only the month is known" if day.known is Known.MONTH else "the date is not known"
        raise Unacceptable("inexact-date", f"{what}, and here the day is needed, for figures count from it")

    def _code(self, column: ColumnUse, known: Field, text: str) -> str:
        use = column.codes.get(text)
        if use is None:
            # A value that was not there when the mapping was confirmed.
            book = self._books[known.codes]
            if text in book.labels or book.open:
                return text
            raise Unacceptable("unknown-code", "nobody has said what this means; say so in the mapping")
        if use.code == LEAVE_EMPTY:
            return ""
        return use.code
