"""Tests of change on an aim's charts: marked, chosen, and led to."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, person
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_cycle, a_diagram, a_test, an_aim

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


@pytest.fixture
def tested():
    aim = an_aim("AIM-1")
    store(
        [
            accommodated("2025-06-02", recommended("2025-11-03"), ref="A"),
            accommodated("2025-09-01", recommended("2026-03-16"), ref="B"),
            accommodated("2025-09-15", recommended("2026-04-20"), ref="C"),
        ],
        authority=authority(),
    )
    agenda = a_test(aim=aim, title="Agenda")
    a_cycle(agenda, 2, **PLAN, started_on=date(2026, 3, 2), ended_on=date(2026, 3, 20))
    a_cycle(agenda, 3, **PLAN, started_on=date(2026, 5, 4), scale="team")
    checklist = a_test(aim=aim, title="<Checklist>")
    a_cycle(checklist, 2, **PLAN, started_on=date(2026, 4, 1))
    return agenda, checklist


@pytest.fixture
def see(client):
    def run(role=Role.PACE_LEAD, **query):
        client.force_login(person(role))
        return client.get(reverse("aim", kwargs={"code": "AIM-1"}), {"as_at": "2026-06-01", **query})

    return run


def figure(response, name: str) -> dict:
    page = response.content.decode()
    return json.loads(re.search(rf'id="{name}"[^>]*>(.*?)</script>', page, flags=re.S)[1])


def labels(response, name: str = "run-chart-figure") -> list[dict]:
    """The labels of cycles, each as often as it names one."""
    marks = figure(response, name)["layout"]["annotations"]
    return [mark for mark in marks for _each in range(mark.get("hovertext", "").count("Cycle"))]


def test_each_cycle_stands_on_the_run_chart_and_on_the_months(tested, see):
    response = see()
    assert [label["text"] for label in labels(response)] == [
        "Cycle 2: Agenda, one child",
        "Cycle 2: &lt;Checklist&gt;, one child",
        "Cycle 3: Agenda, one team",
    ]
    assert len(labels(response, "by-month-figure")) == 3


def test_a_mark_leads_to_its_cycle(tested, see):
    agenda, _checklist = tested
    assert labels(see())[0]["name"] == f"/improvement/tests/{agenda.pk}/cycles/2/"
    assert labels(see())[0]["captureevents"]


def test_many_remarks_are_numbered_as_in_the_list_below(tested, see):
    agenda, _checklist = tested
    a_cycle(agenda, 4, **PLAN, started_on=date(2026, 5, 25), scale="team")
    response = see()
    assert [label["text"] for label in labels(response, "by-month-figure")] == ["1", "2", "3", "4"]
    listed = response.content.decode().split("<ol>")[1].split("</ol>")[0]
    assert re.findall("Cycle . *: [^<]*", listed)[3] == "Cycle 4: Agenda, one team"


def test_a_cycle_that_ended_is_a_band(tested, see):
    bands = [shape for shape in figure(see(), "by-month-figure")["layout"]["shapes"] if shape["type"] == "rect"]
    assert [(shape["x0"], shape["x1"]) for shape in bands] == [("2026-03-02", "2026-03-20")]


def test_as_at_a_day_before_its_end_a_cycle_has_not_ended(tested, see):
    response = see(as_at="2026-03-10")
    assert not [shape for shape in figure(response, "run-chart-figure")["layout"]["shapes"] if shape["type"] == "rect"]
    assert "20 March 2026" not in response.content.decode()


def test_a_cycle_that_begins_later_is_not_there_yet(tested, see):
    assert len(labels(see(as_at="2026-03-10"))) == 1


def test_the_tests_to_be_marked_can_be_chosen(tested, see):
    agenda, checklist = tested
    assert len(labels(see(tests="chosen", test=[checklist.pk]))) == 1
    assert len(labels(see(tests="chosen", test=[checklist.pk, agenda.pk]))) == 3
    assert labels(see(tests="chosen")) == []


@pytest.mark.parametrize("asked", ["x", "0", "99999999999999999999"])
def test_a_test_that_is_none_of_the_aims_marks_nothing(tested, see, asked):
    assert labels(see(tests="chosen", test=[asked])) == []


def test_the_choice_keeps_the_day(tested, see):
    assert '<input type="hidden" name="as_at" value="2026-06-01">' in see().content.decode().split("chosen-tests")[1]


def test_whoever_sees_aims_may_see_the_tests_on_them():
    """The page marks them for everybody whom it lets in."""
    sees_aims = [held for held in ROLE_PERMISSIONS.values() if Permission.VIEW_AIMS in held]
    assert all(Permission.VIEW_IMPROVEMENT in held for held in sees_aims)


def test_what_is_being_done_for_the_aim_leads_to_it(tested, see):
    agenda, _checklist = tested
    diagram = a_diagram(aim=agenda.aim)
    page = see().content.decode().split("What is being done")[1].split("</section>")[0]
    assert agenda.get_absolute_url() in page
    assert diagram.get_absolute_url() in page
    assert "/improvement/tests/new/?aim=AIM-1" in page


def test_a_test_that_has_ended_is_not_being_done(tested, see):
    agenda, _checklist = tested
    ended = {"ended_on": date(2026, 5, 8), "decision": "abandon", "decided_on": date(2026, 5, 9)}
    agenda.cycles.filter(number=3).update(**DO | STUDY | ACT | {"started_on": date(2026, 5, 4)} | ended)
    page = see().content.decode().split("What is being done")[1].split("</section>")[0]
    assert agenda.get_absolute_url() not in page


def test_an_aim_for_which_nothing_is_done_says_so(see):
    an_aim("AIM-1")
    page = see(Role.SENIOR_LEADER).content.decode()
    assert "No test of change, driver diagram or measure serves this aim yet." in page
    assert "/improvement/tests/new/" not in page.split("What is being done")[1]
