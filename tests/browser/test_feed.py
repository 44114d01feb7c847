"""A PACE lead opens the feed, makes a token, hands it over, and revokes it."""

import re

import pytest
from django.test import Client

from pace_site.accounts.roles import Role
from tests.browser.widths import fits
from tests.builders import person


@pytest.mark.usefixtures("transactional_db")
def test_a_lead_opens_the_feed_and_closes_it_again(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.PACE_LEAD))

    def check():
        assert fits(page)
        check_accessible(page)

    def asked_with(token: str) -> int:
        return Client().get("/feed/v1/dictionary.json", headers={"Authorization": f"Bearer {token}"}).status_code

    page.goto(f"{live_server.url}/reports/")
    page.get_by_role("link", name="Feed to other programs").click()
    page.get_by_role("heading", name="The feed to other programs is off", level=1).wait_for()
    check()

    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    check()

    page.get_by_label("Which program, and whose").fill("Power BI of the performance team")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("heading", name="Copy the token now").wait_for()
    token = page.get_by_label("Token", exact=True).input_value()
    page.get_by_role("region", name="Copy the token now").get_by_role("button", name="Copy").click()
    page.get_by_text(re.compile("Copied|Selected")).wait_for()
    check()
    assert asked_with(token) == 403

    page.get_by_role("button", name="Switch the feed on").click()
    page.get_by_role("heading", name="The feed to other programs is on", level=1).wait_for()
    assert not page.get_by_label("Token", exact=True).count()
    assert asked_with(token) == 200
    page.reload()
    assert "never" not in page.get_by_role("row", name="Power BI of the performance team").inner_text()
    check()

    page.get_by_role("button", name="Revoke Power BI of the performance team").click()
    page.get_by_text("is revoked. It lets nobody in any more.").wait_for()
    assert asked_with(token) == 401
    check()

    page.get_by_role("button", name="Switch the feed off").click()
    page.get_by_role("heading", name="The feed to other programs is off", level=1).wait_for()
    check()
