"""The day a page speaks of: the day asked for, or today in London."""

from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from django.test import RequestFactory
from django.utils import timezone

from pace_site.look.as_at import as_at_of


def asked(query: str = "", *, now: datetime | None = None):
    with patch("django.utils.timezone.now", return_value=now or timezone.now()):
        return as_at_of(RequestFactory().get(f"/aims/{query}"))


NOON = datetime(2027, 5, 14, 11, 0, tzinfo=UTC)


def test_without_a_day_a_page_speaks_of_today():
    as_at = asked(now=NOON)
    assert (as_at.day, as_at.error, as_at.is_today, as_at.query) == (date(2027, 5, 14), "", True, "")


def test_an_empty_day_is_today():
    as_at = asked("?as_at=", now=NOON)
    assert (as_at.day, as_at.error) == (date(2027, 5, 14), "")


def test_a_page_speaks_of_the_day_asked_for_and_keeps_it_in_its_links():
    as_at = asked("?as_at=2018-11-01", now=NOON)
    assert (as_at.day, as_at.today, as_at.error) == (date(2018, 11, 1), date(2027, 5, 14), "")
    assert not as_at.is_today
    assert as_at.query == "as_at=2018-11-01"


def test_the_form_of_a_page_shows_the_day_it_speaks_of():
    assert 'value="2018-11-01"' in str(asked("?as_at=2018-11-01").form["as_at"])


@pytest.mark.parametrize("day", ["2018-02-30", "yesterday", "01/85/2022", "2018-11", "'; --", "%00", "٢٠١٨"])
def test_what_is_no_date_falls_back_to_today_and_says_so(day):
    as_at = asked(f"?as_at={day}", now=NOON)
    assert as_at.day == date(2027, 5, 14)
    assert as_at.error == "This is not a date. Showing today instead."


@pytest.mark.parametrize("day", ["1989-12-31", "0001-01-01"])
def test_a_date_out_of_range_falls_back_to_today_and_says_so(day):
    as_at = asked(f"?as_at={day}", now=NOON)
    assert as_at.day == date(2027, 5, 14)
    assert as_at.error == "This date is out of range. Showing today instead."


@pytest.mark.parametrize("day", ["2027-05-15", "9999-12-31"])
def test_a_day_to_come_falls_back_to_today_and_says_so(day):
    as_at = asked(f"?as_at={day}", now=NOON)
    assert as_at.day == date(2027, 5, 14)
    assert as_at.error == "This day has not come yet. Showing today instead."


@pytest.mark.parametrize("day", ["1990-01-01", "2027-05-14"])
def test_the_first_day_and_today_are_taken(day):
    as_at = asked(f"?as_at={day}", now=NOON)
    assert (as_at.day.isoformat(), as_at.error) == (day, "")


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2027, 7, 14, 22, 30, tzinfo=UTC), date(2027, 7, 14)),
        (datetime(2027, 7, 14, 23, 30, tzinfo=UTC), date(2027, 7, 15)),
        (datetime(2027, 12, 14, 23, 30, tzinfo=UTC), date(2027, 12, 14)),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), date(2027, 3, 29)),
        (datetime(2027, 10, 31, 23, 30, tzinfo=UTC), date(2027, 10, 31)),
    ],
    ids=[
        "23:30 on a summer evening",
        "00:30 on a summer night",
        "23:30 on a winter evening",
        "before the clocks go forward",
        "the evening after",
        "the evening they go back",
    ],
)
def test_today_is_the_day_in_london(now, today):
    assert asked(now=now).day == today
