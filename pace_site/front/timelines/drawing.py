"""The geometry of a timeline: a story becomes shapes with places, ready for a template to write as SVG. Pure.

Along the axis places are per cent of the width; across it they are pixels. Labels are as wide as their words whatever
the width of the drawing, so what lies apart at the narrowest width lies apart at every wider one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pace_site.front.timelines.axis import NARROWEST, Axis, Tick, zoom_for
from pace_site.front.timelines.story import Bar, Due, Mark, Story
from pace_site.front.timelines.wording import Wording

FONT = 12
RADIUS = 7
LANE = 21
BAR = 24
THIN_BAR = 14
SPACE = 6
TOP = 4
# Of a mark so long that neither side of it has room, the line itself then has room for the label.
WIDEST_LABEL = 270
RIGHT, LEFT, INSIDE = "right", "left", "inside"
# Widths of letters in parts of the font size, on the generous side: fonts differ from one machine to the next.
NARROW_LETTERS, WIDE_LETTERS = frozenset("iljtfrI.,:;'|!()[]- "), frozenset("mwMW@%&")
SHAPES = {
    "meeting": "M-6,0A6,6 0 1 1 6,0A6,6 0 1 1 -6,0Z",
    "hearing": "M0,-7L7,6L-7,6Z",
    "assessment": "M-5.5,-5.5H5.5V5.5H-5.5Z",
    "plan": "M0,-7.5L2,-2.5L7.2,-2.2L3.2,1.2L4.5,6.4L0,3.5L-4.5,6.4L-3.2,1.2L-7.2,-2.2L-2,-2.5Z",
    "panel": "M-3.5,-6.5H3.5L7,0L3.5,6.5H-3.5L-7,0Z",
    "adm": "M0,-7L7,0L0,7L-7,0Z",
    "court": "M0,7L-7,-6L7,-6Z",
    "order": "M-2.3,-7H2.3V-2.3H7V2.3H2.3V7H-2.3V2.3H-7V-2.3H-2.3Z",
    "move": "M-6,-4H0V-7L7,0L0,7V4H-6Z",
    "due": "M-1.5,-7H1.5V7H-1.5Z",
    "MET": "M-6.5,0L-4,-2.5L-1.5,0L4,-5.5L6.5,-3L-1.5,5Z",
    "MISSED": "M-6,-4L-4,-6L0,-2L4,-6L6,-4L2,0L6,4L4,6L0,2L-4,6L-6,4L-2,0Z",
    "OVERDUE": "M-8,-5.5L2,0L-8,5.5Z",
    # Nothing happened yet, or on a day that nobody knows: the due date stands alone.
    "WAITING": "",
    "UNKNOWN": "",
}


@dataclass(frozen=True)
class Block:
    """A bar: from `place`, `width` wide (per cent), at `top`, `height` high (pixels)."""

    place: float
    width: float
    top: int
    height: int
    look: str
    label: str
    label_from: int
    told: str

    @property
    def end(self) -> float:
        return self.place + self.width

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Sign:
    """A mark with its label: the shape at `place`, a line from `start` to `end`; all in per cent but `middle`."""

    place: float
    start: float
    end: float
    middle: float
    look: str
    path: str
    held: bool
    label: str
    label_place: float
    side: str
    told: str
    due_path: str = ""
    due_place: float = 0.0

    def extent(self) -> tuple[float, float]:
        """From where to where it reaches in pixels of the narrowest drawing, label included."""
        scale = NARROWEST / 100
        left, right = self.start * scale - RADIUS, self.end * scale + RADIUS
        wide = text_width(self.label) + SPACE
        if self.side == INSIDE:
            return left, right
        return (left - wide, right) if self.side == LEFT else (left, right + wide)


@dataclass(frozen=True)
class Strip:
    """One row of the drawing under its heading."""

    heading: str
    height: int
    blocks: tuple[Block, ...] = ()
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """Everything that a template writes out for one child."""

    strips: tuple[Strip, ...]
    ticks: tuple[Tick, ...]
    today: float | None


def text_width(words: str) -> float:
    """About how wide words are in pixels; never less than they are."""
    parts = (
        0.4 if c in NARROW_LETTERS else 0.98 if c in WIDE_LETTERS else 0.76 if c.isupper() else 0.62 for c in words
    )
    return FONT * sum(parts)


def draw(story: Story, axis: Axis, *, wording: Wording) -> Drawing:
    """Lay out one story on an axis, which siblings share."""
    return Drawing(
        strips=tuple(strip for strip in _strips(story, axis, wording) if strip.blocks or strip.signs),
        ticks=tuple(axis.calendar_ticks()),
        today=axis.place(story.as_at) if axis.first <= story.as_at.toordinal() <= axis.last else None,
    )


def _strips(story: Story, axis: Axis, wording: Wording) -> list[Strip]:
    return [
        signs_strip(wording.ROWS["marks"], [_mark_sign(mark, axis) for mark in story.marks]),
        stays_strip(wording.ROWS["stays"], story, axis),
        blocks_strip(wording.ROWS["grounds"], story.grounds, axis),
        signs_strip(wording.ROWS["dues"], [_due_sign(due, axis) for due in story.dues]),
    ]


def signs_strip(heading: str, signs: Sequence[Sign]) -> Strip:
    """Stack signs in lanes so that none covers another."""
    placed, lanes = stack(signs)
    return Strip(heading, TOP + lanes * LANE, signs=tuple(placed))


def stack(signs: Iterable[Sign]) -> tuple[list[Sign], int]:
    """Put each sign into the first lane where it touches nothing; return them in order of time, and how many lanes."""
    ends: list[float] = []
    placed = []
    for sign in sorted(signs, key=lambda sign: sign.extent()):
        left, right = sign.extent()
        lane = next((number for number, end in enumerate(ends) if left >= end + SPACE), len(ends))
        ends[lane : lane + 1] = [right]
        placed.append(replace(sign, middle=TOP + lane * LANE + LANE / 2))
    return sorted(placed, key=lambda sign: (sign.place, sign.middle)), len(ends)


def _sign(start: float, end: float, place: float, look: str, label: str, **more) -> Sign:
    """A sign whose label stands where it has room: on the right, else on the left, else over its own line."""
    label = shortened(label)
    room = RADIUS + SPACE + text_width(label)
    scale = NARROWEST / 100
    side = RIGHT if end * scale + room <= NARROWEST else LEFT if start * scale >= room else INSIDE
    return Sign(
        place=place,
        start=start,
        end=end,
        middle=0,
        look=look,
        path=SHAPES[look],
        label=label,
        label_place=end if side == RIGHT else start,
        side=side,
        **more,
    )


def shortened(words: str) -> str:
    """Words that need no more than the widest label; the rest is in the name of the mark."""
    if text_width(words) <= WIDEST_LABEL:
        return words
    while text_width(words) > WIDEST_LABEL - FONT:
        words = words[:-1]
    return words.rstrip() + "…"


def _mark_sign(mark: Mark, axis: Axis) -> Sign:
    start, end = axis.place(mark.on), axis.place(mark.until)
    return _sign(start, end, (start + end) / 2, mark.look, mark.short, held=mark.held, told=mark.told)


def _due_sign(due: Due, axis: Axis) -> Sign:
    days = [axis.place(due.due), axis.place(due.until)]
    return _sign(
        min(days),
        max(days),
        axis.place(due.until),
        due.state,
        due.short,
        held=due.happened is not None,
        told=due.told,
        due_path=SHAPES["due"],
        due_place=axis.place(due.due),
    )


def stays_strip(heading: str, story: Story, axis: Axis) -> Strip:
    """A line for each time in care, the placements and the gaps between them under it, short breaks below."""
    blocks = [_block(bar, axis, top=TOP, height=4, label="") for bar in story.episodes]
    top = TOP + 8
    for bars, height in (((*story.stays, *story.gaps), BAR), (story.breaks, THIN_BAR)):
        laid, lanes = _lanes_of(bars)
        blocks += [
            _block(bar, axis, top=top + lane * (height + 3), height=height, label=bar.short) for bar, lane in laid
        ]
        top += lanes * (height + 3)
    return Strip(heading, top + TOP, blocks=tuple(blocks))


def blocks_strip(heading: str, bars: Sequence[Bar], axis: Axis) -> Strip:
    laid, lanes = _lanes_of(bars)
    blocks = tuple(_block(bar, axis, top=TOP + lane * (BAR - 3), height=BAR - 6, label=bar.short) for bar, lane in laid)
    return Strip(heading, 2 * TOP + lanes * (BAR - 3), blocks=blocks)


def _lanes_of(bars: Iterable[Bar]) -> tuple[list[tuple[Bar, int]], int]:
    """Bars that are in force at once lie in lanes of their own."""
    ends: list = []
    laid = []
    for bar in sorted(bars, key=lambda bar: (bar.start, bar.until)):
        lane = next((number for number, end in enumerate(ends) if bar.start >= end), len(ends))
        ends[lane : lane + 1] = [bar.until]
        laid.append((bar, lane))
    return laid, len(ends)


def _block(bar: Bar, axis: Axis, *, top: int, height: int, label: str) -> Block:
    start, end = bar.start.toordinal(), bar.until.toordinal()
    return block(bar, axis, start=start, end=end, top=top, height=height, label=label)


def block(bar: Bar, axis: Axis, *, start: int, end: int, top: int, height: int, label: str = "") -> Block:
    """A bar from one place of the axis to another; its label appears from the zoom at which it fits inside."""
    place = axis.place(start)
    width = axis.place(end) - place
    return Block(
        place=place,
        width=width,
        top=top,
        height=height,
        look=bar.look,
        label=label,
        label_from=zoom_for(width * NARROWEST / 100, text_width(label) + 2 * SPACE),
        told=bar.told,
    )
