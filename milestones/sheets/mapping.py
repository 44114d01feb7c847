"""What each column of each sheet says: guessed, confirmed by a person, and remembered for the next time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from milestones.sheets.code_books import CERTAIN
from milestones.sheets.days import DayOrder
from milestones.sheets.field_kinds import Field, Reading
from milestones.sheets.fields import BY_KEY, SHEET_LABELS, WIDE
from milestones.sheets.grids import column_letter
from milestones.sheets.tables import NamedSheet
from milestones.sheets.text import plain_words

LEAVE_EMPTY = "-"


class MappingProblem(Exception):
    """A mapping that cannot be used as it stands; `problems` say in words what a person has to decide."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class CodeUse:
    """What one value of a column means: a code, LEAVE_EMPTY, or "" while nobody has said."""

    code: str
    sure: int = 0
    confirmed: bool = False

    @property
    def settled(self) -> bool:
        return bool(self.code) and (self.confirmed or self.sure >= CERTAIN)


@dataclass(frozen=True)
class ColumnUse:
    """What one column says. `says` is a key of the fields of the sheet's kind, "" for a column that is not used.

    `numbers`: in a text file, from when its day numbers count; a workbook says so itself.
    """

    index: int
    header: str
    says: str = ""
    sure: int = 0
    confirmed: bool = False
    order: DayOrder = DayOrder.DAY_FIRST
    numbers: int | None = None
    codes: dict[str, CodeUse] = field(default_factory=dict)

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    @property
    def settled(self) -> bool:
        return self.confirmed or self.sure >= CERTAIN


@dataclass(frozen=True)
class SheetUse(NamedSheet):
    """What one sheet holds: `kind` is a file of the extract or WIDE, "" for a sheet that is left out.

    `hidden_lines`: whether rows that the file hides count; None while nobody has said.
    """

    file: str
    sheet: str
    kind: str = ""
    header_line: int = 1
    sure: int = 0
    confirmed: bool = False
    hidden_lines: bool | None = None
    columns: tuple[ColumnUse, ...] = ()

    @property
    def used(self) -> dict[str, ColumnUse]:
        """The columns that say something, by field."""
        return {column.says: column for column in self.columns if column.says}

    def fields(self) -> dict[str, Field]:
        return BY_KEY.get(self.kind, {})


@dataclass(frozen=True)
class Mapping:
    """Every sheet of one upload."""

    sheets: tuple[SheetUse, ...]

    def of(self, file: str, sheet: str) -> SheetUse | None:
        return next((use for use in self.sheets if (use.file, use.sheet) == (file, sheet)), None)

    def doubts(self) -> list[str]:
        """What nobody has confirmed yet, in words; nothing is read before this is empty."""
        return [doubt.words for use in self.sheets for doubt in _doubts(use)]

    def problems(self) -> list[str]:
        """What cannot work, whoever confirms it."""
        if not any(use.kind for use in self.sheets):
            return ["No sheet is used: say what at least one of them holds."]
        return [problem.words for use in self.sheets for problem in _problems(use)]

    def questions(self) -> list["Question"]:
        """The problems and doubts that are about one sheet, with the place where they are answered."""
        return [each for use in self.sheets for each in (*_problems(use), *_doubts(use))]

    @property
    def fingerprint(self) -> str:
        """The same for sheets with the same names of columns, in whatever order and however the files are called."""
        names = sorted("|".join(sorted(plain_words(column.header) for column in use.columns)) for use in self.sheets)
        return sha256("||".join(names).encode()).hexdigest()

    def confirmed(self) -> "Mapping":
        """The same mapping with everything in it confirmed; what has no answer stays open."""
        return Mapping(tuple(_confirmed(use) for use in self.sheets))

    def as_json(self) -> dict[str, Any]:
        """The mapping as it is kept."""
        return {"sheets": [_sheet_as_json(use) for use in self.sheets]}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Mapping":
        """The mapping that `as_json` wrote; fields that are no longer known are not used."""
        return cls(tuple(_sheet_from_json(sheet) for sheet in kept["sheets"]))


@dataclass(frozen=True)
class Question:
    """Something of a sheet that nobody has settled, and the column, or one value of a column, that it is about.

    Without a column it is about what the sheet holds, or whether its hidden rows count (`of_hidden`).
    """

    words: str
    sheet: SheetUse
    column: ColumnUse | None = None
    value: str | None = None
    of_hidden: bool = False


def _doubts(use: SheetUse) -> Iterator[Question]:
    if not use.kind:
        if not (use.confirmed or use.sure >= CERTAIN):
            yield Question(f"{use.name}: nothing is recognised, and nobody has said that it may be left out.", use)
        return
    if not (use.confirmed or use.sure >= CERTAIN):
        yield Question(f"{use.name}: is it “{SHEET_LABELS[use.kind]}”?", use)
    if use.hidden_lines is None:
        yield Question(f"{use.name}: do hidden rows count?", use, of_hidden=True)
    for column in use.columns:
        called = f"{use.name}, column {column.letter} “{column.header}”"
        if not column.settled:
            asked = f": is it the {_label(use, column)}?" if column.says else " is not used: is that right?"
            yield Question(called + asked, use, column)
        elif column.says and use.fields()[column.says].reading is Reading.CODE:
            for value, code in column.codes.items():
                if not code.settled:
                    yield Question(f"{called}: what does “{value}” mean?", use, column, value)


def _label(use: SheetUse, column: ColumnUse) -> str:
    return use.fields()[column.says].label


def _problems(use: SheetUse) -> Iterator[Question]:
    if not use.kind:
        return
    known = use.fields()
    seen: dict[str, ColumnUse] = {}
    for column in use.columns:
        if not column.says:
            continue
        if column.says in seen:
            first = seen[column.says]
            words = (
                f"{use.name}: the columns {first.letter} “{first.header}” and {column.letter} “{column.header}” are "
                f"both said to be {known[column.says].label}; only one can be."
            )
            yield Question(words, use, column)
        seen[column.says] = column
    for key, wanted in known.items():
        if wanted.must_exist and key not in seen:
            yield Question(f"{use.name}: say which column is: {wanted.label}.", use)
    if use.kind == WIDE:
        yield from _wide_problems(use, seen)


def _wide_problems(use: SheetUse, seen: dict[str, ColumnUse]) -> Iterator[Question]:
    if "full_name" in seen and {"given_name", "family_name"} & set(seen):
        words = f"{use.name}: a whole name and parts of a name are both used; use the one or the other."
        yield Question(words, use, seen["full_name"])
    for needs, other in (("destination", "left_care_on"), ("legal_code", "legal_started_on")):
        if needs in seen and other not in seen:
            wanted = BY_KEY[WIDE]
            words = (
                f"{use.name}: “{wanted[needs].label}” (column {seen[needs].letter}) says nothing without "
                f"“{wanted[other].label}”; say which column that is, or do not use it."
            )
            yield Question(words, use, seen[needs])


def _confirmed(use: SheetUse) -> SheetUse:
    columns = tuple(
        replace(
            column,
            confirmed=True,
            codes={value: replace(code, confirmed=bool(code.code)) for value, code in column.codes.items()},
        )
        for column in use.columns
    )
    return replace(use, confirmed=True, columns=columns)


def _sheet_as_json(use: SheetUse) -> dict[str, Any]:
    return {
        "file": use.file,
        "sheet": use.sheet,
        "kind": use.kind,
        "header_line": use.header_line,
        "sure": use.sure,
        "confirmed": use.confirmed,
        "hidden_lines": use.hidden_lines,
        "columns": [
            {
                "index": column.index,
                "header": column.header,
                "says": column.says,
                "sure": column.sure,
                "confirmed": column.confirmed,
                "order": column.order.value,
                "numbers": column.numbers,
                "codes": {value: [code.code, code.sure, code.confirmed] for value, code in column.codes.items()},
            }
            for column in use.columns
        ],
    }


def _sheet_from_json(kept: dict[str, Any]) -> SheetUse:
    kind = kept["kind"] if kept["kind"] in BY_KEY else ""
    columns = []
    for column in kept["columns"]:
        known = column["says"] in BY_KEY.get(kind, {})
        columns.append(
            ColumnUse(
                index=column["index"],
                header=column["header"],
                says=column["says"] if known else "",
                sure=column["sure"] if known or not column["says"] else 0,
                confirmed=column["confirmed"] and (known or not column["says"]),
                order=DayOrder(column["order"]),
                numbers=column["numbers"],
                codes={value: CodeUse(*code) for value, code in column["codes"].items()},
            )
        )
    return SheetUse(
        file=kept["file"],
        sheet=kept["sheet"],
        kind=kind,
        header_line=kept["header_line"],
        sure=kept["sure"] if kind == kept["kind"] else 0,
        confirmed=kept["confirmed"] and kind == kept["kind"],
        hidden_lines=kept["hidden_lines"],
        columns=tuple(columns),
    )
