"""Look at every page: `python -m tests.looking --out FOLDER`, over the demo in the database of `DATABASE_URL`.

Writes a picture of each page in four widths, light and dark; tells the faults as it goes, and in the end the addresses
that no link leads to. Exit 1 when there is a fault.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
# Playwright runs its own event loop; the people of the demo are read beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402

from pace_site.front.fiction.demo import BRAEBURN, DEFAULT_PASSWORD, NATIONAL_NAME, sign_ins  # noqa: E402
from tests.browser.conftest import FLAGS, PATIENCE  # noqa: E402
from tests.looking.crawl import Met, never_met, pages_met  # noqa: E402
from tests.looking.faults import faults_in_access, faults_in_reach, faults_in_shape, faults_in_spacing  # noqa: E402
from tests.reliability.running_site import RunningSite  # noqa: E402

# The smaller authority has the same pages.
LOOKED_AT = (BRAEBURN.name, NATIONAL_NAME)
# Pixels: a laptop, a tablet, a phone, and a laptop of 1280 at 400 %.
WIDTHS = (1440, 1024, 390, 320)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    asked.add_argument("--only", nargs="*", default=(), metavar="NAME", help="names of addresses; all unless told")
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    site = RunningSite()
    site.start()
    try:
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            faults = look(browser, site, options.out, frozenset(options.only))
    finally:
        site.kill()
    return 1 if faults else 0


def look(browser: Browser, site: RunningSite, out: Path, only: frozenset[str]) -> int:
    """Each page once for each shape of its address, by the first person whose links lead there; how many faults."""
    faults, looked_at, met = 0, set(), set()
    for person in sign_ins():
        if person.authority not in LOOKED_AT:
            continue
        context = signed_in(browser, site, person.email)
        for page in pages_met(lambda address, context=context: html_of(context, site, address), email=person.email):
            met.add(page.name)
            # Rows of one kind look alike; the same page with other words after "?" need not.
            shape = (page.name, "?" in page.address)
            if shape in looked_at or (only and page.name not in only):
                continue
            looked_at.add(shape)
            for fault in look_at(context, page, out):
                sys.stdout.write(f"{page.name} at {page.address} by {page.email}: {fault}\n")
                faults += 1
        context.close()
        sys.stderr.write(f"{person.email}: {len(looked_at)} pages so far\n")
    sys.stdout.write("No link leads to: " + ", ".join(never_met(met)) + "\n")
    return faults


def signed_in(browser: Browser, site: RunningSite, email: str) -> BrowserContext:
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", base_url=site.address)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", DEFAULT_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector(".site-header .who")
    page.close()
    return context


def html_of(context: BrowserContext, site: RunningSite, address: str) -> str | None:
    answer = context.request.get(site.address + address)
    is_page = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
    return answer.text() if is_page and "attachment" not in answer.headers.get("content-disposition", "") else None


def look_at(context: BrowserContext, met: Met, out: Path) -> list[str]:
    """Take the pictures of one page, and tell what is wrong with it."""
    page = context.new_page()
    faults = []
    page.on("console", lambda said: faults.append(f"console: {said.text[:200]}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"script: {str(error)[:200]}"))
    file_name = met.name.replace(":", "-") + ("-asked" if "?" in met.address else "")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(met.address)
    page.wait_for_function("() => [...document.querySelectorAll('[data-figure]')].every((each) => each.dataset.drawn)")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(150)
        faults += [f"{width} px: {fault}" for fault in faults_in_shape(page)]
        faults += [f"{width} px: {fault}" for fault in faults_in_reach(page)]
        page.screenshot(path=out / f"{file_name}-{width}.png", full_page=True)
    faults += [f"{WIDTHS[-1]} px: {fault}" for fault in faults_in_spacing(page)]
    faults += [f"light: {fault}" for fault in faults_in_access(page)]
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(400)  # the admin pages take their time over a change of colours
    faults += [f"dark: {fault}" for fault in faults_in_access(page)]
    page.screenshot(path=out / f"{file_name}-dark.png", full_page=True)
    page.close()
    return faults


if __name__ == "__main__":
    sys.exit(main())
