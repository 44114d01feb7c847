"""Signing in by the council's own provider, from the button to the page that was wanted, and being refused there."""

import environ
import pytest
from django.core.cache import cache

from pace_site.accounts.roles import Role
from pace_site.config.single_sign_on import providers_in
from tests.browser.widths import fits
from tests.builders import person
from tests.council_provider import running_provider


@pytest.fixture(scope="module")
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture
def site(provider, settings, monkeypatch, live_server):
    cache.clear()
    told = {
        "SSO": "midlothian",
        "SSO_MIDLOTHIAN_ISSUER": provider.address,
        "SSO_MIDLOTHIAN_CLIENT_ID": "pace",
        "SSO_MIDLOTHIAN_CLIENT_SECRET": "a secret of the council",
        "SSO_MIDLOTHIAN_ORGANISATION": "S12000019",
        "SSO_MIDLOTHIAN_NAME": "Midlothian Council",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": providers_in(environ.Env(), production=False)}}
    return live_server.url


def come_by_the_council(page, site, sub):
    """The pages of the provider are not ours: what they write to the console is not watched."""
    page.goto(f"{site}/aims/")
    page.get_by_role("link", name="Sign in with Midlothian Council").click()
    page.locator("[name=sub]").first.fill(sub)
    page.get_by_role("button", name="Authorize", exact=True).click()


def test_a_lead_comes_by_the_council_to_the_page_they_wanted(page, width, site, provider, check_accessible):
    page.set_viewport_size({"width": width, "height": 900})
    lead = person(Role.PACE_LEAD)
    provider.knows("lead", email=lead.email, email_verified=True, amr=["pwd", "mfa"])
    page.goto(site)
    check_accessible(page)
    come_by_the_council(page, site, "lead")
    page.get_by_role("heading", name="Aims", level=1).wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_who_has_no_account_is_told_whom_to_ask(page, width, site, provider, check_accessible):
    page.set_viewport_size({"width": width, "height": 900})
    provider.knows("stranger", email="stranger@council.example", email_verified=True)
    come_by_the_council(page, site, "stranger")
    page.get_by_role("heading", name="You could not be signed in").wait_for()
    page.get_by_text("Ask your council's administrator").wait_for()
    assert fits(page)
    check_accessible(page)
