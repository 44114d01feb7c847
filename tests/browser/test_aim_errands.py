"""The Champions' Group looks at an aim and follows a figure to its children."""

import pytest

from pace_site.accounts.roles import Role
from tests.builders import child, person


@pytest.mark.usefixtures("midlothian")
def test_a_pace_lead_follows_four_overdue_to_four_children_and_opens_one(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/?as_at=2018-11-01")
    card = page.get_by_role("listitem").filter(has_text="MID-1")
    card.get_by_text("95 %").wait_for()
    card.get_by_text("80 %").wait_for()
    check_accessible(page)

    card.get_by_role("link", name="MID-1:").click()
    page.get_by_role("heading", name="4 children have waited longer than 7.5 months", level=1).wait_for()
    page.locator("#run-chart[data-drawn=yes]").wait_for()
    check_accessible(page)

    page.get_by_role("link", name="4 overdue", exact=True).click()
    page.get_by_role("heading", name="4 still waiting after the due date", level=1).wait_for()
    children = page.get_by_role("rowheader")
    assert children.count() == 4
    check_accessible(page)

    code = children.first.inner_text()
    children.first.get_by_role("link").click()
    page.get_by_role("heading", name=code, level=1).wait_for()
    page.get_by_text("Overdue").first.wait_for()
    check_accessible(page)


@pytest.mark.usefixtures("midlothian")
def test_a_dot_opens_the_child_behind_it(sign_in, live_server):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/MID-1/?as_at=2018-11-01")
    page.locator("#run-chart[data-drawn=yes]").wait_for()
    page.locator("#run-chart").scroll_into_view_if_needed()
    dot = page.locator("#run-chart .scatterlayer .point").nth(5).bounding_box()
    page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    page.mouse.click(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    page.get_by_role("heading", name="P-", level=1).wait_for()


@pytest.mark.usefixtures("midlothian")
def test_a_senior_leader_sees_the_figures_and_no_child(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.SENIOR_LEADER))
    page.goto(f"{live_server.url}/aims/MID-1/?as_at=2018-11-01")
    page.locator("#run-chart[data-drawn=yes]").wait_for()
    assert "P-" not in page.locator("main").inner_html()
    check_accessible(page)


def test_finding_a_child_by_name(sign_in, live_server, check_accessible):
    sought = child(name=("Morven", "Fictitious"))
    child(name=("Ailsa", "Fictitious"))
    page = sign_in(person(Role.DATA_LEAD))
    page.goto(f"{live_server.url}/children/")
    page.get_by_role("heading", name="2 children", level=1).wait_for()
    check_accessible(page)
    page.get_by_role("searchbox").fill("morven")
    page.get_by_role("button", name="Search").click()

    page.get_by_role("heading", name="1 child found", level=1).wait_for()
    assert "morven" not in page.url.lower()
    check_accessible(page)
    page.get_by_role("link", name=sought.code).click()
    page.get_by_role("heading", name="Morven Fictitious", level=1).wait_for()
    check_accessible(page)
