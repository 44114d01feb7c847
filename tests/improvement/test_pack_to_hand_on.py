"""The pack for people outside the authority: published figures, and nothing that speaks of a single child."""

from datetime import date

import pytest
from django.urls import reverse

from aims.models import PublishedMonth
from aims.published.publishing import publish_month, withdraw_month
from children.models import Child
from improvement.models import Meeting
from pace_site.accounts.roles import Role
from tests.builders import authority, person
from tests.improvement.builders import a_test
from tests.improvement.meeting_builders import a_barrier, an_action
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db
LAST, BEFORE = date(2020, 5, 31), date(2020, 4, 30)


@pytest.fixture
def hand_on(client, lead):
    def read(of, who=None):
        client.force_login(who or lead)
        return text_of(client.get(reverse("meeting_hand_on", kwargs={"pk": of.pk})))

    return read


def test_before_anything_is_published_there_are_no_figures(meeting, hand_on):
    said = hand_on(meeting)
    assert "No figures are published yet" in said
    assert "65.0 weeks" not in said


def test_the_figures_are_those_published_last_before_the_meeting(meeting, hand_on):
    for month_end in (BEFORE, LAST, date(2020, 6, 30)):
        publish_month(authority(), month_end=month_end, by=None)
    said = hand_on(meeting)
    assert "Published figures as at 31 May 2020" in said
    # One met in time, one is overdue, one waits and two are decided: all of them are small.
    assert said.count("hidden") >= 6


def test_a_withdrawn_month_is_not_handed_on(meeting, lead, hand_on):
    publish_month(authority(), month_end=BEFORE, by=None)
    withdraw_month(publish_month(authority(), month_end=LAST, by=None), reason="Wrong", by=lead)
    assert "Published figures as at 30 April 2020" in hand_on(meeting)


def test_a_text_that_speaks_of_a_child_is_left_out_for_everybody(meeting, lead, hand_on):
    code = Child.objects.get(local_ref="A").code
    a_barrier(f"No panel for {code}", owner=lead, raised_on=BEFORE)
    a_barrier("No room for panels", owner=lead, raised_on=BEFORE)
    for role in (Role.PACE_LEAD, Role.CHAMPION, Role.SENIOR_LEADER):
        said = hand_on(meeting, person(role))
        assert code not in said
        assert "left out, as it speaks of a single child" in said
        assert "No room for panels" in said


def test_what_is_agreed_is_handed_on_without_the_live_figures(meeting, lead, hand_on):
    an_action(Meeting.objects.earliest("on"), text="Ask the panel for dates", owner=lead)
    a_test(title="Checklist", lead=lead, begun_on=BEFORE)
    said = hand_on(meeting)
    assert "Ask the panel for dates" in said
    assert "Checklist" in said
    assert "Longest waits" not in said
    assert "Children between milestones" not in said
    assert PublishedMonth.objects.count() == 0
