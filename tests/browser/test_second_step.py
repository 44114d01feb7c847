"""The second step as people meet it: an app with real codes, recovery codes, and a passkey of a made-up device."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from pace_site.accounts.models import RoleMembership, User
from pace_site.accounts.roles import Role
from pace_site.front.people.actions import change_roles
from tests.browser.widths import fits
from tests.builders import PASSWORD, person
from tests.front.signing_in.steps import code_of, with_app


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD, email="petra@council.example")


@pytest.fixture
def site(live_server, settings):
    """Passkeys belong to a name, never to a number; a browser takes them over http on this machine alone."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def reader(watched):
    """A device with a fingerprint reader, made up inside the browser."""
    session = watched.context.new_cdp_session(watched)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def type_password(page, site, user):
    page.goto(site)
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def heading(page, words):
    page.get_by_role("heading", name=words, level=1).wait_for()


def test_a_lead_sets_up_an_app_keeps_the_codes_and_signs_in_by_both(watched, site, lead, check_accessible):
    type_password(watched, site, lead)
    heading(watched, "How you sign in")
    check_accessible(watched)
    watched.get_by_role("link", name="Set up an app").click()
    heading(watched, "Set up an authenticator app")
    check_accessible(watched)
    assert fits(watched)
    assert watched.evaluate("document.querySelector('.qr').naturalWidth") > 0
    watched.get_by_text("No camera?").click()
    secret = watched.locator("code.secret").inner_text()
    watched.get_by_label("Six-figure code").fill("12")
    watched.get_by_role("button", name="Set it up").click()
    watched.get_by_role("alert").filter(has_text="That is not right").wait_for()
    watched.get_by_label("Six-figure code").fill(code_of(secret))
    watched.get_by_role("button", name="Set it up").click()

    heading(watched, "Recovery codes")
    check_accessible(watched)
    assert fits(watched)
    recovery = watched.locator(".recovery-codes code").all_inner_texts()
    assert len(recovery) == 10
    watched.get_by_role("link", name="I have kept them").click()
    watched.get_by_role("button", name="Sign out").first.click()

    type_password(watched, site, lead)
    heading(watched, "Second step")
    check_accessible(watched)
    assert fits(watched)
    watched.get_by_label("Code of your app").fill(code_of(secret))
    watched.get_by_role("button", name="Go on").click()
    watched.get_by_role("link", name="How you sign in").click()
    assert "10 left" in watched.locator("main").inner_text()
    check_accessible(watched)
    for name, words in (
        ("mfa_view_recovery_codes", "Recovery codes"),
        ("mfa_generate_recovery_codes", "Make new recovery codes?"),
        ("mfa_deactivate_totp", "Remove the authenticator app?"),
    ):
        watched.goto(site + reverse(name))
        heading(watched, words)
        check_accessible(watched)
        assert fits(watched)
    watched.get_by_role("link", name="Keep it").click()
    watched.get_by_role("button", name="Sign out everywhere").click()

    type_password(watched, site, lead)
    watched.get_by_label("Code of your app").fill(recovery[3])
    watched.get_by_role("button", name="Go on").click()
    watched.get_by_role("link", name="How you sign in").click()
    assert "9 left" in watched.locator("main").inner_text()


def test_a_lead_adds_a_passkey_signs_in_by_it_alone_and_removes_it(watched, site, reader, lead, check_accessible):
    type_password(watched, site, lead)
    watched.get_by_role("link", name="Add a passkey").click()
    heading(watched, "Add a passkey")
    check_accessible(watched)
    watched.get_by_label("What is it on?").fill("My telephone")
    watched.get_by_role("button", name="Add a passkey").click()
    heading(watched, "Recovery codes")
    watched.get_by_role("link", name="I have kept them").click()
    watched.get_by_role("button", name="Sign out").first.click()

    watched.goto(f"{site}/aims/")
    watched.get_by_role("button", name="Use a passkey").click()
    heading(watched, "Aims")
    watched.get_by_role("button", name="Sign out").first.click()

    type_password(watched, site, lead)
    heading(watched, "Second step")
    watched.get_by_role("button", name="Use a passkey instead").click()
    watched.get_by_role("link", name="How you sign in").click()
    watched.get_by_role("link", name="Remove My telephone").click()
    heading(watched, "Remove this passkey?")
    check_accessible(watched)
    watched.get_by_role("button", name="Remove it").click()
    watched.get_by_role("heading", name="Set up a second step before you go on").wait_for()


def test_somebody_without_a_passkey_is_told_and_may_go_another_way(watched, site, lead, check_accessible):
    session = watched.context.new_cdp_session(watched)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    watched.goto(site)
    watched.get_by_role("button", name="Use a passkey").click()
    watched.get_by_role("alert").filter(has_text="No passkey was used").wait_for()
    check_accessible(watched)
    type_password(watched, site, lead)
    heading(watched, "How you sign in")


def test_an_administrator_resets_a_lost_second_step_and_says_why(sign_in, live_server, lead, check_accessible):
    with_app(lead)
    page = sign_in(person(Role.SYSTEM_ADMINISTRATOR))
    page.goto(f"{live_server.url}/admin/accounts/user/{lead.pk}/change/")
    page.get_by_role("link", name="See, reset or sign out everywhere").click()
    page.get_by_text("authenticator app, set up on").wait_for()
    check_accessible(page)
    assert fits(page)
    page.get_by_role("button", name="Take the second step away").click()
    page.get_by_text("Say why, and how you made sure").wait_for()
    check_accessible(page)
    page.get_by_label(re.compile("Why, and how")).fill("Lost telephone; called back on the directory number")
    page.get_by_role("button", name="Take the second step away").click()
    page.get_by_text("has no second step any more").wait_for()


def test_a_lead_asks_everybody_and_a_worker_too_late_is_told_whom_to_ask(sign_in, site, live_server, check_accessible):
    worker = person(Role.PRACTITIONER, email="una@council.example")
    User.objects.filter(pk=worker.pk).update(set_up_until=timezone.now())
    administrator = person(Role.SYSTEM_ADMINISTRATOR)
    change_roles(worker, given=[RoleMembership(user=worker, role=Role.LEGAL)], by=administrator)
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Roles given lately").click()
    heading(page, "1 role was given in the last 90 days")
    check_accessible(page)
    assert fits(page)
    page.get_by_role("button", name="Ask everybody for a second step").click()
    page.get_by_role("heading", name="Everybody signs in by two steps").wait_for()

    User.objects.filter(pk=worker.pk).update(set_up_until=timezone.now())
    page.context.clear_cookies()
    type_password(page, site, worker)
    page.get_by_role("heading", name="You need a second step, and setting one up is closed").wait_for()
    check_accessible(page)
    assert fits(page)
    page = sign_in(administrator)
    page.goto(f"{live_server.url}/admin/accounts/user/{worker.pk}/sign-in/")
    page.get_by_label("Why, and how").fill("Came to my desk with their badge")
    check_accessible(page)
    assert fits(page)
    page.get_by_role("button", name="Open setting up a second step").click()
    page.get_by_text("has 7 days to set up a second step").wait_for()
