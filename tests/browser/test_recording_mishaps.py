"""What goes wrong in an office: two at one record, a session that ends, a finger too quick; and a day of reviews."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from children.models import Child
from milestones.models import Milestone
from pace_site.accounts.roles import Role
from pace_site.look.words import british_date
from tests.browser.conftest import PATIENCE
from tests.browser.recording_desk import Worker, clocks_of, counts_of, set_national_aims
from tests.builders import PASSWORD, allocate, child, milestone, person, team

HAPPENED, RECOMMENDATION = "Date it happened", "Recommendation for permanence"
FOCUSED = "document.activeElement"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def national_aims():
    set_national_aims()


@pytest.fixture
def accommodated(today):
    """A child of Team North, in foster care for twenty weeks."""
    return child(of_team=team(), accommodated=today - timedelta(weeks=20), name=("Morven", "Fictitious"))


@pytest.fixture
def colleague(browser, browser_context_args, live_server, width):
    """A second social worker of the same team, at a browser of their own."""
    context = browser.new_context(**browser_context_args, viewport={"width": width, "height": 900})
    client = Client()
    client.force_login(person(Role.PRACTITIONER, of_team=team()))
    context.add_cookies([{"name": "sessionid", "url": live_server.url, "value": client.cookies["sessionid"].value}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield Worker(page, live_server.url)
    context.close()


def test_two_workers_collide_on_a_milestone_and_neither_loses_what_they_typed(
    sign_in, live_server, colleague, accommodated, today, check_accessible
):
    recorded, theirs, ours = (today - timedelta(weeks=weeks) for weeks in (6, 5, 4))
    row = milestone(accommodated, "PERM_REC", recorded, route="PO", recorded_on=recorded)
    worker = Worker(sign_in(person(Role.PRACTITIONER, of_team=team())), live_server.url)
    for each in (worker, colleague):
        each.opens_the_page_of(accommodated.code)
        each.page.get_by_role("link", name=f"Correct {RECOMMENDATION}").click()
        each.page.get_by_role("heading", name="Correct: recommendation for permanence", level=1).wait_for()

    colleague.fills_in({HAPPENED: theirs})
    colleague.saves()
    worker.fills_in({HAPPENED: ours, "Route": "Adoption"})
    worker.presses("Save")
    worker.page.get_by_role("heading", name="Somebody else changed this while you were typing", level=1).wait_for()
    both = worker.page.get_by_role("table", name="Both versions, where they differ")
    day = both.get_by_role("row").filter(has_text=HAPPENED)
    assert day.get_by_role("cell").all_inner_texts() == [british_date(theirs), british_date(ours)]
    route = both.get_by_role("row").filter(has_text="Route")
    assert route.get_by_role("cell").all_inner_texts() == ["Permanence order", "Adoption"]
    check_accessible(worker.page)
    row.refresh_from_db()
    assert (row.happened_on, row.route) == (theirs, "PO")

    worker.presses("Save my version")
    worker.is_told_what_it_did("Corrected.")
    row.refresh_from_db()
    assert (row.happened_on, row.route) == (ours, "ADOPT")
    worker.page.get_by_role("link", name=f"Correct {RECOMMENDATION}").click()
    worker.page.get_by_role("link", name="History").click()
    worker.page.get_by_role("heading", name="History of one record", level=1).wait_for()
    assert worker.page.get_by_role("cell", name=british_date(theirs)).count() == 2  # to it, and from it
    check_accessible(worker.page)
    (clock,) = clocks_of("NAT-2", as_at=today)[accommodated.local_ref]
    assert (clock["state"], clock["stop"]) == ("MET", ours.isoformat())


def by_keyboard_to(page, name: str) -> None:
    """Press Tab until what has this name has the focus; fail when a hundred do not reach it."""
    for _press in range(100):
        page.keyboard.press("Tab")
        if page.evaluate(f"({FOCUSED}.getAttribute('aria-label') || {FOCUSED}.innerText || '').trim()").startswith(
            name
        ):
            return
    pytest.fail(f"The keyboard does not reach {name!r}.")


def by_keyboard_to_the_question(page, label: str) -> None:
    for _press in range(100):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.labels?.[0]?.innerText ?? ''").strip().removesuffix("*") == label:
            return
    pytest.fail(f"The keyboard does not reach the question {label!r}.")


@pytest.fixture
def held(today) -> date:
    """The last day, like 11 November, that is typed alike in a browser that asks for the month first."""
    ago = (today - timedelta(days=days) for days in range(60))
    return next(day for day in ago if day.day == day.month)


@pytest.fixture
def reviewed(held, today) -> list[Child]:
    """Six children whose reviews were planned for the past days, and of which nobody has said what came."""
    rows = []
    for number in range(6):
        row = child(of_team=team(), accommodated=today - timedelta(weeks=20))
        milestone(row, "REVIEW", None, planned_on=held - timedelta(days=6 - number), review_kind="other")
        rows.append(row)
    return rows


def test_a_reviewing_officer_records_six_outcomes_in_a_row_by_keyboard_alone(
    sign_in, live_server, reviewed, held, today, check_accessible
):
    officer = person(Role.IRO)
    for row in reviewed:
        allocate(officer, row)
    page = sign_in(officer)
    assert counts_of("NAT-2", as_at=today) == {"WAITING": 6}
    page.goto(live_server.url)
    page.get_by_role("heading", name="6 planned, and nobody has said what came of them").wait_for()
    check_accessible(page)
    by_keyboard_to(page, "Looked-after child review, ")
    page.keyboard.press("Enter")

    for number, row in enumerate(reviewed):
        page.locator("main").get_by_role("link", name=row.code).first.wait_for()
        by_keyboard_to_the_question(page, HAPPENED)
        page.keyboard.type(f"{held:%d%m%Y}")
        by_keyboard_to_the_question(page, "Outcome")
        page.keyboard.type("The plan c" if number else "A rec")
        if not number:
            by_keyboard_to_the_question(page, RECOMMENDATION)
            page.keyboard.type("Permanence order")
            check_accessible(page)
        by_keyboard_to(page, "Save and open the next")
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text=f"{row.code}: recorded.").wait_for()

    assert page.get_by_role("heading", name="nobody has said").count() == 0
    check_accessible(page)
    reviews = Milestone.objects.filter(kind="REVIEW").order_by("planned_on").values_list("happened_on", "outcome")
    assert list(reviews) == [(held, "recommendation made"), *[(held, "plan continues")] * 5]
    assert counts_of("NAT-2", as_at=today) == {"MET": 1, "WAITING": 5}
    assert counts_of("NAT-3", as_at=today) == {"WAITING": 1}


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in_again(
    sign_in, live_server, accommodated, today, check_accessible
):
    user = person(Role.PRACTITIONER, of_team=team())
    worker = Worker(sign_in(user), live_server.url)
    page, on = worker.page, today - timedelta(weeks=1)
    worker.opens_the_page_of(accommodated.code)
    worker.opens_the_form(RECOMMENDATION)
    worker.fills_in({HAPPENED: on, "Route": "Kinship"})
    page.get_by_text("Planned day, exactness of the date, source, note").click()
    worker.fills_in({"Note": "Said at the review; the aunt was there."})
    worker.reads_what_it_will_do("Stops the 26-week clock of NAT-2: after 19.0 weeks, in time.")
    page.context.clear_cookies(name="sessionid")
    worker.presses("Save")

    page.get_by_role("heading", name="Sign in", level=1).wait_for()
    check_accessible(page)
    assert not Milestone.objects.exists()
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    worker.presses("Sign in")
    page.get_by_role("status").filter(has_text="Your session had ended before this was saved.").wait_for()
    assert page.get_by_label(HAPPENED).input_value() == on.isoformat()
    assert page.get_by_label("Route").input_value() == "KINSHIP"
    assert page.get_by_label("Note").input_value() == "Said at the review; the aunt was there."
    check_accessible(page)
    assert counts_of("NAT-2", as_at=today) == {"WAITING": 1}

    worker.saves()
    row = Milestone.objects.get()
    assert (row.kind, row.happened_on, row.route, row.recorded_by) == ("PERM_REC", on, "KINSHIP", user)
    assert counts_of("NAT-2", as_at=today) == {"MET": 1}


def test_a_double_click_on_save_records_once(sign_in, live_server, accommodated, today, check_accessible):
    worker = Worker(sign_in(person(Role.PRACTITIONER, of_team=team())), live_server.url)
    worker.opens_the_page_of(accommodated.code)
    worker.opens_the_form(RECOMMENDATION)
    worker.fills_in({HAPPENED: today - timedelta(weeks=1), "Route": "Kinship"})
    worker.page.get_by_role("button", name="Save", exact=True).dblclick()
    worker.page.get_by_role("heading", name=accommodated.code, level=1).wait_for()
    worker.is_told_what_it_did("Recorded: Recommendation for permanence.")
    check_accessible(worker.page)
    assert Milestone.objects.count() == 1
    assert counts_of("NAT-2", as_at=today) == {"MET": 1}
