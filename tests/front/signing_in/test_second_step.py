"""The second step of signing in: who must take it, what it is, and that there is no way around it."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pace_site.accounts.permissions import Permission
from pace_site.accounts.roles import Role
from pace_site.accounts.second_factor import NEEDS_SECOND_FACTOR, roles_need_second_factor
from pace_site.audit.models import AuditEntry
from tests.builders import authority, person
from tests.front.signing_in.steps import (
    code_of,
    factors_of,
    recovery_codes_of,
    type_code,
    type_password,
    with_app,
    wrong_code,
)

pytestmark = pytest.mark.django_db
SET_UP = reverse("mfa_index")


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD)


def test_the_roles_that_must_take_a_second_step():
    must = {role for role in Role.values if roles_need_second_factor([role])}
    assert must == {
        Role.DATA_LEAD,
        Role.PACE_LEAD,
        Role.SYSTEM_ADMINISTRATOR,
        Role.TEAM_MANAGER,
        Role.IRO,
        Role.IG_AUDITOR,
    }


def test_every_permission_to_export_or_to_manage_asks_for_a_second_step():
    asked = {permission for permission in Permission if permission.name.startswith(("EXPORT_", "MANAGE_"))}
    assert len(asked) > 4
    assert asked <= NEEDS_SECOND_FACTOR


def test_a_session_of_one_step_goes_nowhere_but_to_the_set_up(client, lead):
    type_password(client, lead)
    for address in ("/", "/aims/", "/children/", "/admin/", reverse("account_change_password"), "/caseload/csv/"):
        assert client.get(address).url == SET_UP, address
    assert client.post(reverse("search"), {"term": "x"}).url == SET_UP
    assert "Set up a second step before you go on" in client.get(SET_UP).content.decode()


def test_a_role_that_needs_no_second_step_goes_on(client):
    type_password(client, person(Role.CHAMPION))
    assert client.get("/aims/").status_code == 200


def test_a_role_gained_while_signed_in_asks_for_the_second_step_at_once(client):
    user = person(Role.CHAMPION)
    type_password(client, user)
    user.memberships.create(role=Role.PACE_LEAD)
    assert client.get("/aims/").url == SET_UP


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_site_and_shows_recovery_codes_once(client, lead):
    type_password(client, lead)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert "data:image/svg+xml;base64," in page.content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<code>(\d{8})</code>", client.get(done.url).content.decode())
    assert len(codes) == 10
    again = client.get(done.url).content.decode()
    assert not any(code in again for code in codes)
    assert client.get("/aims/").status_code == 200
    assert factors_of(lead) == {"totp", "recovery_codes"}
    set_up = AuditEntry.objects.filter(action="mfa_changed", record_id=str(lead.pk))
    assert {entry.after["set_up"] for entry in set_up} == {"authenticator app", "recovery codes"}


def test_a_wrong_code_sets_nothing_up(client, lead):
    type_password(client, lead)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    page = client.post(reverse("mfa_activate_totp"), {"code": wrong_code(secret)})
    assert "That is not right" in page.content.decode()
    assert factors_of(lead) == set()


def test_who_has_an_app_is_asked_for_its_code_after_the_password(client, lead):
    secret = with_app(lead)
    assert type_password(client, lead).url == reverse("mfa_authenticate")
    assert client.get("/aims/").url.startswith("/accounts/login/")
    assert type_code(client, code_of(secret)).url == "/"
    assert client.get("/aims/").status_code == 200


def test_a_wrong_code_lets_nobody_in(client, lead):
    secret = with_app(lead)
    type_password(client, lead)
    page = type_code(client, wrong_code(secret))
    assert "That is not right" in page.content.decode()
    assert client.get("/aims/").url.startswith("/accounts/login/")


def test_a_code_is_taken_once_even_by_a_process_that_has_not_seen_it(client, lead):
    secret = with_app(lead)
    code = code_of(secret)
    type_password(client, lead)
    type_code(client, code)
    cache.clear()  # another process has a memory of its own
    thief = Client()
    type_password(thief, lead)
    page = type_code(thief, code)
    assert "has been used" in page.content.decode()
    assert thief.get("/aims/").url.startswith("/accounts/login/")


def test_a_telephone_half_a_minute_slow_gets_in_and_one_two_minutes_slow_does_not(client, lead):
    secret = with_app(lead)
    type_password(client, lead)
    type_code(client, code_of(secret, periods_later=-4))
    assert client.get("/aims/").url.startswith("/accounts/login/")
    type_code(client, code_of(secret, periods_later=-1))
    assert client.get("/aims/").status_code == 200


def test_a_recovery_code_lets_in_once(client, lead):
    with_app(lead)
    code = recovery_codes_of(lead)[0]
    type_password(client, lead)
    assert type_code(client, code).url == "/"
    assert AuditEntry.objects.get(action="sign_in").after["second_step"] == "recovery codes"
    second = Client()
    type_password(second, lead)
    type_code(second, code)
    assert second.get("/aims/").url.startswith("/accounts/login/")


def test_secrets_are_kept_encrypted(lead):
    secret = with_app(lead)
    codes = recovery_codes_of(lead)
    stored = str(list(lead.authenticator_set.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_secrets_outlive_a_change_of_the_key(client, lead, settings):
    secret = with_app(lead)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether, long enough to be one of a site"
    type_password(client, lead)
    assert type_code(client, code_of(secret)).url == "/"


def test_after_the_key_is_lost_no_code_is_right_and_no_page_breaks(client, lead, settings):
    secret = with_app(lead)
    code = recovery_codes_of(lead)[0]
    settings.SECRET_KEY = "another key altogether, long enough to be one of a site"
    type_password(client, lead)
    for typed in (code_of(secret), code):
        answer = type_code(client, typed)
        assert answer.status_code == 200
        assert "That is not right" in answer.content.decode()
    assert client.get("/aims/").status_code == 302


def test_the_mark_of_somebody_else_is_no_second_step(client, lead):
    other = person(Role.DATA_LEAD)
    type_password(client, lead)
    session = client.session
    session["second_factor"] = {"user": other.pk, "by": "authenticator app"}
    session.save()
    assert client.get("/aims/").url == SET_UP


def test_who_removes_the_last_factor_sets_one_up_again(client, lead):
    secret = with_app(lead)
    type_password(client, lead)
    type_code(client, code_of(secret))
    removed = client.post(reverse("mfa_deactivate_totp"))
    assert removed.status_code == 302
    assert factors_of(lead) == set()
    assert client.get("/aims/").url == SET_UP
    assert AuditEntry.objects.filter(action="mfa_changed", after__removed="authenticator app").exists()


def test_people_of_the_demo_may_be_excused(client):
    braeburn = authority()
    braeburn.fictional = True
    braeburn.save()
    type_password(client, person(Role.PACE_LEAD))
    assert client.get("/aims/").status_code == 200


def test_nobody_of_a_real_authority_is_excused_whatever_the_setting_says(client, lead, settings):
    settings.FICTION_WITHOUT_SECOND_FACTOR = True
    type_password(client, lead)
    assert client.get("/aims/").url == SET_UP


def test_without_the_setting_the_demo_takes_two_steps_too(client, settings):
    settings.FICTION_WITHOUT_SECOND_FACTOR = False
    braeburn = authority()
    braeburn.fictional = True
    braeburn.save()
    type_password(client, person(Role.PACE_LEAD))
    assert client.get("/aims/").url == SET_UP


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/email/",
        "/accounts/signup/",
        "/accounts/3rdparty/",
        "/accounts/social/signup/",
        "/accounts/second-step/codes/download/",
        "/accounts/second-step/passkeys/",
        "/accounts/second-step/passkeys/keys/1/edit/",
        "/accounts/second-step/trust/",
        "/accounts/login/code/confirm/",
        "/accounts/confirm-email/",
    ],
)
def test_what_allauth_offers_besides_is_not_there(client, lead, address):
    client.force_login(lead)
    assert client.get(address).status_code == 404
