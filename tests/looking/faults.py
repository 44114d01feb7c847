"""What a page does wrong that a browser can tell: told in words, by page and width."""

from itertools import pairwise

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import ASKED_FOR, STANDARDS

# What goes beyond the screen sideways, and lies in nothing that scrolls by itself; the first few, outermost first.
BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (each) => each && each !== document.body &&
    (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(each).overflowX) || scrolls(each.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > wide + 1 && !scrolls(each.parentElement))
    .slice(0, 3)
    .map((each) => each.tagName.toLowerCase() + (each.className ? "." + [...each.classList].join(".") : ""));
}"""
# Words of a button, link or cell that are cut off.
CUT_OFF = """() => [...document.querySelectorAll("a, button, th, td, h1, h2, label")]
  .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 2 &&
    ["hidden", "clip"].includes(getComputedStyle(each).overflowX))
  .slice(0, 3).map((each) => each.tagName.toLowerCase() + ": " + each.textContent.trim().slice(0, 40))"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1]))"""


def faults_in_shape(page) -> list[str]:
    """What lies beyond the screen, is cut off, or stands under no heading."""
    faults = [f"goes beyond the screen: {each}" for each in page.evaluate(BEYOND)]
    faults += [f"is cut off: {each}" for each in page.evaluate(CUT_OFF)]
    levels = page.evaluate(HEADINGS)
    if levels.count(1) != 1:
        faults.append(f"has {levels.count(1)} main headings")
    faults += [f"a heading of level {b} follows one of level {a}" for a, b in pairwise(levels) if b > a + 1]
    return faults


def faults_in_access(page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    found = Axe().run(page, options={"runOnly": STANDARDS, "rules": ASKED_FOR, "preload": False})
    return [
        f"axe: {rule['id']} at {', '.join(str(node['target'][0]) for node in rule['nodes'][:3])}"
        for rule in found.response["violations"]
    ]
