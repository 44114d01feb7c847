"""What is to be seen of a sheet before anything is decided: its columns with examples, and what stands in the way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from typing import Any

from milestones.extract.cells import Unacceptable
from milestones.sheets.days import BLANK, NUMBERS, DayForm, DayOrder, Evidence, find_evidence, in_words, read_day
from milestones.sheets.grids import LIMITS, CellValue, Grid, GridRow, UploadLimits, column_letter, is_blank
from milestones.sheets.table_extent import extent_of, find_header
from milestones.sheets.tables import NamedSheet, Upload
from milestones.sheets.text import plain_words
from milestones.sheets.uploads import read_uploads
from milestones.sheets.values import as_text

EXAMPLES = 5
LONGEST_EXAMPLE = 60
# More different values than any code table has say that a column holds no codes.
MOST_VALUES = 80
SAMPLED = 300
LAST_MONTH = 12


@dataclass(frozen=True)
class ColumnLook:
    """One column: `values` are its different texts with how often each occurs, None when they are too many.

    `days` is the share (0 to 1) of its filled cells that can be read as dates, `different` that of different ones.
    """

    index: int
    header: str
    filled: int
    examples: tuple[str, ...]
    values: dict[str, int] | None
    days: float
    different: float
    evidence: Evidence
    has_numbers: bool
    hidden: bool

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True)
class SheetLook(NamedSheet):
    """One sheet. `problems` keep it from being used until the file is mended; `remarks` are told and no more."""

    file: str
    sheet: str
    header_line: int | None
    rows: int
    columns: tuple[ColumnLook, ...]
    hidden: bool = False
    hidden_lines: tuple[int, ...] = ()
    is_text: bool = False
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The look as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "SheetLook":
        """The look that `as_json` wrote."""
        columns = tuple(
            ColumnLook(**{**column, "examples": tuple(column["examples"]), "evidence": Evidence(**column["evidence"])})
            for column in kept["columns"]
        )
        return cls(**{**kept, "columns": columns, "hidden_lines": tuple(kept["hidden_lines"])})


def look_at_uploads(
    uploads: Sequence[Upload], *, header_lines: dict[tuple[str, str], int] | None = None, limits: UploadLimits = LIMITS
) -> list[SheetLook]:
    """Return what is to be seen of every sheet; raises UploadRefused for a file that cannot be read.

    `header_lines`: by file and sheet, where a person says that the names of the columns are.
    """
    said = header_lines or {}
    return [
        look_at(grid, header_line=said.get((grid.file, grid.sheet))) for grid in read_uploads(uploads, limits=limits)
    ]


def look_at(grid: Grid, *, header_line: int | None = None) -> SheetLook:
    """Return what is to be seen of a sheet whose column names are on `header_line` (found when None)."""
    header_line = header_line or find_header(grid)
    extent = extent_of(grid, header_line) if header_line else None
    if extent is None:
        problem = "No row with the names of the columns was found among the first; give each column a name."
        return SheetLook(
            grid.file, grid.sheet, None, 0, (), hidden=grid.hidden, problems=[problem], remarks=grid.remarks
        )
    rows = extent.rows(hidden=True)
    remarks = list(grid.remarks)
    if extent.left_out:
        remarks.append(f"Not read: {_some(extent.left_out)}.")
    if nameless := _nameless(extent.header, rows):
        letters = _some([column_letter(index) for index in nameless])
        remarks.append(f"Not used, for it has no name: column {letters}.")
    columns = tuple(_columns(grid, extent.header, rows))
    if exchanged := [column for column in columns if _may_be_exchanged(column, rows)]:
        remarks.append(
            f"Look at column {_some([column.letter for column in exchanged])}: its real dates all fall on the 1st to "
            f"the 12th, and those written as text ({exchanged[0].evidence.day_first}) all later. A spreadsheet opened "
            "with American settings exchanges day and month of the former without a word."
        )
    return SheetLook(
        grid.file,
        grid.sheet,
        header_line,
        len(rows),
        columns,
        hidden=grid.hidden,
        hidden_lines=tuple(sorted(line for line in grid.hidden_lines if line > header_line)),
        is_text=grid.is_text,
        problems=problems_of(grid, extent.header, rows),
        remarks=remarks,
    )


def problems_of(grid: Grid, header: GridRow, rows: list[GridRow]) -> list[str]:
    """What keeps a sheet from being read, in words."""
    problems = []
    read = {header.line, *(row.line for row in rows)}
    # A heading merged over a row of its own says nothing of any row.
    merged = [ref for ref, lines, _ in grid.merged if not read.isdisjoint(lines)] if grid.merged else []
    if merged:
        problems.append(
            f"Cells are merged ({_some(merged)}), so it is not plain what each row says: unmerge them, and fill each."
        )
    named: dict[str, list[int]] = {}
    for index, name in enumerate(header.cells):
        if not is_blank(name):
            named.setdefault(plain_words(as_text(name)) or as_text(name), []).append(index)
    for indices in named.values():
        if len(indices) > 1:
            letters = " and ".join(column_letter(index) for index in indices)
            name = as_text(header.cells[indices[0]])
            problems.append(f"The columns {letters} are all called “{name}”: give each a name of its own.")
    if not rows:
        problems.append("There are names of columns and no rows under them.")
    return problems


def _nameless(header: GridRow, rows: list[GridRow]) -> list[int]:
    named = {index for index, cell in enumerate(header.cells) if not is_blank(cell)}
    width = max((len(row.cells) for row in rows), default=0)
    return [
        index
        for index in range(width)
        if index not in named and any(len(row.cells) > index and not is_blank(row.cells[index]) for row in rows)
    ]


def _columns(grid: Grid, header: GridRow, rows: list[GridRow]):
    for index, name in enumerate(header.cells):
        if is_blank(name):
            continue
        filled = [
            (row.line, cell)
            for row in rows
            if index < len(row.cells) and (cell := row.cells[index]) is not None and cell != ""
        ]
        yield _column(grid, index, as_text(name), filled)


def _column(grid: Grid, index: int, header: str, filled: list[tuple[int, CellValue]]) -> ColumnLook:
    letter = column_letter(index)
    values = Counter(as_text(cell) for _, cell in filled)
    sample = [cell for _, cell in filled[:: max(1, len(filled) // SAMPLED)]]
    days = share_of_days(sample, grid.epoch)
    evidence = find_evidence((f"{letter}{line}", cell) for line, cell in filled) if days else Evidence()
    return ColumnLook(
        index=index,
        header=header,
        filled=len(filled),
        examples=_examples(cell for _, cell in filled),
        values=dict(values) if len(values) <= MOST_VALUES else None,
        days=days,
        different=len(values) / len(filled) if filled else 0,
        evidence=evidence,
        has_numbers=any(isinstance(cell, str) and cell.isdecimal() and len(cell) == 5 for cell in sample),
        hidden=index in grid.hidden_columns,
    )


def _may_be_exchanged(column: ColumnLook, rows: list[GridRow]) -> bool:
    """Whether every day up to the 12th became a real date and every later one stayed text, as American settings do."""
    if not column.evidence.day_first or column.evidence.month_first:
        return False
    cells = [row.cells[column.index] for row in rows if column.index < len(row.cells)]
    real = [cell.day for cell in cells if isinstance(cell, datetime)]
    written = [int(match[1]) for cell in cells if isinstance(cell, str) and (match := NUMBERS.fullmatch(cell))]
    return len(real) > 1 and max(real) <= LAST_MONTH < min(written, default=0)


def _examples(cells: Iterable[CellValue]) -> tuple[str, ...]:
    """The first different cells, dates in words."""
    said: dict[str, None] = {}
    for cell in cells:
        is_day = isinstance(cell, datetime) and cell.time() == time()
        said[in_words(cell.date()) if is_day else as_text(cell)[:LONGEST_EXAMPLE]] = None
        if len(said) == EXAMPLES:
            break
    return tuple(said)


def share_of_days(cells: list[CellValue], epoch: int | None) -> float:
    """The share of cells that are dates whichever comes first, the day or the month."""
    said = [cell for cell in cells if not is_blank(cell)]
    return sum(_is_day(cell, epoch) for cell in said) / len(said) if said else 0


def _is_day(cell: CellValue, epoch: int | None) -> bool:
    for order in DayOrder:
        try:
            if read_day(cell, DayForm(order=order, numbers=epoch)) is not BLANK:
                return True
        except Unacceptable:
            continue
    return False


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
