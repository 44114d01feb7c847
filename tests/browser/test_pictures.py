"""The pictures of the guides show the pages as they are: those of the demo, on one day that never changes.

`make screenshots` takes them. What each shows lies in shown/, a file each: the words and the structure of the page,
not its pixels, which differ between machines.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import unified_diff
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from improvement.models import DriverDiagram, Meeting, TestOfChange
from pace_site.accounts.models import User
from pace_site.front.fiction import demo as fiction
from pace_site.front.fiction.demo import make_demo
from pace_site.front.fiction.recipe import DEFAULT_AS_AT, Recipe

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = Path(__file__).with_name("shown")
SIZE = {"width": 1280, "height": 800}
COLOURS, LARGEST = 128, 150_000  # bytes
CHILDREN = 100
MORNING = datetime(DEFAULT_AS_AT.year, DEFAULT_AS_AT.month, DEFAULT_AS_AT.day, 9, 30, tzinfo=UTC)
# Words and structure of what can be seen. Drawings are left out: where their labels stand depends on the typeface.
TELL = """part => {
  const told = [];
  const tell = element => {
    if (element.matches("script, style, svg, canvas, .js-plotly-plot, [type=hidden]")) return;
    if (!element.checkVisibility()) return;
    const words = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
      .map(node => node.data.trim().replace(/\\s+/g, " ")).filter(Boolean);
    const chosen = element.selectedOptions && [...element.selectedOptions].map(option => option.text.trim()).join(", ");
    const typed = element.matches("[type=password], [type=checkbox], [type=radio]") ? "" : element.value;
    const labels = [element.getAttribute("role"), element.getAttribute("aria-label")];
    const said = [element.tagName, ...labels, chosen || typed, ...words];
    told.push(said.filter(Boolean).join(" ").replace(/\\s+/g, " "));
    [...element.children].forEach(tell);
  };
  tell(part);
  return told;
}"""

# A browser shows its own date fields as its language has it, and of a browser for tests that is American.
BRITISH_DAYS = """() => document.querySelectorAll("input[type=date]").forEach(field => {
  const day = field.value.split("-").reverse().join("/") || "dd/mm/yyyy";
  field.style.width = `${field.offsetWidth}px`;  // styles know it by its type
  field.type = "text";
  field.value = day;
})"""


@dataclass(frozen=True)
class Picture:
    """One picture: whose page, which part of it stands at the top, and what is done first."""

    name: str
    who: str
    path: str
    of: str = "body"
    first: Callable | None = None


def say_when(page):
    """Fill in a review, so that the form says what it will do."""
    page.get_by_label("Date it happened").fill("2026-10-30")
    page.get_by_label("Date it happened").blur()
    page.locator("#effects li").first.wait_for()


def whose(page):
    """Choose whose cases are handed over."""
    page.get_by_label("Cases of").select_option(label="Pansy Panelton (Panel administrator)")
    page.get_by_role("button", name="Show the cases").click()
    page.get_by_role("button", name="Hand over").wait_for()


def drawn(page):
    page.locator("#run-chart[data-drawn=yes]").wait_for()


LEAD, DATA_LEAD = "pace.lead@braeburn.example", "data.lead@braeburn.example"
WORKER, MANAGER = "practitioner@braeburn.example", "team.manager@braeburn.example"
ALL = (
    Picture("my-work", WORKER, "/"),
    Picture("child", WORKER, "/children/{child}/"),
    Picture("record-a-review", WORKER, "/children/{child}/record/review/", first=say_when),
    Picture("planned-reviews", "iro@braeburn.example", "/"),
    Picture("caseload", MANAGER, "/caseload/"),
    Picture("hand-over", MANAGER, "/caseload/allocate/", first=whose),
    Picture("aims", LEAD, "/aims/"),
    Picture("aim", LEAD, "/aims/NAT-2/", first=drawn),
    Picture("run-chart", "champion@braeburn.example", "/aims/BRA-2/", of="figure:has(#run-chart)", first=drawn),
    Picture("test-of-change", LEAD, "/improvement/tests/{test}/"),
    Picture("driver-diagram", LEAD, "/improvement/diagrams/{diagram}/"),
    Picture("minutes", LEAD, "/improvement/meetings/{meeting}/minutes/"),
    Picture("make-a-report", LEAD, "/reports/make/"),
    Picture("upload", DATA_LEAD, "/imports/new/"),
    Picture("data-quality", DATA_LEAD, "/data-quality/"),
    Picture("people", "system.administrator@braeburn.example", "/admin/accounts/user/"),
    Picture("national", "national.analyst@scotland.example", "/national/"),
)


class OnePermanentMorning(datetime):
    @classmethod
    def now(cls, tz=None):
        return MORNING.astimezone(tz)


@pytest.fixture
def width():
    """Pictures have one width."""
    return SIZE["width"]


@pytest.fixture
def demo(transactional_db, monkeypatch):
    """The demo, and its last day: whatever asks Django for the time is told this one.

    What no picture shows and takes long to make is left out: published months, and months of findings gone by.
    """
    monkeypatch.setattr(timezone, "datetime", OnePermanentMorning)
    monkeypatch.setattr(fiction, "PUBLISHED_MONTHS", 0)
    monkeypatch.setattr(fiction, "MONTHS_OF_QUALITY", 1)
    make_demo(recipe=Recipe(), password="braeburn-demo-2026", children=CHILDREN)


def addresses() -> dict[str, str]:
    """What stands in the addresses of the pictures."""
    worker = User.objects.get(email=WORKER)
    allocated = worker.allocations.filter(child__episodes__end__isnull=True, child__episodes__start__lt=DEFAULT_AS_AT)
    return {
        "child": allocated.order_by("-child__episodes__start", "child__code")[0].child.code,
        "test": TestOfChange.objects.order_by("pk")[0].pk,
        "diagram": DriverDiagram.objects.order_by("pk")[0].pk,
        "meeting": Meeting.objects.order_by("-on", "pk")[0].pk,
    }


def test_the_pictures_of_the_guides_show_the_pages_as_they_are(demo, sign_in, live_server):
    taking, found, put_in = os.environ.get("TAKE_PICTURES"), {}, addresses()
    signed_in = None
    for picture in ALL:
        if picture.who != signed_in:
            page, signed_in = sign_in(User.objects.get(email=picture.who)), picture.who
        page.set_viewport_size(SIZE)
        page.goto(live_server.url + picture.path.format(**put_in))
        if picture.first:
            picture.first(page)
        part = page.locator(picture.of).first
        found[picture.name] = part.evaluate(TELL)
        if taking:
            (SHOWN / f"{picture.name}.txt").write_text("\n".join(found[picture.name]) + "\n")
            part.evaluate("part => part.scrollIntoView({behavior: 'instant'})")
            page.evaluate(BRITISH_DAYS)
            take(page.screenshot(animations="disabled", caret="hide"), PICTURES / f"{picture.name}.png")
    if taking:
        return
    kept = {path.stem: path.read_text().splitlines() for path in SHOWN.glob("*.txt")}
    differs = [line for name in found for line in unified_diff(kept.get(name, []), found[name], name, "now")]
    assert not differs, "\n".join(["Pictures are stale. Run `make screenshots`, look at them, commit.", *differs])


def take(png: bytes, path: Path) -> None:
    """Keep a picture in few colours, which makes it several times smaller."""
    Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    assert path.stat().st_size < LARGEST, f"{path.name} is larger than {LARGEST:,} bytes."
