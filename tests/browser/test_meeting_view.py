"""A Champions' Group goes from aim to aim by keyboard, and prints what it saw."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from pace_site.accounts.roles import Role
from tests.acceptance_extracts import ACCEPTANCE
from tests.builders import person
from tests.pdf_reading import sheets_of


@pytest.fixture
def two_aims(midlothian, tmp_path):
    text = (ACCEPTANCE / "midlothian" / "aims.yaml").read_text()
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("MID-1", "MID-9").replace("7.5 months", "26 weeks"))
    call_command("load_aims", str(other), "--authority=S12000019", stdout=StringIO(), stderr=StringIO())


@pytest.mark.usefixtures("two_aims")
def test_arrow_keys_go_from_aim_to_aim(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.CHAMPION))
    page.goto(f"{live_server.url}/meeting/?as_at=2018-11-01")
    page.get_by_role("heading", name="4 children have waited longer than 7.5 months").wait_for()
    page.get_by_text("MID-1, 1 of 2").wait_for()
    page.locator("#MID-1 .plot[data-drawn=yes]").wait_for()
    check_accessible(page)

    page.keyboard.press("ArrowRight")
    page.get_by_text("MID-9, 2 of 2").wait_for()
    assert page.url.endswith("#MID-9")
    assert not page.get_by_role("heading", name="4 children have waited longer than 7.5 months").is_visible()
    chart = page.locator("#MID-9 .plot[data-drawn=yes]").bounding_box()
    assert chart["width"] > 250
    check_accessible(page)

    page.keyboard.press("ArrowRight")
    page.get_by_text("MID-9, 2 of 2").wait_for()
    page.get_by_role("button", name="Previous aim").click()
    page.get_by_text("MID-1, 1 of 2").wait_for()


@pytest.mark.usefixtures("two_aims")
def test_an_address_with_an_aim_opens_at_it(sign_in, live_server):
    page = sign_in(person(Role.CHAMPION))
    page.goto(f"{live_server.url}/meeting/?as_at=2018-11-01#MID-9")
    page.get_by_text("MID-9, 2 of 2").wait_for()


@pytest.mark.usefixtures("two_aims")
def test_full_screen_lasts_from_one_aim_to_the_next(sign_in, live_server):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/meeting/?as_at=2018-11-01")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("ArrowRight")
    page.get_by_text("MID-9, 2 of 2").wait_for()
    assert page.evaluate("document.fullscreenElement !== null")
    assert page.get_by_role("button", name="Next aim").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert not page.get_by_role("heading", level=1).is_visible()


@pytest.mark.usefixtures("two_aims")
def test_paper_has_a_sheet_for_each_aim_from_full_screen_and_the_last_slide_too(sign_in, live_server):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/meeting/?as_at=2018-11-01")
    page.locator("#MID-1 .plot[data-drawn=yes]").wait_for()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("End")
    page.get_by_text("MID-9, 2 of 2").wait_for()
    sheets = sheets_of(page.pdf(prefer_css_page_size=True))
    assert [re.findall("OFFICIAL-SENSITIVE (.+?):", sheet) for sheet in sheets] == [["MID-1"], ["MID-9"]]


@pytest.mark.usefixtures("two_aims")
def test_paper_shows_every_aim(sign_in, live_server):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/meeting/?as_at=2018-11-01")
    page.locator("#MID-9 .plot[data-drawn=yes]").wait_for(state="attached")
    page.emulate_media(media="print")
    assert page.locator("#MID-1 h2").is_visible()
    assert page.locator("#MID-9 h2").is_visible()
    assert not page.get_by_role("button", name="Next aim").is_visible()
