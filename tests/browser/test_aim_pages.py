"""Aim pages beyond the ordinary: a very long chart, a backlog, a draft, and figures of more than one may open."""

from datetime import date, timedelta

import pytest

from children.models import Child
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.browser.widths import fits
from tests.builders import authority, person, team

DECIDED, WAITING = 230, 70


@pytest.fixture
def many():
    """Children enough to fill a chart, each decided some weeks after the one before or still waiting."""
    monday = date(2015, 1, 5)
    decided = [
        accommodated(
            (monday + timedelta(weeks=number)).isoformat(),
            recommended((monday + timedelta(weeks=number + 10 + number % 30)).isoformat()),
            ref=f"D{number:03d}",
        )
        for number in range(DECIDED)
    ]
    waiting = [
        accommodated((date(2019, 6, 3) + timedelta(days=4 * number)).isoformat(), ref=f"W{number:03d}")
        for number in range(WAITING)
    ]
    store(decided + waiting, authority=authority())


def drawn(page):
    page.locator("#run-chart[data-drawn=yes]").wait_for()
    return page


def decisions_on(page) -> int:
    """The dots that the chart draws, apart from the rings about those of a signal."""
    return page.locator("#run-chart").evaluate(
        "chart => chart.data.filter(t => t.name.startsWith('Decided')).reduce((sum, t) => sum + t.x.length, 0)"
    )


@pytest.mark.usefixtures("many")
def test_a_long_chart_shows_the_latest_and_draws_all_when_asked(sign_in, live_server, check_accessible):
    stored_aim(aim(), authority=authority())
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/TEST/?as_at=2020-06-01")
    drawn(page)
    page.get_by_text("the latest 200 of 230 decisions and the longest 60 of 70 waits").wait_for()
    assert decisions_on(page) == 200
    assert page.locator("#run-chart .barlayer .point").count() == 60
    check_accessible(page)

    page.get_by_role("link", name="Draw them all").click()
    page.wait_for_url("**points=all**")
    drawn(page)
    assert decisions_on(page) == DECIDED
    assert page.locator("#run-chart .barlayer .point").count() == WAITING


@pytest.mark.usefixtures("many")
def test_the_chart_stays_inside_the_screen_and_its_month_labels_apart(sign_in, live_server):
    stored_aim(aim(), authority=authority())
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/TEST/?as_at=2020-06-01")
    drawn(page)
    assert fits(page)
    boxes = [label.bounding_box() for label in page.locator("#run-chart g.xtick").all()]
    legend = page.locator("#run-chart .legend").bounding_box()
    assert len(boxes) > 2
    assert all(left["x"] + left["width"] < right["x"] for left, right in zip(boxes, boxes[1:], strict=False))
    assert all(box["y"] + box["height"] <= legend["y"] for box in boxes)


@pytest.mark.usefixtures("many")
def test_a_bar_opens_the_child_who_waits(sign_in, live_server):
    stored_aim(aim(), authority=authority())
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/aims/TEST/?as_at=2020-06-01")
    drawn(page)
    page.locator("#run-chart").scroll_into_view_if_needed()
    bar = page.locator("#run-chart .barlayer .point").nth(5).bounding_box()
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] - 5)
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] - 5)
    page.get_by_role("heading", name="P-W", level=1).wait_for()


@pytest.mark.usefixtures("many")
def test_a_backlog_and_a_draft_are_drawn_in_their_own_way(sign_in, live_server, check_accessible):
    stored_aim(
        aim(code="BACK", kind="deadline", limit=None, deadline="2019-10-31", before_date="2019-04-01"),
        authority=authority(),
    )
    stored_aim(aim(code="DRAFT", limit=None, target_pct=None, status="draft"), authority=authority())
    page = sign_in(person(Role.CHAMPION))
    page.goto(f"{live_server.url}/aims/BACK/?as_at=2020-06-01")
    drawn(page)
    page.get_by_role("heading", name="How the backlog fell").wait_for()
    check_accessible(page)

    page.goto(f"{live_server.url}/aims/DRAFT/?as_at=2020-06-01")
    drawn(page)
    page.get_by_role("heading", name="no limit is set yet, so nobody can be late", level=1).wait_for()
    check_accessible(page)


@pytest.mark.usefixtures("many")
def test_who_leads_a_team_and_the_service_turns_from_all_children_to_the_team(sign_in, live_server, check_accessible):
    Child.objects.filter(local_ref__in=["W000", "W001"]).update(team=team("Team North"))
    stored_aim(aim(), authority=authority())
    page = sign_in(person(Role.TEAM_MANAGER, Role.SENIOR_LEADER))
    page.goto(f"{live_server.url}/aims/TEST/?as_at=2020-06-01")
    page.get_by_role("link", name="Count children of Team North and children allocated to you instead").click()
    page.get_by_role("heading", name="2 children have waited longer than 26 weeks", level=1).wait_for()
    check_accessible(page)
    page.get_by_role("link", name="2 overdue", exact=True).click()
    page.get_by_role("heading", name="2 still waiting after the due date", level=1).wait_for()
    assert page.get_by_role("rowheader").count() == 2
