"""Twenty minutes without activity: a warning two minutes before the end, and what was typed comes back."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from pace_site.accounts.belonging import USED_AT
from pace_site.accounts.roles import Role
from tests.builders import PASSWORD, person

HALF_A_THOUGHT = "Half a thought that nobody has saved"


@pytest.fixture
def lead():
    return person(Role.ADMINISTRATIVE_LEAD)


@pytest.fixture
def page(page):
    """A page whose clock the errand turns."""
    page.clock.install()
    return page


@pytest.fixture
def at_the_desk(sign_in, live_server, lead):
    page = sign_in(lead)
    page.goto(live_server.url + reverse("barrier_new"))
    return page


def pass_minutes(page, minutes: float, *, by_the_server_too: bool = True) -> None:
    """Let time pass for the page, and, as the clock of the server stands, make its session that much older."""
    if by_the_server_too:
        session = Session.objects.get()
        data = session.get_decoded()
        data[USED_AT] -= int(minutes * 60)
        session.session_data = Session.objects.encode(data)
        session.save()
    page.clock.fast_forward(int(minutes * 60_000))


def sign_in_again(page, user):
    page.get_by_text("signed out after 20 minutes without activity. What you had typed").wait_for()
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_warning_is_an_alert_that_takes_the_focus_and_is_put_off_by_one_key(at_the_desk, check_accessible):
    page = at_the_desk
    pass_minutes(page, 17)
    assert not page.get_by_role("alertdialog").is_visible()
    pass_minutes(page, 1.2)
    dialog = page.get_by_role("alertdialog", name="Are you still there?")
    dialog.wait_for()
    assert "2 minutes" in dialog.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Stay signed in"
    check_accessible(page)
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    pass_minutes(page, 17)
    assert not dialog.is_visible()


def test_escape_stays_too(at_the_desk):
    pass_minutes(at_the_desk, 18.5)
    dialog = at_the_desk.get_by_role("alertdialog")
    dialog.wait_for()
    at_the_desk.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert at_the_desk.get_by_role("heading", level=1).is_visible()


def test_nobody_is_warned_who_works_in_another_tab(at_the_desk):
    pass_minutes(at_the_desk, 19, by_the_server_too=False)
    at_the_desk.wait_for_timeout(500)
    assert not at_the_desk.get_by_role("alertdialog").is_visible()


def test_what_was_typed_comes_back_on_its_page_after_signing_in_again(at_the_desk, lead, check_accessible):
    page = at_the_desk
    page.locator("[name=text]").fill(HALF_A_THOUGHT)
    pass_minutes(page, 21)
    sign_in_again(page, lead)
    page.get_by_text("What you had typed before you were signed out is back").wait_for()
    assert page.locator("[name=text]").input_value() == HALF_A_THOUGHT
    assert page.url.endswith(reverse("barrier_new"))
    check_accessible(page)
    page.reload()
    assert page.locator("[name=text]").input_value() == ""


def test_somebody_else_at_the_same_device_finds_nothing_of_it(at_the_desk):
    page = at_the_desk
    page.locator("[name=text]").fill(HALF_A_THOUGHT)
    pass_minutes(page, 21)
    sign_in_again(page, person(Role.ADMINISTRATIVE_LEAD))
    page.get_by_role("button", name="Sign out").wait_for()
    assert page.locator("[name=text]").input_value() == ""
    assert HALF_A_THOUGHT not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_password_is_never_kept(sign_in, live_server, lead):
    page = sign_in(lead)
    page.goto(live_server.url + reverse("account_change_password"))
    page.locator("[name=password1]").fill("my next password, half typed")
    pass_minutes(page, 21)
    page.get_by_role("heading", name="Sign in").wait_for()
    assert "half typed" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_signing_out_leaves_no_draft_behind(at_the_desk):
    page = at_the_desk
    page.evaluate("sessionStorage.setItem('pace-draft', JSON.stringify({person: 'x', here: '/', at: 1, typed: []}))")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.evaluate("sessionStorage.getItem('pace-draft')") is None
