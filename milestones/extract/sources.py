"""Where the files of an extract come from: a folder, an upload, or tables that were made of a spreadsheet."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from milestones.extract.layout import CHILDREN, Layout
from milestones.extract.reading import CsvFile, ExtractFile
from milestones.extract.rejects import Rejects
from milestones.sheets.tables import Correction, Place, TableRow, Tables

Warn = Callable[[str], None]


class Extract(Protocol):
    """The files of one extract. `event_codes` are the events that it can speak of; None means all of them."""

    event_codes: frozenset[str] | None

    def file(self, layout: Layout, *, rejects: Rejects, warn: Warn) -> ExtractFile: ...


@dataclass(frozen=True)
class FolderExtract:
    """CSV files in a folder, each smaller than `limit` bytes."""

    folder: Path
    limit: int
    event_codes = None

    def file(self, layout: Layout, *, rejects: Rejects, warn: Warn) -> ExtractFile:
        return CsvFile(FileOnDisk(self.folder / layout.file), layout, rejects=rejects, warn=warn, limit=self.limit)


@dataclass(frozen=True)
class UploadedExtract:
    """CSV files as they were sent, by the name that the layout gives them, and what a person corrected in them."""

    contents: Mapping[str, bytes]
    limit: int
    corrections: tuple[Correction, ...] = ()
    event_codes = None

    def file(self, layout: Layout, *, rejects: Rejects, warn: Warn) -> ExtractFile:
        content = FileInMemory(self.contents.get(layout.file))
        corrections = {each.cell: each.value for each in self.corrections if each.file == layout.file}
        return CsvFile(content, layout, rejects=rejects, warn=warn, limit=self.limit, corrections=corrections)


@dataclass(frozen=True)
class TablesExtract:
    """Tables that a mapping made of spreadsheets; what it could not use is refused with the rest."""

    tables: Tables

    @property
    def event_codes(self) -> frozenset[str] | None:
        return self.tables.event_codes

    def file(self, layout: Layout, *, rejects: Rejects, warn: Warn) -> ExtractFile:
        return TableFile(self.tables, layout, rejects=rejects, warn=warn)


@dataclass(frozen=True)
class FileOnDisk:
    path: Path

    def exists(self) -> bool:
        return self.path.exists()

    def is_file(self) -> bool:
        return self.path.is_file()

    def size(self) -> int:
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass(frozen=True)
class FileInMemory:
    """`content` is None when no such file was sent."""

    content: bytes | None

    def exists(self) -> bool:
        return self.content is not None

    def is_file(self) -> bool:
        return self.content is not None

    def size(self) -> int:
        return len(self.content)

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content)


class TableFile(ExtractFile):
    """One table of a mapped upload, its rows known by where they stood in the spreadsheet."""

    no_rows = "every row of the upload was rejected"

    def __init__(self, tables: Tables, layout: Layout, *, rejects: Rejects, warn: Warn):
        super().__init__(layout, rejects=rejects, warn=warn)
        self._tables = tables
        self._table = tables.tables.get(layout.file)
        # Of which children an upload speaks it must say.
        self.absent = self._table is None and layout.file != CHILDREN
        self._read = 0

    def __exit__(self, *_error):
        """Nothing is open: the table was read before."""

    def _open(self) -> None:
        table = self._table
        if table is None:
            self._refuse_file("missing-file", "nothing that was uploaded says which children there are")
            return
        if table.file == CHILDREN:
            for words in self._tables.warnings:
                self._warn(words)
        self._know(list(table.columns))
        self.refused_for |= self._tables.refused_for.get(table.file, set())
        self.torn = table.file in self._tables.torn
        # A cell of a spreadsheet may hold anything.
        self._suspect = True
        refused = set()
        for each in self._tables.rejects:
            if each.file == table.file:
                refused.add((each.place.file, each.place.sheet, each.place.line))
                self._rejects.add(
                    table.file,
                    each.place.line,
                    column=each.column,
                    value=each.value,
                    rule=each.rule,
                    message=each.message,
                    place=each.place,
                )
        # Of one row, several cells.
        self.rejected += len(refused)
        for column in (c.name for c in self.layout.columns if c.must_fill and c.name not in self.columns):
            self._refuse_file("missing-column", "no column of the upload says this", column=column)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        columns = self._table.columns
        for row in self._table.rows:
            self._origin = row
            self._read += 1
            yield row.line, [row.values.get(column, "") for column in columns]

    def _bytes_read(self) -> int:
        """Rows, as tables have no bytes."""
        return self._read

    def _place(self, origin: TableRow, column: str) -> Place:
        return origin.place(column)
