"""A real browser for errands: any console error fails, and each page is checked by axe."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator

from pace_site.accounts.models import User
from tests.acceptance_extracts import take_in
from tests.browser.keyboard import press, set_to

# Playwright runs its own event loop; the errands use the ORM beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 30_000  # milliseconds: that a machine is busy is no fault of the page
# The one rule of WCAG 2.1 A, that what is spoken holds what is seen: axe asks it only when told to.
ASKED_FOR = {"label-content-name-mismatch": {"enabled": True}}
WIDTHS = {"desktop": 1440, "phone": 390}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium here, and CI runs every browser test.")
        pytest.skip("no Chromium on this machine")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "headless": True, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(params=WIDTHS)
def width(request):
    """Each errand is told with a mouse at desktop width, and at phone width by keyboard alone."""
    return WIDTHS[request.param]


def by_keyboard(monkeypatch) -> None:
    """Whatever an errand clicks is pressed instead; what is drawn, and has its words beside it, is still pointed at."""
    click = Locator.click
    monkeypatch.setattr(Locator, "click", lambda at, **how: click(at, **how) if how.get("force") else press(at))
    monkeypatch.setattr(Locator, "check", lambda at: set_to(at, True))
    monkeypatch.setattr(Locator, "uncheck", lambda at: set_to(at, False))


@pytest.fixture
def watched(page, width, monkeypatch):
    """A page whose console must stay empty (so that any breach of the content-security policy fails)."""
    if width == WIDTHS["phone"]:
        by_keyboard(monkeypatch)
    page.set_viewport_size({"width": width, "height": 900})
    page.set_default_timeout(PATIENCE)
    bad = []
    page.on("console", lambda message: bad.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: bad.append(str(error)))
    yield page
    assert not bad, bad


@pytest.fixture
def sign_in(watched, live_server, client):
    """Open the browser as somebody who has signed in."""

    def enter(user: User):
        client.force_login(user)
        watched.context.add_cookies(
            [{"name": "sessionid", "url": live_server.url, "value": client.cookies["sessionid"].value}]
        )
        return watched

    return enter


@pytest.fixture
def check_accessible():
    """Assert that axe finds nothing on the page as it is now."""

    def check(page) -> None:
        # Without preloading, axe does not fetch style sheets by itself, which would break the policy in its own name.
        found = Axe().run(page, options={"runOnly": STANDARDS, "rules": ASKED_FOR, "preload": False})
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def midlothian():
    """The acceptance extract of Midlothian with its aim, as at 1 November 2018."""
    take_in("midlothian")
