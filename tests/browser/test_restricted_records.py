"""A manager restricts a record, a worker finds whom to ask and opens it by break-glass, and the lead looks at it."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from pace_site.accounts.roles import Role
from tests.builders import child, person, team


def test_a_record_from_restricting_to_looking_at_the_opening(sign_in, live_server, check_accessible):
    row = child(
        of_team=team(),
        code="QX-SHUT7",
        name=("Shutgiven", "Shutfamily"),
        accommodated=timezone.localdate() - timedelta(days=90),
    )
    lead, worker = person(Role.PACE_LEAD), person(Role.PRACTITIONER)
    page = sign_in(person(Role.TEAM_MANAGER))
    page.goto(f"{live_server.url}/children/{row.code}/restrict/")
    page.get_by_role("button", name="Restrict the record").click()
    page.get_by_text("There is a problem").wait_for()
    check_accessible(page)
    page.get_by_label("Why the record is restricted").fill("A relative of somebody who works in the team")
    page.get_by_role("button", name="Restrict the record").click()
    page.get_by_role("heading", name="The record of QX-SHUT7 is restricted").wait_for()
    check_accessible(page)

    page = sign_in(worker)
    page.goto(f"{live_server.url}/search/")
    page.get_by_role("searchbox").first.fill("Shutgiven Shutfamily")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Restricted: ask").wait_for()
    assert row.code not in page.content()
    check_accessible(page)
    page.get_by_role("link", name="open it by break-glass").click()
    page.get_by_role("heading", name="Open a restricted record by break-glass").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Open the record").click()
    page.get_by_text("There is a problem").wait_for()
    page.get_by_label("Why").first.fill("The child is in hospital and nobody who is named answers")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Open the record").click()
    page.get_by_role("heading", name="Shutgiven").first.wait_for()
    check_accessible(page)
    assert len(mail.outbox) == 2
    assert all("Shut" not in each.body + each.subject for each in mail.outbox)

    page = sign_in(lead)
    page.goto(f"{live_server.url}/restricted-records/opened/")
    page.get_by_role("heading", name="1 opening by break-glass nobody has looked at").wait_for()
    check_accessible(page)
    page.get_by_label("What you found").fill("It was an emergency, and the manager was told")
    page.get_by_role("button", name="Mark as looked at").click()
    page.get_by_text("It was an emergency, and the manager was told").wait_for()
