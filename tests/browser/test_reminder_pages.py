"""Somebody snoozes the reminders of a child's clock, and wakes them again."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, child, person, team

AIM = aim(code="REC", title="A recommendation within 26 weeks", limit="26 weeks", target_pct=80)


def test_a_social_worker_snoozes_a_clock_after_a_slip_and_wakes_it(sign_in, live_server, check_accessible):
    stored_aim(AIM, authority=authority())
    north = team("Team North")
    today = timezone.localdate()
    start = today - timedelta(days=175)
    row = child(of_team=north, accommodated=start)
    page = sign_in(person(Role.PRACTITIONER, of_team=north))
    clock = {"aim": "REC", "child": row.code, "start": start.isoformat()}
    address = live_server.url + reverse("reminder_snooze", query=clock)
    page.goto(address)
    page.get_by_role("heading", name="Snooze the reminders of one clock", level=1).wait_for()
    page.get_by_text("Due within two weeks: due").wait_for()
    page.get_by_text("7 days left").wait_for()
    check_accessible(page)

    page.get_by_label("Remind again on").fill((today + timedelta(days=7)).isoformat())
    page.get_by_role("button", name="Snooze").click()
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    summary.get_by_role("link").click()
    assert page.evaluate("document.activeElement.name") == "reason"
    check_accessible(page)

    page.get_by_label("Why no reminder is needed until then").fill("Panel is booked")
    page.get_by_role("button", name="Snooze").click()
    page.get_by_text(f"{row.code} under REC: snoozed until").wait_for()
    check_accessible(page)

    page.goto(address)
    page.get_by_text("Panel is booked").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Remind again now").click()
    page.get_by_text(f"{row.code} under REC: reminded of again from now on.").wait_for()
