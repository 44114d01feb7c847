"""The geometry of a driver diagram: boxes in columns, from the aim on the left to the ideas on the right. Pure.

All lengths are pixels. Boxes are as high as their words need, wrapped by a width that is never less than the true one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

WIDTHS = (204, 200, 270, 396)  # of the columns: aim, primary drivers, secondary drivers, change ideas
BETWEEN = 70  # columns, for the lines
APART = 12  # boxes of a column
MARGIN = 4
PADDING = 10
HEADING = 26
FONT, LINE = 14, 18
SMALL_FONT, SMALL_LINE = 13, 17
SMALLEST_ROW = 26  # what a finger hits
MOST_SWEEPS = 8
# Widths of letters in parts of the font size, on the generous side: fonts differ from one machine to the next.
NARROW_LETTERS, WIDE_LETTERS = frozenset("iljtfrI.,:;'|!()[]- "), frozenset("mwMW@%&–—…")
BOLD = 1.08


@dataclass(frozen=True)
class Row:
    """Some words of a box, perhaps a link; `look` is "title" or how a smaller line is drawn."""

    words: str
    href: str = ""
    look: str = "title"
    spoken: str = ""


@dataclass(frozen=True)
class Node:
    """A box to be drawn: `column` 0 is the aim, 3 the change ideas."""

    key: str
    column: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Heading:
    """What stands over a column; `adds` is where something is added to it."""

    words: str
    adds: str = ""
    add_words: str = ""
    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True)
class DrawnRow:
    row: Row
    top: float
    height: float
    lines: tuple[tuple[str, float], ...]  # each with its baseline


@dataclass(frozen=True)
class Box:
    key: str
    column: int
    left: float
    top: float
    width: float
    height: float
    rows: tuple[DrawnRow, ...]

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def words_left(self) -> float:
        return self.left + PADDING


@dataclass(frozen=True)
class Line:
    """A link, drawn from the right side of the box on its left to the left side of the box on its right."""

    start: str
    end: str
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def path(self) -> str:
        bend = (self.x1 + self.x2) / 2
        return (
            f"M{self.x1:.1f},{self.y1:.1f}"
            f"C{bend:.1f},{self.y1:.1f} {bend:.1f},{self.y2:.1f} {self.x2:.1f},{self.y2:.1f}"
        )


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    headings: tuple["Heading", ...]


def draw(nodes: Sequence[Node], links: Iterable[tuple[str, str]], *, headings: Sequence[Heading] = ()) -> Drawing:
    """Lay out boxes and their links, each from a node of one column to a node of the next.

    Nodes keep their order in the column of primary drivers; further right they stand beside what they are linked to.
    """
    links = list(links)
    columns = [[node for node in nodes if node.column == column] for column in range(len(WIDTHS))]
    columns = ordered(columns, links)
    heights = {node.key: height_of(node) for node in nodes}
    tops = placed([[node.key for node in column] for column in columns], heights, links)
    first = MARGIN + (HEADING if headings else 0)
    boxes = {node.key: _box(node, top=first + tops[node.key]) for column in columns for node in column}
    lines = [
        Line(start, end, boxes[start].right, boxes[start].middle, boxes[end].left, boxes[end].middle)
        for start, end in links
    ]
    return Drawing(
        width=_left(len(WIDTHS) - 1) + WIDTHS[-1] + MARGIN,
        height=max((box.bottom for box in boxes.values()), default=first) + MARGIN,
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
        headings=tuple(
            replace(heading, left=_left(column), right=_left(column) + WIDTHS[column])
            for column, heading in enumerate(headings)
        ),
    )


def ordered(columns: Sequence[Sequence[Node]], links: Iterable[tuple[str, str]]) -> list[list[Node]]:
    """The columns in an order in which few links cross: by where their links lead, then by changing neighbours."""
    links = list(links)
    result = [list(column) for column in columns[:2]]
    for column in columns[2:]:
        places = {node.key: place for place, node in enumerate(result[-1])}
        led = {
            node.key: [places[start] for start, end in links if end == node.key and start in places] for node in column
        }
        # What is linked to nothing stands last; Python's sort keeps the given order among equals.
        sorted_nodes = sorted(column, key=lambda node: fmean(led[node.key]) if led[node.key] else len(places))
        result.append(_with_fewer_crossings(sorted_nodes, led))
    return result


def _with_fewer_crossings(column: list[Node], led: Mapping[str, list[int]]) -> list[Node]:
    for _sweep in range(MOST_SWEEPS):
        changed = False
        for place in range(len(column) - 1):
            above, below = (led[column[place + each].key] for each in (0, 1))
            if crossings(below, above) < crossings(above, below):
                column[place : place + 2] = column[place + 1], column[place]
                changed = True
        if not changed:
            break
    return column


def crossings(above: Sequence[int], below: Sequence[int]) -> int:
    """How often the links of two neighbours cross, by the places they lead to."""
    return sum(one > other for one in above for other in below)


def placed(
    columns: Sequence[Sequence[str]], heights: Mapping[str, float], links: Iterable[tuple[str, str]]
) -> dict[str, float]:
    """The top of each box: the longest column stands closely, and the others beside what they are linked to."""
    totals = [sum(heights[key] for key in column) + APART * max(len(column) - 1, 0) for column in columns]
    room = max(totals, default=0)
    longest = totals.index(room) if totals else 0
    tops: dict[str, float] = {}
    links = list(links)
    for column in [*range(longest, len(columns)), *range(longest - 1, -1, -1)]:
        wished = []
        for key in columns[column]:
            near = [tops[other] + heights[other] / 2 for other in _linked(key, links) if other in tops]
            wished.append(fmean(near) - heights[key] / 2 if near else None)
        tops |= _stacked(columns[column], wished, heights, room=room, spare=room - totals[column])
    return tops


def _linked(key: str, links: Iterable[tuple[str, str]]) -> list[str]:
    return [end if start == key else start for start, end in links if key in (start, end)]


def _stacked(
    keys: Sequence[str], wished: Sequence[float | None], heights: Mapping[str, float], *, room: float, spare: float
) -> dict[str, float]:
    """Tops as near to the wished ones as boxes that keep their order and distance can stand.

    Without the boxes and distances above it a box moves freely between 0 and `spare`; there, wishes that are out of
    order are met in their mean (pooling adjacent violators).
    """
    offsets, offset = [], 0.0
    for key in keys:
        offsets.append(offset)
        offset += heights[key] + APART
    pools: list[list[float]] = []
    last = 0.0
    for wish, offset in zip(wished, offsets, strict=True):
        # A box without links follows the one above it.
        last = wish - offset if wish is not None else last
        pools.append([last])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    free = [fmean(pool) for pool in pools for _each in pool]
    return {key: min(max(place, 0.0), spare) + offset for key, place, offset in zip(keys, free, offsets, strict=True)}


def height_of(node: Node) -> float:
    return 2 * PADDING + sum(_row_height(row, node.column) for row in node.rows)


def _row_height(row: Row, column: int) -> float:
    lines = len(_wrapped(row, column))
    return max(lines * LINE, SMALLEST_ROW) if row.look == "title" else max(lines * SMALL_LINE, SMALLEST_ROW)


def _wrapped(row: Row, column: int) -> list[str]:
    title = row.look == "title"
    font = FONT * (BOLD if column < 2 else 1) if title else SMALL_FONT
    return wrap(row.words, room=WIDTHS[column] - 2 * PADDING, font=font)


def _left(column: int) -> float:
    return MARGIN + sum(WIDTHS[:column]) + BETWEEN * column


def _box(node: Node, *, top: float) -> Box:
    rows, at = [], top + PADDING
    for row in node.rows:
        height, lines = _row_height(row, node.column), _wrapped(row, node.column)
        line = LINE if row.look == "title" else SMALL_LINE
        first = at + (height - line * len(lines)) / 2 + line * 0.76
        drawn = tuple((words, first + line * place) for place, words in enumerate(lines))
        rows.append(DrawnRow(row, at, height, drawn))
        at += height
    return Box(node.key, node.column, _left(node.column), top, WIDTHS[node.column], at + PADDING - top, tuple(rows))


def wrap(words: str, *, room: float, font: float) -> list[str]:
    """Words in lines no wider than `room`; a word that is wider itself is broken."""
    lines = [""]
    for word in words.split():
        for part in _parts(word, room=room, font=font):
            longer = f"{lines[-1]} {part}".strip()
            if text_width(longer, font=font) <= room:
                lines[-1] = longer
            else:
                lines.append(part)
    return [line for line in lines if line] or [""]


def _parts(word: str, *, room: float, font: float) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and text_width(parts[-1] + letter, font=font) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def text_width(words: str, *, font: float) -> float:
    """About how wide words are; never less than they are."""
    return font * sum(_letter_width(letter) for letter in words)


def _letter_width(letter: str) -> float:
    if letter in NARROW_LETTERS:
        return 0.4
    if letter in WIDE_LETTERS:
        return 0.98
    if ord(letter) > 0x2E7F:
        return 1.4
    return 0.76 if letter.isupper() else 0.6
