"""The PACE lead draws the area's theory from the national one, adds an idea, and prints it for the Champions' Group."""

import re

import pytest
from playwright.sync_api import expect

from improvement.models import DriverDiagram
from pace_site.accounts.roles import Role
from tests.browser.widths import fits
from tests.builders import person
from tests.improvement.builders import a_test, an_aim, an_idea

# Boxes that cover each other, and words that reach out of their box, as really drawn.
COVERED = """() => {
  const boxes = [...document.querySelectorAll(".driver-drawing .box")];
  const frames = boxes.map((box) => box.querySelector(".frame").getBoundingClientRect());
  const found = [];
  frames.forEach((a, one) => frames.forEach((b, other) => {
    if (one < other && Math.min(a.right, b.right) > Math.max(a.left, b.left)
      && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top)) found.push(`${one} covers ${other}`);
  }));
  boxes.forEach((box, place) => {
    for (const words of box.querySelectorAll("tspan")) {
      const text = words.getBoundingClientRect(), frame = frames[place];
      if (text.right > frame.right || text.left < frame.left || text.bottom > frame.bottom || text.top < frame.top)
        found.push(`${words.textContent} reaches out`);
    }
  });
  return found;
}"""


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD)


def test_a_diagram_is_drawn_from_the_national_one_and_an_idea_added(sign_in, live_server, check_accessible, lead):
    an_aim()
    page = sign_in(lead)
    page.goto(f"{live_server.url}/improvement/")
    page.get_by_role("link", name="Driver diagrams").click()
    page.get_by_role("link", name="Start a driver diagram").click()
    page.get_by_label("Title").fill("PACE in our area")
    page.get_by_label("For which aim").select_option(index=1)
    check_accessible(page)
    page.get_by_role("button", name="Start it").click()
    drawing, outline = page.locator(".driver-drawing"), page.locator("#outline")
    expect(drawing.get_by_role("link", name="Confident workforce")).to_be_visible()
    assert page.evaluate(COVERED) == []
    check_accessible(page)
    # By keyboard alone: from the drawing to the node, to a new idea, and back.
    drawing.get_by_role("link", name="Avoid duplication").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Secondary driver: Avoid duplication")).to_be_in_viewport()
    check_accessible(page)
    page.get_by_label("A new idea in a few words").focus()
    page.keyboard.type("One form for review and panel")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is linked to “Avoid duplication”")).to_be_visible()
    expect(drawing.get_by_role("link", name="One form for review and panel", exact=True)).to_be_visible()
    expect(outline.get_by_role("link", name="One form for review and panel", exact=True)).to_be_visible()
    # The same idea also moves another driver.
    drawing.get_by_role("link", name="One form for review and panel", exact=True).click()
    page.get_by_label("Another secondary driver").select_option(label="Improve standard of report writing")
    page.get_by_role("button", name=re.compile("^Link")).click()
    expect(page.get_by_text("It is linked.")).to_be_visible()
    expect(page.locator("#editor .linked li")).to_have_count(2)
    assert page.evaluate(COVERED) == []
    outline.get_by_role("link", name=re.compile("^Try this here.*One form")).first.click()
    expect(page.get_by_label("What is tried, in a few words")).to_have_value("One form for review and panel")


def test_a_champion_reads_the_diagram_with_the_state_of_its_tests_and_prints_it(
    sign_in, live_server, check_accessible, lead, client, tmp_path
):
    client.force_login(lead)
    client.post("/improvement/diagrams/new/", {"title": "PACE in our area", "start": "national"})
    diagram = DriverDiagram.objects.get()
    idea = diagram.authority.change_ideas.get(title="Streamline paperwork")
    test = a_test(lead=lead, idea=idea, title="A shorter form", aim=an_aim())
    page = sign_in(person(Role.CHAMPION))
    page.goto(f"{live_server.url}{diagram.get_absolute_url()}")
    assert fits(page)
    assert page.evaluate(COVERED) == []
    assert page.get_by_role("main").get_by_role("link", name=re.compile("^(Change|Add)")).count() == 0
    check_accessible(page)
    page.emulate_media(media="print")
    # What A4 holds between margins of 10 mm: the drawing is whole on the first page, and the outline follows it.
    on_screen = page.viewport_size
    page.set_viewport_size({"width": 1047, "height": 718})
    drawn = page.locator(".driver-drawing").bounding_box()
    assert drawn["y"] + drawn["height"] < 718
    assert drawn["x"] + drawn["width"] <= 1047
    assert page.locator(".driver-drawing .try").first.is_hidden()
    pdf = tmp_path / "diagram.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    # A4 lies on its side: 297 by 210 mm in points.
    assert re.search(rb"/MediaBox \[0 0 841\.\d+ 59[45]", pdf.read_bytes())
    page.set_viewport_size(on_screen)
    page.emulate_media(media="screen")
    page.locator(".driver-drawing").get_by_role("link", name="Being planned: A shorter form, cycle 1").click()
    page.wait_for_url(f"**{test.get_absolute_url()}")


def test_two_editors_lose_nothing_and_an_old_version_comes_back(sign_in, live_server, check_accessible, lead, client):
    client.force_login(lead)
    an_idea()
    client.post("/improvement/diagrams/new/", {"title": "Ours", "start": "national"})
    diagram = DriverDiagram.objects.get()
    driver = diagram.drivers.get(text="Leadership")
    page = sign_in(lead)
    page.goto(f"{live_server.url}{diagram.get_absolute_url()}?node=driver-{driver.pk}")
    page.get_by_label("The driver in a few words").fill("Leaders of all partners")
    their = {"what": "driver", "node": f"driver-{driver.pk}", "text": "Leaders at every level", "edition": 1}
    client.post(diagram.get_absolute_url(), their)
    page.get_by_role("button", name="Save").click()
    both = page.get_by_role("region", name="Both versions")
    expect(both).to_contain_text("Leaders at every level")
    expect(both).to_contain_text("Leaders of all partners")
    check_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#outline")).to_contain_text("Leaders of all partners")
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_text("“Leaders at every level” became “Leaders of all partners”.")).to_be_visible()
    check_accessible(page)
    page.get_by_role("link", name="Version 2").click()
    expect(page.locator("#outline")).to_contain_text("Leaders at every level")
    page.get_by_text("Go back to this version").click()
    check_accessible(page)
    page.get_by_role("button", name="Restore version 2").click()
    expect(page.get_by_text("Version 2 is restored.")).to_be_visible()
    expect(page.locator("#outline")).to_contain_text("Leaders at every level")
