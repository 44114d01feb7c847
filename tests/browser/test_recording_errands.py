"""A social worker records children's ways to permanence; after each errand the aims show what was recorded."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from milestones.models import Milestone
from pace_site.accounts.roles import Role
from pace_site.look.words import british_date
from tests.browser.recording_desk import Worker, clocks_of, counts_of, set_national_aims
from tests.builders import child, milestone, person, team

FOSTER, PO = "Foster carers provided by the authority", "Permanence order"
REFERENCE = "REF-2107"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def national_aims():
    set_national_aims()


@pytest.fixture
def worker(sign_in, live_server):
    """A social worker of Team North who has signed in."""
    return Worker(sign_in(person(Role.PRACTITIONER, of_team=team())), live_server.url)


def new_child(today: date, given_name: str) -> dict:
    return {
        "Given name": given_name,
        "Family name": "Fictitious",
        "Council reference": REFERENCE,
        "Date of birth": today - timedelta(days=1200),
    }


def way_to_an_order(accommodated: date) -> dict[str, tuple[str, dict]]:
    """Every step from the first referral to the final placement, in the order in which they happened."""

    def day(number: int) -> date:
        return accommodated + timedelta(days=number)

    happened = "Date it happened"
    return {
        "referral": ("First referral", {happened: day(-70)}),
        "accommodation": (
            "Becoming looked after",
            {"Looked after from": day(0), "Where the child lives": FOSTER, "Legal basis": "Voluntary accommodation"},
        ),
        "72 hours": ("Planning meeting within 72 hours", {happened: day(2)}),
        "6 weeks": (
            "Looked-after child review",
            {happened: day(40), "Which review": "6-week review", "Outcome": "The plan continues"},
        ),
        "3 months": (
            "Looked-after child review",
            {happened: day(90), "Which review": "3-month review", "Return to parents": "Ruled out"},
        ),
        "advice asked": ("Legal advice requested", {happened: day(100)}),
        "advice given": ("Legal advice received", {happened: day(114)}),
        "recommendation": ("Recommendation for permanence", {happened: day(160), "Route": PO}),
        "panel": (
            "Presented to panel",
            {happened: day(230), "Outcome": "Recommended", "Route that panel recommends": PO},
        ),
        "agency decision": (
            "Agency decision maker's decision",
            {happened: day(240), "Outcome": "Approved", "Route": PO},
        ),
        "notification": ("Parties notified of the decision", {happened: day(243)}),
        "court": ("Application lodged in court", {happened: day(300), "Route": PO, "Order": PO}),
        "order": ("Order granted", {happened: day(380), "Route": PO, "Order": PO}),
        "final placement": ("Moved to the final placement", {happened: day(390)}),
    }


def met(start: date, stop: date, *, within: timedelta) -> list[dict]:
    """The one clock of a child that was met, as `measure_aims` prints it."""
    return [
        {
            "state": "MET",
            "start": start.isoformat(),
            "due": (start + within).isoformat(),
            "stop": stop.isoformat(),
            "exit": None,
            "days": (stop - start).days,
        }
    ]


def all_three_aims_met(accommodated: date, today: date) -> None:
    way = way_to_an_order(accommodated)
    on = {name: answers.get("Date it happened") for name, (_form, answers) in way.items()}
    for aim, start, stop, weeks in (
        ("NAT-2", accommodated, on["recommendation"], 26),
        ("NAT-3", on["recommendation"], on["panel"], 12),
        ("NAT-4", on["agency decision"], on["court"], 14),
    ):
        assert clocks_of(aim, as_at=today)[REFERENCE] == met(start, stop, within=timedelta(weeks=weeks))


def test_a_social_worker_records_a_child_from_referral_to_order_as_it_happens(worker, today, check_accessible):
    accommodated = today - timedelta(days=400)
    way = way_to_an_order(accommodated)
    worker.takes_on_a_new_child(new_child(today, "Morven"))
    assert [counts_of(aim, as_at=today) for aim in ("NAT-2", "NAT-3", "NAT-4")] == [{}, {}, {}]
    assert not worker.records(*way.pop("referral"))

    form, answers = way.pop("accommodation")
    worker.opens_the_form(form)
    worker.fills_in(answers)
    due = british_date(accommodated + timedelta(weeks=26))
    words = f"Starts the 26-week clock of NAT-2: recommendation for permanence due {due}, which is past."
    worker.reads_what_it_will_do(words)
    check_accessible(worker.page)
    worker.saves_come_what_may()
    worker.is_told_what_it_did(words)
    check_accessible(worker.page)
    assert counts_of("NAT-2", as_at=today) == {"OVERDUE": 1}

    for name in ("72 hours", "6 weeks", "3 months", "advice asked", "advice given"):
        assert not worker.records(*way.pop(name)), f"a warning about what is usual: {name}"
    form, answers = way.pop("recommendation")
    worker.opens_the_form(form)
    worker.fills_in(answers)
    worker.reads_what_it_will_do("Stops the 26-week clock of NAT-2: after 22.9 weeks, in time.")
    due = british_date(answers["Date it happened"] + timedelta(weeks=12))
    worker.reads_what_it_will_do(f"Starts the 12-week clock of NAT-3: presented to panel due {due}, which is past.")
    worker.saves()
    assert (counts_of("NAT-2", as_at=today), counts_of("NAT-3", as_at=today)) == ({"MET": 1}, {"OVERDUE": 1})

    for form, answers in way.values():
        assert not worker.records(form, answers), f"a warning about what is usual: {form}"
    assert worker.page.get_by_role("row").filter(has_text="Order granted").count() == 1
    check_accessible(worker.page)
    all_three_aims_met(accommodated, today)


def test_what_is_recorded_out_of_order_with_warnings_accepted_ends_the_same(worker, today, check_accessible):
    accommodated = today - timedelta(days=400)
    way = way_to_an_order(accommodated)
    worker.takes_on_a_new_child(new_child(today, "Ailsa"))

    form, answers = way.pop("order")
    worker.opens_the_form(form)
    worker.fills_in(answers)
    worker.saves_and_is_warned("No date of a court application is recorded, and an order was granted")
    check_accessible(worker.page)
    assert not Milestone.objects.exists()
    worker.saves_all_the_same()
    assert Milestone.objects.get().kind == "ORDER_GRANTED"

    first = ("court", "panel", "recommendation", "agency decision", "final placement", "notification")
    for name in first:
        worker.records(*way.pop(name))
    last = way.pop("accommodation")
    for form, answers in reversed(way.values()):
        worker.records(form, answers)
    worker.records(*last)
    check_accessible(worker.page)
    all_three_aims_met(accommodated, today)


@pytest.fixture
def recommended(today):
    """A child of Team North, accommodated thirty weeks ago, for whom a permanence order was recommended."""
    row = child(of_team=team(), accommodated=today - timedelta(weeks=30), name=("Morven", "Fictitious"))
    milestone(row, "PERM_REC", today - timedelta(weeks=8), route="PO", recorded_on=today - timedelta(weeks=8))
    return row


def test_a_recommendation_that_supersedes_another_says_why_and_restarts_the_clock_to_panel(
    worker, recommended, today, check_accessible
):
    before, now = today - timedelta(weeks=8), today - timedelta(weeks=1)
    assert counts_of("NAT-3", as_at=today) == {"WAITING": 1}
    worker.opens_the_page_of(recommended.code)
    worker.opens_the_form("Recommendation for permanence")
    worker.fills_in({"Date it happened": now, "Route": "Permanence order with authority to adopt"})
    worker.presses("Save")
    refused = worker.page.get_by_role("alert").filter(has_text="There is a problem")
    plan = f"The plan since {british_date(before)} is Permanence order."
    refused.get_by_text(f"{plan} Say why it changes.").wait_for()
    refused.get_by_text(f"{plan} Say what prompted the change.").wait_for()
    check_accessible(worker.page)

    worker.fills_in(
        {
            "Why the plan changes": "The foster carers wish to adopt",
            "What prompted the change of plan": "A carer's wish or withdrawal",
        }
    )
    worker.reads_what_it_will_do("Ends the 12-week clock of NAT-3 without an answer")
    due = british_date(now + timedelta(weeks=12))
    worker.reads_what_it_will_do(f"Starts the 12-week clock of NAT-3: presented to panel due {due}.")
    worker.saves()
    worker.page.get_by_text("Plan changed: The foster carers wish to adopt (a carer's wish or withdrawal)").wait_for()
    check_accessible(worker.page)

    old, new = clocks_of("NAT-3", as_at=today)[recommended.local_ref]
    assert (old["start"], old["exit"], old["stop"]) == (before.isoformat(), now.isoformat(), None)
    assert (new["start"], new["state"]) == (now.isoformat(), "WAITING")
    assert counts_of("NAT-2", as_at=today) == {"MET": 1}


def test_one_panel_date_is_recorded_for_three_siblings_each_with_an_own_outcome(worker, today, check_accessible):
    recommendation, panel = today - timedelta(weeks=8), today - timedelta(weeks=1)
    siblings = []
    for name in ("Ailsa", "Blair", "Catriona"):
        row = child(of_team=team(), accommodated=today - timedelta(weeks=30), name=(name, "Fictitious"), family="FAM-1")
        milestone(row, "PERM_REC", recommendation, route="PO", recorded_on=recommendation)
        siblings.append(row)
    ailsa, blair, catriona = siblings
    assert counts_of("NAT-3", as_at=today) == {"WAITING": 3}

    worker.opens_the_page_of(ailsa.code)
    worker.opens_the_form("Presented to panel")
    worker.fills_in({"Date it happened": panel, "Outcome": "Recommended", "Route that panel recommends": PO})
    together = worker.page.get_by_role("group", name="The same day for brothers and sisters")
    for row, name, outcome in ((blair, "Blair", "Deferred"), (catriona, "Catriona", "Not recommended")):
        called = f"Also for {row.code}, {name} Fictitious"
        together.get_by_role("checkbox", name=called).check()
        worker.fills_in({"Outcome": outcome}, inside=together.get_by_role("group", name=called))
    for row in siblings:
        worker.reads_what_it_will_do(f"{row.code}: stops the 12-week clock of NAT-3: after 7.0 weeks, in time.")
    check_accessible(worker.page)
    worker.saves_come_what_may()
    check_accessible(worker.page)

    held = Milestone.objects.filter(kind="PANEL_PRESENTED", happened_on=panel).values_list("child__code", "outcome")
    assert dict(held) == {ailsa.code: "recommended", blair.code: "deferred", catriona.code: "not recommended"}
    assert Milestone.objects.get(kind="PANEL_REC").child == ailsa
    assert clocks_of("NAT-3", as_at=today) == {
        row.local_ref: met(recommendation, panel, within=timedelta(weeks=12)) for row in siblings
    }
