"""Somebody looks for a child, opens it and reads a clock."""

from datetime import date

from children.models import LegalBasis
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, child, milestone, person, team

AIM = aim(code="REC", title="A recommendation within 26 weeks", limit="26 weeks", target_pct=80)


def a_child_with_a_history(**more):
    stored_aim(AIM, authority=authority())
    row = child(name=("Morven", "Fictitious"), accommodated=date(2024, 1, 8), family="FAM-1", **more)
    child(name=("Ailsa", "Fictitious"), family="FAM-1", **more)
    LegalBasis.objects.create(child=row, start=date(2024, 1, 8), measure_id="S25")
    milestone(row, "MEDICAL", date(2024, 5, 1), precision="month")
    milestone(row, "REVIEW", date(2024, 3, 1), voided_on=date(2024, 4, 1), void_reason="Entered twice")
    return row


def test_a_social_worker_finds_a_child_of_their_team_by_name_and_reads_its_clock(
    sign_in, live_server, check_accessible
):
    north = team("Team North")
    sought = a_child_with_a_history(of_team=north)
    child(of_team=team("Team South"), name=("Morven", "Elsewhere"))
    page = sign_in(person(Role.PRACTITIONER, of_team=north))
    page.goto(f"{live_server.url}/children/")
    page.get_by_role("heading", name="2 children", level=1).wait_for()
    check_accessible(page)

    page.keyboard.press("Control+k")
    page.keyboard.type("morven")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 child found", level=1).wait_for()
    assert "morven" not in page.url.lower()
    check_accessible(page)

    page.get_by_role("link", name=sought.code).click()
    page.get_by_role("heading", name=f"{sought.code}: Morven Fictitious", level=1).wait_for()
    assert "Morven" not in page.title()
    page.get_by_label("As at").fill("2024-06-01")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="Clocks as at 1 June 2024").wait_for()
    clock = page.get_by_role("row", name="REC: A recommendation within 26 weeks")
    clock.get_by_text("Waiting in time").wait_for()
    clock.get_by_text("Waiting for 20.7 weeks, 37 days left").wait_for()
    check_accessible(page)


def test_a_champion_narrows_the_list_to_a_family_and_reads_a_child_by_pseudonym(sign_in, live_server, check_accessible):
    row = a_child_with_a_history()
    child()
    page = sign_in(person(Role.CHAMPION))
    page.goto(f"{live_server.url}/children/")
    page.get_by_label("Family of").fill(row.code)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="2 children", level=1).wait_for()
    assert "Fictitious" not in page.content()
    check_accessible(page)

    page.get_by_role("link", name=row.code).click()
    page.get_by_role("heading", name=row.code, exact=True, level=1).wait_for()
    page.get_by_text("May 2024, day not known").wait_for()
    assert "Fictitious" not in page.content()
    check_accessible(page)


def test_a_search_for_one_letter_is_refused_in_words_linked_to_the_field(sign_in, live_server, check_accessible):
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/children/")
    page.get_by_role("searchbox", name="Search").fill("m")
    page.get_by_role("button", name="Search").click()
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    summary.get_by_role("link").click()
    assert page.evaluate("document.activeElement.name") == "term"
    check_accessible(page)
