"""What `make load` tells and sends, apart from the load itself."""

from tests.load.__main__ import row
from tests.load.beside import without_some_reviews
from tests.load.people import ERRANDS, PATHS


def test_of_twenty_times_ninety_five_in_a_hundred_are_within_the_second_longest():
    told = row("child", [each / 10 for each in range(1, 22)])
    assert told == {"name": "child", "times": 21, "p50_ms": 1100, "p95_ms": 2000, "longest_ms": 2100}
    assert row("nothing", [])["p95_ms"] == 0


def test_each_extract_says_other_reviews_less_and_all_else_alike():
    lines = ["a header", *(f"C{place},REVIEW,2026-01-01" for place in range(200)), "C1,MEDICAL,2026-01-01"]
    first, second = (without_some_reviews(lines, nth=nth) for nth in (0, 1))
    assert len(first) == len(second) == len(lines) - 4
    assert first != second
    assert {lines[0], lines[-1]} < {*first} & {*second}


def test_errands_are_parts_of_a_hundred_and_each_reading_has_a_page():
    assert sum(ERRANDS.values()) == 100
    assert {*ERRANDS} - {*PATHS} == {"record", "correct"}
