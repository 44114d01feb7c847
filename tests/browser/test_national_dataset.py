"""A data lead makes the authority's file; an analyst of the national body takes it in and sees it beside another's."""

from pathlib import Path

import pytest
from django.utils import timezone

from aims.national.quarters import quarter_ends
from children.models import Child
from pace_site.accounts.roles import Role
from tests.aims.national.two_bodies import ABERDEEN, MIDLOTHIAN, analyst, clocks
from tests.browser.test_national import spoken
from tests.browser.widths import fits
from tests.builders import person


@pytest.mark.usefixtures("transactional_db")
def test_a_file_goes_from_the_authority_to_the_national_view(sign_in, live_server, check_accessible, tmp_path):
    clocks(MIDLOTHIAN, met=15, late=5)
    last = quarter_ends(timezone.localdate())[0]
    page = sign_in(person(Role.DATA_LEAD))
    page.goto(f"{live_server.url}/reports/")
    page.get_by_role("link", name="National dataset").click()
    page.get_by_role("heading", name="National dataset", level=1).wait_for()
    assert fits(page)
    check_accessible(page)
    page.locator("select[name=month]").select_option(last.isoformat())
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download the file (CSV)").click()
    name = f"national_S12000019_{last:%Y-%m}.csv"
    assert downloading.value.suggested_filename == name
    sent = tmp_path / name
    downloading.value.save_as(sent)

    # Elsewhere: where there are no children of this authority.
    Child.objects.all().delete()
    clocks(ABERDEEN, met=12, late=6)
    page = sign_in(analyst())
    page.goto(f"{live_server.url}/national/")
    page.get_by_role("link", name="Files from authorities").click()
    page.get_by_role("heading", name="No authority has sent a file yet", level=1).wait_for()
    check_accessible(page)

    damaged = tmp_path / "damaged.csv"
    damaged.write_bytes(Path(sent).read_bytes().replace(b"PO", b"FOSTER", 1))
    page.get_by_label("File of an authority (CSV)").set_input_files(damaged)
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("heading", name="1 fault in the file").wait_for()
    assert "recommended_route" in page.get_by_role("table", name="What is wrong with the file").inner_text()
    assert fits(page)
    check_accessible(page)

    page.get_by_label("File of an authority (CSV)").set_input_files(sent)
    page.get_by_role("button", name="Take it in").click()
    page.get_by_text(f"Midlothian, {last:%B %Y}: 20 rows taken in.").wait_for()
    assert fits(page)
    check_accessible(page)

    page.get_by_role("link", name="National aims").click()
    page.get_by_text(spoken(last)).wait_for()
    page.get_by_text("Scotland: 71 % met in time, 27 of 38; nobody overdue; nobody waiting in time.").wait_for()
    of_panel = page.get_by_role("table", name="NAT-3 by authority").get_by_role("row", name="Midlothian")
    assert "not in the file" in of_panel.inner_text()
    assert fits(page)
    check_accessible(page)
