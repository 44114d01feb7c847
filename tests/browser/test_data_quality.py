"""A team manager follows a number to its finding, accepts it, and finds it told apart."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from milestones.quality.look_through import look_through
from pace_site.accounts.roles import Role
from tests.builders import authority, person, team
from tests.milestones.quality.stories import cared_for, stay


def test_from_a_number_to_a_finding_that_is_true(sign_in, live_server, check_accessible):
    row = cared_for(of_team=team())
    stay(row, date(2024, 3, 1), date(2024, 3, 1), short_break=True)
    look_through(authority(), as_at=timezone.localdate(), months=2)
    page = sign_in(person(Role.TEAM_MANAGER))
    page.goto(live_server.url + reverse("data_quality"))
    check_accessible(page)
    page.get_by_role("row", name="Starts and ends on one day").get_by_role("link").first.click()
    check_accessible(page)
    page.get_by_role("link", name="It is true: accept with a reason").click()
    page.get_by_label("How you know").fill("A day visit that was agreed at the review")
    check_accessible(page)
    page.get_by_role("button", name="Accept it as true").click()
    page.get_by_text("Accepted as true (1)").click()
    page.get_by_text("A day visit that was agreed at the review").wait_for()
    for name in ("completeness", "recording_policy"):
        page.goto(live_server.url + reverse(name))
        check_accessible(page)
