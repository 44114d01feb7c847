"""Tables on slides: rows as high as their words need, a header row, and words for those who cannot see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.text import PP_ALIGN
from pptx.shapes.placeholder import PlaceholderGraphicFrame, TablePlaceholder
from pptx.util import Emu, Inches, Length, Pt

from aims.reports.slides.text import LINE_HEIGHT, printable, row_count, write_run

SIDE, ABOVE = Inches(0.05), Inches(0.025)  # margins inside a cell


@dataclass(frozen=True)
class Header:
    """A column: its words, its share of the width, and whether it holds numbers."""

    words: str
    share: float
    is_number: bool = False


def row_heights(
    headers: Sequence[Header], rows: Sequence[Sequence[str]], *, width: Length, size: int
) -> tuple[Length, list[Length]]:
    """How high the header and each row are."""
    widths = _widths(headers, width)

    def height(cells: Sequence[str], *, bold: bool) -> Length:
        inner = [each - 2 * SIDE for each in widths]
        most = max(
            row_count(words, width=Emu(room).pt, size=size, bold=bold) for words, room in zip(cells, inner, strict=True)
        )
        return Emu(Pt(most * size * LINE_HEIGHT) + 2 * ABOVE)

    return height([each.words for each in headers], bold=True), [height(row, bold=False) for row in rows]


def fill_table(
    place: TablePlaceholder,
    headers: Sequence[Header],
    rows: Sequence[Sequence[str]],
    *,
    size: int,
    name: str,
    alternative: str,
) -> PlaceholderGraphicFrame:
    """Put a table into its place."""
    head, heights = row_heights(headers, rows, width=place.width, size=size)
    widths = _widths(headers, place.width)
    frame = place.insert_table(len(rows) + 1, len(headers))
    describe(frame, name=name, alternative=alternative)
    for column, width in zip(frame.table.columns, widths, strict=True):
        column.width = width
    for number, (height, cells) in enumerate(zip([head, *heights], [[h.words for h in headers], *rows], strict=True)):
        frame.table.rows[number].height = height
        for column, words in enumerate(cells):
            cell = frame.table.cell(number, column)
            cell.margin_left = cell.margin_right = SIDE
            cell.margin_top = cell.margin_bottom = ABOVE
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if headers[column].is_number else PP_ALIGN.LEFT
            write_run(paragraph, words, size=size, bold=number == 0)
    frame.height = Emu(sum(heights, head))
    return frame


def describe(frame, *, name: str, alternative: str) -> None:
    """Name a shape and give it its text alternative."""
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", printable(alternative))


def _widths(headers: Sequence[Header], width: Length) -> list[Length]:
    whole = sum(each.share for each in headers)
    widths = [Emu(int(width * each.share / whole)) for each in headers]
    widths[-1] = Emu(width - sum(widths[:-1]))
    return widths
