"""Measures as people do it: one that is computed, added from the register, and one whose values somebody types."""

from datetime import timedelta

import pytest
from django.utils import timezone

from improvement.actions.measures import plan_measure
from improvement.models import MeasureValue
from pace_site.accounts.roles import Role
from tests.builders import child, milestone, person, team
from tests.improvement.builders import an_aim


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD)


def test_a_measure_is_added_from_the_register_and_its_chart_is_there(sign_in, live_server, check_accessible, lead):
    an_aim("AIM-1")
    today, north = timezone.localdate(), team()
    for place in range(14):
        accommodated = today - timedelta(days=60 + 30 * place)
        row = child(of_team=north, accommodated=accommodated)
        milestone(row, "MTG_2WK", accommodated + timedelta(days=10 if place % 3 else 20))
    page = sign_in(lead)
    page.goto(f"{live_server.url}/improvement/")
    page.get_by_role("link", name="Measures").click()
    page.get_by_role("heading", name="No measure is kept yet", level=1).wait_for()
    check_accessible(page)
    page.get_by_role("link", name="Add to AIM-1 from the register").click()
    check_accessible(page)
    page.get_by_role("button", name="Add to our measures (Planning meeting within two weeks)").click()
    page.get_by_role("heading", name="Planning meeting within two weeks", level=1).wait_for()
    page.locator("[data-drawn=yes]").wait_for()
    page.get_by_text("The months as a table").click()
    page.get_by_role("columnheader", name="Denominator").wait_for()
    check_accessible(page)

    page.get_by_role("link", name="Change the plan").click()
    page.get_by_label("Target").fill("90")
    check_accessible(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("and the target 90 %").wait_for()
    page.get_by_role("link", name="Measures").click()
    page.get_by_role("heading", name="1 measure of 1 aim", level=1).wait_for()
    check_accessible(page)


def test_a_collector_types_three_months_and_corrects_one(sign_in, live_server, check_accessible, lead):
    champion = person(Role.CHAMPION)
    said = {"name": "Parents asked", "definition": "Of the parents, those asked", "collector": champion}
    measure = plan_measure(
        an_aim(), said | {"numerator": "Parents asked", "denominator": "Parents reviewed", "chart": "p"}, by=lead
    )
    page = sign_in(champion)
    page.goto(f"{live_server.url}/improvement/measures/")
    page.get_by_role("link", name="Parents asked").click()
    page.get_by_text("No value yet.").wait_for()
    check_accessible(page)

    offered = page.locator("#typed_month").locator("option").all_inner_texts()[:3]
    for place, month in enumerate(offered):
        if place:
            page.get_by_text("Type a value").click()
        page.locator("#typed_month").select_option(month)
        page.locator("#typed_numerator").fill("9" if place == 1 else str(3 + place))
        page.locator("#typed_denominator").fill("8")
        page.get_by_role("button", name="Save the value").click()
        if place == 1:
            page.get_by_text("There cannot be more of them than there are in all.").first.wait_for()
            check_accessible(page)
            page.locator("#typed_numerator").fill("7")
            page.get_by_role("button", name="Save the value").click()
        page.get_by_text(f"{month} is kept.").wait_for()
    page.locator("[data-drawn=yes]").wait_for()

    page.get_by_text("The months as a table").click()
    page.get_by_role("link", name=f"Correct {offered[1]}").click()
    page.locator("#typed_numerator").fill("6")
    page.get_by_label("Note").fill("One parent was counted twice")
    page.get_by_role("button", name="Save the value").click()
    page.get_by_text(f"{offered[1]} is kept.").wait_for()
    page.get_by_text("Who typed what (4)").click()
    page.get_by_role("cell", name="6 of 8 (One parent was counted twice)").wait_for()
    check_accessible(page)
    assert [int(each.numerator) for each in MeasureValue.objects.filter(measure=measure)] == [5, 6, 3]
