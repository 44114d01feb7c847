"""Where things stand on the slides: the placeholders of each layout, in the order in which they are read."""

from dataclasses import dataclass

from pptx.util import Emu, Inches

SLIDE_WIDTH, SLIDE_HEIGHT = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.5)
WIDTH = Emu(SLIDE_WIDTH - 2 * MARGIN)
GAP = Inches(0.15)

Box = tuple[Emu, Emu, Emu, Emu]


@dataclass(frozen=True)
class Place:
    """One placeholder: its kind and index in the file, its name, its box (left, top, width, height) and type size."""

    kind: str
    index: int
    name: str
    left: Emu
    top: Emu
    width: Emu
    height: Emu
    size: int = 12
    align: str = "l"
    anchor: str = "t"

    @property
    def box(self) -> Box:
        return self.left, self.top, self.width, self.height

    @property
    def is_title(self) -> bool:
        return self.kind in ("title", "ctrTitle")


@dataclass(frozen=True)
class Layout:
    name: str
    places: tuple[Place, ...]


def _place(kind: str, index: int, name: str, left: float, top: float, width: float, height: float, **more) -> Place:
    """A place given in inches."""
    return Place(kind, index, name, *(Inches(value) for value in (left, top, width, height)), **more)


TITLE = Place("title", 0, "Title", MARGIN, Inches(0.3), WIDTH, Inches(0.8), size=26, anchor="ctr")
FOOTER = Place("ftr", 11, "Footer", MARGIN, Inches(7.05), Emu(WIDTH - Inches(1)), Inches(0.3), size=10, anchor="ctr")
NUMBER = Place(
    "sldNum",
    12,
    "Slide number",
    Emu(SLIDE_WIDTH - MARGIN - Inches(0.9)),
    Inches(7.05),
    Inches(0.9),
    Inches(0.3),
    size=10,
    align="r",
    anchor="ctr",
)
BOTTOM = Inches(6.9)  # of what stands between the title and the footer

TITLE_SLIDE = Layout(
    "Title",
    (
        Place(
            "ctrTitle", 0, "Title", Inches(1.2), Inches(1), Emu(SLIDE_WIDTH - Inches(2.4)), Inches(1.6), size=36,
            align="ctr", anchor="b",
        ),
        Place(
            "subTitle", 1, "Status and notices", Inches(1.2), Inches(2.9), Emu(SLIDE_WIDTH - Inches(2.4)), Inches(3.9),
            size=20, align="ctr",
        ),
    ),
)  # fmt: skip
WORDS = Layout("Words", (TITLE, Place("body", 1, "Words", MARGIN, Inches(1.3), WIDTH, Inches(5.6), size=16)))
TABLE = Layout("Table", (TITLE, Place("tbl", 13, "Table", MARGIN, Inches(1.3), WIDTH, Inches(5.6))))
LEFT, RIGHT = 7.2, 4.95  # inches: the columns of an aim's slide
RIGHT_FROM = 0.5 + LEFT + 0.183
AIM = Layout(
    "Aim",
    (
        TITLE,
        _place("body", 13, "Status and target", 0.5, 1.15, LEFT, 1.4),
        _place("tbl", 14, "Percentages", RIGHT_FROM, 1.2, RIGHT, 1.3),
        _place("chart", 15, "Chart", 0.5, 2.6, LEFT - 2.75, 3.0),
        _place("chart", 16, "Still waiting", 0.5 + LEFT - 2.7, 2.6, 2.7, 3.0),
        _place("body", 17, "Findings", 0.5, 5.7, LEFT, 1.2),
        _place("tbl", 18, "Longest waits", RIGHT_FROM, 2.6, RIGHT, 2.7),
        _place("body", 19, "Can we still make it?", RIGHT_FROM, 5.4, RIGHT, 1.5),
    ),
)
