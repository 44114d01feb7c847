"""Two leads pseudonymise a record whose period is over; a request is logged, and its file made."""

from datetime import date

import pytest
from django.utils import timezone

from children.models import CareEpisode, Identity
from pace_site.accounts.roles import Role
from tests.browser.widths import fits
from tests.builders import child, milestone, person, team


@pytest.fixture
def check(check_accessible):
    def run(page):
        assert fits(page)
        check_accessible(page)

    return run


def left(code: str, family: str = ""):
    row = child(code=code, of_team=team(), family=family)
    CareEpisode.objects.create(child=row, start=date(2018, 1, 9), end=date(2020, 3, 3))
    milestone(row, "PERM_REC", date(2018, 6, 1), route="PO", note="Talked over with everybody at the review")
    return row


@pytest.mark.usefixtures("transactional_db")
def test_two_leads_pseudonymise_a_record(sign_in, live_server, check):
    left("P-0042")
    left("P-0043", family="F1")
    child(code="P-0077", accommodated=date(2024, 1, 1), family="F1")
    page = sign_in(person(Role.DATA_LEAD))
    page.goto(f"{live_server.url}/caseload/")
    page.get_by_role("link", name="Records to review").click()
    page.get_by_role("heading", name="1 record to review", level=1).wait_for()
    check(page)
    page.get_by_role("button", name="See what would go").click()
    page.get_by_text("Choose at least one child.").wait_for()
    page.get_by_role("checkbox", name="Pseudonymise P-0042").check()
    page.get_by_role("button", name="See what would go").click()
    page.get_by_role("heading", name="Pseudonymise 1 child?", level=1).wait_for()
    check(page)
    page.get_by_label("Why").fill("Its period is over")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    check(page)
    page.get_by_label("Type PSEUDONYMISE").fill("PSEUDONYMISE")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_text("Nothing changes before a second person confirms it.").wait_for()
    check(page)

    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/retention/")
    page.get_by_role("link", name="1 record", exact=True).click()
    page.get_by_label("Type PSEUDONYMISE").wait_for()
    check(page)
    page.get_by_label("Type PSEUDONYMISE").fill("PSEUDONYMISE")
    page.get_by_role("button", name="Pseudonymise for good").click()
    page.get_by_text("Pseudonymised: P-0042.").wait_for()
    assert not Identity.objects.filter(child__code="P-0042").exists()
    page.goto(f"{live_server.url}/children/P-0042/")
    page.get_by_text("nobody can say who this is").wait_for()
    check(page)


@pytest.mark.usefixtures("transactional_db")
def test_a_lead_keeps_a_record_longer_and_answers_a_request(sign_in, live_server, check):
    left("P-0042")
    page = sign_in(person(Role.DATA_LEAD))
    page.goto(f"{live_server.url}/retention/")
    page.get_by_role("link", name="Keep longer P-0042").click()
    page.get_by_role("heading", name="Keep P-0042 longer").wait_for()
    check(page)
    page.goto(f"{live_server.url}/children/P-0042/")
    page.get_by_role("link", name="Log a request about the data").click()
    page.get_by_role("heading", name="No request is open").wait_for()
    assert page.get_by_label("Child (pseudonym)").input_value() == "P-0042"
    page.get_by_label("What is asked for").select_option("restriction")
    page.get_by_label("The council's reference of the request").fill("DP 17")
    page.get_by_label("Received on").fill(timezone.localdate().isoformat())
    page.get_by_label("What exactly").fill("The record names the wrong school")
    page.get_by_role("button", name="Log it").click()
    page.get_by_role("button", name="Close it").wait_for()
    check(page)
    page.goto(f"{live_server.url}/retention/requests/")
    check(page)
    page.goto(f"{live_server.url}/children/P-0042/")
    page.get_by_text("Processing restricted since").wait_for()
    check(page)
    page.get_by_role("link", name="Everything held, for subject access").click()
    page.get_by_role("heading", name="Everything held of P-0042").wait_for()
    check(page)
    page.get_by_label("Reference of the request").fill("SAR 3")
    page.get_by_label("Why the file is made").fill("The child asked for it")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    assert download.value.suggested_filename.startswith("subject_access_")
