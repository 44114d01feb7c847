from pace_site.accounts.roles import Role
from tests.builders import PASSWORD, person


def test_a_champion_signs_in_sees_the_aims_and_signs_out(watched, live_server, check_accessible):
    user = person(Role.CHAMPION)
    watched.goto(live_server.url)
    check_accessible(watched)
    watched.get_by_label("Email").fill(user.email)
    watched.get_by_label("Password").fill(PASSWORD)
    watched.get_by_role("button", name="Sign in").click()

    watched.get_by_role("heading", name="Aims", level=1).wait_for()
    check_accessible(watched)
    watched.get_by_role("button", name="Sign out").click()
    watched.get_by_role("heading", name="Sign in").wait_for()


def test_a_wrong_password_is_told_in_a_summary_linked_to_the_field(watched, live_server, check_accessible):
    user = person(Role.PACE_LEAD)
    watched.goto(live_server.url)
    watched.get_by_label("Email").fill(user.email)
    watched.get_by_label("Password").fill("not the password")
    watched.get_by_role("button", name="Sign in").click()

    summary = watched.get_by_role("alert").filter(has_text="There is a problem")
    summary.get_by_role("link").click()
    assert watched.evaluate("document.activeElement.name") == "login"
    check_accessible(watched)
