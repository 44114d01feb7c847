"""A national analyst looks at the four national aims in all authorities and takes the figures along."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from aims.national.quarters import quarter_ends
from tests.aims.exports import csv_rows
from tests.aims.national.two_bodies import ABERDEEN, MIDLOTHIAN, analyst, clocks
from tests.browser.widths import fits


@pytest.fixture
def two_councils():
    clocks(MIDLOTHIAN, met=15, late=5, overdue=3)
    clocks(ABERDEEN, met=12, late=6, left=5, overdue=7)


def spoken(day: date) -> str:
    return f"As at {day.day} {day:%B %Y}, by one definition for all."


@pytest.mark.usefixtures("two_councils")
def test_an_analyst_reads_the_national_aims_chooses_a_quarter_and_downloads(sign_in, live_server, check_accessible):
    latest, *_others, earliest = quarter_ends(timezone.localdate())
    page = sign_in(analyst())
    page.goto(live_server.url)
    page.wait_for_url("**/national/")
    page.get_by_role("heading", name="Scotland: met in time 51 % of NAT-2", level=1).wait_for()
    page.get_by_text(spoken(latest)).wait_for()
    page.get_by_text("Scotland: 51 % met in time, 27 of 53; 10 overdue; nobody waiting in time.").wait_for()
    midlothian = page.get_by_role("table", name="NAT-2 by authority").get_by_role("row", name="Midlothian")
    assert "hidden" in midlothian.inner_text()
    page.get_by_text("How NAT-2 is counted here").click()
    page.locator("details[open]").get_by_text("Who is counted").wait_for()
    assert fits(page)
    check_accessible(page)

    page.get_by_label("As at the quarter end").select_option(earliest.isoformat())
    page.get_by_role("button", name="Show").click()
    page.get_by_text(spoken(earliest)).wait_for()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download these figures (CSV)").click()
    assert downloading.value.suggested_filename == f"national_{earliest.isoformat()}.csv"
    rows = csv_rows(Path(downloading.value.path()).read_bytes())
    assert {row["as_at"] for row in rows} == {earliest.isoformat()}
    assert {row["authority"] for row in rows} == {"Aberdeen City", "Midlothian", "Scotland"}
