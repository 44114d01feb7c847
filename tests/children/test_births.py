"""The day of birth that is left of a pseudonymised child answers every question as the true one does."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from children.retention.births import LookedAfterPast18, birthday, substitute_birth
from milestones.clocks.day_arrays import birthdays
from milestones.clocks.limits import from_day, to_day

DAYS = st.dates(date(2000, 1, 1), date(2026, 1, 1))


def years_on(born, day):
    """Whole years by the clocks' own birthdays; -1 before birth."""
    reached = [age for age in range(30) if from_day(birthdays(np.array([to_day(born)]), age)[0]) <= day]
    return reached[-1] if reached else -1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(born=DAYS, days=st.lists(DAYS, min_size=1, max_size=8))
def test_on_every_recorded_day_the_child_is_as_old_as_before(born, days):
    other = substitute_birth(born, days=days, stays=[])
    for day in days:
        assert min(years_on(other, day), 17) == min(years_on(born, day), 17)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(born=DAYS, age=st.integers(0, 25))
def test_birthdays_are_those_of_the_clocks(born, age):
    assert birthday(born, age) == from_day(birthdays(np.array([to_day(born)]), age)[0])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(born=st.dates(date(2000, 1, 1), date(2004, 1, 1)), start=DAYS, days=st.integers(1, 3000))
def test_the_18th_birthday_ends_no_stay_that_it_did_not_end(born, start, days):
    end = start + timedelta(days=days)
    grown_up = birthday(born, 18)
    assume(not start < grown_up < end)
    other = birthday(substitute_birth(born, days=[start, end], stays=[(start, end)]), 18)
    assert not start < other < end
    assert (start >= other) == (start >= grown_up)


def test_a_stay_that_went_on_past_the_18th_birthday_is_refused():
    with pytest.raises(LookedAfterPast18):
        substitute_birth(date(2000, 5, 5), days=[], stays=[(date(2010, 1, 1), date(2018, 5, 6))])


def test_a_stay_that_ended_on_the_18th_birthday_is_not_refused():
    stay = (date(2010, 1, 1), date(2018, 5, 5))
    assert substitute_birth(date(2000, 5, 5), days=stay, stays=[stay]) != date(2000, 5, 5)


def test_children_born_on_neighbouring_days_with_the_same_care_are_left_with_the_same_day():
    left = {
        substitute_birth(date(2015, 5, 1) + timedelta(days=n), days=[date(2018, 1, 3), date(2019, 9, 9)], stays=[])
        for n in range(60)
    }
    assert left == {date(2015, 7, 1)}
