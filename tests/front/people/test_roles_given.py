"""Who may give which role to whom, and who is told of it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pace_site.accounts.models import RoleMembership, User
from pace_site.accounts.roles import Role
from pace_site.front.people import roles_given
from pace_site.front.people.actions import change_roles, opened_by
from pace_site.front.people.roles_given import given_lately
from tests.builders import authority, person, team
from tests.front.admin_pages import page, person_form, trail
from tests.front.signing_in.steps import with_app

pytestmark = pytest.mark.django_db
PAGE = reverse("roles_given")


@pytest.fixture
def administrator():
    return person(Role.SYSTEM_ADMINISTRATOR, email="ada@council.example")


def role(user, role, of_team=None) -> RoleMembership:
    return RoleMembership(user=user, role=role, team=of_team)


@pytest.fixture
def give(administrator, django_capture_on_commit_callbacks):
    def run(*rows, by=administrator, **more):
        with django_capture_on_commit_callbacks(execute=True):
            change_roles(rows[0].user, given=rows, by=by, **more)

    return run


def test_pace_leads_are_told_of_roles_that_open_names_or_the_administration():
    told = {role for role in Role.values if opened_by(role)}
    assert told == {*Role.values} - {
        Role.ADMINISTRATIVE_LEAD,
        Role.AIM_GROUP_LEAD,
        Role.CHAMPION,
        Role.SENIOR_LEADER,
        Role.NATIONAL_ANALYST,
    }


def test_the_pace_leads_of_the_authority_are_told_by_email_and_nobody_else(give, administrator):
    leads = [person(Role.PACE_LEAD), person(Role.PACE_LEAD)]
    person(Role.PACE_LEAD, organisation=authority("S12000020"))
    person(Role.DATA_LEAD)
    new = person(email="new@council.example")
    give(role(new, Role.PACE_LEAD), role(new, Role.PRACTITIONER, team("Team West")), role(new, Role.CHAMPION))
    assert sorted(message.to for message in mail.outbox) == sorted([lead.email] for lead in leads)
    body = mail.outbox[0].body
    for word in ("ada@council.example", "new@council.example", "- PACE lead", "- Social worker, Team West"):
        assert word in body
    assert "Champion" not in body
    assert "http" not in body


def test_a_role_that_opens_nothing_is_told_to_nobody(give):
    person(Role.PACE_LEAD)
    give(role(person(), Role.CHAMPION))
    assert mail.outbox == []


def test_a_pace_lead_whose_place_is_given_to_another_role_cannot_be_passed_by(give):
    lead = person(Role.PACE_LEAD)
    new = person()
    give(role(new, Role.PACE_LEAD))
    give(role(new, Role.DATA_LEAD), taken=[*new.memberships.all()])
    assert [message.to for message in mail.outbox] == [[lead.email]] * 2


def test_nobody_gives_themselves_a_role(client, administrator):
    with pytest.raises(PermissionDenied):
        change_roles(administrator, given=[role(administrator, Role.PACE_LEAD)], by=administrator)
    client.force_login(administrator)
    own = administrator.memberships.get()
    held = {"id": own.pk, "role": own.role}
    address = page("accounts_user_change", administrator.pk)
    for rows in ([held, {"role": Role.PACE_LEAD}], [held | {"role": Role.DATA_LEAD}]):
        answer = client.post(address, person_form(administrator, memberships=rows))
        assert "You cannot give yourself a role; ask another administrator." in answer.content.decode()
    assert [row.role for row in administrator.memberships.all()] == [Role.SYSTEM_ADMINISTRATOR]
    assert client.post(address, person_form(administrator, memberships=[held], last_name="New")).status_code == 302


def test_only_whoever_manages_people_gives_roles_and_only_in_their_own_organisation(administrator):
    stranger = person(organisation=authority("S12000020"))
    for user, by in ((stranger, administrator), (person(), person(Role.PACE_LEAD))):
        with pytest.raises(PermissionDenied):
            change_roles(user, given=[role(user, Role.CHAMPION)], by=by)
    assert not trail().exists()


def test_a_role_changed_to_another_is_one_taken_and_one_given(client, administrator):
    user = person(Role.CHAMPION)
    held = user.memberships.get()
    client.force_login(administrator)
    sent = person_form(user, memberships=[{"id": held.pk, "role": Role.SENIOR_LEADER}])
    assert client.post(page("accounts_user_change", user.pk), sent).status_code == 302
    taken, given = trail(record_type="rolemembership").order_by("pk")
    assert (taken.action, taken.before["role"]) == ("remove", Role.CHAMPION)
    assert (given.action, given.after["role"], given.after["user"]) == ("create", Role.SENIOR_LEADER, user.pk)


def test_an_administrator_is_warned_of_a_second_step_that_cannot_be_set_up(client, administrator):
    user = person(Role.CHAMPION)
    User.objects.filter(pk=user.pk).update(set_up_until=timezone.now())
    held = user.memberships.get()
    client.force_login(administrator)
    sent = person_form(user, memberships=[{"id": held.pk, "role": Role.PACE_LEAD}])
    answer = client.post(page("accounts_user_change", user.pk), sent, follow=True)
    assert "must take a second step and cannot set one up" in answer.content.decode()


def test_the_page_tells_roles_given_lately_and_whether_they_are_held_still(client, give, administrator):
    new = person()
    give(role(new, Role.PACE_LEAD))
    give(role(new, Role.PRACTITIONER, team("Team West")))
    new.memberships.get(role=Role.PRACTITIONER).delete()
    change_roles(
        stranger := person(organisation=authority("S12000020")),
        given=[role(stranger, Role.SENIOR_LEADER)],
        by=person(Role.SYSTEM_ADMINISTRATOR, organisation=authority("S12000020")),
    )
    client.force_login(person(Role.IG_AUDITOR))
    given = client.get(PAGE).context["given"]
    assert [(each.person, each.role, each.team, each.by, each.is_held) for each in given] == [
        (str(new), "Social worker", "Team West", str(administrator), False),
        (str(new), "PACE lead", "", str(administrator), True),
    ]
    assert client.post(reverse("second_step_for_everybody"), {"what": "on"}).status_code == 403


def test_the_page_asks_as_much_of_the_database_for_nine_roles_as_for_two(
    client, give, administrator, django_assert_num_queries
):
    client.force_login(administrator)
    for _ in range(2):
        give(role(person(), Role.CHAMPION))
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    for _ in range(7):
        give(role(person(), Role.CHAMPION))
    with django_assert_num_queries(len(asked)):
        assert len(client.get(PAGE).context["given"]) == 9


def test_what_was_given_long_ago_is_not_told(give, administrator, monkeypatch):
    give(role(person(), Role.CHAMPION))
    assert given_lately(to=administrator).count() == 1
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr(roles_given.timezone, "now", lambda: later)
    assert given_lately(to=administrator).count() == 0


def test_the_first_administrator_is_made_at_the_server_and_told_of(django_capture_on_commit_callbacks, client):
    lead, out = person(Role.PACE_LEAD), StringIO()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("make_administrator", "First@Council.example", "--authority", "S12000019", stdout=out)
    first = User.objects.get(email="first@council.example")
    assert [row.role for row in first.memberships.all()] == [Role.SYSTEM_ADMINISTRATOR]
    assert not first.has_usable_password()
    assert out.getvalue().count("changepassword first@council.example") == 1
    (message,) = mail.outbox
    assert message.to == [lead.email]
    assert "Somebody at the server gave first@council.example" in message.body
    client.force_login(lead)
    (given,) = client.get(PAGE).context["given"]
    assert (given.person, given.role) == ("first@council.example", "System administrator")
    assert given.by.startswith("command make_administrator")
    for address, code in (("not an address", "S12000019"), (first.email, "S12000020")):
        with pytest.raises(CommandError):
            call_command("make_administrator", address, "--authority", code)


def test_second_steps_are_taken_away_at_the_server_and_stand_in_the_trail(django_capture_on_commit_callbacks):
    lead, other = person(Role.PACE_LEAD), person(Role.DATA_LEAD)
    with_app(lead)
    with_app(other)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reset_second_step", lead.email, "--reason", "No administrator left", stdout=StringIO())
    assert (lead.authenticator_set.count(), other.authenticator_set.count()) == (0, 1)
    entry = trail(action="mfa_changed").get()
    assert (entry.record_id, entry.reason) == (str(lead.pk), "No administrator left")
    assert [message.to for message in mail.outbox] == [[lead.email]]
    for wrong in (
        ["--reason", "x"],
        [lead.email, "--everybody", "--reason", "x"],
        ["nobody@x.example", "--reason", "x"],
    ):
        with pytest.raises(CommandError):
            call_command("reset_second_step", *wrong)
