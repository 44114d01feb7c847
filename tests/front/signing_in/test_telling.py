"""What people are told by e-mail about how they sign in."""

import pytest
from django.core import mail
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.front.signing_in.actions import open_set_up, reset_second_factor
from tests.builders import PASSWORD, person
from tests.front.admin_pages import page, person_form
from tests.front.signing_in.steps import code_of, type_password, with_app

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another-long-test-password"


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something, and return the e-mails that left when it was committed."""

    def run(act, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return list(mail.outbox)

    return run


def told(messages) -> list[str]:
    return [message.body.partition("\n")[0] for message in messages]


def test_a_second_step_that_is_set_up_renewed_or_removed_is_told_to_its_person(client, committed):
    lead = person(Role.PACE_LEAD)
    type_password(client, lead)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    set_up = committed(client.post, reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert told(set_up) == [
        "An authenticator app was set up for signing in to the PACE tracker with your account.",
        "Recovery codes were made for signing in to the PACE tracker with your account.",
    ]
    client.force_login(lead)  # what marks the session ran here after the answer
    renewed = committed(client.post, reverse("mfa_generate_recovery_codes"))
    assert told(renewed) == [
        "New recovery codes were made for your account of the PACE tracker. The old ones no longer work."
    ]
    removed = committed(client.post, reverse("mfa_deactivate_totp"))
    assert "The authenticator app was removed from your account of the PACE tracker." in told(removed)
    for message in set_up + renewed + removed:
        assert message.to == [lead.email]
        assert "If it was not: somebody else can sign in as you. Telephone" in message.body
        assert "http" not in message.body
        assert secret not in message.body


def test_a_changed_password_is_told(client, committed):
    lead = person(Role.PACE_LEAD)
    client.force_login(lead)
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    (message,) = committed(client.post, reverse("account_change_password"), fields)
    assert message.body.startswith("The password of your account of the PACE tracker was changed.")
    assert NEW_PASSWORD not in message.body


def test_what_an_administrator_did_is_told_as_such(client, committed):
    administrator, lead = person(Role.SYSTEM_ADMINISTRATOR), person(Role.PACE_LEAD)
    with_app(lead)
    (reset,) = committed(reset_second_factor, lead, reason="Lost telephone", by=administrator)
    (opened,) = committed(open_set_up, lead, reason="Lost telephone", by=administrator)
    client.force_login(administrator)
    address = page("auth_user_password_change", lead.pk)
    fields = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    (password,) = committed(client.post, address, fields)
    held = {"id": lead.memberships.get().pk, "role": Role.PACE_LEAD}
    sent = person_form(lead, memberships=[held], email="somebody.else@council.example")
    (moved,) = committed(client.post, page("accounts_user_change", lead.pk), sent)
    assert "was taken away" in reset.body
    assert "For the next 7 days" in opened.body
    assert password.body.startswith("A new password was set")
    assert "another e-mail address" in moved.body
    for message in (reset, opened, password, moved):
        assert message.to == [lead.email]  # not the new address, which may be the administrator's own
        assert "An administrator of your council did this." in message.body
        assert "Lost telephone" not in message.body
        assert "http" not in message.body


def test_a_mail_server_that_fails_undoes_nothing(committed, monkeypatch, caplog):
    administrator, lead = person(Role.SYSTEM_ADMINISTRATOR), person(Role.PACE_LEAD)
    with_app(lead)

    def fail(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    assert committed(reset_second_factor, lead, reason="Lost telephone", by=administrator) == []
    assert not lead.authenticator_set.exists()
    assert "No e-mail could be sent" in caplog.text
