"""The pages of errors read well on a desk and on a phone."""

import pytest
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.front.home import HomeView
from tests.browser.widths import fits
from tests.builders import person


@pytest.fixture
def open_page(page, width, live_server, client):
    """Signed in as a senior leader: opens an address and returns its heading. The console tells of each refusal."""
    client.force_login(person(Role.SENIOR_LEADER))
    page.set_viewport_size({"width": width, "height": 900})
    cookie = {"name": "sessionid", "url": live_server.url, "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie])

    def run(address: str) -> str:
        page.goto(f"{live_server.url}{address}")
        return page.get_by_role("heading", level=1).inner_text()

    return run


def test_errors_are_told_in_words_that_everybody_can_read(open_page, page, check_accessible, monkeypatch, settings):
    def fall(_view, _request):
        raise RuntimeError("Morven")

    assert open_page("/no-such-page/") == "There is nothing here"
    check_accessible(page)
    assert open_page(reverse("children")) == "You may not do this"
    check_accessible(page)
    settings.SEARCHES_A_MINUTE = 1
    comparing = reverse("aim_compare", kwargs={"code": "NO-SUCH"})
    headings = [open_page(comparing) for _ in range(3)]  # a minute may end between the first two
    assert headings[-1] == "Too many tries"
    assert "then try again" in page.inner_text("main")
    check_accessible(page)
    monkeypatch.setattr(HomeView, "get", fall)
    assert open_page("/") == "Something went wrong"
    check_accessible(page)
    assert page.get_by_role("link", name="To the start page").get_attribute("href") == "/"


def test_forms_that_are_refused_are_told_in_words_too(page, width, live_server, check_accessible, settings):
    page.set_viewport_size({"width": width, "height": 900})

    def send() -> str:
        """Send the sign-in, and return the heading of the answer, which keeps inside the screen and satisfies axe."""
        page.get_by_label("Email").fill("nobody@council.example")
        page.get_by_label("Password").fill("not the password")
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in", exact=True).click()
        assert fits(page)
        check_accessible(page)
        return page.get_by_role("heading", level=1).inner_text()

    page.goto(live_server.url)
    assert send() == "Sign in"
    assert page.get_by_text("do not go together").count() == 1
    settings.MOST_BYTES_ASKED = 10
    assert send() == "That is too large"
    settings.MOST_BYTES_ASKED = 10_000
    page.goto(live_server.url)
    page.context.clear_cookies()
    assert send() == "That form is out of date"
    settings.AXES_FAILURE_LIMIT = 1
    page.goto(live_server.url)
    assert send() == "Too many tries"
    assert "Wait 15 minutes" in page.inner_text("main")
