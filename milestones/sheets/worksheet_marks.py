"""What the XML of a worksheet says that reading its values alone leaves out: hidden rows and columns, merged cells,
formulas without a value.

openpyxl reads values row by row in little memory, and only so; what it leaves out in that mode is picked up here.
"""

import re
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from milestones.sheets.grids import UploadLimits, column_index, column_letter

CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
TRUE = ("1", "true")


class TooBig(Exception):
    """A sheet with more rows or columns than are read."""


@dataclass
class WorksheetMarks:
    """Lines count from 1, columns from 0, as in a Grid."""

    hidden: bool = False
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[str, range, range]] = field(default_factory=list)
    unsaved: set[tuple[int, int]] = field(default_factory=set)
    formulas: int = 0
    first_formula: str = ""
    last_filled: int = 0


class _Reader:
    """Notes what each element says, as the parser comes to it."""

    def __init__(self, parser: expat.XMLParserType, limits: UploadLimits):
        parser.StartElementHandler = self.start
        self._parser = parser
        self.marks = WorksheetMarks()
        self.limits = limits
        self.line = 0
        self.column = -1
        self._formula_at: tuple[int, int] | None = None
        self._is_words = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "v":
            self.marks.last_filled = self.line
            self._value()
        elif name == "is":
            self.marks.last_filled = self.line
        elif name == "c":
            self._cell(attributes)
            self._is_words = attributes.get("t") == "str"
        elif name == "f":
            self._formula()
        elif name == "row":
            self._row(attributes)
        elif name == "col":
            self._column(attributes)
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))
        elif name == "sheetFormatPr":
            self.marks.hidden = attributes.get("zeroHeight") in TRUE

    def close(self) -> None:
        """Settle the last cell."""
        self._parser.CharacterDataHandler = None
        if self._formula_at:
            self.marks.unsaved.add(self._formula_at)
            self._formula_at = None

    def _cell(self, attributes: dict[str, str]) -> None:
        self.close()
        self.column += 1
        if match := CELL.match(attributes.get("r", "")):
            self.column = column_index(match.group(1))
        if self.column >= self.limits.columns:
            raise TooBig(f"column {column_letter(self.column)} is filled; at most {self.limits.columns} are read")

    def _formula(self) -> None:
        self.marks.formulas += 1
        self.marks.last_filled = self.line
        self._formula_at = (self.line, self.column)
        if not self.marks.first_formula:
            self.marks.first_formula = f"{column_letter(self.column)}{self.line}"

    def _value(self) -> None:
        """The value saved with a formula; without any text it is one only where the formula gives words."""
        if self._is_words:
            self._formula_at = None
        elif self._formula_at:
            self._parser.CharacterDataHandler = self._text

    def _text(self, _text: str) -> None:
        self._formula_at = None
        self._parser.CharacterDataHandler = None

    def _row(self, attributes: dict[str, str]) -> None:
        self.close()
        number = attributes.get("r", "")
        self.line = int(number) if number.isdecimal() else self.line + 1
        self.column = -1
        # Formatted empty rows down to the last possible one are common; what counts is checked when they are read.
        if _is_true(attributes, "hidden") or attributes.get("ht") == "0":
            self.marks.hidden_lines.add(self.line)

    def _column(self, attributes: dict[str, str]) -> None:
        if _is_true(attributes, "hidden") or attributes.get("width") == "0":
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.marks.hidden_columns.update(range(first - 1, min(last, self.limits.columns)))

    def _merged(self, ref: str) -> None:
        corners = CELL.findall(ref)
        if len(corners) == 2:
            (left, top), (right, bottom) = corners
            lines = range(int(top), int(bottom) + 1)
            self.marks.merged.append((ref, lines, range(column_index(left), column_index(right) + 1)))


def read_marks(part: BinaryIO, *, limits: UploadLimits) -> WorksheetMarks:
    """Read the XML of one worksheet; raises TooBig, and what the parser raises on damage."""
    parser = expat.ParserCreate()
    reader = _Reader(parser, limits)
    parser.ParseFile(part)
    reader.close()
    return reader.marks


def _is_true(attributes: dict[str, str], name: str) -> bool:
    return attributes.get(name) in TRUE
