"""The chart on a cycle's page: what was decided before it began and since."""

from datetime import date, timedelta

import pytest

from improvement.cycle_chart import cycle_chart
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, person
from tests.improvement.builders import PLAN, a_cycle, a_test, an_aim

pytestmark = pytest.mark.django_db
BEGUN, AS_AT = date(2026, 3, 2), date(2026, 6, 1)


def decided(ref: str, on: date, *, weeks: int):
    start = on - timedelta(weeks=weeks)
    return accommodated(start.isoformat(), recommended(on.isoformat()), ref=ref)


@pytest.fixture
def cycle():
    test = a_test(aim=an_aim("AIM-1"))
    return a_cycle(test, 2, **PLAN, started_on=BEGUN)


def test_decisions_are_told_apart_by_the_day_on_which_the_cycle_began(cycle, lead):
    day = timedelta(days=1)
    store([decided("A", BEGUN - day, weeks=30), decided("B", BEGUN, weeks=20)], authority=authority())
    assert cycle_chart(cycle, lead, as_at=AS_AT).sentences == [
        "Before 2 March 2026: 1 child decided, half of them within 30.0 weeks. "
        "Since then: 1 child decided, half of them within 20.0 weeks.",
        "Fewer than 10 decisions since are too few to see an effect.",
    ]


def test_ten_decisions_since_are_not_called_too_few(cycle, lead):
    store(
        [decided(f"C{number}", BEGUN + timedelta(days=number), weeks=20) for number in range(10)], authority=authority()
    )
    assert cycle_chart(cycle, lead, as_at=AS_AT).sentences == [
        "Before 2 March 2026: nobody was decided. Since then: 10 children decided, half of them within 20.0 weeks."
    ]


def test_only_this_cycle_is_marked(cycle, lead):
    a_cycle(cycle.test, 3, **PLAN, started_on=date(2026, 4, 1))
    store([decided("A", BEGUN, weeks=20)], authority=authority())
    assert [mark.on for mark in cycle_chart(cycle, lead, as_at=AS_AT).judged.remarks] == [BEGUN]


def test_a_cycle_that_has_not_begun_has_no_chart(cycle, lead):
    store([decided("A", BEGUN, weeks=20)], authority=authority())
    assert cycle_chart(cycle.test.ramp[0], lead, as_at=AS_AT) is None


def test_a_backlog_has_no_run_chart_to_show(lead):
    test = a_test(aim=an_aim("LOG", kind="deadline", limit=None, deadline="2026-03-31", before_date="2025-12-01"))
    store([decided("A", BEGUN, weeks=20)], authority=authority())
    assert cycle_chart(a_cycle(test, 2, **PLAN, started_on=BEGUN), lead, as_at=AS_AT) is None


def test_without_a_clock_there_is_nothing_to_show(cycle, lead):
    assert cycle_chart(cycle, lead, as_at=AS_AT) is None


def test_a_champion_sees_the_chart_and_nothing_that_leads_to_a_child(cycle, client):
    store([decided("A", BEGUN, weeks=20)], authority=authority())
    client.force_login(person(Role.CHAMPION))
    page = client.get(cycle.get_absolute_url()).content.decode()
    assert "What the aim&#x27;s chart says" in page or "What the aim's chart says" in page
    assert "/children/P" not in page


def test_a_practitioner_sees_the_chart_of_their_own_children(cycle):
    store([decided("A", BEGUN, weeks=20)], authority=authority())
    assert cycle_chart(cycle, person(Role.PRACTITIONER), as_at=AS_AT) is None
