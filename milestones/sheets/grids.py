"""A sheet as it was read: rows of cells with their lines, and what a person would not see of it on the screen."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from milestones.sheets.tables import NamedSheet, Upload, UploadRefused

CellValue = str | int | float | bool | date | datetime | time | None


@dataclass(frozen=True)
class UploadLimits:
    """How much one file may hold before it is refused unread."""

    file_bytes: int = 100_000_000
    unpacked_bytes: int = 400_000_000
    # Of a package as a whole; spreadsheets pack about tenfold, and a bomb a thousandfold.
    most_packed: int = 150
    entries: int = 2_000
    rows: int = 500_000
    columns: int = 500


LIMITS = UploadLimits()


class GridRow(NamedTuple):
    """A row that is not blank: the line where it starts, and its cells from column A on, of any number."""

    line: int
    cells: tuple[CellValue, ...]


@dataclass
class Grid(NamedSheet):
    """One sheet. Lines count from 1, columns from 0.

    `epoch`      1900 or 1904: from which its day numbers count; None in a text file, which does not say
    `unsaved`    cells (line, column) with a formula whose value was not saved with the file
    `merged`     ranges like B5:C8 with the lines and columns they cover
    `remarks`    what whoever sent it should know: the encoding that was recognised, formulas taken by their values
    """

    file: str
    sheet: str
    rows: list[GridRow]
    is_text: bool = False
    epoch: int | None = None
    hidden: bool = False
    hidden_lines: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: list[tuple[str, range, range]] = field(default_factory=list)
    unsaved: frozenset[tuple[int, int]] = frozenset()
    remarks: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA, as spreadsheets name their columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def is_blank(cell: CellValue) -> bool:
    return cell is None or (isinstance(cell, str) and not cell)


def check_size(upload: Upload, limits: UploadLimits) -> None:
    """Refuse a file that is empty or too large."""
    size = len(upload.content)
    if not size:
        raise UploadRefused(upload.name, "the file is empty.", rule="empty-file")
    if size > limits.file_bytes:
        message = f"the file has {size / 1e6:,.0f} MB, and at most {limits.file_bytes / 1e6:,.0f} MB can be read."
        raise UploadRefused(upload.name, message, rule="too-large")
