"""The speaker's notes: what the slide has no room for, and what a speaker may be asked."""

from collections.abc import Sequence

from pptx.slide import Slide
from pptx.util import Pt

from aims.reports.highlight import AimReport
from aims.reports.report_words import barrier_line, remarks_lines, test_line, waits_left_out_line
from aims.reports.slides.text import Line, listed, write_run

SIZE = 11


def write_notes(slide: Slide, lines: Sequence[Line]) -> None:
    """Add paragraphs to the notes of a slide."""
    if not lines:
        return
    frame = slide.notes_slide.notes_text_frame
    for number, line in enumerate(lines):
        first = number == 0 and not frame.text
        paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
        if line.bold and not first:
            paragraph.space_before = Pt(6)
        write_run(paragraph, f"- {line.words}" if line.bullet else line.words, size=SIZE, bold=line.bold)


def aim_notes(aim: AimReport, left_over: Sequence[Line]) -> list[Line]:
    """The notes of an aim's slide; what did not fit on it comes first."""
    waits = waits_left_out_line(aim)
    return [
        *([Line("More from this slide", bold=True), *left_over] if left_over else []),
        *listed("What is counted, exactly", [f"{heading}: {words}" for heading, words in aim.definition]),
        *listed("How far it can be judged", [aim.maturity]),
        *listed("Quality of the data and who is left out", aim.quality),
        *listed("Change since the last report", aim.change),
        *listed("Tests of change and what was learned", [test_line(each) for each in aim.told.tests]),
        *listed("Barriers", [barrier_line(each) for each in aim.told.barriers]),
        *listed("Risks", aim.risks),
        *listed("Longest waits", [waits] if waits else []),
        *listed("Remarks on the chart", remarks_lines(aim)),
        *listed("By which rules the chart is judged", [aim.judged.basis] if aim.judged and aim.judged.points else []),
    ]
