"""Read one file of an extract, a row at a time, refusing what cannot be read with its line and column."""

import codecs
import csv
import io
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

from milestones.extract.cells import FORMULA, Unacceptable
from milestones.extract.layout import Column, Layout
from milestones.extract.rejects import Rejects, shown
from milestones.sheets.tables import SAYS_EMPTY, Place

# Bytes that are not UTF-8 arrive as these; real text never holds them.
NOT_UTF8 = re.compile("[\udc80-\udcff]")
OTHER_UNICODE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
ROWS_PER_REPORT = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One accepted row: the line of the file where it starts, and a value for each column.

    `origin` is what the file knows it by, where it was made of another.
    """

    line: int
    values: dict[str, Any]
    origin: Any = None


class Content(Protocol):
    """The bytes of a file, wherever they lie."""

    def exists(self) -> bool: ...

    def is_file(self) -> bool: ...

    def size(self) -> int: ...

    def open(self) -> BinaryIO: ...


class ExtractFile(ABC):
    """One file of the extract, open for reading. Use as a context manager, then `rows()` once.

    `absent`     the extract says nothing of it, and then leaves what is recorded as it is
    `unusable`   the file as a whole was refused (missing, empty, too large, a column missing ...)
    `rejected`   how many rows were refused
    `refused_for` the children whose rows here were refused
    `torn`       a row was refused of which not even the child is known
    `no_rows`    what is wrong when there is none, in words
    """

    no_rows = "the file has a header and no rows"

    def __init__(self, layout: Layout, *, rejects: Rejects, warn: Callable[[str], None]):
        self.layout = layout
        self.absent = False
        self.unusable = False
        self.rejected = 0
        self.refused_for: set[str] = set()
        self.torn = False
        self.columns: frozenset[str] = frozenset()
        self._rejects = rejects
        self._warn = warn
        self._known: list[tuple[int, Column]] = []
        self._unsaid: dict[str, Any] = {}
        self._suspect = False
        self._origin = None

    def __enter__(self):
        if not self.absent:
            self._open()
        return self

    @abstractmethod
    def __exit__(self, *_error):
        """Close what is open."""

    def rows(self, *, progress: Callable[[int], None] | None = None) -> Iterator[Row]:
        """Yield the accepted rows; `progress` is told how many more bytes have been read."""
        if self.absent or self.unusable:
            return
        told = count = 0
        for line, cells in self._records():
            count += 1
            if progress and count % ROWS_PER_REPORT == 0:
                read = self._bytes_read()
                progress(read - told)
                told = read
            values = self._accept(line, cells)
            if values is not None:
                yield Row(line, values, self._origin)
        if progress:
            progress(self._bytes_read() - told)
        if count == 0 and not self.layout.may_have_no_rows:
            self._refuse_file("empty-file", self.no_rows, line=1)

    def refuse(self, row: Row, *, column: str, rule: str, message: str, value: str = "") -> None:
        """Refuse a row that reads well and still cannot stand."""
        self.rejected += 1
        self.refused_for.add(row.values["child_ref"])
        place = self._place(row.origin, column)
        self._rejects.add(
            self.layout.file,
            row.line,
            column=column,
            rule=rule,
            message=message,
            value=value,
            place=place,
            cell=self._to_correct(row.line, column),
        )

    @abstractmethod
    def _open(self) -> None:
        """Make ready to read; what makes the whole file unusable is refused here."""

    @abstractmethod
    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each record that is not blank with the line where it starts."""

    @abstractmethod
    def _bytes_read(self) -> int: ...

    def _place(self, origin: Any, column: str) -> Place | None:
        """Where a cell was read, when the line of this file does not say it."""
        return None

    def _to_correct(self, line: int, column: str) -> tuple[str, str, str] | tuple[()]:
        """The cell by which a person may correct what was refused, when no place says it."""
        return ()

    def _know(self, names: list[str]) -> None:
        """Take the names of the columns in their order."""
        by_name = self.layout.by_name
        self._width = len(names)
        self._known = [(index, by_name[name]) for index, name in enumerate(names) if name in by_name]
        self.columns = frozenset(name for name in names if name in by_name)
        self._unsaid = {c.name: c.cell.blank for c in self.layout.columns if c.name not in self.columns}
        self._child_ref = names.index("child_ref") if "child_ref" in names else None

    def _accept(self, line: int, cells: list[str]) -> dict[str, Any] | None:
        """Return the values of a record, or None after noting everything that is wrong with it."""
        if len(cells) != self._width:
            self._refuse_record(
                line, "cells", f"the row has {len(cells)} cells, and the header has {self._width} columns"
            )
            return None
        values = dict(self._unsaid)
        refusals = []
        for index, column in self._known:
            text = cells[index].strip()
            try:
                values[column.name] = self._value(column, text)
            except Unacceptable as why:
                refusals.append((column.name, text, why))
        if not refusals:
            try:
                self.layout.check(values)
            except Unacceptable as why:
                refusals.append((why.column, self._cell(cells, why.column), why))
        if not refusals:
            return values
        self.rejected += 1
        self.refused_for.add(cells[self._child_ref].strip())
        if any(column == "child_ref" for column, _, _ in refusals):
            self.torn = True
        for column, text, why in refusals:
            self._reject(line, column=column, value=text, rule=why.rule, message=why.message)
        return None

    def _value(self, column: Column, text: str) -> Any:
        if not text:
            if column.must_fill:
                raise Unacceptable("empty-cell", "this cell must not be empty")
            return column.cell.blank
        if self._suspect:
            check_is_text(text)
        if FORMULA.match(text):
            raise Unacceptable("formula", "this begins like a spreadsheet formula")
        return column.cell.read(text)

    def _cell(self, cells: list[str], name: str) -> str:
        return next((cells[index].strip() for index, column in self._known if column.name == name), "")

    def _refuse_record(self, line: int, rule: str, message: str) -> None:
        self.rejected += 1
        self.torn = True
        self._reject(line, rule=rule, message=message)

    def _refuse_file(self, rule: str, message: str, *, line: int | None = None, column: str = "") -> None:
        self.unusable = True
        self._rejects.add(self.layout.file, line, column=column, rule=rule, message=message)

    def _reject(self, line: int, *, rule: str, message: str, column: str = "", value: str = "") -> None:
        self._rejects.add(
            self.layout.file,
            line,
            column=column,
            value=value,
            rule=rule,
            message=message,
            place=self._place(self._origin, column),
            cell=self._to_correct(line, column),
        )


class CsvFile(ExtractFile):
    """A CSV file as the layout has it, on disk or as it was uploaded.

    `corrections` are what a person made cells of it say ("line 17, date"), which meets every check that a cell meets.
    """

    def __init__(
        self,
        content: Content,
        layout: Layout,
        *,
        rejects: Rejects,
        warn: Callable[[str], None],
        limit: int,
        corrections: Mapping[str, str] = MappingProxyType({}),
    ):
        super().__init__(layout, rejects=rejects, warn=warn)
        self._corrections = corrections
        self.absent = not layout.must_exist and not content.exists()
        self._content = content
        self._limit = limit
        self._bytes = self._text = self._csv = None

    def __exit__(self, *_error):
        if self._text is not None:
            self._text.close()

    def _open(self) -> None:
        try:
            self._open_content()
        except OSError as error:
            self._refuse_file("unreadable", f"the file cannot be read: {error.strerror}")
        if not self.unusable:
            self._read_header()

    def _open_content(self) -> None:
        if not self._content.is_file():
            self._refuse_file("missing-file", "the extract has no such file")
            return
        size = self._content.size()
        if size >= self._limit:
            self._refuse_file("too-large", f"the file has {size:,} bytes, and must have fewer than {self._limit:,}")
            return
        with self._content.open() as start:
            if start.read(2) in OTHER_UNICODE:
                self._refuse_file("encoding", "the file is UTF-16; save it as CSV UTF-8", line=1)
                return
        self._bytes = self._content.open()
        self._text = io.TextIOWrapper(self._bytes, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._csv = csv.reader(self._watched(), strict=True)

    def _bytes_read(self) -> int:
        return self._bytes.tell()

    def _to_correct(self, line: int, column: str) -> tuple[str, str, str] | tuple[()]:
        return (self.layout.file, "", cell_of(line, column)) if column in self.columns else ()

    def _accept(self, line: int, cells: list[str]) -> dict[str, Any] | None:
        if self._corrections and len(cells) == self._width:
            cells = list(cells)
            for index, column in self._known:
                said = self._corrections.get(cell_of(line, column.name))
                if said is not None:
                    cells[index] = "" if said.strip() == SAYS_EMPTY else said
        return super()._accept(line, cells)

    def _watched(self) -> Iterator[str]:
        """The lines of the file, noting whether one holds something that is no text."""
        for line in self._text:
            if "\0" in line or (not line.isascii() and NOT_UTF8.search(line)):
                self._suspect = True
            yield line

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = self._csv.line_num + 1
            self._suspect = False
            try:
                cells = next(self._csv)
            except StopIteration:
                return
            except csv.Error:
                self._refuse_record(
                    line, "quoting", "a quotation mark is not closed, or stands where it cannot, or a cell is too large"
                )
                continue
            if any(cell.strip() for cell in cells):
                yield line, cells

    def _read_header(self) -> None:
        line, header = next(self._records(), (None, []))
        if line is None:
            self._refuse_file("empty-file", "the file is empty")
            return
        names = [name.strip().lower() for name in header]
        by_name = self.layout.by_name
        for name in dict.fromkeys(names):
            if name in by_name and names.count(name) > 1:
                self._refuse_file("repeated-column", "the header names this column twice", line=line, column=name)
            elif name not in by_name:
                self._warn(f"{self.layout.file}: the column “{shown(name)}” is not known here and is ignored.")
        missing = [c.name for c in self.layout.columns if c.must_exist and c.name not in names]
        for name in missing:
            message = "the header does not have this column"
            separator = next((words for mark, words in OTHER_SEPARATORS.items() if mark in header[0]), None)
            if separator and len(header) == 1:
                message += f"; its columns seem to be separated by {separator}, not commas"
            self._refuse_file("missing-column", message, line=line, column=name)
        self._know(names)


def cell_of(line: int, column: str) -> str:
    """A cell of a file of an extract by the line where its row begins, and by its column."""
    return f"line {line}, {column}"


def check_is_text(text: str) -> None:
    """Refuse bytes that are not UTF-8, and NUL characters."""
    if stray := NOT_UTF8.search(text):
        byte = ord(stray.group()) - 0xDC00
        raise Unacceptable("encoding", f"the byte {byte:02X} (hexadecimal) is not UTF-8; save the file as CSV UTF-8")
    if "\0" in text:
        raise Unacceptable("nul", "this holds a NUL character; the file may be damaged")
