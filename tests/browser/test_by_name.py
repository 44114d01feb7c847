"""A PACE lead exports an aim's late children by name: told what leaves, asked why, and corrected on the way."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.utils import timezone
from openpyxl import load_workbook

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.browser.widths import fits
from tests.builders import authority, child, person
from tests.pdf_reading import words_of


def test_an_aim_and_the_caseload_leave_by_name_with_a_reason(sign_in, live_server, check_accessible):
    today = timezone.localdate()
    stored_aim(aim(by_date=(today + timedelta(days=90)).isoformat()), authority=authority())
    child(name=("Morven", "Fictitious"), accommodated=today - timedelta(days=300))
    child(name=("Ailsa", "Fictitious"), accommodated=today - timedelta(days=20))
    lead = person(Role.PACE_LEAD)
    page = sign_in(lead)
    page.goto(f"{live_server.url}/aims/TEST/")
    page.get_by_role("link", name="Export by name").click()
    page.get_by_role("heading", name="Export 2 children by name", level=1).wait_for()
    assert fits(page)
    check_accessible(page)

    page.get_by_label("Waiting in time: 1 child").uncheck()
    page.get_by_label("In your own words").fill("Panel")
    page.get_by_role("button", name="Export by name").click()
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    summary.get_by_role("link", name="Why they are exported by name: Choose what the file is for.").click()
    assert page.evaluate("document.activeElement.name") == "purpose"
    assert page.get_by_label("In your own words").input_value() == "Panel"
    assert not page.get_by_label("Waiting in time: 1 child").is_checked()
    assert fits(page)
    check_accessible(page)

    page.get_by_label("Why they are exported by name").select_option(label="Court or panel preparation")
    page.get_by_label("In your own words").fill("Panel of next Thursday")
    page.get_by_label("File").select_option(label="PDF")
    with page.expect_download() as handed:
        page.get_by_role("button", name="Export by name").click()
    words = words_of(Path(handed.value.path()).read_bytes())
    assert "Morven Fictitious" in words
    assert "Ailsa" not in words
    assert lead.email in words

    page.goto(f"{live_server.url}/caseload/?sort=child")
    page.get_by_role("link", name="Export by name").click()
    page.get_by_label("Why they are exported by name").select_option(label="Statutory return")
    page.get_by_label("In your own words").fill("The yearly return to the government")
    page.get_by_label("File").select_option(label="Excel")
    with page.expect_download() as handed:
        page.get_by_role("button", name="Export by name").click()
    number = AuditEntry.objects.filter(record_type="identified_export").latest("pk").record_id
    assert handed.value.suggested_filename == f"by_name_{number}.xlsx"
    assert number in load_workbook(BytesIO(Path(handed.value.path()).read_bytes()))["Children"]["A1"].value
    assert fits(page)
    check_accessible(page)
