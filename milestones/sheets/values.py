"""One cell as the file of an extract would have it: references, words, codes and flags as text, dates in ISO form."""

import re
from datetime import date, datetime, time

from milestones.extract.cells import FORMULA, Unacceptable
from milestones.sheets.grids import CellValue
from milestones.sheets.text import plain_words

# A number of more digits than this was rounded by the spreadsheet that kept it.
EXACT_DIGITS = 15
SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+", re.I)
ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
YES = frozenset(("1", "yes", "y", "true", "t"))
NO = frozenset(("0", "no", "n", "false", "f"))


def as_text(cell: CellValue) -> str:
    """A cell as text: 12 and 12.0 are "12", dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**EXACT_DIGITS else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def check_cell(cell: CellValue) -> None:
    """Refuse what no column may hold: the error of a formula, and text that a spreadsheet would run."""
    if isinstance(cell, str):
        if ERROR.fullmatch(cell):
            raise Unacceptable("formula", "the formula of this cell went wrong; mend it, or write the value")
        if FORMULA.match(cell) and len(cell) > 1:
            raise Unacceptable("formula", "this begins like a spreadsheet formula")


def read_ref(cell: CellValue) -> str:
    """Return a reference; one that a spreadsheet has shortened or rounded, or taken for a date, is refused."""
    if isinstance(cell, date | time | bool):
        raise Unacceptable("reference", "this is a date or a yes/no to the spreadsheet; format the column as text")
    if isinstance(cell, float) and not cell.is_integer():
        raise Unacceptable("reference", "this is a number with a fraction, and no reference")
    if isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS:
        raise Unacceptable("reference", "a number this long was rounded by the spreadsheet; format the column as text")
    text = as_text(cell)
    if SHORTENED.fullmatch(text):
        raise Unacceptable("reference", "a spreadsheet has shortened this number; format the column as text")
    return text


def read_flag(cell: CellValue) -> str:
    """Return 1 or 0; blank stays blank."""
    text = as_text(cell)
    words = plain_words(text)
    if not text:
        return ""
    if words in YES:
        return "1"
    if words in NO:
        return "0"
    raise Unacceptable("flag", "this is neither yes nor no")
