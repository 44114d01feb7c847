"""What an extract was refused for: each reject with its place and reason, in words and as rows of a file."""

import csv
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from milestones.extract.files import IDENTITIES
from milestones.sheets.tables import Place

FIRST = 20
LONGEST_SHOWN = 200
HEADER = ("file", "line", "column", "value", "rule", "message")
STARTS_A_FORMULA = tuple("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class Reject:
    """One refusal; `line` is where the record starts in its file, None for the file as a whole.

    `place` says where it was read when that was another file: a cell of a spreadsheet; `cell` is the cell that a person
    may correct, by file, sheet and "D17" (or file, "" and "line 17, date"), empty where no one cell is meant.
    """

    file: str
    line: int | None
    column: str
    value: str
    rule: str
    message: str
    place: str = ""
    cell: tuple[str, str, str] | tuple[()] = ()

    @property
    def where(self) -> str:
        """The place in words: file, line and column, or the cell of the spreadsheet."""
        if self.place:
            return self.place
        place = self.file if self.line is None else f"{self.file} line {self.line}"
        return f"{place}, {self.column}" if self.column else place

    def __str__(self):
        # Names of children stay in the file they came from.
        value = f" “{self.value}”" if self.value and self.file != IDENTITIES else ""
        return f"{self.where}{value}: {self.message}"


def shown(text: str) -> str:
    """Return `text` fit for a terminal and a file: bytes that are no text and control characters become �."""
    readable = text[:LONGEST_SHOWN].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "�" for letter in readable)


def spreadsheet_safe(value: str) -> str:
    """Return `value` so that a spreadsheet shows it rather than running it."""
    return f"'{value}" if value.startswith(STARTS_A_FORMULA) else value


class Rejects:
    """The rejects of one run: counted, and the first ones kept."""

    keeps = FIRST
    path: Path | None = None

    def __init__(self):
        self.count = 0
        self._rows: set[tuple] = set()
        self.first: list[Reject] = []

    def add(
        self,
        file: str,
        line: int | None,
        *,
        rule: str,
        message: str,
        column="",
        value="",
        place: Place | None = None,
        cell: tuple[str, str, str] | tuple[()] = (),
    ) -> None:
        """Note one reject; its `cell` goes without saying where it has a `place`."""
        if place and place.letter:
            cell = (place.file, place.sheet, place.address)
        reject = Reject(file, line, column, shown(value), rule, message, str(place) if place else "", cell)
        self._keep(reject)
        self.count += 1
        self._rows.add((place.file, place.sheet, place.line) if place else (file, line))
        if len(self.first) < self.keeps:
            self.first.append(reject)

    @property
    def row_count(self) -> int:
        """The rows that were rejected: of some, several cells."""
        return len(self._rows)

    def close(self) -> None:
        """Nothing more comes."""

    def _keep(self, reject: Reject) -> None:
        """What else becomes of each."""


class KeptRejects(Rejects):
    """Rejects for a page: so many that nobody reads further."""

    keeps = 5_000


class FiledRejects(Rejects):
    """Rejects that are also written to a file as they are found; it is there when there is one at least."""

    def __init__(self, path: Path):
        super().__init__()
        self._place = path
        self._file: TextIO | None = None

    @property
    def path(self) -> Path | None:
        return self._place if self.count else None

    def close(self) -> None:
        """Finish the file; without any reject, take away the rejects of an earlier run, which would mislead."""
        if self._file is not None:
            self._file.close()
        elif self._is_ours():
            with suppress(OSError):
                self._place.unlink()

    def _keep(self, reject: Reject) -> None:
        """Raises OSError when the file cannot be written."""
        if self._file is None:
            self._file = self._place.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(HEADER)
        csv.writer(self._file).writerow(cells_of(reject))

    def _is_ours(self) -> bool:
        if not self._place.is_file():
            return False
        with self._place.open(encoding="utf-8", errors="replace") as file:
            return file.readline().strip() == ",".join(HEADER)


def cells_of(reject: Reject) -> list[str | int | None]:
    """A reject as a row of a file."""
    row = [getattr(reject, name) for name in HEADER]
    return [spreadsheet_safe(part) if isinstance(part, str) else part for part in row]
