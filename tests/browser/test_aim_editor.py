"""A PACE lead begins an aim from a template, activates it, changes it, and closes it; and looks at all of its page."""

import pytest

from aims.models import AimVersion
from pace_site.accounts.roles import Role
from tests.builders import person


@pytest.mark.usefixtures("midlothian")
def test_an_aim_from_template_to_closing(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/manage/")
    page.get_by_role("link", name="Begin an aim").click()
    check_accessible(page)
    page.get_by_role("link", name="NAT-2").click()
    page.get_by_label("Code").fill("OUR-2")
    page.get_by_label("Target in %").fill("seventy")
    page.get_by_role("button", name="See what this does").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.get_by_label("Code").input_value() == "OUR-2"
    check_accessible(page)

    page.get_by_label("Target in %").fill("70")
    page.get_by_role("button", name="See what this does").click()
    page.get_by_text("Nothing is saved yet.").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("heading", name="OUR-2", level=1).wait_for()
    page.get_by_role("heading", name="No from-date").wait_for()
    check_accessible(page)

    page.get_by_role("button", name="Activate it").click()
    page.get_by_role("heading", name="Where it stands: active").wait_for()
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Counts clocks that start from").fill("2018-01-01")
    page.get_by_label("Why it is changed").fill("Agreed by the Champions' Group")
    page.get_by_role("button", name="See what this does").click()
    page.get_by_text("Nothing is saved yet.").wait_for()
    page.get_by_role("button", name="Save as the next version").click()
    page.get_by_text("Agreed by the Champions' Group").wait_for()
    page.get_by_label("Which clocks started before").or_(
        page.get_by_role("button", name="Make the backlog aim")
    ).first.wait_for()
    check_accessible(page)

    page.get_by_label("Why the aim is closed").fill("Replaced by another")
    page.get_by_role("button", name="Close it").click()
    page.get_by_role("heading", name="Where it stands: closed").wait_for()
    check_accessible(page)
    statuses = AimVersion.objects.filter(aim__code="OUR-2").order_by("number").values_list("data__status", flat=True)
    assert list(statuses)[-1] == "closed"


@pytest.mark.usefixtures("midlothian")
def test_every_section_of_the_aim_page_is_drawn_and_leads_on(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/MID-1/?as_at=2018-11-01")
    for figure in ("run-chart-figure", "by-month-figure", "time-to-decision-figure"):
        page.locator(f"[data-figure={figure}][data-drawn=yes]").wait_for()
    page.get_by_text("The months as a table").click()
    count = page.locator("#by-month tbody tr").first.get_by_role("link").first
    expected = count.inner_text()
    check_accessible(page)
    count.click()
    page.get_by_role("heading", name=f"{expected} decided, overdue", level=1).wait_for()

    page.goto(f"{live_server.url}/aims/MID-1/?as_at=2018-11-01")
    table = page.get_by_role("region", name="Children between milestones")
    count = table.get_by_role("row", name="Accommodation to recommendation").get_by_role("link").first
    expected = count.inner_text()
    count.click()
    page.get_by_role(
        "heading", name=f"{expected} children accommodated, with no recommendation yet", level=1
    ).wait_for()
    check_accessible(page)
    page.get_by_role("link", name="Children between milestones").click()
    page.get_by_role("heading", name="stood between", level=1).wait_for()
    check_accessible(page)

    page.goto(f"{live_server.url}/aims/MID-1/definition/?as_at=2018-11-01")
    check_accessible(page)
    page.goto(f"{live_server.url}/aims/at-home/?as_at=2018-11-01")
    check_accessible(page)
    page.goto(f"{live_server.url}/aims/MID-1/chart/")
    check_accessible(page)
