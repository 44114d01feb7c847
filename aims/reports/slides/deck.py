"""The highlight report as slides: what stands overall, a table of all aims, and one slide for each aim."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path

from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu

from aims.reports.highlight import STANDARD, AimReport, Highlight
from aims.reports.report_words import barrier_line, overview_row, report_heading
from aims.reports.slides.aim_slide import fill_aim_slide
from aims.reports.slides.notes import write_notes
from aims.reports.slides.places import AIM, FOOTER, NUMBER, TABLE, TITLE, TITLE_SLIDE, WORDS
from aims.reports.slides.tables import Header, fill_table, row_heights
from aims.reports.slides.text import LANGUAGE, Line, fitted, listed, printable, shortened, write_lines, write_run
from pace_site.long_work.progress import UNWATCHED, Progress

LONGEST_PROPERTY = 255  # of a file in this format
TEMPLATE = Path(__file__).parent / "template.pptx"
OVERVIEW = (
    Header("Aim", 1.3),
    Header("Title", 5.2),
    Header("Status", 1.7),
    Header("In time, of those decided", 1.5, is_number=True),
    Header("In time, of those decided or overdue", 1.7, is_number=True),
    Header("Overdue", 1.1, is_number=True),
)
OVERVIEW_SIZE = 12
TITLE_SIZES, COVER_SIZES, COVER_TEXT_SIZES, TEXT_SIZES = (26, 24, 22, 20), (36, 32, 28, 24), (18, 16, 14), (18, 16, 14)


def slides(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    """Return the file."""
    deck = Presentation(TEMPLATE)
    properties = deck.core_properties
    properties.title = printable(report.title)[:LONGEST_PROPERTY]  # it stands whole on the first slide or in its notes
    properties.author = printable(report.authority)[:LONGEST_PROPERTY]
    properties.language, properties.keywords = LANGUAGE, "PACE, permanence"
    _title_slide(deck, report)
    if len(report.aims) > 1:
        _overview_slides(deck, report)
    _told_slide(deck, report)
    for aim in report.aims:
        progress.step(f"Making the slide of {aim.code}.")
        slide = _add_slide(deck, AIM.name, f"{aim.code}: {aim.headline}", report)
        fill_aim_slide(slide, aim)
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


def _title_slide(deck: Deck, report: Highlight) -> None:
    title, words = TITLE_SLIDE.places
    name = report.aims[0].title if len(report.aims) == 1 else report_heading(report)
    slide = _add_slide(deck, TITLE_SLIDE.name, name, report, sizes=COVER_SIZES, width=title.width)
    status = report.status if len(report.aims) > 1 else report.aims[0].status_line
    about = [] if len(report.aims) > 1 else [Line(report_heading(report))]
    lines = [*about, Line(status, bold=True), Line(report.period), *(Line(each) for each in report.notices)]
    text = fitted(lines, width=words.width, height=words.height, sizes=COVER_TEXT_SIZES)
    write_lines(slide.placeholders[words.index].text_frame, text)
    write_notes(slide, [*listed("More from this slide", [line.words for line in text.left_over])])


def _overview_slides(deck: Deck, report: Highlight) -> None:
    """As many slides as the table of all aims needs."""
    place = TABLE.places[1]
    rows = [overview_row(aim) for aim in report.aims]
    parts = list(_parts(rows))
    for number, part in enumerate(parts, start=1):
        of = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        slide = _add_slide(deck, TABLE.name, f"All aims{of}: {report.status}", report)
        fill_table(
            slide.placeholders[place.index],
            OVERVIEW,
            part,
            size=OVERVIEW_SIZE,
            name="All aims",
            alternative=f"{len(part)} aims with status, both percentages and the number overdue. {report.status}",
        )
        write_notes(slide, listed("How each aim stands", [_standing(aim) for aim in report.aims]))


def _standing(aim: AimReport) -> str:
    return f"{aim.code}: {aim.headline} {aim.status_line} {aim.target}"


def _parts(rows: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """The rows, as many to a slide as fit."""
    place = TABLE.places[1]
    head, heights = row_heights(OVERVIEW, rows, width=place.width, size=OVERVIEW_SIZE)
    part, taken = [], head
    for row, height in zip(rows, heights, strict=True):
        if part and taken + height > place.height:
            yield part
            part, taken = [], head
        part.append(row)
        taken = Emu(taken + height)
    yield part


def _told_slide(deck: Deck, report: Highlight) -> None:
    """What leaders decide on, what stands in the way and what is planned; no slide where nobody said anything."""
    told = report.told
    lines = [
        *listed("Decisions", report.decisions),
        *listed("Barriers for leaders", [barrier_line(each) for each in told.barriers]),
        *listed("Plan for the next period", told.next_period),
    ]
    if not lines:
        return
    slide = _add_slide(deck, WORDS.name, "Decisions, barriers and the next period", report)
    place = WORDS.places[1]
    text = fitted(lines, width=place.width, height=place.height, sizes=TEXT_SIZES)
    write_lines(slide.placeholders[place.index].text_frame, text)
    write_notes(slide, listed("More from this slide", [line.words for line in text.left_over]))


def _add_slide(
    deck: Deck, layout: str, title: str, report: Highlight, *, sizes: Sequence[int] = TITLE_SIZES, width=TITLE.width
) -> Slide:
    """A slide with title, marking and number; a title that is too long is cut, and stands whole in the notes."""
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name(layout))
    size, words = shortened(printable(title), width=width, rows=2, sizes=sizes)
    write_run(slide.shapes.title.text_frame.paragraphs[0], words, size=size, bold=True)
    if words.endswith("…") and words != title:
        write_notes(slide, [Line("Title", bold=True), Line(title)])
    free = max(shape.shape_id for shape in slide.shapes) + 1
    for number, place in enumerate((FOOTER, NUMBER), start=free):
        source = next(each for each in slide.slide_layout.placeholders if each.placeholder_format.idx == place.index)
        copied = deepcopy(source.element)
        copied.nvSpPr.cNvPr.set("id", str(number))  # no two shapes of a slide share a number
        slide.shapes._spTree.append(copied)
    footer = next(each for each in slide.placeholders if each.placeholder_format.idx == FOOTER.index)
    made_by = f" Made by {report.made_by}." if report.made_by else ""
    marking = f"{STANDARD}. {report.authority}, as at {report.as_at.day} {report.as_at:%B %Y}.{made_by}"
    footer.text_frame.clear()
    _size, words = shortened(printable(marking), width=FOOTER.width, rows=1, sizes=(FOOTER.size,), bold=False)
    write_run(footer.text_frame.paragraphs[0], words, size=FOOTER.size)
    return slide
