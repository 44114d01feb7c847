"""Closing and reopening an aim, its group and lead, its backlog, and who may do so."""

import pytest
from django.urls import reverse

from aims.manage_actions import change_definition
from aims.models import Aim
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.manage_pages import edit, manage, opened
from tests.aims.storytelling import aim
from tests.builders import person
from tests.page_reading import text_of, typed

pytestmark = pytest.mark.django_db


def test_closing_asks_for_a_reason_and_says_it_afterwards(client, lead, managed):
    refused = client.post(manage(), {"what": "close", "version": "1", "reason": " "})
    assert "Say why the aim is closed" in text_of(refused)
    closed = client.post(manage(), {"what": "close", "version": "1", "reason": "Reached"}, follow=True)
    assert "Closed, version 2. Closed because: Reached." in text_of(closed)
    managed.refresh_from_db()
    assert managed.status == Aim.Status.CLOSED
    assert client.get(edit()).status_code == 200
    reopened = client.post(manage(), {"what": "reopen", "version": "2"}, follow=True)
    assert "TEST is a draft again." in text_of(reopened)


def test_a_status_is_not_changed_over_a_version_nobody_was_shown(client, lead, managed):
    change_definition(managed, aim(title="Theirs"), opened_at=1, by=person(Role.PACE_LEAD))
    response = client.post(manage(), {"what": "close", "version": "1", "reason": "Typed with care"})
    assert "made version 2 meanwhile" in text_of(response)
    assert 'value="Typed with care"' in response.content.decode()
    managed.refresh_from_db()
    assert managed.status == Aim.Status.ACTIVE


@pytest.mark.parametrize("version", ["", "first", "²", "9" * 40, "-1"])
def test_a_version_that_is_none_is_taken_for_an_old_one(client, lead, managed, version):
    response = client.post(manage(), {"what": "close", "version": version, "reason": "x"})
    assert "made version 1 meanwhile" in text_of(response)


def test_group_and_lead_are_kept_and_shown_in_the_list(client, lead, managed):
    gail = person(Role.AIM_GROUP_LEAD)
    client.post(manage(), {"what": "group", "group": "Early decisions", "lead": gail.pk, "was": ":"})
    assert f"Early decisions, {gail}" in text_of(client.get(reverse("aims_manage")))


def test_group_and_lead_that_somebody_else_changed_are_not_overwritten_unseen(client, lead, managed):
    client.post(manage(), {"what": "group", "group": "Theirs", "was": ":"})
    response = client.post(manage(), {"what": "group", "group": "Mine", "was": ":"})
    assert "now it is Theirs, led by nobody" in text_of(response)
    assert 'value="Mine"' in response.content.decode()
    managed.refresh_from_db()
    assert managed.group == "Theirs"


def test_nobody_of_another_authority_can_be_chosen_as_lead(client, lead, managed):
    stranger = person(Role.AIM_GROUP_LEAD, organisation=Organisation.objects.get(code="S12000020"))
    response = client.post(manage(), {"what": "group", "lead": stranger.pk, "was": ":"})
    assert "lead" in response.context["group_form"].errors
    assert str(stranger) not in text_of(response)


def test_an_aim_without_a_from_date_is_warned_about_and_offered_its_backlog(client, lead, authority):
    stored_aim(aim(), authority=authority)
    assert "Without a from-date, children decided long ago count as well" in text_of(client.get(manage()))
    made = client.post(manage(), {"what": "twin", "before": "2026-04-01"}, follow=True)
    assert made.redirect_chain[-1][0] == edit("TEST-B")
    twin = Aim.objects.get(code="TEST-B")
    definition = twin.versions.get().definition
    assert twin.status == Aim.Status.DRAFT
    assert (definition.kind, str(definition.before_date), definition.deadline) == ("deadline", "2026-04-01", None)
    again = client.get(manage())
    assert not again.context["offers_twin"]
    following = client.get(again.context["count_from"])
    assert following.context["form"]["from_date"].value() == "2026-04-01"


def test_an_aim_with_a_from_date_gets_the_backlog_of_that_day_in_one_click(client, lead, managed):
    client.post(manage(), {"what": "twin", "before": "2026-04-01"})
    assert str(Aim.objects.get(code="TEST-B").versions.get().definition.before_date) == "2019-01-01"


@pytest.mark.parametrize("before", ["", "soon", "0001-01-01", "2020-02-30"])
def test_a_backlog_needs_its_day(client, lead, authority, before):
    stored_aim(aim(), authority=authority)
    assert client.post(manage(), {"what": "twin", "before": before}).context["twin_form"].errors
    assert Aim.objects.count() == 1


def test_the_warning_stands_beside_the_effect_too(client, lead, managed):
    response = client.post(edit(), typed(opened(client, edit()), from_date=""))
    assert "Without a from-date" in text_of(response)


@pytest.mark.parametrize("what", ["", "explode"])
def test_there_is_no_other_form_on_the_page(client, lead, managed, what):
    assert client.post(manage(), {"what": what}).status_code == 404


@pytest.mark.parametrize("name", ["aim_manage", "aim_edit"])
def test_an_aim_of_another_authority_is_not_found(client, lead, name):
    stored_aim(aim(), authority=Organisation.objects.get(code="S12000020"))
    assert client.get(reverse(name, kwargs={"code": "TEST"})).status_code == 404
    assert client.post(reverse(name, kwargs={"code": "TEST"}), {"what": "close"}).status_code == 404


@pytest.mark.parametrize("role", [Role.CHAMPION, Role.DATA_LEAD, Role.AIM_GROUP_LEAD, Role.SENIOR_LEADER])
def test_only_a_pace_lead_manages_aims(client, managed, role):
    client.force_login(person(role))
    for address in (reverse("aims_manage"), reverse("aim_new"), manage(), edit()):
        assert client.get(address).status_code == 403
    assert client.post(manage(), {"what": "close", "version": "1", "reason": "x"}).status_code == 403
    assert "Manage aims" not in text_of(client.get(reverse("aims")))
