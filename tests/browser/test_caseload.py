"""A team manager narrows, orders and keeps the caseload list, takes its file, and hands a leaver's cases over."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from children.models import Allocation
from pace_site.accounts.roles import Role
from tests.builders import allocate, child, milestone, person, team


def a_team(manager_of):
    """A leaver with an overdue and a waiting child, and a child with whom nobody works."""
    today = timezone.localdate()
    leaver = person(Role.PRACTITIONER, of_team=manager_of)
    over = child(of_team=manager_of, code="P-OVER", name=("Morven", "Fictitious"), accommodated=today - timedelta(210))
    waits = child(of_team=manager_of, code="P-WAIT", name=("Ailsa", "Fictitious"), accommodated=today - timedelta(50))
    milestone(waits, "REVIEW", today - timedelta(20))
    child(of_team=manager_of, code="P-LONE", accommodated=today - timedelta(300))
    for row in (over, waits):
        allocate(leaver, row, start=today - timedelta(40))
    return leaver, over, waits


def codes(page) -> list[str]:
    return [text.split(",")[0] for text in page.locator("table.caseload tbody th a").all_inner_texts()]


def test_a_manager_narrows_orders_and_keeps_the_list_and_takes_its_file(sign_in, live_server, check_accessible):
    north = team("Team North")
    a_team(north)
    page = sign_in(person(Role.TEAM_MANAGER, of_team=north))
    page.goto(f"{live_server.url}/caseload/")
    page.get_by_role("heading", name="3 children looked after, 2 with a step overdue", level=1).wait_for()
    assert codes(page) == ["P-LONE", "P-OVER", "P-WAIT"]
    check_accessible(page)

    page.get_by_label("State").select_option(label="Overdue")
    page.get_by_label("In order of").select_option(label="Child")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="2 of 3 children looked after", level=1).wait_for()
    page.get_by_label("Save this list as").fill("Late ones")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved as “Late ones”.").wait_for()
    check_accessible(page)

    page.get_by_role("link", name="Show all").click()
    page.get_by_role("navigation", name="Saved filters").get_by_role("link", name="Late ones").click()
    page.get_by_role("heading", name="2 of 3 children looked after", level=1).wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV, by pseudonym").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == codes(page) == ["P-LONE", "P-OVER"]
    assert "Fictitious" not in "".join(lines)

    page.get_by_role("link", name="Rename or remove").click()
    page.get_by_label("New name of Late ones").fill("Overdue")
    page.get_by_role("button", name="Rename Late ones").click()
    page.get_by_role("navigation", name="Saved filters").get_by_role("link", name="Overdue").wait_for()
    page.get_by_role("link", name="Rename or remove").click()
    check_accessible(page)
    page.get_by_role("button", name="Remove Overdue").click()
    page.get_by_role("heading", name="No filter is saved yet", level=1).wait_for()
    check_accessible(page)


def test_a_manager_hands_a_leaver_s_cases_over_and_finds_somebody_for_who_has_nobody(
    sign_in, live_server, check_accessible
):
    north = team("Team North")
    leaver, over, waits = a_team(north)
    comer = person(Role.PRACTITIONER, of_team=north)
    page = sign_in(person(Role.TEAM_MANAGER, of_team=north))
    page.goto(f"{live_server.url}/caseload/")
    page.get_by_role("link", name="Hand somebody's cases over").click()
    page.get_by_label("Cases of").select_option(str(leaver.pk))
    page.get_by_role("button", name="Show the cases").click()
    page.get_by_role("heading", name=f"{leaver} works with 2 children", level=1).wait_for()
    check_accessible(page)

    page.get_by_label("P-WAIT, Ailsa Fictitious").uncheck()
    page.get_by_role("button", name="Hand over").click()
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    summary.get_by_role("link", name="Hand over to: Choose a person.").click()
    assert page.evaluate("document.activeElement.name") == "to"
    assert not page.get_by_label("P-WAIT, Ailsa Fictitious").is_checked()
    check_accessible(page)

    page.get_by_label("Hand over to").select_option(str(comer.pk))
    page.get_by_role("button", name="Hand over").click()
    page.get_by_text(f"1 child handed over from {leaver} to {comer}").wait_for()
    check_accessible(page)
    today = timezone.localdate()
    assert Allocation.objects.get(user=leaver, child=over).end == today - timedelta(days=1)
    assert Allocation.objects.get(user=comer, child=over).start == today
    assert Allocation.objects.get(user=leaver, child=waits).end is None

    page.get_by_role("link", name="Children with whom nobody works").click()
    page.get_by_role("heading", name="1 of 3 children looked after", level=1).wait_for()
    assert codes(page) == ["P-LONE"]
    page.get_by_role("link", name="Allocate P-LONE").click()
    page.get_by_label("Allocate to").select_option(str(comer.pk))
    page.get_by_role("button", name="Allocate").click()
    page.get_by_text(f"P-LONE is allocated to {comer}").wait_for()
    page.get_by_role("button", name=f"End the allocation to {comer}").wait_for()
    check_accessible(page)
