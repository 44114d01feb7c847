"""A data lead finds two records of one child, merges them, and thinks again."""

from datetime import date

from pace_site.accounts.roles import Role
from tests.browser.recording_desk import counts_of, set_national_aims
from tests.builders import child, milestone, person, team

START = date(2025, 2, 3)


def test_a_data_lead_merges_two_records_and_parts_them_again(sign_in, live_server, check_accessible):
    set_national_aims()
    kept = child(of_team=team(), name=("Eilidh", "Fictitious"), accommodated=START)
    other = child(of_team=team(), name=("Eilídh", "Fictitious"), accommodated=START)
    milestone(other, "PERM_REC", date(2025, 6, 1), route="ADOPT")
    page = sign_in(person(Role.DATA_LEAD))
    twice = counts_of("NAT-2", as_at=date(2026, 1, 5))

    page.goto(f"{live_server.url}/children/")
    page.get_by_role("link", name="Records that may be of one child").click()
    check_accessible(page)
    page.get_by_role("link", name=f"Compare {kept.code} and {other.code}").click()
    check_accessible(page)
    page.get_by_role("button", name="Merge the records").click()
    page.get_by_role("alert").get_by_text("Choose the record to keep").wait_for()
    check_accessible(page)
    page.get_by_role("radio", name=kept.code).check()
    page.get_by_label("How you know").first.fill("One birth certificate")
    page.get_by_role("button", name="Merge the records").click()
    page.get_by_text(f"{other.code} is part of {kept.code} now").wait_for()
    assert sum(twice.values()) - sum(counts_of("NAT-2", as_at=date(2026, 1, 5)).values()) == 1

    page.get_by_role("link", name=f"Undo the merge of {other.code}").click()
    check_accessible(page)
    page.get_by_label("Why it is undone").fill("They are cousins")
    page.get_by_role("button", name="Undo the merge").click()
    page.get_by_text("a record of its own again").wait_for()
    assert counts_of("NAT-2", as_at=date(2026, 1, 5)) == twice
