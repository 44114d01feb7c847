"""Improvement as people do it: an idea through three cycles to adoption, and a champion's part in it."""

import pytest

from children.models import Child
from improvement.models import Implementation, PdsaCycle, TestOfChange
from pace_site.accounts.roles import Role
from tests.browser.widths import fits
from tests.builders import child, person, team
from tests.improvement.builders import PLAN, a_test, an_aim

NAME = ("Morag", "Baird")


@pytest.fixture
def worker():
    return person(Role.PRACTITIONER)


@pytest.fixture
def baby():
    return child(of_team=team(), code="P-4417", name=NAME)


def save(page, step: str):
    page.get_by_role("button", name=f"Save {step}").click()
    page.get_by_text(f"{step} is kept.").wait_for()


def plan(page, *, predicted: str, question: str = ""):
    if question:
        page.get_by_label("Question 1").fill(question)
    page.get_by_label("Prediction 1").fill(predicted)
    save(page, "Plan")


def do_and_study(page, *, started: str, ended: str):
    page.get_by_label("Began on").fill(started)
    page.get_by_label("Ended on").fill(ended)
    page.get_by_label("What happened").fill("It was used at every meeting")
    save(page, "Do")
    page.get_by_label("Is it used?").select_option("Came true")
    page.get_by_label("Results").fill("Used at four of five meetings")
    page.get_by_label("Compared with the prediction").fill("As predicted")
    page.get_by_label("What parents said").fill("They knew what would come next")
    save(page, "Study")


def decide(page, what: str, *, on: str):
    page.get_by_label(what).check()
    page.get_by_label("Why").fill("It works, and it is too long")
    page.get_by_label("Next step").fill("Shorten it to one side")
    page.get_by_label("Decided on").fill(on)
    save(page, "Act")


def test_an_idea_goes_through_three_cycles_to_adoption(sign_in, live_server, check_accessible, worker, baby):
    an_aim("AIM-1")
    page = sign_in(worker)
    page.goto(f"{live_server.url}/aims/")
    page.get_by_role("link", name="Improvement").click()
    page.get_by_role("heading", name="No test of change goes on", level=1).wait_for()
    check_accessible(page)

    page.get_by_role("link", name="Change ideas", exact=True).click()
    check_accessible(page)
    page.locator("summary", has_text="National aim 2").click()
    page.get_by_role("link", name="Try this here (An agenda template for the meeting at 72 hours)").click()
    page.get_by_label("What is tried, in a few words").fill("72-hour agenda")
    page.get_by_label("For which aim").select_option("AIM-1: A test aim")
    check_accessible(page)
    page.get_by_role("button", name="Start it").click()

    page.get_by_role("heading", name="Cycle 1: 72-hour agenda, one child", level=1).wait_for()
    page.get_by_text("First, predict the answer to at least one question.").wait_for()
    check_accessible(page)
    page.get_by_label("Objective").fill("See whether the agenda brings kinship care up")
    page.get_by_label("Data to collect").fill("Meetings with the agenda\nMinutes they took")
    page.get_by_label("Children in it").fill("P-4417")
    plan(page, question="Is it used?", predicted="At 4 of 5 meetings")
    do_and_study(page, started="2026-03-02", ended="2026-03-20")
    check_accessible(page)
    decide(page, "Test it on a larger scale", on="2026-03-25")

    page.get_by_role("button", name="Plan cycle 2").click()
    page.get_by_role("heading", name="Cycle 2: 72-hour agenda, one worker", level=1).wait_for()
    page.get_by_text("Shorten it to one side").wait_for()
    assert page.get_by_label("Question 1").input_value() == "Is it used?"
    assert page.get_by_label("Prediction 1").input_value() == ""
    plan(page, predicted="At every meeting")
    do_and_study(page, started="2026-04-06", ended="2026-04-24")
    decide(page, "Test it on a larger scale", on="2026-04-27")

    page.get_by_role("button", name="Plan cycle 3").click()
    page.get_by_role("heading", name="Cycle 3: 72-hour agenda, one team", level=1).wait_for()
    plan(page, predicted="At every meeting")
    do_and_study(page, started="2026-05-04", ended="2026-05-22")
    decide(page, "Adopt it", on="2026-05-25")
    check_accessible(page)

    page.get_by_role("link", name="Adopted: fill in the implementation record").click()
    page.get_by_role("heading", name="Adopted, and still to be held in place: 72-hour agenda", level=1).wait_for()
    check_accessible(page)
    page.get_by_label("Training").fill("Half a day for each team")
    page.get_by_label("Written procedure").fill("On the team's shelf")
    page.get_by_label("The measure that holds the gain").fill("Share of meetings with the agenda, each month")
    page.get_by_label("To be reviewed on").fill("2027-03-01")
    page.get_by_role("button", name="Save the record").click()
    page.get_by_role("heading", name="Adopted and held in place: 72-hour agenda", level=1).wait_for()

    page.get_by_role("main").get_by_role("link", name="72-hour agenda").click()
    page.get_by_role("heading", name="3 cycles").wait_for()
    tops = [card.bounding_box() for card in page.locator(".ramp-step").all()]
    widens = [box["width"] for box in tops] == sorted({box["width"] for box in tops})
    climbs = [box["height"] for box in tops] == sorted({box["height"] for box in tops})
    assert widens or climbs
    assert fits(page)
    check_accessible(page)

    test = TestOfChange.objects.get()
    assert (test.state, test.idea.library_key) == ("adopted", "agenda-72-hours")
    assert [cycle.scale for cycle in test.ramp] == ["child", "worker", "team"]
    assert list(test.ramp[0].children.all()) == [baby]
    assert Implementation.objects.get(test=test).missing == []


def test_a_champion_does_their_part_and_sees_no_identity(sign_in, live_server, check_accessible, worker, baby):
    champion = person(Role.CHAMPION)
    test = a_test(lead=worker, members=(champion,))
    PdsaCycle.objects.filter(test=test).update(**PLAN)
    test.last_cycle.children.add(baby)
    a_test(lead=worker, title="Not the champion's")
    page = sign_in(champion)
    page.goto(f"{live_server.url}/improvement/?mine=yes")
    page.get_by_role("heading", name="1 test of change goes on", level=1).wait_for()
    page.get_by_role("link", name="cycle 1").click()
    page.get_by_role("link", name="P-4417").wait_for()
    do_and_study(page, started="2026-03-02", ended="2026-03-20")
    check_accessible(page)
    content = page.content()
    page.get_by_role("link", name="P-4417").click()
    page.get_by_role("heading", name="P-4417").wait_for()
    content += page.content()
    page.goto(f"{live_server.url}/improvement/")
    content += page.content()
    page.get_by_role("link", name="Not the champion's").click()
    page.get_by_role("heading", name="Not the champion's", level=1).wait_for()
    assert page.get_by_role("link", name="Change or withdraw the test").count() == 0
    row = Child.objects.get(pk=baby.pk)
    assert not [told for told in (*NAME, row.local_ref, "2015") if told in content]
    assert PdsaCycle.objects.get(pk=test.last_cycle.pk).state == "deciding"


def test_two_people_who_write_at_once_both_keep_their_words(sign_in, live_server, check_accessible, worker):
    cycle = a_test(lead=worker).last_cycle
    page = sign_in(worker)
    page.goto(live_server.url + cycle.get_absolute_url())
    page.get_by_label("Objective").fill("My words")
    PdsaCycle.objects.filter(pk=cycle.pk).update(objective="Their words", edition=2)
    page.get_by_role("button", name="Save Plan").click()
    page.get_by_text("Somebody else changed this while you were typing").wait_for()
    page.get_by_role("cell", name="Their words").wait_for()
    check_accessible(page)
    assert page.get_by_label("Objective").input_value() == "My words"
    save(page, "Plan")
    assert PdsaCycle.objects.get(pk=cycle.pk).objective == "My words"


def test_a_cycle_prints_what_it_says_and_no_form(sign_in, live_server, worker):
    cycle = a_test(lead=worker).last_cycle
    PdsaCycle.objects.filter(pk=cycle.pk).update(**PLAN | {"objective": "To be read on paper"})
    page = sign_in(worker)
    page.goto(f"{live_server.url}{cycle.get_absolute_url()}?step=plan")
    said = page.locator(".pdsa-said").get_by_text("To be read on paper")
    assert not said.is_visible()
    page.emulate_media(media="print")
    assert said.is_visible()
    assert not page.get_by_role("button", name="Save Plan").is_visible()
