"""Whoever lays the pages of all quarter ends side by side pins down no figure that they hide."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from aims.count_columns import LATE, LEFT, MET, MISSED
from aims.disclosure import TableSeries, common_pattern
from aims.national.figures import national_figures
from aims.national.publication import published
from aims.national.quarters import quarter_ends
from pace_site.accounts.models import User
from pace_site.accounts.roles import Role
from tests.aims.national.two_bodies import ABERDEEN, MIDLOTHIAN, analyst, clocks
from tests.naive.disclosure import UNBOUNDED, ranges_over_time

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
OFFERED = quarter_ends(date(2026, 11, 21))
NEVER_FALLING = {MET, MISSED, LATE, LEFT}


@pytest.fixture
def demo(db):
    call_command("demo", stdout=StringIO())
    return User.objects.get(memberships__role=Role.NATIONAL_ANALYST)


def withheld(user, *, as_at, offered=OFFERED) -> set[tuple[str, str, str]]:
    """Aim, authority and column of all that the page hides."""
    return {
        (aim.definition.code, row.name, figure.column)
        for group in published(national_figures(user, as_at=as_at, offered=offered))
        for aim in group.aims
        for row in (*aim.rows, aim.total)
        for figure in row.figures
        if figure.words == "hidden"
    }


def test_the_same_figures_of_the_demo_are_hidden_at_every_quarter_end(demo):
    first, *others = [withheld(demo, as_at=end) for end in OFFERED]
    assert first
    assert others == [first] * 7


def test_no_hidden_figure_of_the_demo_is_pinned_by_sums_and_by_what_never_falls(demo):
    figures = national_figures(demo, as_at=OFFERED[0], offered=OFFERED)
    for aim in figures.aims:
        series = TableSeries(tuple(aim.tables(figures.authorities_at, fictional=True).values()))
        earliest_first = series.tables[::-1]
        hidden = common_pattern(series)
        assert hidden
        marks = [dict.fromkeys(hidden, (0, UNBOUNDED))] * len(earliest_first)
        ranges = ranges_over_time(earliest_first, marks, never_falling=NEVER_FALLING)
        for table, day in zip(earliest_first, ranges, strict=True):
            assert all(least <= table.counts[cell] <= greatest for cell, (least, greatest) in day.items())
            assert not [cell for cell in hidden if day[cell][0] == day[cell][1]]
            assert all(day[cell][1] >= 5 for cell in series.small)


def test_what_is_small_at_one_quarter_end_is_hidden_at_an_earlier_one_where_it_is_zero():
    # Three began to wait on 1 March 2020 and the days after: nobody waits at the end of 2019, three at that of March.
    clocks(MIDLOTHIAN, met=30, late=20, waiting=3)
    clocks(ABERDEEN, met=30, late=20, overdue=20)
    offered = quarter_ends(date(2020, 7, 15))
    waiting = ("NAT-2", "Midlothian", "waiting")
    user = analyst()
    assert all(waiting in withheld(user, as_at=end, offered=offered) for end in offered)
    assert waiting not in withheld(user, as_at=date(2019, 12, 31), offered=(date(2019, 12, 31),))


def test_a_day_that_is_not_offered_is_not_counted():
    with pytest.raises(ValueError, match="2026-11-20 is not a day that the national view offers"):
        national_figures(analyst(), as_at=date(2026, 11, 20), offered=OFFERED)
