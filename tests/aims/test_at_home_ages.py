"""Children at home on a supervision order, by how long without a break: the lines at 18 and 24 months."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.at_home import BANDS, at_home_ages, headline, not_looked_at
from children.models import Child
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import child, day, event, foster, home, looked_after, order
from tests.builders import person, team
from tests.page_reading import text_of


def at_home(since, *parts, ref="C1", **more):
    """A child at home on a supervision order since a day."""
    return child(looked_after(since), home(since), order("CSO", since), *parts, ref=ref, **more)


@pytest.fixture
def ages(authority):
    def run(*histories, as_at):
        store(list(histories), authority=authority)
        return at_home_ages(Child.objects.filter(authority=authority), as_at=day(as_at))

    return run


@pytest.fixture
def age(ages):
    def run(history, *, as_at):
        (row,) = ages(history, as_at=as_at)
        return row

    return run


@pytest.mark.parametrize(
    ("as_at", "band", "length"),
    [
        ("2016-06-01", "under-18", "0 months"),
        ("2016-06-30", "under-18", "0 months"),
        ("2016-07-01", "under-18", "1 month"),
        ("2017-11-30", "under-18", "1 year 5 months"),
        ("2017-12-01", "18-to-24", "1 year 6 months"),
        ("2018-06-01", "18-to-24", "2 years"),
        ("2018-06-02", "over-24", "2 years"),
    ],
)
def test_the_lines_are_crossed_on_their_days(age, as_at, band, length):
    row = age(at_home("2016-06-01"), as_at=as_at)
    assert (row.band.key, row.length) == (band, length)
    assert row.line == date(2018, 6, 1)


@pytest.mark.parametrize(("as_at", "months"), [("2017-12-01", 18), ("2018-06-01", 24), ("2020-06-01", 48)])
def test_a_bar_touches_its_line_on_the_day_itself(age, as_at, months):
    assert age(at_home("2016-06-01"), as_at=as_at).months == months


def test_months_are_held_at_the_end_of_a_shorter_month(age):
    row = age(at_home("2016-08-31"), as_at="2018-02-28")
    assert (row.months, row.band.key) == (18, "18-to-24")


@pytest.mark.parametrize(
    "history",
    [
        child(looked_after("2016-06-01"), home("2016-06-01")),
        child(looked_after("2016-06-01"), foster("2016-06-01"), order("CSO", "2016-06-01")),
        child(looked_after("2016-06-01"), home("2016-06-01"), order("ICSO", "2016-06-01")),
        child(looked_after("2016-06-01"), home("2016-06-01"), order("CSO", "2016-06-01", "2018-01-01")),
        child(looked_after("2016-06-01"), home("2016-06-01", "2018-01-01"), order("CSO", "2016-06-01")),
        child(looked_after("2016-06-01", "2018-01-01"), home("2016-06-01"), order("CSO", "2016-06-01")),
        at_home("2018-08-01"),
        at_home("2016-06-01", born="2000-01-01"),
    ],
    ids=["no order", "away", "interim order", "order ended", "moved", "left care", "not yet", "turned 18"],
)
def test_who_is_not_at_home_on_an_order_now_is_not_in_the_list(ages, history):
    assert ages(history, as_at="2018-07-01") == []


def test_time_away_begins_the_time_at_home_anew_and_the_orders_add_up(age):
    row = age(
        child(
            looked_after("2014-01-01"),
            home("2014-01-01", "2015-01-01"),
            foster("2015-01-01", "2017-01-01"),
            home("2017-01-01"),
            order("CSO", "2014-01-01"),
        ),
        as_at="2018-01-01",
    )
    assert row.start == date(2017, 1, 1)
    assert row.order_days == (date(2018, 1, 1) - date(2014, 1, 1)).days


def test_an_order_that_follows_within_a_day_continues_and_overlaps_count_once(age):
    row = age(
        child(
            looked_after("2016-01-01"),
            home("2016-01-01"),
            order("CSO", "2016-01-01", "2016-12-31"),
            order("CSO", "2017-01-01", "2017-12-31"),
            order("CSO", "2017-06-01"),
        ),
        as_at="2018-01-01",
    )
    assert row.start == date(2016, 1, 1)
    assert row.order_days == (date(2018, 1, 1) - date(2016, 1, 1)).days


def test_a_gap_between_orders_is_not_counted_as_time_under_them(age):
    row = age(
        child(
            looked_after("2015-01-01"),
            home("2015-01-01"),
            order("CSO", "2015-01-01", "2015-01-31"),
            order("CSO", "2016-01-01"),
        ),
        as_at="2016-01-11",
    )
    assert row.start == date(2016, 1, 1)
    assert row.order_days == 40


def test_the_latest_audit_or_review_stands_beside_the_child(age):
    row = age(
        at_home(
            "2016-06-01",
            event("PLAN_REVIEW_2Y", "2018-06-04", outcome="no change"),
            event("AT_HOME_AUDIT", "2018-09-03", outcome="plan changed"),
            event("AT_HOME_AUDIT", "2019-09-03"),
            event("AT_HOME_AUDIT", "2018-12-03", void=True),
        ),
        as_at="2019-01-01",
    )
    assert row.looked_at.on == date(2018, 9, 3)
    assert row.looked_at.in_words == "At-home audit reported to managers: the plan changed"
    assert row.was_looked_at


def test_an_audit_before_this_time_at_home_does_not_count_for_it(age):
    row = age(at_home("2016-06-01", event("AT_HOME_AUDIT", "2016-05-31")), as_at="2018-07-01")
    assert row.looked_at is not None
    assert not row.was_looked_at


def test_the_longest_comes_first_and_the_heading_says_what_matters(ages):
    rows = ages(
        at_home("2016-06-01", event("AT_HOME_AUDIT", "2018-06-20"), ref="OLD"),
        at_home("2016-05-01", ref="OLDEST"),
        at_home("2017-01-01", ref="NEAR"),
        at_home("2018-01-01", ref="NEW"),
        as_at="2018-07-01",
    )
    assert [row.code for row in rows] == ["P-OLDEST", "P-OLD", "P-NEAR", "P-NEW"]
    assert headline(rows) == (
        "2 children have been at home on a supervision order for over 24 months; 1 more for 18 months or longer"
    )
    assert not_looked_at(rows) == "1 of the 2 over 24 months has had no audit or two-year review in this time at home."
    assert headline(rows[2:3]).startswith("Nobody has been at home")
    assert headline(rows[3:]) == "1 child at home on a supervision order, none for 18 months or more"
    assert headline([]) == "No child is at home on a supervision order"
    assert not_looked_at(rows[1:2]).startswith("Every one")
    assert not_looked_at(rows[2:]) == ""


@pytest.fixture
def listed(authority):
    store(
        [
            at_home("2016-06-01", ref="OVER"),
            at_home("2016-07-01", ref="OVER2"),
            at_home("2017-11-01", ref="NEAR"),
            at_home("2019-01-01", ref="NEW"),
        ],
        authority=authority,
    )
    Child.objects.filter(local_ref="OVER").update(team=team("Team North"))


@pytest.fixture
def look(client):
    def run(*roles, who=None, **query):
        client.force_login(who or person(*roles))
        return client.get(reverse("at_home_ages"), {"as_at": "2019-06-01", **query})

    return run


@pytest.mark.usefixtures("listed")
def test_each_band_leads_to_exactly_its_children(client, look):
    response = look(Role.PACE_LEAD)
    assert [(band.key, number) for band, number in response.context["bands"]] == [
        ("over-24", 2),
        ("18-to-24", 1),
        ("under-18", 1),
    ]
    hrefs = re.findall(r'href="(\?band=[^"]+)"', response.content.decode().replace("&amp;", "&"))
    assert len(hrefs) == 3
    for href, (band, number) in zip(hrefs, response.context["bands"], strict=True):
        rows = client.get(reverse("at_home_ages") + href).context["rows"]
        assert [row.band for row in rows] == [band] * number


@pytest.mark.usefixtures("listed")
def test_the_page_shows_pseudonyms_and_no_identity(look):
    response = look(Role.PACE_LEAD)
    body = response.content.decode()
    assert "P-OVER2" in body
    assert "2012-05-05" not in body
    assert "5 May 2012" not in body
    assert "for all children of Midlothian" in text_of(response)


@pytest.mark.usefixtures("listed")
def test_a_team_manager_sees_the_team_s_children_alone(look):
    response = look(Role.TEAM_MANAGER)
    assert [row.code for row in response.context["rows"]] == ["P-OVER"]
    assert "P-OVER2" not in response.content.decode()


@pytest.mark.usefixtures("listed")
def test_another_authority_sees_none_of_them(look):
    response = look(who=person(Role.PACE_LEAD, organisation=Organisation.objects.get(code="S12000020")))
    assert "No child is at home on a supervision order" in text_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.SENIOR_LEADER, Role.IG_AUDITOR, Role.NATIONAL_ANALYST])
def test_who_opens_no_child_does_not_open_the_list(look, role):
    assert look(role).status_code == 403


@pytest.mark.django_db
def test_there_is_no_other_band(look):
    assert look(Role.PACE_LEAD, band="ancient").status_code == 404


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("band", BANDS)
def test_a_band_without_anybody_says_so(look, band):
    assert "Nobody is in this list." in text_of(look(Role.PACE_LEAD, band=band, as_at="2010-01-01"))


@pytest.mark.usefixtures("listed")
def test_it_takes_as_many_queries_however_many_children_there_are(look, authority, django_assert_num_queries):
    who = person(Role.PACE_LEAD)
    look(who=who)
    with CaptureQueriesContext(connection) as few:
        look(who=who)
    store([at_home("2017-01-02", ref=f"MORE{n}") for n in range(30)], authority=authority)
    with django_assert_num_queries(len(few)):
        look(who=who)


def test_only_the_longest_sixty_are_drawn_and_the_page_says_so(look, authority):
    store([at_home("2017-01-02", ref=f"M{n:02d}") for n in range(61)], authority=authority)
    response = look(Role.PACE_LEAD)
    assert "Drawn: the longest 60 of 61." in text_of(response)
    assert sum(len(trace["x"]) for trace in response.context["figure"]["data"]) == 60
    assert len(response.context["rows"]) == 50
