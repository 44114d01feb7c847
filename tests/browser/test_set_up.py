"""Somebody who runs a fresh server sets the site up in the browser and signs in as its first administrator."""

from pace_site.accounts.models import User
from pace_site.front.setting_up.set_up_code import code_now

PASSWORD = "quiet harbour lamp 27"


def test_a_fresh_site_is_set_up_and_its_administrator_signs_in(watched, live_server, check_accessible):
    page = watched
    page.goto(live_server.url)
    page.get_by_role("link", name="Set up this site").click()
    page.get_by_role("button", name="Finish the set-up").click()
    page.get_by_role("alert").get_by_role("link", name="Set-up code").click()
    page.keyboard.type(code_now())
    page.get_by_label("Council").select_option(label="Midlothian")
    page.get_by_label("Given name").fill("Ina")
    page.get_by_label("Family name").fill("Fictitious")
    page.get_by_label("E-mail address").fill("ina@council.example")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_label("Teams").fill("North\nSouth")
    check_accessible(page)
    page.get_by_role("button", name="Finish the set-up").click()
    page.get_by_role("heading", name="Midlothian is set up").wait_for()
    check_accessible(page)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill("ina@council.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="How you sign in").wait_for()
    assert User.objects.get().organisation.name == "Midlothian"
