"""Put a mapping that was confirmed before to sheets of today, and tell what is different."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from milestones.sheets.code_books import CodeBook
from milestones.sheets.days import DayOrder
from milestones.sheets.field_kinds import Reading
from milestones.sheets.fields import SHEET_LABELS
from milestones.sheets.guessing import guess_codes, guess_sheet
from milestones.sheets.looks import SheetLook
from milestones.sheets.mapping import ColumnUse, Mapping, SheetUse
from milestones.sheets.text import plain_words

# Sheets with fewer of their column names in common are different sheets.
ALIKE_ENOUGH = 0.5


@dataclass(frozen=True)
class Refitted:
    """A remembered mapping as it fits today's sheets; `differences` say in words what is not as it was."""

    mapping: Mapping
    differences: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """True when nothing is different and nothing is to be asked."""
        return not self.differences and not self.mapping.doubts() and not self.mapping.problems()


def refit(before: Mapping, looks: Sequence[SheetLook], books: dict[str, CodeBook]) -> Refitted:
    """Return `before` for the sheets of today: columns are known by their names, wherever they stand now."""
    left = list(before.sheets)
    sheets, differences = [], []
    for look in looks:
        known = max(left, key=lambda use: _alike(use, look), default=None)
        if known is None or _alike(known, look) < ALIKE_ENOUGH:
            differences.append(f"{look.name} was not there before.")
            sheets.append(guess_sheet(look, books))
            continue
        left.remove(known)
        use, told = _refit_sheet(known, look, books)
        sheets.append(use)
        differences += told
    # What is remembered has no names of files and sheets.
    differences += [f"A sheet of “{SHEET_LABELS[use.kind]}” is not there now." for use in left if use.kind]
    return Refitted(Mapping(tuple(sheets)), differences)


def _alike(use: SheetUse, look: SheetLook) -> float:
    """The share of column names in common; a sheet without any is nobody's, and asked about each time."""
    before = {plain_words(column.header) for column in use.columns}
    now = {plain_words(column.header) for column in look.columns}
    return len(before & now) / max(1, len(before | now))


def _refit_sheet(known: SheetUse, look: SheetLook, books: dict[str, CodeBook]) -> tuple[SheetUse, list[str]]:
    differences = []
    guessed = guess_sheet(look, books, kind=known.kind)
    by_name = {plain_words(column.header): column for column in known.columns}
    taken = {column.says for column in known.columns if column.says}
    fields = known.fields()
    columns: list[ColumnUse] = []
    guesses = {guess.index: guess for guess in guessed.columns}
    for column in look.columns:
        before = by_name.pop(plain_words(column.header), None)
        if before is None:
            guess = guesses.get(column.index) or ColumnUse(column.index, column.header)
            columns.append(replace(guess, says="", sure=0, codes={}) if guess.says in taken else guess)
            if known.kind:
                differences.append(f"{look.name}: the column {column.letter} “{column.header}” is new.")
            continue
        now = replace(before, index=column.index, header=column.header)
        if before.says and fields[before.says].reading is Reading.CODE:
            fresh = guess_codes(column, books[fields[before.says].codes], exact=False)
            new = [value for value in fresh if value not in before.codes]
            now = replace(now, codes={**before.codes, **{value: fresh[value] for value in new}})
            if new:
                shown = ", ".join(f"“{value}”" for value in new[:5])
                differences.append(f"{look.name}, column {column.letter} “{column.header}”: new values: {shown}.")
        if now.order is DayOrder.MONTH_FIRST and not column.evidence.month_first:
            # A file of another machine may have the day first, and nothing else would tell.
            now = replace(now, confirmed=False, sure=0)
            differences.append(
                f"{look.name}, column {column.letter} “{column.header}”: had the month first, which no date shows now."
            )
        columns.append(now)
    for gone in by_name.values():
        if gone.says:
            differences.append(f"{look.name}: the column “{gone.header}” ({fields[gone.says].label}) is not there now.")
    use = replace(
        known,
        file=look.file,
        sheet=look.sheet,
        header_line=look.header_line or known.header_line,
        # Hidden rows are asked about each time: a filter was set for some purpose of that day.
        hidden_lines=None if look.hidden_lines else False,
        columns=tuple(columns),
    )
    return use, differences
