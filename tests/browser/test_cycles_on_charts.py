"""From the mark of a cycle on its aim's chart to the cycle, and back; and which tests are marked."""

from datetime import date

from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, person
from tests.improvement.builders import PLAN, a_cycle, a_test, an_aim


def test_a_mark_leads_to_its_cycle_and_the_cycle_back_to_the_chart(sign_in, live_server, check_accessible):
    aim = an_aim("AIM-1")
    store(
        [accommodated("2025-06-02", recommended(f"2026-{month:02}-16"), ref=f"C{month}") for month in range(1, 7)],
        authority=authority(),
    )
    agenda = a_test(aim=aim, title="Agenda")
    a_cycle(agenda, 2, **PLAN, started_on=date(2026, 3, 2), ended_on=date(2026, 3, 20))
    checklist = a_test(aim=aim, title="Checklist")
    a_cycle(checklist, 2, **PLAN, started_on=date(2026, 5, 4))

    page = sign_in(person(Role.CHAMPION))
    page.goto(f"{live_server.url}/aims/AIM-1/?as_at=2026-07-01")
    page.locator("#run-chart[data-drawn=yes]").wait_for()
    page.get_by_text("Tests of change on the charts").wait_for()
    check_accessible(page)
    page.get_by_role("checkbox", name="Checklist").uncheck()
    page.get_by_role("button", name="Show these").click()
    page.locator("#run-chart[data-drawn=yes]").wait_for()
    marks = page.locator("#run-chart .annotation-text")
    assert not any("Checklist" in words for words in marks.all_text_contents())

    mark = page.locator("#run-chart .annotation", has_text="Agenda" if page.viewport_size["width"] > 1000 else "1").last
    mark.locator("rect, text").last.click(force=True)
    page.get_by_role("heading", name="Cycle 2: Agenda", level=1).wait_for()
    page.locator("[data-figure=cycle-chart][data-drawn=yes]").wait_for()
    page.get_by_text("Before 2 March 2026: 2 children decided").wait_for()
    check_accessible(page)
    page.locator("#cycle-chart-section").get_by_role("link", name="AIM-1").click()
    page.locator("#run-chart[data-drawn=yes]").wait_for()
