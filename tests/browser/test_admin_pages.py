"""An administrator makes an account, and the new colleague signs in with it."""

from datetime import date

import pytest

from aims.actions import save_definition
from aims.definition import AimDefinition
from pace_site.accounts.models import User
from pace_site.accounts.roles import Role
from tests.builders import child, person, team

NEW_PASSWORD = "a-long-new-password"


def test_an_administrator_makes_an_account_and_its_owner_signs_in(sign_in, live_server, check_accessible):
    team("Team North")
    page = sign_in(person(Role.SYSTEM_ADMINISTRATOR))
    page.goto(live_server.url)
    page.get_by_role("link", name="Administration").last.click()
    page.get_by_role("heading", name="Administration", level=1).wait_for()
    check_accessible(page)
    page.get_by_role("link", name="Users", exact=True).click()
    check_accessible(page)
    page.get_by_role("link", name="Add user").click()
    check_accessible(page)
    page.get_by_label("E-mail address").fill("una@council.example")
    page.get_by_label("First name").fill("Una")
    page.get_by_label("Password:").fill(NEW_PASSWORD)
    page.get_by_label("Password confirmation").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Add another Role").click()
    page.locator("[name=memberships-0-role]").select_option(Role.PRACTITIONER)
    page.locator("[name=memberships-0-team]").select_option(label="Team North")
    check_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("Email").fill("una@council.example")
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="You have no children to work with yet", level=1).wait_for()
    assert User.objects.get(email="una@council.example").memberships.get().team.name == "Team North"


@pytest.mark.parametrize(
    ("role", "models"),
    [
        (Role.DATA_LEAD, ["child", "placementtype"]),
        (Role.PACE_LEAD, ["aim"]),
        (Role.IG_AUDITOR, ["auditentry"]),
        (Role.SYSTEM_ADMINISTRATOR, ["team", "rolemembership"]),
    ],
)
def test_lists_records_and_their_history_open_within_reach_of_everybody(
    sign_in, live_server, check_accessible, role, models
):
    row = child(of_team=team("Team North"), accommodated=date(2020, 1, 6))
    definition = {"code": "LOC-1", "title": "In time", "start_event": "ACCOM_START", "stop_event": ["PERM_REC"]}
    save_definition(AimDefinition.from_mapping(definition), authority=row.authority, by=None)
    page = sign_in(person(role))
    for model in models:
        page.goto(f"{live_server.url}/admin/")
        page.locator(f"tr.model-{model} th a").click()
        check_accessible(page)
        page.locator("#result_list tbody th a").first.click()
        page.get_by_role("link", name="History").wait_for()
        check_accessible(page)
        page.get_by_role("link", name="History").click()
        page.get_by_role("heading", name="History of one").wait_for()
        check_accessible(page)
