"""How wide a page is beside the window that shows it."""

from playwright.sync_api import Page


def fits(page: Page) -> bool:
    """Whether nothing of the page lies out of sight to the right."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
