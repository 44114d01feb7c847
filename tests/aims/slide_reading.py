"""Read slides back with python-pptx: their words, charts, boxes and notes."""

from io import BytesIO
from itertools import combinations
from zipfile import ZipFile

from openpyxl import load_workbook
from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from aims.reports.slides.deck import slides


def deck_of(report) -> Deck:
    return Presentation(BytesIO(slides(report)))


def aim_slides(deck: Deck) -> list[Slide]:
    return [slide for slide in deck.slides if slide.slide_layout.name == "Aim"]


def words_on(slide: Slide) -> str:
    """Every word on a slide, in reading order."""
    said = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            said.append(shape.text_frame.text)
        elif shape.has_table:
            said += [" ".join(cell.text for cell in row.cells) for row in shape.table.rows]
    return "\n".join(said)


def notes_of(slide: Slide) -> str:
    return slide.notes_slide.notes_text_frame.text


def charts_on(slide: Slide) -> dict:
    """The charts of a slide by name."""
    return {shape.name: shape.chart for shape in slide.shapes if shape.has_chart}


def values_of(chart) -> dict[str, list]:
    """The values of every series of a chart by its name, None for a gap."""
    return {series.name: list(series.values) for plot in chart.plots for series in plot.series}


def sheet_behind(chart) -> list[tuple]:
    """What somebody finds who edits the data of a chart."""
    book = load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return list(book.active.iter_rows(values_only=True))


def table_on(slide: Slide, name: str) -> list[list[str]]:
    (shape,) = [shape for shape in slide.shapes if shape.name == name]
    return [[cell.text for cell in row.cells] for row in shape.table.rows]


def alternatives_on(slide: Slide) -> dict[str, str]:
    """The text alternative of every chart and table."""
    graphics = [shape for shape in slide.shapes if shape.has_chart or shape.has_table]
    return {shape.name: shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in graphics}


def faults_of(deck: Deck) -> list[str]:
    """Shapes that leave their slide, lie on one another or share a number."""
    found = []
    for number, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            inside = shape.left >= 0 and shape.top >= 0 and shape.left + shape.width <= deck.slide_width
            if not inside or shape.top + shape.height > deck.slide_height:
                found.append(f"{number}: {shape.name} leaves the slide")
        ids = [shape.shape_id for shape in slide.shapes]
        if len(set(ids)) < len(ids):
            found.append(f"{number}: two shapes share a number")
        for one, other in combinations(slide.shapes, 2):
            if _overlap(one, other):
                found.append(f"{number}: {one.name} lies on {other.name}")
    return found


def every_part(body: bytes) -> str:
    """The text of every part of the file, and of the sheets behind its charts."""
    said = []
    with ZipFile(BytesIO(body)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                said.append(parts.read(name).decode())
            elif name.endswith(".xlsx"):
                said.append(every_part(parts.read(name)))
    return "\n".join(said)


def _overlap(one, other) -> bool:
    beside = one.left + one.width <= other.left or other.left + other.width <= one.left
    below = one.top + one.height <= other.top or other.top + other.height <= one.top
    return not beside and not below
