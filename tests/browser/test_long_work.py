"""A PACE lead asks for a long report, sees it wait and then ready without asking again, and takes the file."""

import pytest
from django.core.management import call_command

from pace_site.accounts.roles import Role
from tests.builders import person


@pytest.mark.usefixtures("midlothian")
def test_a_long_report_from_asking_to_the_file(sign_in, live_server, settings, check_accessible):
    settings.REPORT_AT_ONCE = 1
    page = sign_in(person(Role.PACE_LEAD))
    page.goto(f"{live_server.url}/reports/make/?as_at=2018-11-01")
    page.get_by_role("button", name="Issue it").click()
    page.get_by_text("Waiting to begin.").wait_for()
    page.get_by_text("Nothing is being made at the moment").wait_for()
    check_accessible(page)

    call_command("work", batch=True, verbosity=0)
    page.get_by_role("link", name="Open it").wait_for()
    check_accessible(page)
    page.get_by_role("link", name="Made in the background").click()
    page.get_by_role("heading", name="Made in the background").wait_for()
    check_accessible(page)
    page.get_by_role("link", name="Open it").click()
    page.get_by_role("heading", name="Report as at 1 November 2018", level=1).wait_for()
