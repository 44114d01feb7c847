"""The meeting view: what a Champions' Group sees of each aim, and what it never sees."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.models import Annotation
from children.models import Child, Identity
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.builders import person
from tests.improvement.meeting_builders import a_meeting
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db
AS_AT = "2020-06-01"
OVERDUE_LONG = accommodated("2019-03-04", ref="A")
NEWLY_OVERDUE = accommodated("2019-11-18", ref="B")  # due 18 May 2020
DECIDED_LATELY = accommodated("2020-01-06", recommended("2020-05-11"), ref="C")
DECIDED_BEFORE = accommodated("2019-06-03", recommended("2019-09-02"), ref="D")


@pytest.fixture
def stored(authority):
    store([OVERDUE_LONG, NEWLY_OVERDUE, DECIDED_LATELY, DECIDED_BEFORE], authority=authority)
    return stored_aim(aim(), authority=authority)


@pytest.fixture
def meet(client):
    def run(*roles, who=None, **query):
        client.force_login(who or person(*(roles or [Role.CHAMPION])))
        return client.get(reverse("meeting_view"), {"as_at": AS_AT, **query})

    return run


def slide(response, code: str = "TEST"):
    return next(each for each in response.context["slides"] if each.key == code)


def test_a_slide_says_what_happened_since_the_last_meeting(stored, meet):
    response = meet(since="2020-05-04")
    assert "Since 4 May 2020 1 decided, 1 of them in time 1 became overdue and still waits" in text_of(response)


@pytest.mark.parametrize(("since", "count"), [("2020-05-10", 1), ("2020-05-11", 0)])
def test_what_was_decided_on_the_day_of_the_last_meeting_is_not_new(stored, meet, since, count):
    assert len(slide(meet(since=since)).decided_since) == count


@pytest.mark.parametrize(("since", "count"), [("2020-05-18", 1), ("2020-05-19", 0)])
def test_a_child_due_on_the_day_of_the_last_meeting_became_overdue_after_it(stored, meet, since, count):
    assert slide(meet(since=since)).newly_overdue == count


def test_without_a_day_and_a_meeting_it_is_four_weeks_before_and_said_to_be_assumed(stored, meet):
    response = meet()
    assert response.context["since"] == date(2020, 5, 4)
    assert "Since 4 May 2020 (four weeks before: no meeting is recorded)" in text_of(response)
    assert "no meeting is recorded" not in text_of(meet(since="2020-05-04"))


def test_drafts_are_not_put_on_the_wall(stored, meet):
    stored.aim.status = "draft"
    stored.aim.save()
    assert meet().context["slides"] == []


@pytest.mark.parametrize(
    ("since", "said"),
    [("yesterday", "This is not a date"), ("2020-06-01", "was before this one"), ("2021-01-01", "was before this one")],
)
def test_a_last_meeting_that_cannot_be_is_refused_in_words(stored, meet, since, said):
    response = meet(since=since)
    assert said in text_of(response)
    assert response.context["since"] == date(2020, 5, 4)


def test_new_remarks_are_listed_and_old_ones_are_not(stored, meet):
    Annotation.objects.create(aim=stored.aim, on=date(2020, 5, 20), label="A new agenda")
    Annotation.objects.create(aim=stored.aim, on=date(2020, 4, 1), label="The old way")
    said = text_of(meet())
    assert "20 May 2020: A new agenda" in said
    assert "The old way" not in said


def test_a_champion_sees_pseudonyms_and_never_a_name(stored, meet):
    code = Child.objects.get(local_ref="A").code
    Identity.objects.create(child=Child.objects.get(local_ref="A"), given_name="Morag", family_name="Madeup")
    for role in (Role.CHAMPION, Role.PACE_LEAD):
        page = meet(role).content.decode()
        assert f"{code}</strong> 65.0 weeks, overdue" in page
        assert "Morag" not in page
        assert "Madeup" not in page


def test_nothing_on_the_wall_leads_to_a_child(stored, meet):
    page = meet(Role.PACE_LEAD).content.decode()
    assert "/children/P-" not in page
    figure = json.loads(re.search(r'id="figure-TEST"[^>]*>(.*?)</script>', page, flags=re.S)[1])
    assert not any(any(trace.get("customdata", [])) for trace in figure["data"])


def test_who_opens_no_child_sees_waits_without_pseudonyms(stored, meet):
    page = meet(Role.SENIOR_LEADER).content.decode()
    assert "65.0 weeks, overdue" in page
    assert "P-" not in page


def test_closed_aims_are_not_shown(stored, meet):
    stored.aim.status = "closed"
    stored.aim.save()
    assert meet().context["slides"] == []


def test_a_backlog_burns_down_and_says_so(authority, stored, meet):
    stored_aim(
        aim(code="LOG", kind="deadline", limit=None, deadline="2020-03-31", before_date="2019-12-01"),
        authority=authority,
    )
    backlog = slide(meet(), "LOG")
    assert backlog.judged is None
    assert backlog.summary.startswith("2 children waited on 1 December 2019")


def test_queries_do_not_grow_with_children(authority, stored, meet):
    who, counts = person(Role.PACE_LEAD), []
    meet(who=who)
    for more in ([], [accommodated("2020-01-06", ref=f"N{number}") for number in range(20)]):
        store(more, authority=authority)
        with CaptureQueriesContext(connection) as queries:
            meet(who=who)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_queries_do_not_grow_with_aims(authority, stored, meet):
    who, counts = person(Role.PACE_LEAD), []
    meet(who=who)
    for codes in ([], ["T2", "T3", "T4"]):
        for code in codes:
            stored_aim(aim(code=code), authority=authority)
        with CaptureQueriesContext(connection) as queries:
            meet(who=who)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_last_meeting_of_the_champions_is_where_news_begin(stored, meet):
    a_meeting(date(2020, 5, 20))
    a_meeting(date(2020, 5, 25), aim=stored.aim)
    a_meeting(date(2020, 5, 30), called_off_reason="Snow")
    assert meet().context["since"] == date(2020, 5, 20)
    assert meet(since="2020-05-12").context["since"] == date(2020, 5, 12)
    assert meet(since="yesterday").context["since"] == date(2020, 5, 20)
