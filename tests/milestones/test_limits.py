"""Date arithmetic of limits (`domain.md` 4.1)."""

from datetime import date

import numpy as np
import pytest

from milestones.clocks.day_arrays import birthdays
from milestones.clocks.limits import Limit, from_day, to_day

CASES = [
    ("26 weeks", "2018-07-02", "2018-12-31"),
    ("30 weeks", "2019-02-01", "2019-08-30"),
    ("14 days", "2024-03-01", "2024-03-15"),
    ("6 months", "2024-08-31", "2025-02-28"),
    ("24 months", "2024-02-29", "2026-02-28"),
    ("2 years", "2024-02-29", "2026-02-28"),
    ("7.5 months", "2017-11-01", "2018-06-16"),
    ("7.5 months", "2018-03-16", "2018-10-31"),
    ("32.5 weeks", "2017-11-01", "2018-06-17"),
    ("1 month", "1968-01-31", "1968-02-29"),
    # Friday; the Monday after is St Andrew's Day, a bank holiday in Scotland.
    ("3 working_days", "2026-11-27", "2026-12-03"),
    # Saturday counts from the Friday before.
    ("1 working_day", "2026-11-21", "2026-11-23"),
]


@pytest.mark.parametrize(("limit", "start", "due"), CASES)
def test_the_last_day_in_time(limit, start, due):
    assert Limit.parse(limit).after(date.fromisoformat(start)) == date.fromisoformat(due)


@pytest.mark.parametrize("text", ["", "weeks", "26", "26 fortnights", "-3 weeks", "7,5 months", "X"])
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(ValueError, match="is not a"):
        Limit.parse(text)


@pytest.mark.parametrize(
    ("text", "words"), [("26 weeks", "26 weeks"), ("7.50 months", "7.5 months"), ("10 days", "10 days")]
)
def test_a_limit_is_written_as_it_was_set(text, words):
    assert str(Limit.parse(text)) == words


@pytest.mark.parametrize(
    ("born", "age", "birthday"),
    [("2006-05-05", 12, "2018-05-05"), ("2008-02-29", 18, "2026-03-01"), ("2008-02-29", 12, "2020-02-29")],
)
def test_birthdays(born, age, birthday):
    found = birthdays(np.array([to_day(date.fromisoformat(born))]), age)
    assert from_day(found[0]) == date.fromisoformat(birthday)
