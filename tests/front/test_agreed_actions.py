"""My work shows what a person agreed at meetings, whatever their role."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from improvement.models import Action
from pace_site.accounts.roles import Role
from tests.builders import child, person, team
from tests.improvement.meeting_builders import JULY, a_meeting, an_action
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db
HOME = reverse("home")
WORKERS = [Role.CHAMPION, Role.ADMINISTRATIVE_LEAD, Role.PACE_LEAD, Role.AIM_GROUP_LEAD, Role.PRACTITIONER, Role.ADM]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.mark.parametrize("role", WORKERS)
def test_everybody_who_takes_part_finds_their_actions_the_most_overdue_first(client, today, role):
    owner, meeting = person(role), a_meeting(JULY)
    an_action(meeting, owner=owner, text="Later", due_on=today + timedelta(days=3))
    an_action(meeting, owner=owner, text="Sooner", due_on=today - timedelta(days=2))
    an_action(meeting, text="Of others")
    an_action(meeting, owner=owner, text="Done long ago", done_on=JULY, done_by=owner)
    client.force_login(owner)
    said = text_of(client.get(HOME))
    assert "2 actions from meetings" in said
    assert said.index("Sooner") < said.index("Later")
    assert "Overdue 2 days over" in said
    assert "Of others" not in said
    assert "Done long ago" not in said


@pytest.mark.parametrize("role", [Role.CHAMPION, Role.PRACTITIONER])
def test_an_action_is_done_from_my_work(client, today, role):
    owner = person(role)
    action = an_action(a_meeting(JULY), owner=owner)
    client.force_login(owner)
    client.get(HOME)
    answer = client.post(action.get_absolute_url(), {"what": "done", "from": "work", "edition": "1"}, follow=True)
    assert Action.objects.get().done_on == today
    said = text_of(answer)
    assert "Done. The next meeting hears of it." in said
    assert "from meetings" not in said


def test_a_champion_with_nothing_to_do_starts_with_the_aims_and_finds_an_empty_page_when_asked(client):
    client.force_login(person(Role.CHAMPION))
    assert client.get(HOME).url == reverse("aims")
    assert "Nothing waits for you" in text_of(client.get(HOME, {"show": "work"}))
    assert f'href="{HOME}?show=work"' in client.get(reverse("aims")).content.decode()


def test_who_takes_no_part_has_no_page_of_work(client):
    client.force_login(person(Role.SENIOR_LEADER))
    assert client.get(HOME, {"show": "work"}).url == reverse("aims")


def test_a_pseudonym_in_an_action_is_hidden_from_an_owner_who_may_not_open_the_child(client):
    row = child(of_team=team("Team South"))
    for role, shown in ((Role.CHAMPION, True), (Role.PRACTITIONER, False)):
        owner = person(role)
        an_action(a_meeting(JULY), owner=owner, text=f"Ask about {row.code}")
        client.force_login(owner)
        page = client.get(HOME).content.decode()
        assert (row.code in page) is shown
        assert ("Ask about a child" in page) is not shown


@pytest.mark.parametrize("role", [Role.CHAMPION, Role.TEAM_MANAGER])
def test_my_work_asks_as_much_for_many_actions_as_for_few(client, role):
    owner = person(role)
    client.force_login(owner)

    def asked(count):
        for _each in range(count):
            an_action(a_meeting(JULY), owner=owner)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        return len(queries)

    asked(1)
    assert asked(2) == asked(12)
