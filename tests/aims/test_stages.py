"""Children between milestones: counts, medians, the lists behind them, and who may open these."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.stages import headline, stage_figures
from children.models import Child
from milestones.journeys import load_journeys
from milestones.stages import STAGE_KINDS
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, event, recommended
from tests.builders import person
from tests.page_reading import text_of

AS_AT = date(2020, 6, 1)
MONDAY = date(2019, 1, 7)


def on(day: date, weeks: float) -> str:
    return (day + timedelta(days=round(7 * weeks))).isoformat()


def decided(ref: str, start: date, weeks: float):
    return accommodated(start.isoformat(), recommended(on(start, weeks), route="HOME"), ref=ref)


@pytest.fixture
def figures(authority):
    def run(*histories, as_at=AS_AT):
        store(histories, authority=authority)
        journeys = load_journeys(Child.objects.filter(authority=authority), as_at, kinds=STAGE_KINDS)
        return {each.stage.code: each for each in stage_figures(journeys)}

    return run


def test_whoever_waits_stands_in_the_stage_longest_first(figures):
    found = figures(accommodated("2020-03-02", ref="NEW"), accommodated("2019-09-02", ref="OLD"))["REC"]
    assert [(row.waited, row.is_beyond) for row in found.standing] == [(273, True), (91, False)]
    assert (len(found.beyond), found.longest_wait) == (1, 273)


def test_whoever_is_recommended_away_from_home_stands_before_panel(figures):
    found = figures(accommodated("2019-09-02", recommended("2020-03-02"), ref="A"))
    assert (len(found["REC"].standing), len(found["PANEL"].standing)) == (0, 1)


def test_the_median_is_of_those_who_came_to_the_end_in_the_year(figures):
    found = figures(
        decided("A", MONDAY, 22),  # 10 June 2019, within the year
        decided("B", MONDAY, 24),
        decided("C", MONDAY, 60),
        decided("D", MONDAY, 20),  # 27 May 2019, the year before
    )["REC"]
    assert (found.taken, found.median_taken, found.in_time) == ((154, 168, 420), 168, 2)
    assert (found.before, found.median_before) == ((140,), 140)


@pytest.mark.parametrize(("stop", "this_year"), [("2019-06-01", False), ("2019-06-02", True), ("2020-06-01", True)])
def test_the_year_ends_on_the_day_and_begins_after_the_same_day_last_year(figures, stop, this_year):
    found = figures(accommodated("2019-01-07", recommended(stop, route="HOME"), ref="A"))["REC"]
    assert (len(found.taken), len(found.before)) == ((1, 0) if this_year else (0, 1))


def test_a_recommendation_before_accommodation_took_no_time(figures):
    found = figures(
        accommodated("2020-01-06", recommended("2019-12-02", pre_birth=True), ref="BABY", born="2020-01-02")
    )["REC"]
    assert found.taken == (0,)


def test_nothing_recorded_after_the_day_counts(figures):
    found = figures(decided("A", date(2020, 3, 2), 14), as_at=AS_AT)["REC"]
    assert (len(found.standing), found.taken) == (1, ())


def test_nobody_means_no_median(figures):
    found = figures(decided("A", MONDAY, 24))["COURT"]
    assert (found.longest_wait, found.median_taken, found.median_before) == (None, None, None)


def test_the_headline_names_the_stage_where_most_wait_longer_than_guidance(figures):
    found = figures(
        accommodated("2019-09-02", recommended("2020-01-06"), ref="A"),  # 21 weeks before panel
        accommodated("2019-09-02", recommended("2020-02-03"), ref="B"),  # 17 weeks
        accommodated("2019-09-02", ref="C"),
    )
    assert headline(list(found.values())) == (
        "2 children have stood between recommendation and panel for longer than 12 weeks, the longest for 21.0 weeks"
    )


def test_the_headline_says_when_nobody_waits_too_long(figures):
    found = figures(accommodated("2020-05-04", ref="NEW"))
    assert headline(list(found.values())) == "Nobody stands between two milestones for longer than guidance allows"


# The pages


@pytest.fixture
def open_page(client, authority):
    def run(name, *roles, who=None, **query):
        kwargs = {"stage": query.pop("stage")} if "stage" in query else None
        client.force_login(who or person(*(roles or [Role.PACE_LEAD])))
        return client.get(reverse(name, kwargs=kwargs), {"as_at": "2020-06-01", **query})

    return run


@pytest.fixture
def stored(authority):
    store(
        [
            accommodated("2019-09-02", recommended("2020-01-06"), event("PANEL_PRESENTED", "2020-04-06"), ref="A"),
            accommodated("2019-09-02", recommended("2020-02-03"), ref="B"),
            accommodated("2019-09-02", ref="C"),
            accommodated("2020-04-06", ref="D"),
        ],
        authority=authority,
    )


def test_each_count_leads_to_exactly_those_children(stored, open_page, client):
    page = open_page("stages").content.decode()
    links = re.findall(r'href="(/aims/stages/[A-Z_]+/[^"]*)">(\d+)<', page)
    assert sorted(count for _href, count in links) == ["1", "1", "1", "1", "1", "2"]
    for href, count in links:
        listed = client.get(href.replace("&amp;", "&")).content.decode()
        assert f"<h1>{count} " in listed
        assert listed.split("<tbody>")[1].split("</tbody>")[0].count("<tr") == int(count)


def test_who_opens_no_child_sees_counts_alone(stored, open_page):
    page = open_page("stages", Role.SENIOR_LEADER).content.decode()
    assert "Recommendation to panel" in page
    assert not re.findall(r"/aims/stages/[A-Z_]+/", page)
    assert open_page("stage_children", Role.SENIOR_LEADER, stage="REC").status_code == 403


@pytest.mark.parametrize(("stage", "show"), [("NOWHERE", ""), ("REC", "longest")])
def test_a_list_of_nothing_known_is_not_found(stored, open_page, stage, show):
    assert open_page("stage_children", stage=stage, show=show).status_code == 404


def test_the_page_says_its_day_and_keeps_it_in_its_links(stored, open_page):
    page = open_page("stages").content.decode()
    assert "As at 1 June 2020" in page
    assert re.search(r"/aims/stages/REC/\?as_at=2020-06-01", page)


def test_every_stage_says_how_it_is_counted(stored, open_page):
    said = text_of(open_page("stages", Role.SENIOR_LEADER))
    assert "In it now: children recommended away from home, not yet presented to panel." in said
    assert "who have stood in it for more than 12 weeks (National Care Standards 5.1)." in said
    assert said.count("In it now: children") == 6
    assert said.count("No guidance sets a time.") == 2
    assert "in the year to 1 June 2020; in time: those of them" in said


def test_the_aim_page_shows_the_same_table(stored, see):
    page = see([decided("E", MONDAY, 22)]).content.decode()
    assert "Children between milestones" in page
    assert re.search(r"/aims/stages/PANEL/\?as_at=2020-06-01", page)


def test_queries_do_not_grow_with_children(authority, open_page):
    who, counts = person(Role.PACE_LEAD), []
    open_page("stages", who=who)
    for first, last in ((0, 3), (3, 30)):
        store([accommodated("2019-09-02", ref=f"C{number}") for number in range(first, last)], authority=authority)
        with CaptureQueriesContext(connection) as queries:
            open_page("stages", who=who)
        counts.append(len(queries))
    assert counts[0] == counts[1]
