"""What a page does wrong that a browser can tell: told in words, by page and width and state."""

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
  .filter((each) => each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 2 &&
    ["hidden", "clip"].includes(getComputedStyle(each).overflowX))
  .slice(0, 3).map((each) => each.tagName.toLowerCase() + ": " + each.textContent.trim().slice(0, 40))"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1]))"""
# The spacing of WCAG 1.4.12, which some readers give themselves; as the page itself does, or the policy keeps it out.
SPACED_OUT = """(on) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(on ? "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; "
    + "word-spacing: 0.16em !important } p { margin-bottom: 2em !important }" : "");
  document.adoptedStyleSheets = [sheet];
}"""
# Under 24 pixels, and with another closer than that (WCAG 2.5.8). Links within a sentence are excepted, and so are
# drawings, whose marks stand again below as text. The label of a box is pressed like the box.
TOO_SMALL = """() => {
  const LEAST = 23.5; // 24, but for what rounding takes
  const places = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.getClientRects().length
      && !(each instanceof SVGElement))
    .map((each) => {
      const boxes = [each, ...(["checkbox", "radio"].includes(each.type) ? each.labels : [])]
        .map((part) => part.getBoundingClientRect());
      const [left, top] = ["left", "top"].map((side) => Math.min(...boxes.map((box) => box[side])));
      const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((box) => box[side])));
      const parts = boxes.length > 1 ? boxes : [...each.getClientRects()]; // of a link over two lines, each line
      return { each, parts, left, top, right, bottom, x: (left + right) / 2, y: (top + bottom) / 2,
        small: right - left < LEAST || bottom - top < LEAST };
    });
  const inSentence = (each) => each.tagName === "A" && getComputedStyle(each).display === "inline"
    && [...each.parentElement.childNodes].some((beside) => beside.nodeType === 3 && /[^\\s·,|]/.test(beside.data));
  const away = (one, other) => Math.min(...other.parts.map((part) => Math.hypot(
    Math.max(part.left - one.x, 0, one.x - part.right), Math.max(part.top - one.y, 0, one.y - part.bottom))));
  const tooClose = (one, other) => !one.each.contains(other.each) && !other.each.contains(one.each)
    && (away(one, other) < LEAST / 2 || other.small && Math.hypot(other.x - one.x, other.y - one.y) < LEAST);
  return places.filter((one) => one.small && one.right - one.left > 1 && !inSentence(one.each)
      && places.some((other) => tooClose(one, other)))
    .slice(0, 3)
    .map(({ each }) => each.tagName.toLowerCase() + ": " + (each.textContent.trim() || each.name).slice(0, 40));
}"""
# What the keyboard reaches without a line about it that is seen; of drawings a part may have the line.
UNSEEN_FOCUS = """() => {
  const lined = (each) => [each, ...each.querySelectorAll(".hit")].some((part) => {
    const now = getComputedStyle(part);
    const outlined = now.outlineStyle !== "none" && parseFloat(now.outlineWidth) >= 2;
    return outlined || (part !== each && now.stroke !== "none");
  });
  const reached = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const unseen = [...document.querySelectorAll(reached)]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
    .filter((each) => { each.focus({ focusVisible: true, preventScroll: true }); return !lined(each); })
    .slice(0, 3).map((each) => each.tagName.toLowerCase() + ": " + (each.textContent.trim() || each.name).slice(0, 40));
  document.activeElement.blur();
  return unseen;
}"""


def faults_in_shape(page) -> list[str]:
    """What lies beyond the screen, is cut off, or stands under no heading."""
    faults = [f"goes beyond the screen: {each}" for each in page.evaluate(BEYOND)]
    faults += [f"is cut off: {each}" for each in page.evaluate(CUT_OFF)]
    levels = page.evaluate(HEADINGS)
    if levels.count(1) != 1:
        faults.append(f"has {levels.count(1)} main headings")
    faults += [f"a heading of level {b} follows one of level {a}" for a, b in pairwise(levels) if b > a + 1]
    return faults


def faults_in_spacing(page) -> list[str]:
    """What is lost when a reader sets the text apart."""
    page.evaluate(SPACED_OUT, True)
    faults = [f"set apart, goes beyond the screen: {each}" for each in page.evaluate(BEYOND)]
    faults += [f"set apart, is cut off: {each}" for each in page.evaluate(CUT_OFF)]
    page.evaluate(SPACED_OUT, False)
    return faults


def faults_in_reach(page) -> list[str]:
    """What is too small to press, or does not show that the keyboard is there; in the colours of the device too."""
    faults = [f"is too small to press: {each}" for each in page.evaluate(TOO_SMALL)]
    for colours in ("none", "active"):
        page.emulate_media(forced_colors=colours)
        where = " in forced colours" if colours == "active" else ""
        faults += [f"does not show the focus{where}: {each}" for each in page.evaluate(UNSEEN_FOCUS)]
    page.emulate_media(forced_colors="none")
    return faults


def faults_in_access(page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    found = Axe().run(page, options={"runOnly": STANDARDS, "rules": ASKED_FOR, "preload": False})
    return [
        f"axe: {rule['id']} at {', '.join(str(node['target'][0]) for node in rule['nodes'][:3])}"
        for rule in found.response["violations"]
    ]
