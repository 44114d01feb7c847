"""The drawing of a driver diagram: whatever it says, boxes stand apart and links join their boxes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.driver_drawing import (
    FONT,
    MARGIN,
    PADDING,
    SMALLEST_ROW,
    WIDTHS,
    Drawing,
    Heading,
    Node,
    Row,
    crossings,
    draw,
    text_width,
    wrap,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=200)


@st.composite
def diagrams(drawing):
    """Nodes and links of any diagram: drivers without links, and ideas with many tests too."""
    counts = [1, *(drawing(st.integers(0, 9)) for _column in range(3))]
    nodes, links = [], []
    for column, count in enumerate(counts):
        for number in range(count):
            smaller = drawing(st.lists(WORDS, max_size=3)) if column == 3 else []
            rows = (Row(drawing(WORDS)), *(Row(words, look="test") for words in smaller))
            nodes.append(Node(f"{column}-{number}", column, rows))
    for column in range(3):
        every = [
            (f"{column}-{one}", f"{column + 1}-{other}")
            for one in range(counts[column])
            for other in range(counts[column + 1])
        ]
        links += drawing(st.lists(st.sampled_from(every), unique=True, max_size=20)) if every else []
    return nodes, links


def boxes_of(drawing: Drawing):
    return {box.key: box for box in drawing.boxes}


@settings(max_examples=60, deadline=None)
@given(diagrams())
def test_boxes_stand_apart_inside_the_drawing_and_links_join_them(diagram):
    nodes, links = diagram
    drawing = draw(nodes, links, headings=[Heading(words) for words in ("Aim", "Primary", "Secondary", "Ideas")])
    boxes = boxes_of(drawing)
    assert set(boxes) == {node.key for node in nodes}
    for box in boxes.values():
        assert box.left >= MARGIN
        assert box.right <= drawing.width - MARGIN
        assert box.bottom <= drawing.height
        for other in boxes.values():
            if other is not box:
                apart = box.right <= other.left or other.right <= box.left
                assert apart or box.bottom < other.top or other.bottom < box.top
    assert [(line.start, line.end) for line in drawing.lines] == links
    for line in drawing.lines:
        start, end = boxes[line.start], boxes[line.end]
        assert (line.x1, line.x2) == (start.right, end.left)
        assert start.top < line.y1 < start.bottom
        assert end.top < line.y2 < end.bottom


@settings(max_examples=60, deadline=None)
@given(diagrams())
def test_words_stay_whole_inside_their_box_and_rows_below_one_another(diagram):
    nodes, links = diagram
    boxes = boxes_of(draw(nodes, links))
    for node in nodes:
        box = boxes[node.key]
        at = box.top + PADDING
        for row, drawn in zip(node.rows, box.rows, strict=True):
            assert "".join("".join(words for words, _y in drawn.lines).split()) == "".join(row.words.split())
            assert abs(drawn.top - at) < 1e-6
            assert drawn.height >= SMALLEST_ROW
            for words, baseline in drawn.lines:
                assert drawn.top < baseline < drawn.top + drawn.height
                assert text_width(words, font=12) <= WIDTHS[node.column] - 2 * PADDING or len(words) == 1
            at = drawn.top + drawn.height
        assert at <= box.bottom


def plain(key: str, column: int) -> Node:
    return Node(key, column, (Row(key),))


def test_drivers_stand_beside_what_they_serve_whatever_order_they_were_added_in():
    nodes = [
        plain("aim", 0),
        *(plain(key, 1) for key in "ABC"),
        *(plain(key, 2) for key in ("c", "none", "a", "b", "ab")),
        *(plain(key, 3) for key in ("idea c", "idea a")),
    ]
    links = [
        *(("aim", key) for key in "ABC"),
        *(("C", "c"), ("A", "a"), ("B", "b"), ("A", "ab"), ("B", "ab")),
        *(("c", "idea c"), ("a", "idea a")),
    ]
    drawing = draw(nodes, links)
    boxes = boxes_of(drawing)
    secondary = sorted(("a", "b", "ab", "c", "none"), key=lambda key: boxes[key].top)
    assert secondary == ["a", "ab", "b", "c", "none"]
    assert boxes["idea a"].top < boxes["idea c"].top
    by_key = {key: box.middle for key, box in boxes.items()}
    between = [(by_key[line.start], by_key[line.end]) for line in drawing.lines]
    assert not any(
        one[0] < other[0] and one[1] > other[1]
        for columns in ("ABC", ("a", "b", "ab", "c"))
        for one in [pair for pair, line in zip(between, drawing.lines, strict=True) if line.start in columns]
        for other in [pair for pair, line in zip(between, drawing.lines, strict=True) if line.start in columns]
    )


def test_the_aim_stands_in_the_middle_of_its_drivers():
    nodes = [plain("aim", 0), *(plain(key, 1) for key in "ABC")]
    boxes = boxes_of(draw(nodes, [("aim", key) for key in "ABC"]))
    assert boxes["aim"].middle == boxes["B"].middle


def test_links_of_neighbours_cross_where_the_upper_one_leads_below_the_lower_one():
    assert crossings([0, 2], [1]) == 1
    assert crossings([0, 1], [1, 2]) == 0
    assert crossings([2, 3], [0, 1]) == 4


def test_a_word_wider_than_its_box_is_broken():
    assert wrap("a " + "m" * 30, room=100, font=FONT) == ["a", "m" * 7, "m" * 7, "m" * 7, "m" * 7, "mm"]
    assert wrap("  ", room=100, font=FONT) == [""]


def test_an_empty_diagram_is_only_its_aim():
    drawing = draw([plain("aim", 0)], [])
    assert [box.key for box in drawing.boxes] == ["aim"]
    assert drawing.lines == ()
