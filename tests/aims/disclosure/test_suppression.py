"""No sum that a reader can check gives away a small count, and no more falls than has to."""

from time import perf_counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aims.disclosure import ALL, HIDDEN, SHOWN, SMALL, Cell, CountTable, suppress
from aims.disclosure.reach import worked_out
from tests.naive.disclosure import cells_worked_out

FLAT = {"together": ("met", "missed", "waiting")}
DEEP = {"together": ("due", "waiting"), "due": ("met", "missed")}
NATIONAL = {
    "together": ("due", "waiting"),
    "due": ("met", "missed", "overdue"),
    "missed": ("late", "left_undecided"),
}
NATIONAL_LEAVES = ("met", "late", "left_undecided", "overdue", "waiting")


def table(*rows: tuple[int, ...], parts=FLAT, leaves=("met", "missed", "waiting")) -> CountTable:
    """Groups A, B, ... with their counts in the order of the leaves."""
    return CountTable(
        parts, {"ABCDEFGH"[number]: dict(zip(leaves, row, strict=True)) for number, row in enumerate(rows)}
    )


def marks_of(suppressed, row: str) -> dict[str, str]:
    """What is written in each cell of a row."""
    return {
        cell.column: suppressed.table.counts[cell] if mark is SHOWN else mark.value
        for cell, mark in suppressed.marks.items()
        if cell.row == row
    }


@st.composite
def tables(draw, most: int = 12, rows: int = 6):
    parts, leaves = draw(
        st.sampled_from(
            [(FLAT, ("met", "missed", "waiting")), (DEEP, ("met", "missed", "waiting")), (NATIONAL, NATIONAL_LEAVES)]
        )
    )
    count = st.one_of(st.sampled_from([0, 0, 1, 1, 2, 4, 5]), st.integers(0, most))
    row = st.tuples(*[count] * len(leaves))
    return table(*draw(st.lists(row, min_size=1, max_size=rows)), parts=parts, leaves=leaves)


@st.composite
def small_tables(draw):
    """Small enough to try every table that looks the same."""
    parts = draw(st.sampled_from([FLAT, DEEP]))
    row = st.tuples(*[st.sampled_from([0, 1, 1, 2, 3, 4, 4, 5, 6])] * 3)
    return table(*draw(st.lists(row, min_size=1, max_size=2)), parts=parts)


@st.composite
def marked_tables(draw):
    """A small table with marks that nobody chose well."""
    one = draw(small_tables())
    marks = {}
    for cell, count in one.counts.items():
        choices = [SHOWN] if count == 0 else [SHOWN, HIDDEN, SMALL] if count < 5 else [SHOWN, HIDDEN]
        marks[cell] = draw(st.sampled_from(choices))
    return one, marks


@given(tables())
@settings(max_examples=300, deadline=None)
def test_no_small_count_is_shown_and_none_can_be_worked_out(one):
    suppressed = suppress(one)
    assert not [cell for cell, mark in suppressed.marks.items() if mark is SHOWN and 0 < one.counts[cell] < 5]
    assert not worked_out(one, suppressed.marks)


@given(tables())
@settings(max_examples=300, deadline=None)
def test_who_guesses_that_hidden_is_five_or_more_works_nothing_out_where_no_small_count_had_to_be_called_hidden(one):
    marks = suppress(one).marks
    assume(not any(mark is HIDDEN and one.counts[cell] < 5 for cell, mark in marks.items()))
    assert not worked_out(one, marks, guessing=True)


@given(small_tables())
@settings(max_examples=120, deadline=None)
def test_a_reader_who_writes_down_every_table_that_looks_the_same_works_nothing_out(one):
    assert not cells_worked_out(one, suppress(one).marks)


@given(marked_tables())
@settings(max_examples=150, deadline=None)
def test_the_network_finds_exactly_what_that_reader_finds(marked):
    one, marks = marked
    assert set(worked_out(one, marks)) == cells_worked_out(one, marks)


@given(tables())
@settings(max_examples=100, deadline=None)
def test_zeros_are_shown_and_a_mark_says_the_truth(one):
    for cell, mark in suppress(one).marks.items():
        count = one.counts[cell]
        assert count > 0 or mark is SHOWN
        least, greatest = mark.known(count)
        assert least <= count <= greatest


@given(tables())
@settings(max_examples=60, deadline=None)
def test_the_same_table_always_falls_in_the_same_way(one):
    assert suppress(one).marks == suppress(one).marks


@given(st.lists(st.tuples(*[st.one_of(st.just(0), st.integers(5, 400))] * 3), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_where_no_count_is_small_everything_is_shown(rows):
    assert set(suppress(table(*rows)).marks.values()) == {SHOWN}


def test_one_small_count_takes_the_least_that_hides_it():
    suppressed = suppress(table((40, 3, 30), (50, 8, 55), (70, 9, 80)))
    assert marks_of(suppressed, "A") == {"together": 73, "met": 40, "missed": "<5", "waiting": "hidden"}
    assert marks_of(suppressed, "B") == {"together": 113, "met": 50, "missed": "hidden", "waiting": "hidden"}
    assert marks_of(suppressed, "C") == {"together": 159, "met": 70, "missed": 9, "waiting": 80}
    assert marks_of(suppressed, ALL) == {"together": 345, "met": 160, "missed": 20, "waiting": 165}


def test_two_small_counts_whose_sum_would_force_them_are_not_enough():
    # 1 + 1 = 2: whoever reads the sum of the column as 2 knows both.
    one = table((10, 1, 9), (10, 1, 9), (20, 0, 20), parts=FLAT)
    naive = {cell: SMALL if 0 < count < 5 and cell.row != ALL else SHOWN for cell, count in one.counts.items()} | {
        Cell("A", "waiting"): HIDDEN,
        Cell("B", "waiting"): HIDDEN,
    }
    assert Cell("A", "missed") in worked_out(one, naive)
    assert not worked_out(one, suppress(one).marks)


def test_one_and_five_under_a_total_of_six_are_not_told_by_the_word_hidden():
    # Whoever takes "hidden" for five or more reads 6 = <5 + hidden as 1 + 5.
    one = table((1, 9, 0), (5, 9, 0))
    at_hand = dict.fromkeys(one.counts, SHOWN) | {
        Cell("A", "met"): SMALL,
        Cell("B", "met"): HIDDEN,
        Cell("A", "missed"): HIDDEN,
        Cell("B", "missed"): HIDDEN,
    }
    assert not worked_out(one, at_hand)
    assert Cell("A", "met") in worked_out(one, at_hand, guessing=True)
    assert not worked_out(one, suppress(one).marks, guessing=True)


def test_four_ones_under_a_total_of_four_do_not_tell_each_other():
    # "<5" four times is at least 4, and "<5" for their total is at most 4: one of the marks has to say less.
    one = table(*[(9, 1, 9)] * 4)
    only_small = {cell: SMALL if 0 < count < 5 else HIDDEN for cell, count in one.counts.items()}
    assert worked_out(one, only_small)
    marks = suppress(one).marks
    assert not worked_out(one, marks)
    assert marks[Cell(ALL, "missed")] is HIDDEN


def test_a_small_total_falls_too():
    suppressed = suppress(table((0, 2, 0), (30, 1, 20)))
    assert suppressed.marks[Cell("A", "together")] is not SHOWN
    assert suppressed.marks[Cell(ALL, "missed")] is not SHOWN


def test_one_authority_alone_is_not_told_by_the_total():
    suppressed = suppress(table((30, 3, 20)))
    assert suppressed.marks[Cell("A", "missed")] is SMALL
    assert suppressed.marks[Cell(ALL, "missed")] is SMALL


def test_a_part_of_a_part_cannot_be_told_by_the_whole_that_is_shown():
    one = table((40, 20, 2, 15, 30), (60, 30, 12, 25, 40), parts=NATIONAL, leaves=NATIONAL_LEAVES)
    suppressed = suppress(one)
    assert suppressed.shown(Cell("A", "missed")) == 22
    assert suppressed.shown(Cell("A", "late")) is None
    assert not worked_out(one, suppressed.marks)


@pytest.mark.parametrize(
    ("parts", "leaves"),
    [
        ({"together": ("met",), "due": ("met",)}, {"A": {"met": 1}}),
        ({"together": ("met",), "due": ("missed",)}, {"A": {"met": 1, "missed": 1}}),
        ({"together": ("met", "missed")}, {"A": {"met": 1}}),
        ({"together": ("met", "missed")}, {"A": {"met": 1, "missed": -1}}),
        ({"together": ("met", "missed")}, {ALL: {"met": 1, "missed": 1}}),
    ],
    ids=["a part of two wholes", "two trees", "a count is missing", "a negative count", "a group called all"],
)
def test_a_table_that_does_not_add_up_is_refused(parts, leaves):
    with pytest.raises(ValueError, match="must|may"):
        CountTable(parts, leaves)


def test_a_table_of_every_council_takes_less_than_a_second():
    rows = [tuple((7 * row + 3 * column) % 17 for column in range(5)) for row in range(32)]
    one = CountTable(
        NATIONAL, {f"S{number:02d}": dict(zip(NATIONAL_LEAVES, row, strict=True)) for number, row in enumerate(rows)}
    )
    began = perf_counter()
    suppress(one)
    assert perf_counter() - began < 1
