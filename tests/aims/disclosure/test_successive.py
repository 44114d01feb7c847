"""What is published month after month tells no small count, not even to who lays all months side by side."""

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.disclosure import Change, PublishedDay, columns_to_hide, never_falls
from aims.disclosure.count_table import CountTable
from aims.disclosure.reader import GROUP, UNBOUNDED, Reader
from tests.naive.disclosure import ranges_over_time

PARTS = {"together": ("due", "waiting"), "due": ("met", "missed", "overdue"), "missed": ("late", "left")}
NEVER_FALLING = ("met", "missed", "late", "left", "due")
CHANGES = (
    *map(never_falls, NEVER_FALLING),
    never_falls("missed", "overdue"),
    Change(later=("missed", "overdue"), earlier=("missed", "overdue", "waiting"), at_most=True),
)
LEAVES = ("met", "late", "left", "overdue", "waiting")
SMALL_PARTS = {"together": ("met", "waiting")}


def published(histories, *, smallest_shown=5) -> list[PublishedDay]:
    """Publish one month after another, each beside those that are out."""
    days: list[PublishedDay] = []
    for leaves in histories:
        hidden = columns_to_hide(leaves, days, smallest_shown=smallest_shown, parts=PARTS, changes=CHANGES)
        days.append(PublishedDay(leaves, hidden, smallest_shown))
    return days


def history(seed: int, *, months: int, most: int) -> list[dict[str, int]]:
    """Children begin to wait, are met or fall due, and are decided late or leave; in some months nobody does."""
    rng = random.Random(seed)
    counts = dict.fromkeys(LEAVES, 0)
    found = []
    for _month in range(months):
        if rng.random() < 0.8:
            counts["waiting"] += rng.randint(0, most)
            for source, targets in (("waiting", ("met", "overdue")), ("overdue", ("late", "left"))):
                moving = min(counts[source], rng.randint(0, most))
                counts[source] -= moving
                for _each in range(moving):
                    counts[rng.choice(targets)] += 1
        found.append(dict(counts))
    return found


def test_where_nothing_is_small_everything_is_shown():
    leaves = {"met": 30, "late": 12, "left": 0, "overdue": 6, "waiting": 9}
    assert columns_to_hide(leaves, [], smallest_shown=5, parts=PARTS, changes=CHANGES) == frozenset()


def test_a_small_count_falls_with_another_by_which_it_could_be_worked_out():
    leaves = {"met": 30, "late": 12, "left": 0, "overdue": 3, "waiting": 9}
    hidden = columns_to_hide(leaves, [], smallest_shown=5, parts=PARTS, changes=CHANGES)
    assert "overdue" in hidden
    assert len(hidden) >= 2


def test_the_threshold_is_the_authoritys_own():
    leaves = {"met": 30, "late": 12, "left": 0, "overdue": 8, "waiting": 40}
    assert not columns_to_hide(leaves, [], smallest_shown=5, parts=PARTS, changes=CHANGES)
    assert "overdue" in columns_to_hide(leaves, [], smallest_shown=10, parts=PARTS, changes=CHANGES)


def test_a_month_that_would_tell_of_an_earlier_one_shows_less():
    # One of five who waited is met, and a month later another begins to wait. To show that month as well would leave
    # 4 or 5 for the one between: met cannot have fallen.
    months = [{"met": 8, "waiting": 5}, {"met": 9, "waiting": 4}, {"met": 9, "waiting": 5}]
    between = frozenset({"met", "waiting"})
    out = [PublishedDay(months[0], frozenset(), 5), PublishedDay(months[1], between, 5)]
    rules = {"parts": SMALL_PARTS, "changes": [never_falls("met")]}
    assert columns_to_hide(months[2], [], smallest_shown=5, **rules) == frozenset()
    assert Reader((*out, PublishedDay(months[2], frozenset(), 5)), **rules).range(1, "waiting") == (4, 5)
    hidden = columns_to_hide(months[2], out, smallest_shown=5, **rules)
    assert hidden
    assert Reader((*out, PublishedDay(months[2], hidden, 5)), **rules).finds_none_out()


def test_who_is_past_the_due_date_stays_past_it():
    # Of six past their due date one is overdue. A month later six are missed and nobody is overdue.
    first = {"met": 20, "late": 5, "left": 0, "overdue": 1, "waiting": 30}
    second = {"met": 20, "late": 6, "left": 0, "overdue": 0, "waiting": 30}
    hidden = columns_to_hide(first, [], smallest_shown=5, parts=PARTS, changes=CHANGES)
    out = PublishedDay(first, hidden | {"together", "waiting"}, 5)
    whole = Reader((out, PublishedDay(second, frozenset(), 5)), parts=PARTS, changes=CHANGES)
    assert whole.range(0, "overdue")[1] <= 1
    after = columns_to_hide(second, [out], smallest_shown=5, parts=PARTS, changes=CHANGES)
    assert Reader((out, PublishedDay(second, after, 5)), parts=PARTS, changes=CHANGES).range(0, "overdue")[1] >= 5


def test_nobody_passes_the_due_date_who_did_not_wait_the_month_before():
    first = PublishedDay(
        {"met": 20, "late": 9, "left": 0, "overdue": 9, "waiting": 3}, frozenset({"waiting", "together"}), 5
    )
    second = PublishedDay({"met": 20, "late": 9, "left": 0, "overdue": 12, "waiting": 9}, frozenset(), 5)
    assert Reader((first, second), parts=PARTS, changes=CHANGES).range(0, "waiting")[0] == 3
    hidden = columns_to_hide(second.leaves, [first], smallest_shown=5, parts=PARTS, changes=CHANGES)
    assert Reader((first, PublishedDay(second.leaves, hidden, 5)), parts=PARTS, changes=CHANGES).finds_none_out()


def test_counts_that_a_correction_let_fall_can_be_published():
    days = published(
        [
            {"met": 9, "late": 7, "left": 0, "overdue": 6, "waiting": 8},
            {"met": 8, "late": 6, "left": 0, "overdue": 6, "waiting": 2},
        ]
    )
    assert "waiting" in days[1].hidden


@pytest.mark.parametrize("most", [1, 3, 8])
@pytest.mark.parametrize("seed", range(4))
def test_no_reader_of_successive_months_pins_a_small_count(seed, most):
    days = published(history(seed, months=9, most=most))
    tables = [CountTable(PARTS, {GROUP: day.leaves}) for day in days]
    marks = [
        {cell: (0, UNBOUNDED) for cell in table.counts if cell.column in day.hidden}
        for table, day in zip(tables, days, strict=True)
    ]
    ranges = ranges_over_time(tables, marks, never_falling=set(NEVER_FALLING))
    for table, day, marked in zip(tables, ranges, marks, strict=True):
        for cell in marked:
            least, greatest = day[cell]
            assert least <= table.counts[cell] <= greatest
            if 0 < table.counts[cell] < 5:
                assert greatest >= 5
                assert greatest - least >= 4


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=2),
    st.lists(st.sets(st.sampled_from(["met", "waiting", "together"])), min_size=2, max_size=2),
)
def test_the_reader_finds_what_one_finds_who_writes_everything_down(counts, hidden):
    days = [
        PublishedDay({"met": met, "waiting": waiting}, frozenset(columns), 3)
        for (met, waiting), columns in zip(counts, hidden, strict=False)
    ]
    reader = Reader(days, parts=SMALL_PARTS, changes=[never_falls("met")])
    most = 8
    possible = [
        found
        for found in product(product(range(most + 1), repeat=2), repeat=len(days))
        if all(_looks_the_same(day, one) for day, one in zip(days, found, strict=True))
        and all(
            earlier[0] <= later[0] or days[place].leaves["met"] > days[place + 1].leaves["met"]
            for place, (earlier, later) in enumerate(zip(found, found[1:], strict=False))
        )
    ]
    for place, day in enumerate(days):
        for column in day.hidden:
            by_hand = {_count(found[place], column) for found in possible}
            least, greatest = reader.range(place, column)
            assert least == min(by_hand)
            # Where anything goes, the list ends before the reader does.
            assert greatest == max(by_hand) or (greatest == UNBOUNDED and max(by_hand) >= most)


def _count(one, column: str) -> int:
    met, waiting = one
    return {"met": met, "waiting": waiting, "together": met + waiting}[column]


def _looks_the_same(day: PublishedDay, one) -> bool:
    true = (day.leaves["met"], day.leaves["waiting"])
    return all(
        column in day.hidden or _count(one, column) == _count(true, column) for column in ("met", "waiting", "together")
    )
