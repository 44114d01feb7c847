"""What was typed about the programme, its meetings, change ideas and measures is given back after a new sign-in."""

import re

import pytest
from django.urls import reverse

from pace_site.accounts.roles import Role
from tests.builders import person
from tests.improvement.builders import an_idea
from tests.improvement.meeting_builders import a_barrier, a_meeting, a_member, an_action
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db
BELOW_A_MEETING = ("meeting_edit", "meeting_agenda", "meeting_write", "meeting_action_new")


@pytest.fixture
def lead(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    return user


def come_back(client, lead, address, sent):
    """Open a page, send its form after the session has ended, and sign in again."""
    mark = re.search(r'name="typed_by" value="([^"]+)"', client.get(address).content.decode())[1]
    client.logout()
    onward = client.post(address, sent | {"typed_by": mark}).url
    client.force_login(lead)
    assert onward.endswith(address)
    return client.get(address)


@pytest.fixture
def addresses(measure):
    meeting = a_meeting()
    found = {name: reverse(name, kwargs={"pk": meeting.pk}) for name in BELOW_A_MEETING}
    found |= {name: reverse(name) for name in ("programme_charter", "champions_group", "meeting_new", "barrier_new")}
    found["group_member"] = a_member().get_absolute_url()
    found["meeting_action"] = an_action(meeting).get_absolute_url()
    found["barrier"] = a_barrier().get_absolute_url()
    found["change_idea_new"] = reverse("change_idea_new")
    found["change_idea"] = an_idea().get_absolute_url()
    found["measure"] = measure.get_absolute_url()
    found["programme_progress"] = reverse("programme_progress")
    return found


@pytest.mark.parametrize(
    ("page", "sent", "field"),
    [
        ("programme_charter", {"problem": "Typed"}, "problem"),
        ("programme_progress", {"reason": "Typed"}, "reason"),
        ("champions_group", {"name": "Typed"}, "name"),
        ("group_member", {"agency": "Typed"}, "agency"),
        ("meeting_new", {"place": "Typed"}, "place"),
        ("meeting_edit", {"place": "Typed"}, "place"),
        ("meeting_agenda", {"title_new_0": "Typed"}, "title_new_0"),
        ("meeting_write", {"guests": "Typed"}, "guests"),
        ("meeting_action_new", {"text": "Typed"}, "text"),
        ("meeting_action", {"text": "Typed"}, "text"),
        ("barrier_new", {"asked": "Typed"}, "asked"),
        ("barrier", {"asked": "Typed"}, "asked"),
        ("change_idea_new", {"title": "Typed"}, "title"),
        ("change_idea", {"title": "Typed"}, "title"),
        ("measure", {"note": "Typed"}, "note"),
    ],
)
def test_a_form_sent_too_late_comes_back_as_it_was_typed(client, lead, addresses, page, sent, field):
    answer = come_back(client, lead, addresses[page], sent)
    assert "Your session had ended" in text_of(answer)
    assert answer.context["form"][field].value() == "Typed"


@pytest.mark.parametrize(
    ("page", "what", "field", "form"),
    [
        ("meeting_action", "done", "outcome", "done_form"),
        ("barrier", "resolve", "resolution", "resolved_form"),
        ("change_idea", "retire", "reason", "reason_form"),
    ],
)
def test_how_something_ended_comes_back_too(client, lead, addresses, page, what, field, form):
    answer = come_back(client, lead, addresses[page], {"what": what, field: "Typed", "edition": "1"})
    assert answer.context[form][field].value() == "Typed"
