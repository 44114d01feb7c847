"""Read a file of the national dataset: every cell checked, every fault told with line and column, all or nothing."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from aims.national_dataset.columns import BY_NAME, COLUMNS
from aims.national_dataset.records import FIELDS, ClockRecord
from milestones.extract.cells import FORMULA, Unacceptable
from milestones.extract.reading import OTHER_SEPARATORS, OTHER_UNICODE
from milestones.extract.rejects import shown

MOST_BYTES = 10_000_000
FIRST = 50
OF_THE_FILE = ("authority", "fictional", "month")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file; `line` is None for the file as a whole."""

    line: int | None
    column: str
    value: str
    message: str

    def __str__(self):
        place = ", ".join(filter(None, [f"line {self.line}" if self.line else "", self.column]))
        if self.value:
            place += f" “{self.value}”"
        return f"{place}: {self.message}" if place else self.message


class DatasetRefused(Exception):
    """A file that is not taken in: the first faults, and how many there are."""

    def __init__(self, faults: list[Fault], *, count: int = 0):
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults[:FIRST]
        self.count = max(count, len(faults))


@dataclass(frozen=True)
class Dataset:
    """A file that reads well: whose it is, as at the end of which month, and its rows in their order."""

    authority_code: str
    fictional: bool
    month_end: date
    records: tuple[ClockRecord, ...]


def read_dataset(body: bytes) -> Dataset:
    """Return what a file says; raise `DatasetRefused` with everything that is wrong with it."""
    return _Reader(_decoded(body)).read()


def _decoded(body: bytes) -> str:
    if len(body) >= MOST_BYTES:
        _refuse(f"the file has {len(body):,} bytes, and must have fewer than {MOST_BYTES:,}")
    if body.startswith(OTHER_UNICODE):
        _refuse("the file is UTF-16; save it as CSV UTF-8", line=1)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Counted in the bytes that were decoded, without a mark at their beginning.
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        _refuse(f"the byte {byte:02X} (hexadecimal) is not UTF-8; save the file as CSV UTF-8", line=line)
    if "\0" in text:
        _refuse("this holds a NUL character; the file may be damaged", line=text.count("\n", 0, text.index("\0")) + 1)
    if not text.strip():
        _refuse("the file is empty")
    return text


class _Reader:
    def __init__(self, text: str):
        self._csv = csv.reader(io.StringIO(text, newline=""), strict=True)
        self._faults: list[Fault] = []
        self._count = 0

    def read(self) -> Dataset:
        header = self._header()
        of_the_file: dict[str, Any] = {}
        found: dict[tuple[str, int], int] = {}
        records = []
        for line, cells in self._records():
            values = self._values(line, header, cells)
            if values is None:
                continue
            self._check_same(line, values, of_the_file)
            record = ClockRecord(**{name: values[name] for name in FIELDS})
            for fault in record.faults(month_end=values["month"]):
                self._add(line, fault.column, cells[header.index(fault.column)], fault.message)
            if record.key in found:
                self._add(line, "spell", str(record.spell), f"this spell stands in line {found[record.key]} already")
            found.setdefault(record.key, line)
            records.append(record)
        if not records and not self._count:
            self._add(1, "", "", "the file has a header and no rows")
        if self._count:
            raise DatasetRefused(self._faults, count=self._count)
        return Dataset(of_the_file["authority"], of_the_file["fictional"], of_the_file["month"], tuple(records))

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = self._csv.line_num + 1
            try:
                cells = next(self._csv)
            except StopIteration:
                return
            except csv.Error:
                message = "a quotation mark is not closed, or stands where it cannot, or a cell is too large"
                self._add(line, "", "", message)
                continue
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]

    def _header(self) -> list[str]:
        line, names = next(self._records(), (1, []))
        for name in dict.fromkeys(names):
            if name not in BY_NAME:
                self._add(line, name, "", "this column is not one of the dataset; take it out")
            elif names.count(name) > 1:
                self._add(line, name, "", "the header names this column twice")
        for column in COLUMNS:
            if column.name not in names:
                self._add(line, column.name, "", "the header does not have this column")
        separator = next((words for mark, words in OTHER_SEPARATORS.items() if mark in "".join(names[:1])), None)
        if separator and len(names) == 1:
            self._add(line, "", "", f"the columns seem to be separated by {separator}, not commas")
        if self._count:
            raise DatasetRefused(self._faults, count=self._count)
        return names

    def _values(self, line: int, header: list[str], cells: list[str]) -> dict[str, Any] | None:
        if len(cells) != len(header):
            self._add(line, "", "", f"the row has {len(cells)} cells, and the header has {len(header)} columns")
            return None
        values, before = {}, self._count
        for name, text in zip(header, cells, strict=True):
            try:
                if FORMULA.match(text):
                    raise Unacceptable("formula", "this begins like a spreadsheet formula")
                values[name] = BY_NAME[name].read(text)
            except Unacceptable as why:
                self._add(line, name, text, why.message)
        return values if self._count == before else None

    def _check_same(self, line: int, values: dict[str, Any], of_the_file: dict[str, Any]) -> None:
        for name in OF_THE_FILE:
            first = of_the_file.setdefault(name, values[name])
            if values[name] != first:
                self._add(line, name, str(values[name]), "this is not what the rows before say; a file has one of each")

    def _add(self, line: int, column: str, value: str, message: str) -> None:
        self._count += 1
        if len(self._faults) < FIRST:
            self._faults.append(Fault(line, shown(column), shown(value), message))


def _refuse(message: str, *, line: int | None = None) -> None:
    raise DatasetRefused([Fault(line, "", "", message)])
