"""Dates, weeks, percentages and counts as people read them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from pace_site.look.words import british_date, children, count_of, day_or_text, days_left, percent, weeks

DUE = date(2027, 5, 14)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 5, 14), "14 May 2027"),
        (date(2027, 1, 3), "3 January 2027"),
        (date(2024, 2, 29), "29 February 2024"),
        (None, "not recorded"),
    ],
)
def test_a_day_is_written_as_in_britain(day, words):
    assert british_date(day) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0.0 weeks"),
        (1, "0.1 weeks"),
        (7, "1.0 weeks"),
        (182, "26.0 weeks"),
        (209, "29.9 weeks"),
        (211, "30.1 weeks"),
        (-7, "-1.0 weeks"),
        (None, "no data"),
    ],
)
def test_days_are_written_as_weeks_to_one_decimal(days, words):
    assert weeks(days) == words


def test_weeks_are_the_nearest_tenth():
    def is_nearest(days: int) -> bool:
        tenths = Decimal(weeks(days).removesuffix(" weeks")) * 10
        return abs(7 * tenths - 10 * days) * 2 <= 7

    assert [days for days in range(3 * 365) if not is_nearest(days)] == []


@pytest.mark.parametrize(
    ("percentage", "words"),
    [
        (0, "0 %"),
        (100, "100 %"),
        (Decimal("79.5"), "80 %"),
        (Decimal("79.4999"), "79 %"),
        (Decimal("80.5"), "81 %"),
        (Decimal("0.5"), "1 %"),
        (Fraction(100, 3), "33 %"),
        (Fraction(200, 3), "67 %"),
        (Fraction(159, 2), "80 %"),
        (None, "no data"),
    ],
)
def test_a_percentage_is_whole_and_rounds_a_half_up(percentage, words):
    assert percent(percentage) == words


@pytest.mark.parametrize(
    ("as_at", "words"),
    [
        (date(2027, 5, 14), "due today"),
        (date(2027, 5, 13), "1 day left"),
        (date(2027, 5, 15), "1 day over"),
        (date(2027, 4, 14), "30 days left"),
        (date(2028, 5, 14), "366 days over"),
        (date(2023, 5, 14), "1,461 days left"),
    ],
)
def test_how_long_is_left_is_told_in_days(as_at, words):
    assert days_left(DUE, as_at) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 children"), (1, "1 child"), (4, "4 children"), (1204, "1,204 children")]
)
def test_children_are_counted_in_words(count, words):
    assert children(count) == words


def test_anything_else_is_counted_alike():
    assert [count_of(count, "clock", "clocks") for count in (1, 2)] == ["1 clock", "2 clocks"]


def test_a_day_of_the_trail_is_told_in_words_and_a_reference_that_looks_like_one_is_left_alone():
    assert day_or_text("2027-05-14") == "14 May 2027"
    assert [day_or_text(each) for each in ("ABCD-12345", "2027-99-99", "")] == ["ABCD-12345", "2027-99-99", ""]
