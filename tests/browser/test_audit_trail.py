"""An auditor asks who did what, and about which child; a data lead sees who has opened a child's record."""

from pathlib import Path

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record, record_view
from tests.builders import authority, child, person, team


def test_an_auditor_searches_the_trail_and_takes_it_as_a_file(sign_in, live_server, check_accessible):
    lead = person(Role.DATA_LEAD)
    row = child(of_team=team(), code="P-0417", name=("Ailsa", "Fictional"))
    record_view(row, by=lead)
    record(
        AuditEntry.Action.CHANGE,
        authority=authority(),
        record_type="team",
        record_id=7,
        by=lead,
        before={"name": "North"},
        after={"name": "North-East"},
    )
    page = sign_in(person(Role.IG_AUDITOR))
    page.goto(f"{live_server.url}/audit/")
    page.get_by_role("heading", name="Audit trail: 2 entries", level=1).wait_for()
    page.get_by_text("North → North-East").wait_for()
    check_accessible(page)

    page.get_by_label("About the child").fill("P-04")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("Type it in full").first.wait_for()
    check_accessible(page)
    page.get_by_label("About the child").fill("P-0417")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("heading", name="about P-0417", level=1).wait_for()
    assert "P-0417" not in page.url
    page.get_by_label("Did what").select_option(label="Viewed")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="Audit trail: 1 entry about P-0417", level=1).wait_for()
    check_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    file = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "P-0417" in file
    assert "Ailsa" not in file


def test_a_data_lead_sees_who_has_opened_a_record(sign_in, live_server, check_accessible):
    lead = person(Role.DATA_LEAD)
    child(of_team=team(), code="P-0417")
    page = sign_in(lead)
    page.goto(f"{live_server.url}/children/P-0417/")
    page.get_by_role("link", name="Who has seen this record").click()
    page.get_by_role("heading", name="1 person or command has seen this record", level=1).wait_for()
    check_accessible(page)
