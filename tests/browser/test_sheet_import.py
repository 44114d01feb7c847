"""A data lead brings in the spreadsheet that the council really keeps, mends what it refuses, and takes it back."""

from datetime import date, datetime, timedelta

from aims.models import Aim
from pace_site.accounts.roles import Role
from tests.builders import person
from tests.improvement.builders import an_aim
from tests.milestones.sheets.sheets import workbook

HEADER = ["Client ID", "Surname", "DOB", "Date accommodated", "LAC recommendation", "Permanence plan"]


def tracker() -> dict:
    """Seven children accommodated a year ago; of three a cell cannot be read."""
    accommodated = datetime.combine(date.today() - timedelta(days=365), datetime.min.time())
    decided = accommodated + timedelta(days=60)
    rows = [
        [f"C{n}", "Aird", datetime(2019, 5, n), accommodated, decided if n < 4 else None, "PO"] for n in range(1, 5)
    ]
    rows += [
        ["C5", "Blair", "31/02/2019", accommodated, decided, "PO"],
        ["C6", "Cook", datetime(2019, 5, 6), accommodated, "April or May", "PO"],
        ["C7", "Duff", datetime(2019, 5, 7), "13/41/2025", decided, "Plan A"],
    ]
    upload = workbook(["Permanence tracker"], [], HEADER, *rows, ["Total", 7])
    return {"name": upload.name, "mimeType": "application/vnd.ms-excel", "buffer": upload.content}


def test_a_wide_spreadsheet_from_scratch_to_a_changed_figure_and_back(sign_in, live_server, check_accessible):
    an_aim("AIM-1")
    lead = person(Role.DATA_LEAD)
    Aim.objects.update(authority=lead.organisation)
    page = sign_in(lead)
    page.goto(f"{live_server.url}/imports/new/")
    page.get_by_label("Files").set_input_files(tracker())
    page.get_by_label("Date of the extract").fill(date.today().isoformat())
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("Say where it comes from. Nothing was sent, and the files are still chosen.").wait_for()
    page.get_by_label("Where it comes from").fill("Tracker")
    page.get_by_label("Which children it has").select_option("some")
    page.get_by_role("button", name="Upload").click()

    page.get_by_role("heading", name="What do the columns mean?").wait_for()
    page.get_by_text("row 11 is a total").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Confirm, and make the dry run").click()
    page.get_by_text("what does “Plan A” mean?").wait_for()
    page.get_by_label("“Plan A” means").select_option("PO")
    page.get_by_role("button", name="Confirm, and make the dry run").click()

    page.get_by_role("heading", name="3 rejected rows").wait_for()
    page.get_by_role("link", name="Correct them here").click()
    page.get_by_role("heading", name="3 rejected cells that you can correct").wait_for()
    check_accessible(page)
    page.get_by_label("C8 (DOB) should say").fill("28/02/2019")
    page.get_by_label("E9 (LAC recommendation) should say").fill("-")
    page.get_by_label("D10 (Date accommodated) should say").fill("13/01/2026")
    page.get_by_role("button", name="Correct them").click()

    page.get_by_role("heading", name="What it would change").wait_for()
    assert not page.get_by_role("link", name="Correct them here").count()
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("button", name="Undo this import").wait_for()
    page.goto(f"{live_server.url}/aims/")
    page.get_by_text("5 of 5 decided were in time").wait_for()
    page.go_back()
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_text("Every row says again what it said before").wait_for()
    page.goto(f"{live_server.url}/aims/")
    page.get_by_role("heading", level=1).wait_for()
    assert not page.get_by_text("5 of 5 decided were in time").count()
