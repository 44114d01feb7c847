"""Text on slides that fits its box: measured before it is written, and what does not fit goes to the notes.

Measured in DejaVu Sans, which is wider than the Arial of the slides: what fits here fits there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFont
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.text.text import TextFrame
from pptx.util import Length, Pt

from pace_site.look.typesetting import fonts

LANGUAGE = "en-GB"
MORE = "More in the notes."
LINE_HEIGHT = 1.2  # of the type size
SPACE_AFTER = 3  # points, below a paragraph
BULLET_INDENT = 14  # points
_MEASURED_AT = 100


@dataclass(frozen=True)
class Line:
    """One paragraph."""

    words: str
    bold: bool = False
    bullet: bool = False


@dataclass(frozen=True)
class Fitted:
    """What fits at which type size, in points, and what is left over for the notes."""

    size: int
    lines: tuple[Line, ...]
    left_over: tuple[Line, ...] = ()


def listed(heading: str, sentences: Sequence[str]) -> list[Line]:
    """A heading and its points, or nothing without any."""
    return [Line(heading, bold=True), *(Line(each, bullet=True) for each in sentences)] if sentences else []


def fitted(lines: Sequence[Line], *, width: Length, height: Length, sizes: Sequence[int]) -> Fitted:
    """Take the largest of `sizes` at which all fits; at the last one leave out from the end, and say so."""
    for size in sizes:
        if text_height(lines, width=width, size=size) <= height.pt:
            return Fitted(size, tuple(lines))
    smallest = sizes[-1]
    more = Line(MORE)
    for kept in range(len(lines) - 1, -1, -1):
        if kept and lines[kept - 1].bold and not lines[kept].bold:
            continue  # a heading does not stand without anything below it
        shown = [*lines[:kept], more]
        if text_height(shown, width=width, size=smallest) <= height.pt:
            return Fitted(smallest, tuple(shown), tuple(lines[kept:]))
    return Fitted(smallest, (more,), tuple(lines))


def shortened(words: str, *, width: Length, rows: int, sizes: Sequence[int], bold: bool = True) -> tuple[int, str]:
    """The largest of `sizes` at which `words` take at most `rows` lines; at the last one, cut with an ellipsis."""
    for size in sizes:
        if row_count(words, width=width.pt, size=size, bold=bold) <= rows:
            return size, words
    smallest = sizes[-1]
    cut = words
    while row_count(f"{cut}…", width=width.pt, size=smallest, bold=bold) > rows:
        cut = cut[:-1].rstrip()
    return smallest, f"{cut}…"


def text_height(lines: Sequence[Line], *, width: Length, size: int) -> float:
    """How high paragraphs are, in points."""
    rows = 0
    for line in lines:
        inner = width.pt - (BULLET_INDENT if line.bullet else 0)
        rows += row_count(line.words, width=inner, size=size, bold=line.bold)
    return rows * size * LINE_HEIGHT + len(lines) * SPACE_AFTER


def row_count(words: str, *, width: float, size: int, bold: bool = False) -> int:
    """How many rows a paragraph takes in a box `width` points wide."""
    rows, taken = 0, 0.0
    space = _length(" ", bold) * size / _MEASURED_AT
    for part in words.splitlines() or [""]:
        rows, taken = rows + 1, 0.0
        for word in part.split():
            long = _length(word, bold) * size / _MEASURED_AT
            if taken and taken + space + long > width:
                rows, taken = rows + 1, 0.0
            # A word wider than the box is broken wherever it reaches the edge.
            rows += int(long // width)
            taken += long % width + (space if taken else 0)
    return rows


def write_lines(frame: TextFrame, text: Fitted) -> None:
    """Replace the text of a shape."""
    for number, line in enumerate(text.lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(SPACE_AFTER)
        if line.bullet:
            _bullet(paragraph)
        write_run(paragraph, line.words, size=text.size, bold=line.bold)


def write_run(paragraph, words: str, *, size: int, bold: bool = False) -> None:
    """Add words in British English; a character that no file can hold is left out."""
    run = paragraph.add_run()
    run.text = printable(words)
    run.font.size, run.font.bold = Pt(size), bold
    run.font._element.set("lang", LANGUAGE)


def printable(words: str) -> str:
    """The words on one line, without control characters."""
    return "".join(each for each in " ".join(words.split()) if each.isprintable())


def _bullet(paragraph) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(Pt(BULLET_INDENT)))
    properties.set("indent", str(-Pt(BULLET_INDENT)))
    character = OxmlElement("a:buChar")
    character.set("char", "•")
    for none in properties.findall(qn("a:buNone")):
        properties.remove(none)
    properties.append(character)


@lru_cache(maxsize=2)
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts() / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), _MEASURED_AT)


@lru_cache(maxsize=4096)
def _length(word: str, bold: bool) -> float:
    return _face(bold).getlength(word)
