"""What an extract was refused for: each reject with its place and reason, written to `rejects.csv` as it is found."""

import csv
from contextlib import suppress
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import TextIO

from milestones.extract.layout import IDENTITIES

FIRST = 20
LONGEST_SHOWN = 200
STARTS_A_FORMULA = tuple("=+-@\t\r")


@dataclass(frozen=True)
class Reject:
    """One refusal; `line` is where the record starts in its file, None for the file as a whole."""

    file: str
    line: int | None
    column: str
    value: str
    rule: str
    message: str

    def __str__(self):
        place = self.file if self.line is None else f"{self.file} line {self.line}"
        if self.column:
            place += f", {self.column}"
        # Names of children stay in the file they came from.
        if self.value and self.file != IDENTITIES:
            place += f" “{self.value}”"
        return f"{place}: {self.message}"


HEADER = [column.name for column in fields(Reject)]


def shown(text: str) -> str:
    """Return `text` fit for a terminal and a file: bytes that are no text and control characters become �."""
    readable = text[:LONGEST_SHOWN].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "�" for letter in readable)


def spreadsheet_safe(value: str) -> str:
    """Return `value` so that a spreadsheet shows it rather than running it."""
    return f"'{value}" if value.startswith(STARTS_A_FORMULA) else value


@dataclass
class Rejects:
    """The rejects of one run: counted, the first ones kept, all of them in the file at `path`."""

    path: Path
    count: int = 0
    first: list[Reject] = field(default_factory=list)
    _file: TextIO | None = None

    def add(self, file: str, line: int | None, *, rule: str, message: str, column: str = "", value: str = "") -> None:
        """Note one reject; raises OSError when the rejects file cannot be written."""
        reject = Reject(file, line, column, shown(value), rule, message)
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(HEADER)
        csv.writer(self._file).writerow(
            [spreadsheet_safe(part) if isinstance(part, str) else part for part in astuple(reject)]
        )
        self.count += 1
        if len(self.first) < FIRST:
            self.first.append(reject)

    def close(self) -> None:
        """Finish the file; without any reject, take away the rejects of an earlier run, which would mislead."""
        if self._file is not None:
            self._file.close()
        elif self._is_ours():
            with suppress(OSError):
                self.path.unlink()

    def _is_ours(self) -> bool:
        if not self.path.is_file():
            return False
        with self.path.open(encoding="utf-8", errors="replace") as file:
            return file.readline().strip() == ",".join(HEADER)
