"""Guess what each sheet and each column says, by its name and by what it holds, and how sure that is.

Sure is 0 to 100. 100 is the layout of an extract to the letter and needs no confirmation; everything else does.
Similarity of names is that of rapidfuzz (token_sort_ratio, 0 to 100).
"""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from milestones.sheets.code_books import CERTAIN, SAYS_NOTHING, CodeBook
from milestones.sheets.field_kinds import Field, Reading
from milestones.sheets.fields import FIELDS, IDENTITY_KINDS, WIDE
from milestones.sheets.looks import ColumnLook, SheetLook
from milestones.sheets.mapping import LEAVE_EMPTY, CodeUse, ColumnUse, Mapping, SheetUse
from milestones.sheets.text import plain_words

EXACT, BY_NAME, LEAST = 100, 95, 70
SIMILAR_ENOUGH = 78
# Below this share of cells that fit, a column with the right name holds something else.
FITTING_ENOUGH = 0.5


def guess_mapping(looks: Sequence[SheetLook], books: dict[str, CodeBook]) -> Mapping:
    """Return what the sheets seem to say, to be looked at by a person."""
    return Mapping(tuple(guess_sheet(look, books) for look in looks))


def guess_sheet(look: SheetLook, books: dict[str, CodeBook], *, kind: str | None = None) -> SheetUse:
    """Return what one sheet seems to say; as a sheet of `kind` where a person has said that."""
    hidden_lines = None if look.hidden_lines else False
    nothing = SheetUse(look.file, look.sheet, "", look.header_line or 1, hidden_lines=hidden_lines)
    if kind == "" or look.header_line is None:
        return nothing
    kinds = [kind] if kind else list(FIELDS)
    tried = [(one, *_columns(look, one, books)) for one in kinds]
    best, columns, fit = max(tried, key=lambda each: (each[2], each[0] != WIDE))
    sure = _sureness(look, best, columns)
    if not kind and (fit < 150 or not any(column.says == "child_ref" for column in columns)):
        return replace(nothing, columns=tuple(replace(column, says="", sure=0) for column in columns))
    if look.hidden and not kind:
        # A hidden sheet is used only when somebody says so.
        return replace(nothing, columns=columns)
    return SheetUse(look.file, look.sheet, best, look.header_line, sure, False, hidden_lines, columns)


def _sureness(look: SheetLook, kind: str, columns: tuple[ColumnUse, ...]) -> int:
    exact = {column.says for column in columns if column.sure == EXACT}
    wanted = {field.key for field in FIELDS[kind] if field.must_exist}
    if kind != WIDE and wanted <= exact and plain_words(look.file).startswith(kind.removesuffix(".csv")):
        return CERTAIN
    return BY_NAME if wanted <= {column.says for column in columns} else LEAST


def _columns(look: SheetLook, kind: str, books: dict[str, CodeBook]) -> tuple[tuple[ColumnUse, ...], float]:
    """Each column's likeliest field, every field once; and how well the sheet fits its kind altogether."""
    fields = FIELDS[kind]
    scored = []
    for column in look.columns:
        if column.hidden:
            continue
        for position, field in enumerate(fields):
            sure = _likeness(column, field)
            if sure >= LEAST:
                scored.append((sure, -position, column.index, field))
    chosen: dict[int, tuple[Field, int]] = {}
    taken: set[str] = set()
    for sure, _, index, field in sorted(scored, key=lambda each: each[:3], reverse=True):
        if index not in chosen and field.key not in taken:
            chosen[index] = (field, sure)
            taken.add(field.key)
    _by_content(look, fields, chosen, taken)
    missing = sum(field.must_exist and field.key not in taken for field in fields)
    fit = sum(sure for _, sure in chosen.values()) - 100 * missing
    if kind in IDENTITY_KINDS and len(look.columns) > len(chosen) + 2:
        fit /= 2
    return tuple(_use(column, chosen.get(column.index), books) for column in look.columns), fit


def _likeness(column: ColumnLook, field: Field) -> int:
    """How sure the name of the column makes it that it says `field`, unless its cells say otherwise."""
    if column.header.strip().lower() == field.key and "." not in field.key:
        return EXACT
    name = plain_words(column.header)
    if name in _phrases(field):
        sure = BY_NAME
    else:
        alike = process.extractOne(name, _phrases(field), scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR_ENOUGH)
        sure = round(alike[1] * 0.9) if alike else 0
    if sure and column.filled:
        # Bare day numbers are dates once a person says from when they count.
        if field.reading is Reading.DAY and column.days < FITTING_ENOUGH and not column.has_numbers:
            return 0
        if field.reading is not Reading.DAY and column.days > FITTING_ENOUGH and column.filled > 1:
            return 0
    return sure


def _phrases(field: Field) -> frozenset[str]:
    found = _PHRASES.get(field)
    if found is None:
        words = {plain_words(word) for word in field.words}
        if field.reading is Reading.DAY:
            # "Panel", "Panel date" and "Date of panel" are the same.
            words |= {f"{word} date" for word in words} | {f"date of {word}" for word in words}
            words |= {f"date {word}" for word in words if not word.startswith("date")}
        found = _PHRASES[field] = frozenset(words)
    return found


_PHRASES: dict[Field, frozenset[str]] = {}


def _by_content(
    look: SheetLook, fields: Sequence[Field], chosen: dict[int, tuple[Field, int]], taken: set[str]
) -> None:
    """Find the reference of the child by what it holds, where no name said it: different in every row, and no date."""
    if "child_ref" in taken:
        return
    for column in look.columns:
        is_unique = column.filled == look.rows > 1 and column.different == 1 and column.days < FITTING_ENOUGH
        if column.index not in chosen and is_unique and not column.hidden:
            chosen[column.index] = (next(field for field in fields if field.key == "child_ref"), LEAST)
            return


def _use(column: ColumnLook, choice: tuple[Field, int] | None, books: dict[str, CodeBook]) -> ColumnUse:
    if choice is None:
        return ColumnUse(column.index, column.header)
    field, sure = choice
    return use_as(column, field, books, sure=sure)


def use_as(column: ColumnLook, field: Field, books: dict[str, CodeBook], *, sure: int) -> ColumnUse:
    """Return the use of a column as `field`, with the order of its dates and its codes guessed."""
    use = ColumnUse(column.index, column.header, field.key, sure)
    if field.reading is Reading.CODE:
        return replace(use, codes=guess_codes(column, books[field.codes], exact=sure == EXACT))
    if field.reading is Reading.DAY and column.evidence.month_first:
        # British order stands until a person says otherwise; the cells that contradict it are refused.
        return replace(use, sure=min(sure, LEAST))
    return use


def guess_codes(column: ColumnLook, book: CodeBook, *, exact: bool) -> dict[str, CodeUse]:
    """Return what each value of a column seems to mean; `exact` when the column is one of an extract to the letter."""
    codes = {}
    for value in column.values or ():
        code, sure = book.guess(value)
        if not code and plain_words(value) in SAYS_NOTHING:
            code, sure = LEAVE_EMPTY, BY_NAME
        elif not code and book.open:
            # Any words may stand here, as they do in an extract.
            code, sure = value, CERTAIN if exact else BY_NAME
        codes[value] = CodeUse(code, sure)
    return codes
