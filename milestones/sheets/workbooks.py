"""Read the sheets of an XLSX file: values only, no formula run, no macro, nothing that points outside."""

import io
import warnings
from collections.abc import Iterable

from milestones.sheets.grids import LIMITS, CellValue, Grid, GridRow, UploadLimits, is_blank
from milestones.sheets.packages import DAMAGE, SAVE_AS, open_package
from milestones.sheets.tables import Upload, UploadRefused
from milestones.sheets.text import tidied
from milestones.sheets.worksheet_marks import TooBig, WorksheetMarks, read_marks

# What openpyxl raises on a workbook whose parts contradict each other (an XML error is a SyntaxError).
CONTRADICTION = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, SyntaxError)


def read_workbook(upload: Upload, *, limits: UploadLimits = LIMITS) -> list[Grid]:
    """Return the sheets that hold anything, in their order; raises UploadRefused with the reason."""
    # Of use on few requests, and slow to load.
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    from openpyxl.utils.exceptions import InvalidFileException

    package = open_package(upload, limits=limits)
    try:
        # Styles and extensions that openpyxl does not know are none of ours.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(upload.content), read_only=True, data_only=True, keep_links=False)
            epoch = 1904 if book.epoch == CALENDAR_MAC_1904 else 1900
            grids = []
            for sheet in book.worksheets:
                with package.open(sheet._worksheet_path) as part:
                    marks = read_marks(part, limits=limits)
                sheet.reset_dimensions()
                grid = _grid(upload, sheet, marks, limits)
                grid.epoch = epoch
                if grid.rows:
                    grids.append(grid)
            book.close()
    except TooBig as why:
        raise UploadRefused(upload.name, f"{why}.", rule="too-large") from None
    except (*CONTRADICTION, InvalidFileException, *DAMAGE):
        message = f"the workbook is damaged and could not be read; {SAVE_AS}."
        raise UploadRefused(upload.name, message, rule="damaged") from None
    if not grids:
        raise UploadRefused(upload.name, "no sheet of the workbook holds anything.", rule="empty-file")
    return grids


def _grid(upload: Upload, sheet, marks: WorksheetMarks, limits: UploadLimits) -> Grid:
    """One sheet: the rows that hold anything, and its marks."""
    grid = Grid(
        upload.name,
        sheet.title,
        [],
        hidden=sheet.sheet_state != "visible" or marks.hidden,
        hidden_columns=frozenset(marks.hidden_columns),
        merged=marks.merged,
        unsaved=frozenset(marks.unsaved),
    )
    if marks.formulas:
        formulas = "a formula" if marks.formulas == 1 else f"{marks.formulas:,} formulas"
        grid.remarks.append(
            f"The sheet holds {formulas} (the first in {marks.first_formula}): the values saved with it are used."
        )
    said: dict[str, str] = {}
    unsaved_lines = {line for line, _ in marks.unsaved}
    for line, cells in enumerate(_filled_rows(sheet, marks), start=1):
        kept = [_kept(cell, said) for cell in cells]
        while kept and is_blank(kept[-1]):
            kept.pop()
        if kept or line in unsaved_lines:
            grid.rows.append(GridRow(line, tuple(kept)))
            if len(grid.rows) > limits.rows:
                raise TooBig(f"the sheet {sheet.title} has more than {limits.rows:,} rows")
    filled = {row.line for row in grid.rows}
    grid.hidden_lines = frozenset(marks.hidden_lines & filled)
    return grid


def _filled_rows(sheet, marks: WorksheetMarks) -> Iterable[tuple[CellValue, ...]]:
    """The rows down to the last that is filled; rows that are only formatted may reach down to the end of any sheet."""
    return sheet.iter_rows(max_row=marks.last_filled, values_only=True) if marks.last_filled else ()


def _kept(cell: CellValue, said: dict[str, str]) -> CellValue:
    """A cell with its text tidied; the same words are kept once, for a large sheet says them often."""
    if isinstance(cell, str):
        found = said.get(cell)
        if found is None:
            found = said[cell] = tidied(cell)
        return found
    return cell
