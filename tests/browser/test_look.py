"""Light and dark: as the device says, until the person chooses; and always light on paper."""

import pytest

from pace_site.accounts.roles import Role
from tests.builders import person

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
OF_THE_CHART = "getComputedStyle(document.querySelector('#run-chart .main-svg')).backgroundColor"
LIGHT, DARK = ("rgb(244, 246, 248)", "rgb(255, 255, 255)"), ("rgb(18, 24, 30)", "rgb(27, 36, 45)")


@pytest.mark.usefixtures("midlothian")
def test_the_page_and_its_chart_are_dark_as_the_device_is_or_the_person_says_and_light_on_paper(
    sign_in, live_server, check_accessible
):
    page = sign_in(person(Role.PACE_LEAD))

    def is_now(look):
        page.wait_for_function(f"() => {BACKGROUND} === '{look[0]}' && {OF_THE_CHART} === '{look[1]}'")

    page.emulate_media(color_scheme="dark")
    page.goto(f"{live_server.url}/aims/MID-1/?as_at=2018-11-01")
    page.locator("#run-chart[data-drawn=yes]").wait_for()
    is_now(DARK)
    check_accessible(page)

    page.get_by_label("Colours").select_option("light")
    is_now(LIGHT)
    page.reload()
    is_now(LIGHT)

    page.get_by_label("Colours").select_option("dark")
    page.emulate_media(color_scheme="light")
    is_now(DARK)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    is_now(LIGHT)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    is_now(DARK)
