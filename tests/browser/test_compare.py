"""A PACE lead asks whether teams differ by more than chance, and looks at the children behind a number."""

import pytest

from children.models import Child
from pace_site.accounts.roles import Role
from tests.aims.compare.test_compare_pages import some_children
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import aim
from tests.browser.widths import fits
from tests.builders import authority, person, team


@pytest.fixture
def fifteen_localities():
    """A slow team and a quick one, over fifteen localities."""
    store(
        some_children("N", met=6, missed=10, overdue=14, waiting=3) + some_children("S", met=27, missed=3, waiting=2),
        authority=authority(),
    )
    Child.objects.filter(local_ref__startswith="N").update(team=team("Team North"))
    Child.objects.filter(local_ref__startswith="S").update(team=team("Team South"))
    for number, child in enumerate(Child.objects.order_by("local_ref")):
        Child.objects.filter(pk=child.pk).update(locality=f"Glen {number % 15:02d}")
    stored_aim(aim(by_date="2020-03-01"), authority=authority())


@pytest.mark.usefixtures("fifteen_localities")
def test_somebody_compares_teams_and_localities_and_opens_the_children_behind_a_number(
    sign_in, live_server, check_accessible
):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/TEST/?as_at=2020-06-01")
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("heading", name="2 of 2 teams lie apart from the others by more than chance would make").wait_for()
    assert page.locator(".interval-bar").count() == 2
    assert page.get_by_role("img", name="Team North: weeks to each decision, in order").locator(".dot").count() == 16
    assert fits(page)
    check_accessible(page)

    page.get_by_role("row", name="Team North").get_by_role("link", name="6", exact=True).click()
    page.get_by_role("heading", name="6 decided in time: Team North").wait_for()
    page.go_back()

    page.get_by_label("Compare by").select_option(label="Locality")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="Too few clocks are due to compare the localities").wait_for()
    assert "as_at=2020-06-01" in page.url
    assert page.locator(".multiple").count() == 12
    page.get_by_role("link", name="Show all").click()
    page.locator(".multiple").nth(14).wait_for()
    assert fits(page)
    check_accessible(page)


@pytest.mark.usefixtures("fifteen_localities")
def test_a_senior_leader_compares_without_seeing_a_child(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.SENIOR_LEADER))
    page.goto(f"{live_server.url}/aims/TEST/compare/?as_at=2020-06-01&by=team")
    page.get_by_text("Team North: 6 of 30 in time, 20 %, against 90 % of all the others.").wait_for()
    assert page.locator("main a[href*='/children/']").count() == 0
    check_accessible(page)
