"""Read one file of an extract, a row at a time, refusing what cannot be read with its line and column."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from milestones.extract.cells import FORMULA, Unacceptable
from milestones.extract.layout import Column, Layout
from milestones.extract.rejects import Rejects, shown

# Bytes that are not UTF-8 arrive as these; real text never holds them.
NOT_UTF8 = re.compile("[\udc80-\udcff]")
OTHER_UNICODE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
ROWS_PER_REPORT = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One accepted row: the line of the file where it starts, and a value for each column that the file has."""

    line: int
    values: dict[str, Any]


class ExtractFile:
    """One file of the extract, open for reading. Use as a context manager, then `rows()` once.

    `unusable`   the file as a whole was refused (missing, empty, too large, a column missing ...)
    `rejected`   how many rows were refused
    `refused_for` the children whose rows here were refused
    `torn`       a row was refused of which not even the child is known
    """

    def __init__(self, folder: Path, layout: Layout, *, rejects: Rejects, warn: Callable[[str], None], max_bytes: int):
        self.layout = layout
        self.path = folder / layout.file
        self.absent = not layout.must_exist and not self.path.exists()
        self.unusable = False
        self.rejected = 0
        self.refused_for: set[str] = set()
        self.torn = False
        self.columns: frozenset[str] = frozenset()
        self._rejects = rejects
        self._warn = warn
        self._max_bytes = max_bytes
        self._known: list[tuple[int, Column]] = []
        self._bytes = self._text = self._csv = None
        self._suspect = False

    def __enter__(self):
        if not self.absent:
            try:
                self._open()
            except OSError as error:
                self._refuse_file("unreadable", f"the file cannot be read: {error.strerror}")
            if not self.unusable:
                self._read_header()
        return self

    def __exit__(self, *_error):
        if self._text is not None:
            self._text.close()

    @property
    def size(self) -> int:
        """Bytes to read."""
        return 0 if self.absent or self.unusable else self.path.stat().st_size

    def rows(self, *, progress: Callable[[int], None] | None = None) -> Iterator[Row]:
        """Yield the accepted rows; `progress` is told how many more bytes have been read."""
        if self.absent or self.unusable:
            return
        told = count = 0
        for line, cells in self._records():
            count += 1
            if progress and count % ROWS_PER_REPORT == 0:
                read = self._bytes.tell()
                progress(read - told)
                told = read
            values = self._accept(line, cells)
            if values is not None:
                yield Row(line, values)
        if progress:
            progress(self._bytes.tell() - told)
        if count == 0 and not self.layout.may_have_no_rows:
            self._refuse_file("empty-file", "the file has a header and no rows", line=1)

    def refuse(self, row: Row, *, column: str, rule: str, message: str, value: str = "") -> None:
        """Refuse a row that reads well and still cannot stand."""
        self.rejected += 1
        self.refused_for.add(row.values["child_ref"])
        self._rejects.add(self.layout.file, row.line, column=column, rule=rule, message=message, value=value)

    def _open(self) -> None:
        if not self.path.is_file():
            self._refuse_file("missing-file", "the extract has no such file")
            return
        size = self.path.stat().st_size
        if size >= self._max_bytes:
            self._refuse_file("too-large", f"the file has {size:,} bytes, and must have fewer than {self._max_bytes:,}")
            return
        with self.path.open("rb") as start:
            if start.read(2) in OTHER_UNICODE:
                self._refuse_file("encoding", "the file is UTF-16; save it as CSV UTF-8", line=1)
                return
        self._text = self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._bytes = self._text.buffer
        self._csv = csv.reader(self._watched(), strict=True)

    def _watched(self) -> Iterator[str]:
        """The lines of the file, noting whether one holds something that is no text."""
        for line in self._text:
            if "\0" in line or (not line.isascii() and NOT_UTF8.search(line)):
                self._suspect = True
            yield line

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each record that is not blank with the line where it starts."""
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
        self._width = len(names)
        self._known = [(index, by_name[name]) for index, name in enumerate(names) if name in by_name]
        self.columns = frozenset(name for name in names if name in by_name)
        self._child_ref = names.index("child_ref") if "child_ref" in names else None

    def _accept(self, line: int, cells: list[str]) -> dict[str, Any] | None:
        """Return the values of a record, or None after noting everything that is wrong with it."""
        if len(cells) != self._width:
            self._refuse_record(
                line, "cells", f"the row has {len(cells)} cells, and the header has {self._width} columns"
            )
            return None
        values: dict[str, Any] = {}
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
            self._rejects.add(self.layout.file, line, column=column, value=text, rule=why.rule, message=why.message)
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
        return next(cells[index].strip() for index, column in self._known if column.name == name)

    def _refuse_record(self, line: int, rule: str, message: str) -> None:
        self.rejected += 1
        self.torn = True
        self._rejects.add(self.layout.file, line, rule=rule, message=message)

    def _refuse_file(self, rule: str, message: str, *, line: int | None = None, column: str = "") -> None:
        self.unusable = True
        self._rejects.add(self.layout.file, line, column=column, rule=rule, message=message)


def check_is_text(text: str) -> None:
    """Refuse bytes that are not UTF-8, and NUL characters."""
    if stray := NOT_UTF8.search(text):
        byte = ord(stray.group()) - 0xDC00
        raise Unacceptable("encoding", f"the byte {byte:02X} (hexadecimal) is not UTF-8; save the file as CSV UTF-8")
    if "\0" in text:
        raise Unacceptable("nul", "this holds a NUL character; the file may be damaged")
