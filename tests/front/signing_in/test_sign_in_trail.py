"""What the audit trail says of signing in, and who reads it there."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from pace_site.accounts.authorities import NATIONAL_CODE
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.signing_in.actions import reset_second_factor, sign_out_everywhere
from tests.builders import authority, person
from tests.front.signing_in.steps import code_of, factors_of, recovery_codes_of, type_code, type_password, with_app

pytestmark = pytest.mark.django_db
HERE = "198.51.100.7"


@pytest.fixture
def administrator():
    return person(Role.SYSTEM_ADMINISTRATOR)


def entry(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def test_a_sign_in_says_who_from_where_and_how(client):
    champion = person(Role.CHAMPION)
    type_password(client, champion, REMOTE_ADDR=HERE)
    told = entry("sign_in")
    assert (told.actor, told.record_id, told.authority_code) == (champion.email, str(champion.pk), "S12000019")
    assert told.after == {"way": "password", "second_step": "none"}
    assert told.address == HERE


def test_a_sign_in_by_two_steps_says_which_and_is_written_when_it_is_done(client):
    lead = person(Role.PACE_LEAD)
    secret = with_app(lead)
    type_password(client, lead)
    assert not AuditEntry.objects.filter(action="sign_in").exists()
    type_code(client, code_of(secret))
    assert entry("sign_in").after["second_step"] == "authenticator app"


def test_a_wrong_password_stands_with_the_council_of_the_account(client):
    champion = person(Role.CHAMPION)
    type_password(client, champion, "not the password", REMOTE_ADDR=HERE)
    told = entry("sign_failed")
    assert (told.actor, told.actor_id, told.record_id) == ("not signed in", None, str(champion.pk))
    assert told.authority_code == "S12000019"
    assert told.after == {"step": "password"}
    assert told.address == HERE


def test_an_unknown_name_stands_with_the_national_body_and_is_not_written(client):
    client.post(reverse("account_login"), {"login": "typo@council.example", "password": "x"})
    told = entry("sign_failed")
    assert (told.authority_code, told.record_id) == (NATIONAL_CODE, "")
    assert "typo" not in str(told.after)


def test_a_lockout_says_whose_account_it_was(client):
    champion = person(Role.CHAMPION)
    for _ in range(10):
        type_password(client, champion, "not the password")
    assert entry("locked_out").record_id == str(champion.pk)


def test_a_closed_account_says_so_to_who_knows_the_password_and_is_not_signed_in(client):
    champion = person(Role.CHAMPION)
    champion.is_active = False
    champion.save()
    assert type_password(client, champion).url == reverse("account_inactive")
    assert not AuditEntry.objects.filter(action="sign_in").exists()


def test_a_sign_out_is_written(client):
    champion = person(Role.CHAMPION)
    client.force_login(champion)
    client.post(reverse("account_logout"))
    assert entry("sign_out").actor == champion.email


def test_an_administrator_takes_a_lost_second_step_away_and_says_why(administrator):
    lead = person(Role.PACE_LEAD)
    with_app(lead)
    recovery_codes_of(lead)
    telephone = Client()
    telephone.force_login(lead)
    assert reset_second_factor(lead, reason="Lost telephone", by=administrator) == 2
    assert factors_of(lead) == set()
    told = entry("mfa_changed")
    assert (told.actor, told.reason, told.record_id) == (administrator.email, "Lost telephone", str(lead.pk))
    assert told.after == {"reset": ["authenticator app", "recovery codes"]}
    assert telephone.get("/aims/").status_code == 302


def test_a_reset_without_a_reason_changes_nothing(administrator):
    lead = person(Role.PACE_LEAD)
    with_app(lead)
    with pytest.raises(ValidationError):
        reset_second_factor(lead, reason="  ", by=administrator)
    assert factors_of(lead) == {"totp"}


def test_nobody_resets_their_own_second_step_as_administrator(administrator):
    with_app(administrator)
    with pytest.raises(PermissionDenied):
        reset_second_factor(administrator, reason="Lost", by=administrator)
    assert factors_of(administrator) == {"totp"}


@pytest.mark.parametrize("act", [reset_second_factor, sign_out_everywhere])
def test_an_administrator_reaches_only_their_own_people(administrator, act):
    stranger = person(Role.PACE_LEAD, organisation=authority("S12000020"))
    with_app(stranger)
    with pytest.raises(PermissionDenied):
        act(stranger, reason="Lost", by=administrator)
    assert factors_of(stranger) == {"totp"}


@pytest.mark.parametrize("act", [reset_second_factor, sign_out_everywhere])
def test_who_does_not_manage_people_ends_nothing_of_theirs(act):
    lead, colleague = person(Role.PACE_LEAD), person(Role.DATA_LEAD)
    with pytest.raises(PermissionDenied):
        act(colleague, reason="Lost", by=lead)


def test_the_administrators_page_shows_no_secret(client, administrator):
    lead = person(Role.PACE_LEAD)
    secret, codes = with_app(lead), recovery_codes_of(lead)
    client.force_login(administrator)
    page = client.get(reverse("admin:accounts_user_sign_in", args=[lead.pk])).content.decode()
    assert "authenticator app, set up on" in page
    stored = [str(value) for data in lead.authenticator_set.values_list("data", flat=True) for value in data.values()]
    for hidden in (secret, *codes, *(value for value in stored if len(value) > 20)):
        assert hidden not in page


def test_an_account_opened_again_does_not_bring_old_sessions_back(client, administrator):
    champion = person(Role.CHAMPION)
    telephone = Client()
    telephone.force_login(champion)
    client.force_login(administrator)
    address = reverse("admin:accounts_user_change", args=[champion.pk])
    form = client.get(address).context["adminform"].form
    inline = client.get(address).context["inline_admin_formsets"][0].formset
    kept = {f"{inline.prefix}-{name}": value for name, value in inline.management_form.initial.items()}
    (membership,) = champion.memberships.all()
    kept |= {"memberships-0-id": membership.pk, "memberships-0-user": champion.pk, "memberships-0-role": "champion"}
    named = {name: form.initial[name] for name in ("email", "first_name", "last_name")}
    for active in ({}, {"is_active": "on"}):
        assert client.post(address, named | kept | active).status_code == 302
    champion.refresh_from_db()
    assert champion.is_active
    assert telephone.get("/aims/").status_code == 302


def test_without_a_way_to_send_mail_the_page_says_whom_to_ask_whoever_asks(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    known = person(Role.CHAMPION)
    pages = [
        client.get(reverse("account_reset_password")),
        client.post(reverse("account_reset_password"), {"email": known.email}),
        client.post(reverse("account_reset_password"), {"email": "nobody@council.example"}),
    ]
    for page in pages:
        assert "Ask your council's administrator of the PACE tracker" in page.content.decode()
        assert '<form method="post" novalidate' not in page.content.decode()
