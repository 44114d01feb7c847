"""One aim on one slide: how it stands, its percentages, its charts, the longest waits, and whether it can be made."""

from pptx.slide import Slide
from pptx.util import Emu

from aims.reports.highlight import AimReport
from aims.reports.report_words import counts_line, percentage_rows, remarks_lines, wait_row, waits_left_out_line
from aims.reports.slides.charts import fill_charts
from aims.reports.slides.notes import aim_notes, write_notes
from aims.reports.slides.places import AIM, BOTTOM, GAP, Place
from aims.reports.slides.tables import Header, fill_table
from aims.reports.slides.text import Fitted, Line, fitted, listed, write_lines

PERCENTAGES = (Header("Percentage", 2.1), Header("Value", 0.75, is_number=True), Header("Counts", 2.7))
WAITS = (
    Header("Child", 0.85),
    Header("Waiting since", 1.5),
    Header("Weeks", 0.65, is_number=True),
    Header("Due", 2.45),
)
SIZES = (13, 12, 11, 10)
TABLE_SIZE = 10
WAITS_SIZE = 9
_TITLE, STATUS, FIGURES, CHART, BARS, FINDINGS, LONGEST, PROSPECT = AIM.places


def fill_aim_slide(slide: Slide, aim: AimReport) -> None:
    """Fill the places of the layout; a place without anything to hold is taken away."""
    left_over = [*_write(slide, STATUS, _standing(aim)).left_over]
    left_over += _fill_left(slide, aim)
    left_over += _fill_right(slide, aim)
    write_notes(slide, aim_notes(aim, left_over))


def _standing(aim: AimReport) -> list[Line]:
    said = [aim.target, aim.content.claim, f"{counts_line(aim)} {aim.maturity}"]
    return [
        Line(aim.content.definition.title, bold=True),
        Line(aim.status_line, bold=True),
        *(Line(each) for each in said if each),
    ]


def _fill_left(slide: Slide, aim: AimReport) -> tuple[Line, ...]:
    drawn = fill_charts(slide.placeholders[CHART.index], slide.placeholders[BARS.index], aim)
    top = FINDINGS.top if drawn else CHART.top
    lines = [
        Line(aim.chart_summary),
        *listed("What the chart says", aim.findings),
        *listed("Change since the last report", aim.change),
        *listed("Marked on the chart", remarks_lines(aim)),
    ]
    return _write(slide, FINDINGS, lines, top=top).left_over


def _fill_right(slide: Slide, aim: AimReport) -> tuple[Line, ...]:
    """Tables first, one below the other, and the words below them in what room is left."""
    top = FIGURES.top
    rows = percentage_rows(aim)
    if rows:
        place = slide.placeholders[FIGURES.index]
        said = " ".join(f"{label}: {value}, {words}." for label, value, words in rows)
        frame = fill_table(place, PERCENTAGES, rows, size=TABLE_SIZE, name="Percentages", alternative=said)
        top = max(LONGEST.top, Emu(frame.top + frame.height + GAP))
    else:
        _take_away(slide, FIGURES)
    waits = [wait_row(row, aim) for row in aim.waits]
    if waits:
        place = slide.placeholders[LONGEST.index]
        place.left, place.top, place.width, place.height = LONGEST.left, top, LONGEST.width, LONGEST.height
        longest = f"The {len(waits)} longest waits, longest first: {waits[0][0]} has waited {waits[0][2]} weeks."
        frame = fill_table(place, WAITS, waits, size=WAITS_SIZE, name="Longest waits", alternative=longest)
        top = Emu(frame.top + frame.height + GAP)
    else:
        _take_away(slide, LONGEST)
    more = waits_left_out_line(aim)
    lines = [
        *([Line(more)] if more else []),
        *listed("Can we still make it?", aim.prospect),
        *listed("Risks", aim.risks),
    ]
    if not lines:
        _take_away(slide, PROSPECT)
        return ()
    return _write(slide, PROSPECT, lines, top=top).left_over


def _write(slide: Slide, place: Place, lines: list[Line], *, top: Emu | None = None) -> Fitted:
    """Write into a place; with `top` it reaches from there to the bottom."""
    shape = slide.placeholders[place.index]
    height = place.height
    if top is not None:
        height = Emu(BOTTOM - top)
        shape.left, shape.top, shape.width, shape.height = place.left, top, place.width, height
    text = fitted(lines, width=place.width, height=height, sizes=SIZES)
    write_lines(shape.text_frame, text)
    return text


def _take_away(slide: Slide, place: Place) -> None:
    element = slide.placeholders[place.index].element
    element.getparent().remove(element)
