"""Read a CSV file of any of the encodings and separators that spreadsheet programs write."""

import codecs
import csv
import io
from collections import Counter

from milestones.sheets.grids import LIMITS, Grid, GridRow, UploadLimits, check_size
from milestones.sheets.tables import Upload, UploadRefused
from milestones.sheets.text import tidied

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SNIFFED_LINES = 40
WINDOWS = "cp1252"
# Control characters are no text in any encoding; Windows-1252 leaves five bytes undefined.
NOT_TEXT = frozenset(range(9)) | frozenset(range(14, 32))


def read_text_file(upload: Upload, *, limits: UploadLimits = LIMITS) -> Grid:
    """Read a CSV file; raises UploadRefused with the reason when it is none."""
    check_size(upload, limits)
    text, remarks = _decoded(upload)
    separator, text = _separator(upload, text)
    grid = Grid(upload.name, "", [], is_text=True, remarks=remarks)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    # Nothing unseen to look for in each cell where the whole text has none.
    clean = str.strip if text.isascii() and "  " not in text and ("\t" not in text or separator == "\t") else tidied
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return grid
        except csv.Error:
            message = f"line {line}: a quotation mark is not closed, or stands where it cannot, or a cell is too long."
            raise UploadRefused(upload.name, message, rule="quoting") from None
        if len(cells) > limits.columns:
            message = f"line {line} has {len(cells):,} cells; at most {limits.columns} columns can be read."
            raise UploadRefused(upload.name, message, rule="too-many-columns")
        cells = tuple(map(clean, cells))
        if any(cells):
            grid.rows.append(GridRow(line, cells))
            if len(grid.rows) > limits.rows:
                message = f"the file has more than {limits.rows:,} rows."
                raise UploadRefused(upload.name, message, rule="too-many-rows")


def _decoded(upload: Upload) -> tuple[str, list[str]]:
    """The text of the file, and what is to be said of its encoding."""
    content = upload.content
    if content.startswith(codecs.BOM_UTF8):
        return _strictly(upload, content, "utf-8-sig", "UTF-8"), []
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(upload, content, "utf-16", "UTF-16"), ["The file is UTF-16 text."]
    if wide := _utf16_without_mark(content):
        return _strictly(upload, content, wide, "UTF-16"), ["The file is UTF-16 text without a mark that says so."]
    if NOT_TEXT & set(content):
        raise UploadRefused(upload.name, "this is no text: it is not a CSV file, or it is damaged.", rule="not-a-table")
    try:
        return content.decode(), []
    except UnicodeDecodeError:
        text = _strictly(upload, content, WINDOWS, "UTF-8 or Windows-1252")
    letters = Counter(letter for letter in text if not letter.isascii())
    shown = " ".join(sorted(letters)[:12])
    remark = f"The file is not UTF-8; it was read as Windows-1252, which gives these letters: {shown}. Are they right?"
    return text, [remark]


def _strictly(upload: Upload, content: bytes, encoding: str, name: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"line {line} is not {name} text; save the file as “CSV UTF-8”."
        raise UploadRefused(upload.name, message, rule="encoding") from None
    if "\0" in text:
        raise UploadRefused(upload.name, "the file holds NUL characters and may be damaged.", rule="nul")
    return text


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 of mostly Latin letters has a NUL in every second byte, always on the same side."""
    start = content[:2_000]
    if len(start) < 8 or len(content) % 2:
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > 0.4 * len(start) and not even:
        return "utf-16-le"
    if even > 0.4 * len(start) and not odd:
        return "utf-16-be"
    return None


def _separator(upload: Upload, text: str) -> tuple[str, str]:
    """What parts the cells, and the text without a line that only says so (`sep=;`, as Excel understands it)."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS:
        # An empty line keeps the numbers of those that follow.
        return text[4], text[5:]
    # A row lies on several lines at most where its cells do.
    lines = io.StringIO(text, newline="").readlines(1_000_000)[: SNIFFED_LINES * 4]
    best, widest = ",", 1
    for separator in SEPARATORS:
        width = _common_width(lines, separator)
        if width > widest:
            best, widest = separator, width
    if widest == 1:
        names = ", ".join(SEPARATORS.values())
        message = (
            f"every row has one cell only; the columns must be separated by {names.replace(', bars', ' or bars')}."
        )
        raise UploadRefused(upload.name, message, rule="separator")
    return best, text


def _common_width(lines: list[str], separator: str) -> int:
    """How many cells most of the first rows have, title rows aside; 1 when rows cannot be read that way."""
    widths = Counter()
    try:
        for cells in csv.reader(lines, delimiter=separator, strict=True):
            if len(cells) > 1:
                widths[len(cells)] += 1
            if widths.total() == SNIFFED_LINES:
                break
    except csv.Error:
        # Told with its line when the file is read.
        pass
    if not widths:
        return 1
    width, rows = widths.most_common(1)[0]
    return width if 2 * rows >= widths.total() else 1
