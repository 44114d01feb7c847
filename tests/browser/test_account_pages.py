"""The pages around signing in: each reads well on a desk and on a phone, and a forgotten password is replaced."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.front.account_urls import OFFERED, OFFERED_SECOND_STEP
from tests.browser.widths import fits
from tests.builders import PASSWORD, person

NEW_PASSWORD = "another-long-test-password"

SIGNED_OUT = {
    "account_login": "Sign in",
    "account_logout": "Sign in",
    "account_inactive": "This account is closed",
    "account_reset_password": "Forgotten your password?",
    "account_reset_password_done": "Look in your e-mail",
    "account_reset_password_from_key": "This link no longer works",
    "account_reset_password_from_key_done": "Your password is changed",
}
SIGNED_IN = {
    "account_logout": "Sign out?",
    "account_change_password": "Change your password",
    "account_reauthenticate": "Confirm that it is you",
    "account_set_password": "Change your password",
    "mfa_index": "How you sign in",
    "mfa_activate_totp": "Confirm that it is you",
    "mfa_add_webauthn": "Confirm that it is you",
}
# Only met on the way through the second step: `test_second_step.py` walks it.
ON_THE_WAY = OFFERED_SECOND_STEP - {*SIGNED_IN}
SPENT_LINK = {"account_reset_password_from_key": {"uidb36": "1", "key": "spent-key"}}


@pytest.fixture
def check_page(check_accessible):
    """The page says what it is, keeps inside the screen and satisfies axe."""

    def check(page, heading: str) -> None:
        page.get_by_role("heading", name=heading, level=1).wait_for()
        assert fits(page)
        check_accessible(page)

    return check


def test_no_account_page_is_left_out_here():
    assert {*SIGNED_OUT, *SIGNED_IN, *ON_THE_WAY} == OFFERED | OFFERED_SECOND_STEP | {
        "mfa_index",
        "account_reset_password",
    }


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_a_page_for_whoever_is_signed_out_reads_well(watched, live_server, check_page, name):
    watched.goto(live_server.url + reverse(name, kwargs=SPENT_LINK.get(name)))
    check_page(watched, SIGNED_OUT[name])


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_for_whoever_is_signed_in_reads_well(sign_in, live_server, check_page, name):
    page = sign_in(person(Role.CHAMPION))
    page.goto(live_server.url + reverse(name))
    check_page(page, SIGNED_IN[name])


def test_a_forgotten_password_is_replaced_by_way_of_the_link_in_the_mail(watched, live_server, check_page):
    user = person(Role.CHAMPION)
    watched.goto(live_server.url)
    watched.get_by_role("link", name="Forgot your password?").click()
    watched.get_by_label("Email").fill(user.email)
    watched.get_by_role("button", name="Send me the link").click()
    watched.get_by_role("heading", name="Look in your e-mail").wait_for()

    watched.goto(re.search(r"http://\S+", mail.outbox[0].body)[0])
    check_page(watched, "Choose a new password")
    first, again = watched.get_by_label("New Password").all()
    first.fill(NEW_PASSWORD)
    again.fill("something else altogether")
    watched.get_by_role("button", name="Set my password").click()
    watched.get_by_role("alert").filter(has_text="There is a problem").wait_for()
    check_page(watched, "Choose a new password")
    first, again = watched.get_by_label("New Password").all()
    first.fill(NEW_PASSWORD)
    again.fill(NEW_PASSWORD)
    watched.get_by_role("button", name="Set my password").click()

    check_page(watched, "Your password is changed")
    watched.get_by_role("link", name="Sign in with it").click()
    watched.get_by_label("Email").fill(user.email)
    watched.get_by_label("Password").fill(NEW_PASSWORD)
    watched.get_by_role("button", name="Sign in").click()
    watched.get_by_role("heading", name="Aims", level=1).wait_for()


def test_a_person_changes_their_password_and_is_told_in_a_summary_what_is_wrong(sign_in, live_server, check_page):
    page = sign_in(person(Role.CHAMPION))
    page.goto(live_server.url)
    page.get_by_role("link", name="How you sign in").click()
    page.get_by_role("link", name="Change your password").click()
    page.locator("[name=oldpassword]").fill(PASSWORD)
    page.locator("[name=password1]").fill("short")
    page.locator("[name=password2]").fill("short")
    page.get_by_role("button", name="Change my password").click()
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "password1"
    check_page(page, "Change your password")

    page.locator("[name=oldpassword]").fill(PASSWORD)
    page.locator("[name=password1]").fill(NEW_PASSWORD)
    page.locator("[name=password2]").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change my password").click()
    page.get_by_text("Password successfully changed").wait_for()
    check_page(page, "Aims")
