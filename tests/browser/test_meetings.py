"""Meetings as people hold them: from agenda to minutes, with one action carried over to the next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from children.models import Child
from improvement.models import Action, Meeting
from pace_site.accounts.roles import Role
from pace_site.look.words import british_date
from tests.browser.widths import fits
from tests.builders import child, person, team
from tests.improvement.builders import an_aim
from tests.improvement.meeting_builders import a_meeting, a_member, an_action

NAME = ("Morag", "Baird")


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD)


@pytest.fixture
def champion():
    return person(Role.CHAMPION)


def test_a_meeting_is_held_from_agenda_to_minutes_with_an_action_carried_over(
    sign_in, live_server, check_accessible, lead, champion
):
    today = timezone.localdate()
    soon, late = today + timedelta(days=14), today + timedelta(days=42)
    an_aim("AIM-1", target_pct=80)
    child(of_team=team(), code="P-4417", name=NAME, accommodated=today - timedelta(days=300))
    page = sign_in(lead)
    page.goto(f"{live_server.url}/improvement/programme/champions/")
    page.get_by_label("Somebody who signs in").select_option(f"{champion}, Champion (partner agency)")
    page.get_by_label("Agency").fill("NHS Glen Valley")
    page.get_by_role("button", name="Take in").click()
    page.get_by_role("heading", name="The Champions' Group has 1 member", level=1).wait_for()
    page.get_by_label("Or the name of a partner").fill("Mo Grant")
    page.get_by_label("Leads the Champions' Group").check()
    page.get_by_role("button", name="Take in").click()
    page.get_by_role("heading", name="The Champions' Group has 2 members", level=1).wait_for()
    check_accessible(page)
    assert fits(page)

    page.goto(f"{live_server.url}/improvement/meetings/")
    page.get_by_role("heading", name="No meeting is planned", level=1).wait_for()
    check_accessible(page)
    page.get_by_role("link", name="Plan a meeting").click()
    page.get_by_label("Date").fill(today.isoformat())
    page.get_by_label("Place").fill("Town House")
    check_accessible(page)
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("heading", name=f"Champions' Group, {british_date(today)}", level=1).wait_for()
    check_accessible(page)

    page.get_by_role("link", name="Change the agenda").click()
    page.get_by_label("Title of new item 1").fill("Cake")
    page.get_by_label("Place of new item 1").fill("1")
    page.get_by_label("Take off Communications").check()
    check_accessible(page)
    page.get_by_role("button", name="Save the agenda").click()
    page.get_by_text("The agenda is kept.").wait_for()
    said = page.locator("ol.agenda").inner_text()
    assert "Cake" in said
    assert "Communications" not in said

    page.get_by_role("link", name="Pack", exact=True).click()
    page.get_by_text("1 child has waited longer than 26 weeks").wait_for()
    page.get_by_text("P-4417").wait_for()
    check_accessible(page)
    assert fits(page)
    page.get_by_role("button", name="Keep this pack").click()
    page.get_by_text("later corrections do not change it.", exact=False).first.wait_for()
    check_accessible(page)

    page.get_by_role("link", name=f"Champions' Group, {british_date(today)}").click()
    page.get_by_role("link", name="Write the minutes").click()
    page.get_by_label(f"{champion}, NHS Glen Valley").select_option("Came")
    page.get_by_label("Mo Grant").select_option("Apologies")
    page.get_by_label("Notes: Children waiting longest").fill("Looked at Morag Baird")
    check_accessible(page)
    page.get_by_role("button", name="Save the minutes").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    check_accessible(page)
    page.get_by_label("Notes: Children waiting longest").fill("Looked at P-4417")
    page.get_by_label("Decisions: Children waiting longest").fill("Ask for a date")
    page.get_by_role("button", name="Save the minutes").click()
    page.get_by_text("The minutes are kept.").wait_for()
    page.get_by_text("Looked at P-4417").wait_for()

    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("What will be done").fill("Ask the panel for a date")
    page.get_by_label("Who does it").select_option(f"{champion}, Champion (partner agency)")
    page.get_by_label("By", exact=True).or_(page.get_by_label("By*", exact=True)).fill(soon.isoformat())
    check_accessible(page)
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="1 action agreed here").wait_for()
    page.get_by_role("button", name="Close the minutes").click()
    page.get_by_text("Minutes closed by").wait_for()
    check_accessible(page)

    page.get_by_role("link", name="Minutes as text").click()
    text = page.get_by_label("The text, to be copied").input_value()
    assert "Decision: Ask for a date" in text
    assert "Ask the panel for a date" in text
    page.get_by_role("button", name="Copy").click()
    page.locator("[data-copied]:not(:empty)").wait_for()
    check_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="As PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")

    page.goto(f"{live_server.url}/improvement/meetings/new/")
    page.get_by_label("Date").fill(late.isoformat())
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("heading", name="1 from earlier meetings").wait_for()
    page.get_by_role("link", name="Ask the panel for a date").wait_for()
    assert fits(page)
    check_accessible(page)
    assert Meeting.objects.get(on=today).state == "closed"
    assert Action.objects.get().owner == champion


def test_a_champion_answers_does_their_action_and_sees_no_identity(
    sign_in, live_server, check_accessible, lead, champion
):
    today = timezone.localdate()
    row = child(of_team=team(), code="P-4417", name=NAME, accommodated=today - timedelta(days=300))
    an_aim("AIM-1", target_pct=80)
    a_member(champion)
    an_action(
        a_meeting(today - timedelta(days=28)),
        owner=champion,
        text="Ask about P-4417",
        due_on=today - timedelta(days=1),
    )
    meeting = a_meeting(today + timedelta(days=1))
    page = sign_in(champion)
    page.goto(live_server.url)
    page.get_by_role("heading", name="1 action of yours is overdue", level=1).wait_for()
    check_accessible(page)
    assert fits(page)
    content = page.content()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("heading", name="Nothing waits for you", level=1).wait_for()
    check_accessible(page)
    page.goto(live_server.url + meeting.get_absolute_url())
    content += page.content()
    page.get_by_role("button", name="I will come").click()
    page.get_by_text("You said: will come").wait_for()
    page.get_by_role("link", name="Pack", exact=True).click()
    page.get_by_text("P-4417").first.wait_for()
    content += page.content()
    told = (*NAME, Child.objects.get(pk=row.pk).local_ref, "5 May 2015")
    assert not [each for each in told if each in content]
    assert Action.objects.get().done_by == champion


def test_a_programme_is_chartered_scored_and_checked(sign_in, live_server, check_accessible, lead):
    an_aim("AIM-1", target_pct=80)
    page = sign_in(lead)
    page.goto(f"{live_server.url}/improvement/programme/")
    check_accessible(page)
    page.get_by_role("link", name="Write the charter").click()
    page.get_by_label("Problem").fill("Drift and delay")
    check_accessible(page)
    page.get_by_role("button", name="Save the charter").click()
    page.get_by_text("Drift and delay").wait_for()
    page.get_by_role("link", name="Score it, or see the history").click()
    page.get_by_label("Progress score").select_option("1.5")
    page.get_by_label("Why").fill("The plan is there")
    check_accessible(page)
    page.get_by_role("button", name="Give this score").click()
    page.get_by_role("heading", name="Progress score 1.5 for", level=1).wait_for()
    check_accessible(page)
    assert fits(page)
    page.goto(f"{live_server.url}/improvement/programme/self-check/")
    page.get_by_role("heading", name="1 of 5 answers are yes", level=1).wait_for()
    check_accessible(page)
    assert fits(page)
    page.goto(f"{live_server.url}/improvement/barriers/new/")
    page.get_by_label("What stands in the way").fill("No panel in July")
    page.get_by_label("Who sees to it").select_option(f"{lead}, PACE lead")
    check_accessible(page)
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="No panel in July").click()
    check_accessible(page)
    page.get_by_label("What resolved it").fill("A second panel")
    page.get_by_role("button", name="Resolve it").click()
    page.get_by_role("heading", name="No barrier stands in the way", level=1).wait_for()
    check_accessible(page)
