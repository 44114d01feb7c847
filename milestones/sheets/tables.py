"""What uploads become: the tables of an extract, each row with the place it was read from, and what was refused."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from milestones.extract.files import IDENTITIES


@dataclass(frozen=True)
class Upload:
    """One file as somebody sent it."""

    name: str
    content: bytes


class UploadRefused(Exception):
    """A file that cannot be used at all, with the reason in words for whoever sent it; nothing of it was kept."""

    def __init__(self, file: str, message: str, *, rule: str):
        super().__init__(f"{file}: {message}")
        self.file = file
        self.message = message
        self.rule = rule


class NamedSheet:
    """Whatever is of one sheet of one file; `sheet` is empty where the file has no sheets."""

    file: str
    sheet: str

    @property
    def name(self) -> str:
        """The sheet as a message names it."""
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, or a whole row where `letter` is empty, as the person who sent the file finds it again.

    `sheet` is empty in a CSV file, `header` is the name of the column there; `line` counts from 1 as the screen does.
    """

    file: str
    sheet: str
    line: int
    letter: str = ""
    header: str = ""

    @property
    def address(self) -> str:
        """D17."""
        return f"{self.letter}{self.line}"

    @property
    def cell(self) -> str:
        """Sheet1!D17, or D17 in a CSV file (which a spreadsheet program shows with letters, too)."""
        if not self.sheet:
            return self.address
        return f"{self.sheet}!{self.address}" if self.sheet.isalnum() else f"'{self.sheet}'!{self.address}"

    def __str__(self):
        if not self.sheet:
            return f"{self.file} line {self.line}" + (f", {self.header}" if self.header else "")
        if not self.letter:
            return f"{self.file}, {self.sheet} row {self.line}"
        return f"{self.file}, {self.cell}" + (f" ({self.header})" if self.header else "")


@dataclass(frozen=True, slots=True)
class Source:
    """The sheet that rows were read from, and for each column of their table the letter and header there.

    A column that no column of the sheet filled (a type NOT_KNOWN, an event's code) is not among them.
    """

    file: str
    sheet: str
    columns: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as the CSV file would have it: column -> text, dates in ISO form, blank for empty."""

    values: dict[str, str]
    source: Source
    line: int

    def place(self, column: str = "") -> Place:
        """Where `column` of this row was read; the row itself when no column of the sheet filled it."""
        letter, header = self.source.columns.get(column, ("", ""))
        return Place(self.source.file, self.source.sheet, self.line, letter, header)


@dataclass
class Table:
    """One file of the extract. `columns` are those of which the uploads say something, and no others."""

    file: str
    columns: tuple[str, ...]
    rows: list[TableRow] = field(default_factory=list)

    def write_csv(self, path: Path) -> dict[int, TableRow]:
        """Write the file as an extract has it; return the row that begins at each of its lines."""
        lines = {}
        line = 2
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.columns)
            for row in self.rows:
                cells = [row.values.get(column, "") for column in self.columns]
                writer.writerow(cells)
                lines[line] = row
                line += 1 + sum(cell.count("\n") for cell in cells)
        return lines


@dataclass(frozen=True, slots=True)
class CellReject:
    """One refusal; the fields from `column` on are those of `milestones.extract.rejects.Reject`.

    `file` is the file of the extract that lacks the row because of it; the first of several.
    """

    file: str
    place: Place
    column: str
    value: str
    rule: str
    message: str
    child_ref: str = ""

    def __str__(self):
        # Names of children stay in the file they came from.
        shown = f" “{self.value}”" if self.value and self.file != IDENTITIES else ""
        return f"{self.place}{shown}: {self.message}"


# What a person writes for a cell that should say nothing.
SAYS_EMPTY = "-"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says that one cell should have said; for one run, and kept in its record.

    `cell` is "D17" in a sheet, and "line 17, date" in a file of an extract.
    """

    file: str
    sheet: str
    cell: str
    value: str

    @property
    def place(self) -> tuple[str, str, str]:
        return (self.file, self.sheet, self.cell)


@dataclass
class Tables:
    """Everything that the uploads say.

    `tables`       by file of the extract; a file of which the uploads say nothing is absent, and then nothing that is
                   recorded of it is gone
    `rejects`      the cells and rows that could not be used
    `refused_for`  for each file, the children of whom a row of it was refused: their recorded rows are not gone either
    `torn`         the files of which a row was refused without it being known whose it was
    `event_codes`  the events of which the uploads can say something; None means all of the catalogue
    """

    tables: dict[str, Table] = field(default_factory=dict)
    rejects: list[CellReject] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refused_for: dict[str, set[str]] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)
    event_codes: frozenset[str] | None = None
