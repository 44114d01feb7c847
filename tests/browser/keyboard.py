"""Errands by keyboard alone: whatever an errand clicks is reached with Tab and pressed, and its focus must be seen."""

from playwright.sync_api import ElementHandle, Locator, Page

# A page on which somebody must press Tab more often than this is no page for a keyboard.
MOST = 250
# What takes the focus for what is clicked: the field of a label, the link about a word.
TAKES_FOCUS = """each => each.closest("label")?.control
  || each.closest("a[href], button, input, select, textarea, summary, [tabindex]") || each"""
IS_FOCUSED = "each => each === document.activeElement"
# The Tab key goes to one button of a group of radio buttons, the arrows to the others.
IS_OF_THE_GROUP = """each => each.type === "radio" && document.activeElement.type === "radio"
  && document.activeElement.name === each.name && document.activeElement.form === each.form"""
# In a drawing the frame of what is focused gets a line, as an outline about a link of SVG is cut.
IS_SEEN = """each => [each, ...each.querySelectorAll(".hit")].some((part) => { const now = getComputedStyle(part);
  return (now.outlineStyle !== "none" && parseFloat(now.outlineWidth) > 0) || now.boxShadow !== "none"
    || (part !== each && now.stroke !== "none"); })"""
WHAT = "each => each.type === 'radio' || each.type === 'checkbox' ? each.type : each.tagName.toLowerCase()"


def press(locator: Locator) -> None:
    """Do what a click does, by keyboard; fail when the keyboard does not get there or nobody would see that it is."""
    locator.wait_for()
    target = locator.element_handle().evaluate_handle(TAKES_FOCUS).as_element()
    kind = _reach(locator.page, target)
    assert target.evaluate(IS_SEEN), f"Nobody sees that the focus is on {locator}."
    if kind in ("a", "button", "summary", "input"):
        # Unlike a key of the page, it waits for the page that it leads to, as a click does.
        target.press("Enter")
    elif kind == "checkbox" or (kind == "radio" and not target.is_checked()):
        target.press("Space")


def set_to(locator: Locator, wanted: bool) -> None:
    """Tick a box, or take the tick away."""
    if locator.is_checked() != wanted:
        press(locator)


def _reach(page: Page, target: ElementHandle) -> str:
    kind = target.evaluate(WHAT)
    for _ in range(MOST):
        if target.evaluate(IS_FOCUSED):
            return kind
        page.keyboard.press("ArrowDown" if kind == "radio" and target.evaluate(IS_OF_THE_GROUP) else "Tab")
    raise AssertionError(f"The keyboard does not reach {target}.")
