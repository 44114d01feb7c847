"""Somebody new takes the tour, asks what a word means and opens the help, by keyboard."""

from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, person


def test_a_champion_takes_the_tour_and_asks_what_a_word_means(sign_in, live_server, check_accessible):
    council = authority()
    council.fictional = True
    council.save()
    stored_aim(aim(code="REC", title="A recommendation within 26 weeks", target_pct=80), authority=council)
    page = sign_in(person(Role.CHAMPION))
    page.goto(live_server.url)
    page.get_by_role("button", name="Take the tour").press("Enter")
    page.get_by_text("Tour, stop 1 of 6.").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Leave the tour").press("Enter")
    page.get_by_text("Tour, stop").wait_for(state="detached")
    word = page.get_by_role("button", name="overdue", exact=True)
    word.press("Enter")
    meaning = page.get_by_text("Still waiting, and the due date has passed.")
    meaning.wait_for()
    check_accessible(page)
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")
    page.get_by_role("link", name="Help", exact=True).press("Enter")
    page.get_by_role("heading", name="Help: Aims", level=1).wait_for()
    check_accessible(page)
