"""A manager prepares a meeting with a family: reads a timeline, zooms by keyboard, and prints the plain version."""

from datetime import date, timedelta

import pytest

from children.models import Child, LegalBasis, Placement
from pace_site.accounts.roles import Role
from tests.builders import child, milestone, person, team

# Real labels and shapes as drawn: pairs of signs of one strip that cover each other.
OVERLAPS = """() => {
  const found = [];
  for (const strip of document.querySelectorAll(".timeline svg.strip")) {
    const boxes = [...strip.querySelectorAll(".sign")].flatMap((sign) =>
      [...sign.querySelectorAll("text, .shape, .due")].map((part) => ({
        sign, words: sign.querySelector("text").textContent, box: part.getBoundingClientRect(),
      })));
    for (const one of boxes) for (const other of boxes) {
      if (one.sign === other.sign) continue;
      const a = one.box, b = other.box;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 0.5 && high > 1.5) found.push(`${one.words} / ${other.words}`);
    }
  }
  return found;
}"""
# Labels inside bars that reach out of them.
SPILLS = """() => [...document.querySelectorAll(".timeline .block text")]
  .filter((text) => text.getBoundingClientRect().width > 0 &&
    text.getBoundingClientRect().right > text.parentNode.querySelector(".fill").getBoundingClientRect().right + 1)
  .map((text) => text.textContent)"""


def a_long_way(row: Child) -> Child:
    """From first referral to the order, with a gap, a short break and crowded days."""
    first = date(2023, 5, 8)
    row.placements.update(end=first + timedelta(days=120))
    Placement.objects.create(child=row, start=first + timedelta(days=150), placement_type_id="KIN", carer="CARER-8")
    Placement.objects.create(
        child=row,
        start=first + timedelta(days=200),
        end=first + timedelta(days=204),
        placement_type_id="FOST_LA",
        short_break=True,
    )
    LegalBasis.objects.create(child=row, start=first, end=first + timedelta(days=7), measure_id="CPO")
    LegalBasis.objects.create(child=row, start=first + timedelta(days=7), measure_id="CSO")
    note = {"note": "Wanda Workerson rang", "recorder": "Wanda Workerson"}
    milestone(row, "REFERRAL_FIRST", first - timedelta(days=90))
    for days, kind, more in (
        (2, "MTG_72H", {}),
        (13, "MTG_2WK", {}),
        (40, "REVIEW", {"review_kind": "6wk"}),
        (130, "REVIEW", {"review_kind": "3m"}),
        (130, "REHAB_DECISION", {"outcome": "out"}),
        (131, "PPM_DECISION", {"route": "PO"}),
        (190, "PERM_REC", {"route": "PO"}),
        (250, "PANEL_PRESENTED", {}),
        (262, "ADM_DECISION", {"route": "PO", "outcome": "approved"}),
        (265, "ADM_NOTIFIED", {}),
        (350, "COURT_LODGED", {"route": "PO"}),
        (500, "ORDER_GRANTED", {"route": "PO", "order_type": "PO"}),
    ):
        milestone(row, kind, first + timedelta(days=days), **more, **note)
    milestone(row, "MEDICAL", date(2023, 10, 1), precision="month")
    milestone(row, "REVIEW", None, planned_on=date(2024, 12, 1))
    return row


@pytest.fixture
def family():
    north = team("Team North")
    row = a_long_way(child(of_team=north, name=("Morven", "Fictitious"), family="FAM-1", accommodated=date(2023, 5, 8)))
    a_long_way(child(of_team=north, name=("Ailsa", "Fictitious"), family="FAM-1", accommodated=date(2023, 5, 8)))
    return row, person(Role.TEAM_MANAGER, of_team=north)


def test_a_manager_prints_a_plain_language_timeline(sign_in, live_server, check_accessible, family, width):
    row, manager = family
    page = sign_in(manager)
    page.goto(f"{live_server.url}/children/{row.code}/timeline/?as_at=2024-11-01")
    page.get_by_role("heading", name=f"Timeline of {row.code}: Morven Fictitious", level=1).wait_for()
    check_accessible(page)

    page.get_by_role("link", name="In plain words, for a meeting with the family").click()
    page.get_by_role("heading", name="Morven's story", exact=True, level=1).wait_for()
    page.get_by_text("As known on 1 November 2024").wait_for()
    assert "Morven" not in page.title()
    seen = page.inner_text("body")
    assert [word for word in ("Wanda", "CARER", "Fictitious", str(manager), "CSO", "Permanence") if word in seen] == []
    story = page.locator("ol.story")
    story.get_by_text("A meeting decided that the long-term plan should be").first.wait_for()
    check_accessible(page)

    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Zoom in").is_visible()
    assert story.get_by_text("The court agreed to").is_visible()
    page.set_viewport_size({"width": 1047, "height": 718})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1047
    assert page.evaluate(OVERLAPS) == []
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert paper.startswith(b"%PDF")


def test_a_timeline_is_zoomed_scrolled_and_read_by_keyboard_alone(sign_in, live_server, check_accessible, family):
    row, manager = family
    page = sign_in(manager)
    page.goto(f"{live_server.url}/children/{row.code}/timeline/?as_at=2024-11-01")
    region = page.get_by_role("region", name="Timeline, drawn")
    region.focus()
    wide = "document.querySelector('[data-timeline]').clientWidth"
    at_first = page.evaluate(wide)
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.get_by_text("Zoom 3 of 6").wait_for()
    assert page.evaluate(wide) == pytest.approx(2 * at_first, abs=2)
    assert page.evaluate(OVERLAPS) == page.evaluate(SPILLS) == []
    scrolled = "document.querySelector('.timeline-scroll').scrollLeft"
    before = page.evaluate(scrolled)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(scrolled) > before
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(scrolled) == before
    page.keyboard.press("-")
    page.get_by_text("Zoom 2 of 6").wait_for()
    page.keyboard.press("0")
    page.get_by_text("Zoom 1 of 6").wait_for()
    assert page.evaluate(wide) == at_first

    page.keyboard.press("Tab")
    first = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(first) == "7 February 2023: First referral"
    assert page.evaluate(OVERLAPS) == page.evaluate(SPILLS) == []
    check_accessible(page)


def test_siblings_are_compared_on_one_axis_and_a_team_by_its_placement_histories(
    sign_in, live_server, check_accessible, family
):
    row, manager = family
    page = sign_in(manager)
    page.goto(f"{live_server.url}/children/{row.code}/timeline/")
    page.get_by_role("link", name="With brothers and sisters").click()
    page.get_by_role("heading", name=f"{row.code} and 1 sibling on one timeline").wait_for()
    assert page.locator(".telling").count() == 2
    assert page.evaluate(OVERLAPS) == []
    check_accessible(page)

    page.goto(f"{live_server.url}/timelines/")
    page.get_by_role("heading", name="Placement histories of 2 children", level=1).wait_for()
    check_accessible(page)
    page.get_by_label("Along").select_option("calendar")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Calendar", exact=True).last.wait_for()
    assert "Fictitious" not in page.content()
    check_accessible(page)
    page.get_by_role("link", name=row.code).click()
    page.get_by_role("heading", name=f"Timeline of {row.code}").wait_for()
