"""What pages cost a browser: `python -m tests.bench.in_browser SIZE OUT`, on a database that has been measured.

Chromium opens each page of a real server with nothing kept, and then again: bytes on the wire of both visits with all
files, and the time that scripts ran at the second.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import django

SETTINGS = "tests.bench.served_settings"
os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
# Playwright runs its own event loop; the database is asked beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from django.conf import settings  # noqa: E402 - settings first
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.bench.councils import SIZES, Council, council_of  # noqa: E402
from tests.bench.pages import PAGES, MainPage  # noqa: E402
from tests.bench.visits import signed_in  # noqa: E402
from tests.reliability.running_site import NO_LIMITS, ROOT, RunningSite  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE, LOOK_AGAIN = 120_000, 50  # milliseconds


def main(size: str, out: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], check=True, cwd=ROOT
    )
    site = RunningSite(limits={**NO_LIMITS, "DJANGO_SETTINGS_MODULE": SETTINGS})
    site.start()
    try:
        with sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            council = council_of(size)
            rows = [visited(page, council, site, browser) for page in PAGES]
            browser.close()
    finally:
        site.kill()
    out.write_text(json.dumps([{**row, "size": SIZES[size]} for row in rows]))


def visited(page: MainPage, council: Council, site: RunningSite, browser: Browser) -> dict:
    """A first visit and the next one."""
    context = browser.new_context(locale="en-GB")
    client = signed_in(council.person(page.role) if page.role else None)
    if page.role:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "url": site.address, "value": cookie}])
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    wire = context.new_cdp_session(tab)
    arrived: list[float] = []
    under_way: set[str] = set()
    wire.on("Network.requestWillBeSent", lambda event: under_way.add(event["requestId"]))
    wire.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    for ended in ("Network.loadingFinished", "Network.loadingFailed"):
        wire.on(ended, lambda event: under_way.discard(event["requestId"]))
    wire.send("Network.enable")
    wire.send("Performance.enable")

    def visit() -> int:
        arrived.clear()
        tab.goto(site.address + page.address(council), wait_until="load")
        # Nothing under way, and nothing new a moment later.
        quiet = 0
        while quiet < 2:
            tab.wait_for_timeout(LOOK_AGAIN)
            quiet = 0 if under_way else quiet + 1
        return round(sum(arrived))

    def scripts_ran() -> float:
        metrics = {each["name"]: each["value"] for each in wire.send("Performance.getMetrics")["metrics"]}
        return metrics["ScriptDuration"] * 1000

    # Chromium counts the time of scripts anew with each page.
    first, later = visit(), visit()
    row = {"name": page.name, "first_bytes": first, "later_bytes": later, "script_ms": round(scripts_ran(), 1)}
    context.close()
    return row


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
