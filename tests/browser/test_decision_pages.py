"""A PACE lead asks whether an aim can still be made, and whether a change of practice made decisions quicker."""

from datetime import date, timedelta

import pytest

from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.browser.widths import fits
from tests.builders import authority, person


@pytest.fixture
def before_and_since():
    """Twelve children decided slowly, twelve quickly after the summer of 2019, and four still waiting in time."""
    monday, summer = date(2019, 1, 7), date(2019, 7, 1)
    slow = [
        accommodated(monday.isoformat(), recommended((monday + timedelta(weeks=20 + n)).isoformat()), ref=f"S{n:02d}")
        for n in range(12)
    ]
    quick = [
        accommodated(summer.isoformat(), recommended((summer + timedelta(weeks=8 + n)).isoformat()), ref=f"Q{n:02d}")
        for n in range(12)
    ]
    waiting = [accommodated("2020-03-02", ref=f"W{n}") for n in range(4)]
    store(slow + quick + waiting, authority=authority())
    stored_aim(aim(by_date="2020-10-05", target_pct=75), authority=authority())


@pytest.mark.usefixtures("before_and_since")
def test_somebody_asks_whether_it_can_still_be_made_and_whether_it_got_quicker(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/TEST/?as_at=2020-06-01")
    page.get_by_text("Of the 4 children still waiting in time, 2 must be decided in time to reach 75 %.").wait_for()
    curve = page.locator("#time-to-decision [data-figure][data-drawn=yes]")
    curve.wait_for()
    assert curve.locator(".scatterlayer .trace.scatter").count() >= 4

    page.get_by_label("Compare those who started before this day and since").fill("2019-04-01")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("who became accommodated since then had a recommendation within").wait_for()
    curve.wait_for()
    assert "as_at=2020-06-01" in page.url
    page.get_by_text("The shares as a table").click()
    page.get_by_text("Started since 1 April 2019: 16 clocks, 12 decided, 0 left undecided").wait_for()
    page.get_by_text("How this is estimated").click()
    page.get_by_text("How the expected result is found").click()
    assert fits(page)
    check_accessible(page)

    page.get_by_role("link", name="Do not divide").click()
    page.get_by_text("Half of the 28 children who became accommodated had a recommendation").wait_for()
    page.get_by_role("link", name="P-W0").first.click()
    page.get_by_role("heading", name="P-W0", level=1).wait_for()
