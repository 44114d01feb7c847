"""A PACE lead makes and issues a report; a senior leader reads it; the next one says what changed."""

from pathlib import Path

import pytest

from aims.models import Report
from pace_site.accounts.roles import Role
from tests.builders import person
from tests.pdf_reading import words_of


@pytest.mark.usefixtures("midlothian")
def test_a_report_from_making_to_withdrawing(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/reports/")
    check_accessible(page)
    page.get_by_role("link", name="Make a report", exact=True).click()
    page.get_by_label("As at").fill("2018-09-01")
    page.get_by_role("button", name="Show what it says").click()
    page.get_by_role("heading", name="What next").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Issue it").click()
    page.get_by_role("heading", name="Report as at 1 September 2018", level=1).wait_for()
    check_accessible(page)

    page.goto(f"{live_server.url}/reports/make/?as_at=2018-11-01")
    page.get_by_text("Overdue").first.wait_for()
    page.get_by_role("heading", name="Change since the last report").wait_for()
    page.get_by_role("button", name="Issue it").click()
    page.get_by_role("heading", name="Report as at 1 November 2018", level=1).wait_for()
    second = Report.objects.get(as_at="2018-11-01")

    page = sign_in(person(Role.SENIOR_LEADER))
    page.goto(f"{live_server.url}/reports/")
    page.get_by_role("link", name="As at 1 November 2018").click()
    page.get_by_text("4 children have waited longer than 7.5 months.").wait_for()
    assert page.get_by_role("button", name="Withdraw it").count() == 0
    with page.expect_download() as handed:
        page.get_by_role("link", name="MID-1_2018-11-01.pdf").click()
    words = words_of(Path(handed.value.path()).read_bytes())
    assert "20 met, 1 missed, 4 overdue, 7 waiting in time." in words
    check_accessible(page)

    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/reports/{second.pk}/")
    page.get_by_label("Why it is withdrawn").fill("The extract was of the wrong month")
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_text("The extract was of the wrong month").wait_for()
    check_accessible(page)
