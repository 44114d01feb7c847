"""The journey table: one reading, a fixed number of queries, and nothing later than the day asked."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from children.caseload import FEW
from children.models import Child
from milestones.journeys import load_journeys
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, event, recommended
from tests.builders import authority


def journeys(as_at: date = date(2018, 12, 31), **more):
    return load_journeys(Child.objects.filter(authority__code="S12000019"), as_at, **more)


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "asked"), [(0, 1), (1, 5), (40, 5), (FEW + 1, 5)])
def test_reading_takes_five_queries_whatever_the_number_of_children_and_one_where_there_is_nobody(count, asked):
    histories = [accommodated("2018-01-01", recommended("2018-02-01"), ref=f"C{number}") for number in range(count)]
    store(histories, authority=authority())
    with CaptureQueriesContext(connection) as queries:
        found = journeys()
    assert len(queries) == asked
    assert len(found.away_spells) == count


@pytest.mark.django_db
def test_another_authoritys_children_are_not_read():
    store([accommodated("2018-01-01", ref="OURS")], authority=authority())
    store([accommodated("2018-01-01", ref="THEIRS")], authority=authority("S12000020"))
    assert journeys().children["local_ref"].tolist() == ["OURS"]


@pytest.mark.django_db
def test_an_earlier_day_is_seen_from_the_same_reading():
    history = accommodated("2018-01-01", recommended("2018-05-01"), left="2018-06-01")
    store([history], authority=authority())
    late = journeys()
    with CaptureQueriesContext(connection) as queries:
        early = late.on(date(2018, 4, 30))
        seen = (len(early.events), early.away_spells["exit_reason"].tolist())
    assert (len(late.events), late.away_spells["exit_reason"].tolist()) == (1, ["LAC_END"])
    assert seen == (0, [""])
    assert len(queries) == 0


@pytest.mark.django_db
def test_only_the_kinds_asked_for_are_read_and_those_that_every_clock_needs():
    history = accommodated("2018-01-01", event("MEDICAL", "2018-02-01"), event("DEATH", "2018-03-01"))
    store([history], authority=authority())
    assert journeys(kinds=["PANEL_PRESENTED"]).events["kind"].tolist() == ["DEATH"]


@pytest.mark.django_db
def test_the_expected_date_stands_in_for_a_birth_that_is_not_recorded():
    store([accommodated("2018-01-01", born=None)], authority=authority())
    Child.objects.update(expected_on=date(2018, 1, 1))
    assert journeys().births.tolist() == [(date(2018, 1, 1) - date(1970, 1, 1)).days]
