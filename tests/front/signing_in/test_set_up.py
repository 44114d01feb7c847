"""Setting up a first second step: a password alone is enough only for some days after an administrator's act."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.people.actions import ask_everybody
from pace_site.front.signing_in.actions import let_try_again, open_set_up, reset_second_factor
from tests.builders import authority, person
from tests.front.signing_in.steps import code_of, factors_of, type_code, type_password, with_app

pytestmark = pytest.mark.django_db
INDEX, APP, PASSKEY = reverse("mfa_index"), reverse("mfa_activate_totp"), reverse("mfa_add_webauthn")


def closed(user) -> User:
    """The days in which `user` could set up a second step are over."""
    user.set_up_until = timezone.now() - timedelta(seconds=1)
    user.save()
    return user


@pytest.fixture
def administrator():
    return person(Role.SYSTEM_ADMINISTRATOR)


def test_a_new_account_sets_its_second_step_up_within_seven_days():
    left = person(Role.PACE_LEAD).set_up_until - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_afterwards_a_password_alone_sets_nothing_up(client):
    lead = closed(person(Role.PACE_LEAD))
    type_password(client, lead)
    for address in (APP, PASSKEY):
        assert client.get(address).url == INDEX
        assert client.post(address, {"code": "123456"}).url == INDEX
    shown = client.get(INDEX).content.decode()
    assert "setting one up is closed" in shown
    assert APP not in shown
    assert PASSKEY not in shown
    assert factors_of(lead) == set()


def test_nor_does_it_for_whoever_needs_none(client):
    type_password(client, closed(person(Role.CHAMPION)))
    assert client.get(APP).url == INDEX
    assert "Setting up a second step is closed" in client.get(INDEX).content.decode()
    assert client.get("/aims/").status_code == 200


def test_whoever_showed_a_factor_adds_others_and_changes_their_telephone(client):
    lead = closed(person(Role.PACE_LEAD))
    secret = with_app(lead)
    type_password(client, lead)
    type_code(client, code_of(secret))
    assert client.get(PASSKEY).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get("/aims/").url == INDEX
    assert client.get(APP).status_code == 200
    other = Client()
    type_password(other, lead)
    assert other.get(APP).url == INDEX


def test_a_session_by_password_alone_does_not_touch_a_factor_set_up_since(client):
    user = person(Role.CHAMPION)
    type_password(client, user)
    with_app(user)
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
        assert client.post(reverse(name)).url == INDEX, name
    assert factors_of(user) == {"totp"}
    assert "Sign out, then in by both" in client.get(INDEX).content.decode()


def test_an_administrator_opens_it_again_for_seven_days_and_says_why(client, administrator):
    lead = closed(person(Role.PACE_LEAD))
    client.force_login(administrator)
    address = reverse("admin:accounts_user_sign_in", args=[lead.pk])
    assert 'value="open"' in client.get(address).content.decode()
    assert client.post(address, {"what": "open", "reason": "Came to my desk with their badge"}).status_code == 302
    lead.refresh_from_db()
    assert lead.set_up_until > timezone.now() + timedelta(days=6)
    told = AuditEntry.objects.get(action="mfa_changed")
    assert (told.after, told.reason) == ({"set_up": "opened"}, "Came to my desk with their badge")


def test_a_reset_opens_it_too(administrator):
    lead = closed(person(Role.PACE_LEAD))
    with_app(lead)
    reset_second_factor(lead, reason="Lost telephone", by=administrator)
    lead.refresh_from_db()
    assert lead.set_up_until > timezone.now()


def test_nobody_opens_their_own_nor_where_a_factor_is_nor_without_a_reason(administrator):
    lead = person(Role.PACE_LEAD)
    with pytest.raises(PermissionDenied):
        open_set_up(closed(administrator), reason="Mine", by=administrator)
    with pytest.raises(PermissionDenied):
        open_set_up(person(), reason="Asked", by=lead)
    with pytest.raises(ValidationError):
        open_set_up(lead, reason=" ", by=administrator)
    with_app(lead)
    with pytest.raises(ValidationError, match="has a second step"):
        open_set_up(lead, reason="Asked", by=administrator)


def test_an_administrator_lets_somebody_try_again_who_is_locked_out(client, administrator):
    champion = person(Role.CHAMPION)
    for _ in range(10):
        type_password(client, champion, "not the password")
    assert type_password(client, champion).status_code == 429
    let_try_again(champion, reason="Rang me from the office", by=administrator)
    assert type_password(client, champion).url == "/"
    assert AuditEntry.objects.get(after={"failures": "forgotten"}).reason == "Rang me from the office"


def test_asked_of_everybody_it_holds_on_the_next_request_and_opens_setting_up(client, administrator):
    worker, elsewhere = closed(person(Role.PRACTITIONER)), person(Role.CHAMPION, organisation=authority("S12000020"))
    type_password(client, worker)
    there = Client()
    type_password(there, elsewhere)
    assert client.get("/children/").status_code == 200

    ask_everybody(worker.organisation, on=True, by=administrator)
    for address in ("/", "/children/", reverse("caseload"), reverse("account_change_password")):
        assert client.get(address).url == INDEX, address
    assert client.post(reverse("search"), {"term": "x"}).url == INDEX
    assert "asks everybody for more than a password" in client.get(INDEX).content.decode()
    assert client.get(APP).status_code == 200
    assert there.get("/aims/").status_code == 200

    ask_everybody(worker.organisation, on=False, by=administrator)
    assert client.get("/children/").status_code == 200
    changed = AuditEntry.objects.filter(record_type="organisation")
    assert [entry.after for entry in changed.order_by("pk")] == [
        {"second_step_for_everybody": True},
        {"second_step_for_everybody": False},
    ]


def test_unless_switched_on_it_is_asked_of_nobody_else_and_only_leads_and_administrators_switch_it(client):
    assert not Organisation.objects.filter(second_step_for_everybody=True).exists()
    address, lead = reverse("second_step_for_everybody"), person(Role.PACE_LEAD)
    client.force_login(person(Role.TEAM_MANAGER))
    assert client.post(address, {"what": "on"}).status_code == 403
    client.force_login(lead)
    client.post(address, {"what": "on"})
    assert authority().second_step_for_everybody
    with pytest.raises(PermissionDenied):
        ask_everybody(authority("S12000020"), on=True, by=lead)
    assert Organisation.objects.filter(second_step_for_everybody=True).count() == 1


def test_a_fictional_authority_that_switches_it_on_is_not_excused(client, settings, administrator):
    settings.FICTION_WITHOUT_SECOND_FACTOR = True
    Organisation.objects.filter(pk=administrator.organisation_id).update(fictional=True)
    type_password(client, closed(person(Role.PACE_LEAD)))
    assert client.get("/aims/").status_code == 200
    assert client.get(APP).status_code == 200
    ask_everybody(authority(), on=True, by=administrator)
    assert client.get("/aims/").url == INDEX
