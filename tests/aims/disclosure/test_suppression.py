"""No sum that a reader can check gives away a small count, on one day or over several, and no more falls than must."""

from collections.abc import Collection
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.disclosure import ALL, Cell, CountTable, Suppressed, TableSeries, common_pattern
from aims.disclosure.reach import may_fall, may_grow
from tests.naive.disclosure import UNBOUNDED, cells_worked_out, ranges_over_time

FLAT = {"together": ("met", "missed", "waiting")}
DEEP = {"together": ("due", "waiting"), "due": ("met", "missed")}
NATIONAL = {
    "together": ("due", "waiting"),
    "due": ("met", "missed", "overdue"),
    "missed": ("late", "left_undecided"),
}
NATIONAL_LEAVES = ("met", "late", "left_undecided", "overdue", "waiting")
NEVER_FALLING = {"met", "missed", "late", "left_undecided"}
ANY_NUMBER = (0, UNBOUNDED)


def worked_out(series: TableSeries, hidden: Collection[Cell]) -> list[Cell]:
    """The hidden cells that no round reaches; none is what is wanted. Of a single table, it is exactly these."""
    return [
        cell
        for cell in hidden
        if not (may_grow(cell, series, hidden, by=1) or (series.least[cell] and may_fall(cell, series, hidden)))
    ]


def table(*rows: tuple[int, ...], parts=FLAT, leaves=("met", "missed", "waiting")) -> CountTable:
    """Groups A, B, ... with their counts in the order of the leaves."""
    return CountTable(
        parts, {"ABCDEFGH"[number]: dict(zip(leaves, row, strict=True)) for number, row in enumerate(rows)}
    )


def national(*rows: tuple[int, ...]) -> CountTable:
    return table(*rows, parts=NATIONAL, leaves=NATIONAL_LEAVES)


def pattern(*tables: CountTable) -> frozenset[Cell]:
    return common_pattern(TableSeries(tables))


def words_of(one: CountTable, hidden, row: str) -> dict[str, int | None]:
    """What is shown in each cell of a row."""
    suppressed = Suppressed(one, hidden)
    return {cell.column: suppressed.shown(cell) for cell in one.counts if cell.row == row}


COUNT = st.one_of(st.sampled_from([0, 0, 1, 1, 2, 4, 5]), st.integers(0, 12))
SHAPES = [(FLAT, ("met", "missed", "waiting")), (DEEP, ("met", "missed", "waiting")), (NATIONAL, NATIONAL_LEAVES)]


@st.composite
def series(draw, most_days: int = 4):
    """Tables of the same groups at some days, earliest first; what is decided stays so."""
    parts, leaves = draw(st.sampled_from(SHAPES))
    groups = draw(st.integers(1, 5))
    days = [draw(st.lists(st.tuples(*[COUNT] * len(leaves)), min_size=groups, max_size=groups))]
    for _ in range(draw(st.integers(0, most_days - 1))):
        rows = []
        for earlier in days[-1]:
            row = draw(st.tuples(*[COUNT] * len(leaves)))
            rows.append(
                tuple(
                    before + now % 4 if leaf in NEVER_FALLING else now
                    for leaf, before, now in zip(leaves, earlier, row, strict=True)
                )
            )
        days.append(rows)
    return TableSeries(tuple(table(*rows, parts=parts, leaves=leaves) for rows in days))


@st.composite
def tables_with_hidden_cells(draw):
    """A small table with cells hidden that nobody chose well."""
    row = st.tuples(*[st.sampled_from([0, 1, 1, 2, 3, 4, 4, 5, 6])] * 3)
    one = table(*draw(st.lists(row, min_size=1, max_size=2)), parts=draw(st.sampled_from([FLAT, DEEP])))
    return one, {cell for cell in one.counts if draw(st.booleans())}


@given(series())
@settings(max_examples=200, deadline=None)
def test_no_small_count_is_shown_on_any_day_and_each_hidden_one_might_be_five_more_on_all_days(one):
    hidden = common_pattern(one)
    for each in one.tables:
        assert not [cell for cell, count in each.counts.items() if 0 < count < 5 and cell not in hidden]
        assert not worked_out(TableSeries((each,)), hidden)
    assert not worked_out(one, hidden)
    assert all(may_grow(cell, one, hidden, by=5) for cell in one.small)


@given(series())
@settings(max_examples=100, deadline=None)
def test_who_compares_the_days_pins_no_hidden_count(one):
    hidden = dict.fromkeys(common_pattern(one), ANY_NUMBER)
    ranges = ranges_over_time(one.tables, [hidden] * len(one.tables), never_falling=NEVER_FALLING)
    assert not [cell for day in ranges for cell in hidden if day[cell][0] == day[cell][1]]


@st.composite
def series_of_changing_groups(draw):
    """As `series`, but some groups are not in every table."""
    whole = draw(series())
    tables = []
    for one in whole.tables:
        there = {row: leaves for row, leaves in one.leaves.items() if row == "A" or draw(st.booleans())}
        tables.append(CountTable(one.parts, there))
    return TableSeries(tuple(tables))


@given(series_of_changing_groups())
@settings(max_examples=150, deadline=None)
def test_groups_that_are_not_in_every_table_have_their_small_counts_hidden_too(one):
    hidden = common_pattern(one)
    assert all(may_grow(cell, one, hidden, by=5) for cell in one.small)
    for each in one.tables:
        mine = {cell for cell in hidden if cell in each.counts}
        pinned = set(worked_out(TableSeries((each,)), mine))
        assert not [cell for cell in pinned if 0 < each.counts[cell] < 5]


@given(series(most_days=1))
@settings(max_examples=40, deadline=None)
def test_a_reader_who_writes_down_every_table_that_looks_the_same_works_nothing_out(one):
    small = TableSeries((table(*[tuple(row.values())[:3] for row in list(one.tables[0].leaves.values())[:2]]),))
    assert not cells_worked_out(small.tables[0], common_pattern(small))


@given(tables_with_hidden_cells())
@settings(max_examples=150, deadline=None)
def test_the_network_finds_exactly_what_that_reader_finds(case):
    one, hidden = case
    assert set(worked_out(TableSeries((one,)), hidden)) == cells_worked_out(one, hidden)


@given(series())
@settings(max_examples=100, deadline=None)
def test_what_is_zero_on_all_days_is_shown_and_the_same_series_always_falls_in_the_same_way(one):
    hidden = common_pattern(one)
    assert all(one.greatest[cell] for cell in hidden)
    assert common_pattern(one) == hidden


@given(st.lists(st.tuples(*[st.one_of(st.just(0), st.integers(5, 400))] * 3), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_where_no_count_is_small_everything_is_shown(rows):
    assert not pattern(table(*rows))


def test_one_small_count_takes_the_least_that_hides_it():
    one = table((40, 3, 30), (50, 8, 55), (70, 9, 80))
    hidden = pattern(one)
    assert words_of(one, hidden, "A") == {"together": 73, "met": 40, "missed": None, "waiting": None}
    assert words_of(one, hidden, "B") == {"together": 113, "met": 50, "missed": None, "waiting": None}
    assert words_of(one, hidden, "C") == {"together": 159, "met": 70, "missed": 9, "waiting": 80}
    assert words_of(one, hidden, ALL) == {"together": 345, "met": 160, "missed": 20, "waiting": 165}


def test_what_is_small_on_one_day_is_hidden_on_all_of_them_also_where_it_is_zero():
    days = [table((40, missed, 30), (50, 8, 55)) for missed in (0, 3, 9)]
    hidden = pattern(*days)
    assert [words_of(day, hidden, "A")["missed"] for day in days] == [None, None, None]
    assert not pattern(days[0])
    assert not pattern(days[2])


def test_a_cell_that_is_empty_on_another_day_does_not_hide_a_small_count():
    # On the second day nobody missed it in B, so nobody there can be taken for one who missed it in A.
    days = table((40, 3, 30), (50, 8, 55), (70, 9, 80)), table((40, 3, 30), (50, 0, 55), (70, 9, 80))
    assert Cell("B", "missed") in pattern(days[0])
    assert Cell("B", "missed") not in pattern(*days)
    assert Cell("C", "missed") in pattern(*days)


def test_comparing_days_that_are_each_hidden_alone_pins_what_one_pattern_for_all_does_not():
    # Met, late, left undecided, overdue and waiting. Of A, 7 and then 4 were met or are overdue, neither being shown.
    days = [national((3, 17, 6, 4, 0), (30, 95, 19, 17, 20)), national((3, 19, 6, 1, 0), (30, 97, 19, 17, 20))]
    met, overdue = Cell("A", "met"), Cell("A", "overdue")
    alone = {met: (1, 4), overdue: (1, 4), Cell("B", "met"): (1, UNBOUNDED), Cell("B", "overdue"): (1, UNBOUNDED)}
    assert not any(worked_out(TableSeries((day,)), alone) for day in days)
    pinned = ranges_over_time(days, [alone, alone], never_falling=NEVER_FALLING)
    assert [day[met] for day in pinned] == [(3, 3), (3, 3)]
    assert [day[overdue] for day in pinned] == [(4, 4), (1, 1)]

    hidden = dict.fromkeys(pattern(*days), ANY_NUMBER)
    ranges = ranges_over_time(days, [hidden, hidden], never_falling=NEVER_FALLING)
    assert all(least + 5 <= greatest for day in ranges for least, greatest in (day[met], day[overdue]))


def test_counts_that_might_only_be_other_small_ones_are_not_hidden_enough():
    # The column leaves 4 for A and B together, so neither could be five or more.
    one = table((10, 2, 9), (10, 2, 9), (20, 7, 20))
    close = {Cell("A", "missed"), Cell("B", "missed"), Cell("A", "waiting"), Cell("B", "waiting")}
    assert not worked_out(TableSeries((one,)), close)
    assert not may_grow(Cell("A", "missed"), TableSeries((one,)), close, by=5)
    assert not pattern(one) <= close


def test_a_small_total_falls_too():
    hidden = pattern(table((0, 2, 0), (30, 1, 20)))
    assert {Cell("A", "together"), Cell(ALL, "missed")} <= hidden


def test_one_authority_alone_is_not_told_by_the_total():
    hidden = pattern(table((30, 3, 20)))
    assert {Cell("A", "missed"), Cell(ALL, "missed")} <= hidden


def test_a_part_of_a_part_cannot_be_told_by_the_whole_that_is_shown():
    one = national((40, 20, 2, 15, 30), (60, 30, 12, 25, 40))
    assert words_of(one, pattern(one), "A")["missed"] == 22
    assert words_of(one, pattern(one), "A")["late"] is None


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


@pytest.mark.parametrize(
    "tables",
    [(), (table((1, 2, 3)), table((1, 2, 3), parts=DEEP))],
    ids=["no table", "other parts"],
)
def test_tables_that_cannot_be_compared_are_no_series(tables):
    with pytest.raises(ValueError, match="must"):
        TableSeries(tables)


def test_eight_tables_of_every_council_take_less_than_a_second():
    days = [
        CountTable(
            NATIONAL,
            {
                f"S{row:02d}": {leaf: (7 * row + 3 * column + day) % 17 for column, leaf in enumerate(NATIONAL_LEAVES)}
                for row in range(32)
            },
        )
        for day in range(8)
    ]
    began = perf_counter()
    pattern(*days)
    assert perf_counter() - began < 1
