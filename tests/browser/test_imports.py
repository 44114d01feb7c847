"""A data lead uploads an extract, sees what it would do to an aim, takes it in, finds the figure changed, undoes it."""

import re

import pytest

from pace_site.accounts.roles import Role
from tests.acceptance_extracts import ACCEPTANCE
from tests.builders import person

WITHOUT = "M001,PERM_REC,2017-12-11,day,PO,,review,\n"


@pytest.mark.usefixtures("midlothian")
def test_an_extract_from_upload_to_undoing(sign_in, live_server, check_accessible, tmp_path, settings):
    for file in (ACCEPTANCE / "midlothian").glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text().replace(WITHOUT, ""))
    page = sign_in(person(Role.DATA_LEAD))

    def in_time() -> str:
        page.goto(f"{live_server.url}/aims/MID-1/?as_at=2018-11-01")
        return re.search(r"\d+ of 25", " ".join(page.locator("main").inner_text().split())).group()

    assert in_time() == "20 of 25"
    page.goto(f"{live_server.url}/imports/new/")
    check_accessible(page)
    settings.MOST_BYTES_OF_AN_EXTRACT = 3_000_000
    page.reload()
    page.get_by_label("Files").set_input_files(
        {"name": "all.xlsx", "mimeType": "application/zip", "buffer": bytes(2_000_001)}
    )
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("These files have 3 MB, and at most 2 MB can be sent at once").wait_for()
    check_accessible(page)
    page.get_by_label("Files").set_input_files(sorted(tmp_path.glob("*.csv")))
    page.get_by_label("Date of the extract").fill("2018-11-02")
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("0 rows would be new, 0 changed and 1 gone").wait_for()
    assert "20 → 19" in page.get_by_role("row", name="MID-1").inner_text()
    check_accessible(page)
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("heading", name="Extract of 2 November 2018: taken in").wait_for()
    address = page.url
    assert in_time() == "19 of 25"
    page.goto(address)
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("heading", name="Extract of 2 November 2018: undone").wait_for()
    check_accessible(page)
    assert in_time() == "20 of 25"
