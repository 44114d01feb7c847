"""What a person does at the pages of recording, named as they would say it; and what `measure_aims` makes of it."""

import json
import re
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path

from django.core.management import call_command

NATIONAL = Path(__file__).parents[2] / "aims" / "register" / "national.yaml"
AUTHORITY = "--authority=S12000019"
Answers = Mapping[str, str | date]


def set_national_aims() -> None:
    call_command("load_aims", str(NATIONAL), AUTHORITY, stdout=StringIO(), stderr=StringIO())


def clocks_of(aim: str, *, as_at: date) -> dict[str, list[dict]]:
    """The clocks of an aim as `measure_aims` prints them: by council reference, in order of start."""
    printed = StringIO()
    command = ("measure_aims", AUTHORITY, f"--as-at={as_at}", f"--aim={aim}", "--json", "--outcomes")
    call_command(*command, stdout=printed, stderr=StringIO())
    (measured,) = json.loads(printed.getvalue())["aims"]
    found: dict[str, list[dict]] = {}
    for row in sorted(measured["outcomes"], key=lambda row: row["start"]):
        found.setdefault(row.pop("child_ref"), []).append(row)
    return found


def counts_of(aim: str, *, as_at: date) -> dict[str, int]:
    """How many clocks of an aim are in each state, leaving out the states of none."""
    printed = StringIO()
    call_command(
        "measure_aims", AUTHORITY, f"--as-at={as_at}", f"--aim={aim}", "--json", stdout=printed, stderr=StringIO()
    )
    (measured,) = json.loads(printed.getvalue())["aims"]
    return {state: count for state, count in measured["counts"].items() if count}


class Worker:
    """A person at a browser who records what happened to children."""

    def __init__(self, page, address: str):
        self.page, self.address = page, address

    def opens_the_page_of(self, code: str) -> None:
        self.page.goto(f"{self.address}/children/{code}/")
        self.page.get_by_role("heading", name=code, level=1).wait_for()

    def opens_the_form(self, label: str) -> None:
        """From the child's page: by a button of the bar where there is one, or else by the whole menu."""
        bar = self.page.get_by_role("navigation", name="Record", exact=True)
        button = bar.get_by_role("link", name=label, exact=True)
        if not button.count():
            bar.get_by_role("link", name="Something else").click()
            self.page.get_by_role("heading", name="What happened?").wait_for()
            button = self.page.locator(".entry-list").get_by_role("link", name=label, exact=True).first
        button.click()
        self.page.get_by_role("heading", name=label, level=1, exact=True).wait_for()

    def fills_in(self, answers: Answers, *, inside=None) -> None:
        """Give answers by the labels of their questions; dates are typed as the browser asks for them."""
        asked = inside or self.page.locator("form[data-once]")
        for label, answer in answers.items():
            field = asked.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")).first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=answer)
            else:
                field.fill(str(answer))

    def reads_what_it_will_do(self, words: str) -> None:
        """Wait until the form says so, before anything is saved."""
        self.page.locator("#effects").get_by_text(words).wait_for()

    def is_told_what_it_did(self, words: str) -> None:
        self.page.locator("main > .alert").get_by_text(words).first.wait_for()

    def saves(self) -> None:
        self.presses("Save")
        self.page.locator("main > .alert").first.wait_for()

    def saves_and_is_warned(self, words: str) -> None:
        """Save something unusual: nothing is saved yet, and the page says what is odd."""
        self.presses("Save")
        self.page.get_by_role("alert").filter(has_text="Unusual: please check").get_by_text(words).first.wait_for()

    def saves_all_the_same(self) -> None:
        self.presses("Save all the same")
        self.page.locator("main > .alert").first.wait_for()

    def saves_come_what_may(self) -> bool:
        """Save, and accept a warning if there is one; return whether there was."""
        self.presses("Save")
        said = self.page.locator("main > .alert, .warning-summary, .error-summary")
        said.first.wait_for()
        if self.page.locator(".warning-summary").count():
            self.saves_all_the_same()
            return True
        assert self.page.locator("main > .alert").count(), said.first.inner_text()
        return False

    def records(self, label: str, answers: Answers) -> bool:
        """One form from the child's page and back; return whether there was a warning to accept."""
        self.opens_the_form(label)
        self.fills_in(answers)
        return self.saves_come_what_may()

    def takes_on_a_new_child(self, answers: Answers) -> str:
        """Record a child whom nobody knew; return the pseudonym that the page gives it."""
        self.page.goto(f"{self.address}/")
        self.page.get_by_role("link", name=re.compile("record (a new child|one by hand)")).click()
        self.page.get_by_role("heading", name="New child", level=1).wait_for()
        self.fills_in(answers)
        self.saves()
        words = self.page.locator("main > .alert").first.inner_text()
        code = re.search(r"P-\d{4}", words).group()
        self.page.get_by_role("link", name=re.compile(rf"^{code}")).first.click()
        self.page.get_by_role("heading", name=code, level=1).wait_for()
        return code

    def presses(self, button: str) -> None:
        """Send the form, and wait for the answer."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
