"""The comparison's page: whose children it counts, that its numbers lead to exactly them, and what it keeps apart."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.compare.dimensions import DIMENSIONS
from children.models import Child
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, event, recommended
from tests.builders import person, team
from tests.page_reading import text_of

AS_AT = "2020-06-01"
MONDAY = date(2019, 1, 7)
OPENS_CHILDREN = [Role.PACE_LEAD, Role.DATA_LEAD, Role.CHAMPION, Role.TEAM_MANAGER]


def some_children(prefix, *, met=0, missed=0, overdue=0, waiting=0, **more):
    """Children of one kind each, under references that begin alike."""
    starts = [MONDAY + timedelta(days=n) for n in range(met + missed + overdue)]
    stories = []
    for number, start in enumerate(starts):
        after = {0: 20, 1: 40}.get((number >= met) + (number >= met + missed))
        parts = [recommended((start + timedelta(weeks=after)).isoformat())] if after else []
        stories.append(accommodated(start.isoformat(), *parts, ref=f"{prefix}{number:03d}", **more))
    stories += [accommodated("2020-05-04", ref=f"{prefix}W{number:03d}", **more) for number in range(waiting)]
    return stories


@pytest.fixture
def teams(authority):
    """North is slow, South is not; West has four children, of whom one is overdue; two children have no team."""
    store(
        some_children("N", met=6, missed=10, overdue=14, waiting=3)
        + some_children("S", met=27, missed=3, waiting=2, born="2006-05-05")
        + some_children("W", met=3, overdue=1)
        + some_children("X", met=1, waiting=1),
        authority=authority,
    )
    for first, name in [("N", "Team North"), ("S", "Team South"), ("W", "Team West")]:
        Child.objects.filter(local_ref__startswith=first).update(team=team(name), locality=f"{name[5:]} Glen")
    return stored_aim(aim(by_date="2020-03-01"), authority=authority)


@pytest.fixture
def see(client):
    def run(*roles, who=None, name="aim_compare", as_at=AS_AT, **query):
        client.force_login(who or person(*roles))
        return client.get(reverse(name, kwargs={"code": "TEST"}), {"as_at": as_at, **query})

    return run


def test_the_finding_comes_first_and_says_how_many_comparisons_were_made(teams, see):
    said = text_of(see(Role.PACE_LEAD, by="team"))

    assert "2 of 2 teams lie apart from the others by more than chance would make: Team North below" in said
    assert "Team North: 6 of 30 in time, 20 %, against 88 % of all the others." in said
    assert "1 team has fewer than 10 clocks due, too few to judge: Team West." in said
    assert "2 comparisons" in said


def test_teams_stand_in_alphabetical_order_and_the_not_known_last(teams, see):
    lines = see(Role.PACE_LEAD).context["lines"]
    assert [line.figures.group.name for line in lines] == ["Team North", "Team South", "Team West", "No team recorded"]


def test_a_line_has_percentage_interval_and_bar_on_one_scale(teams, see):
    response = see(Role.PACE_LEAD, by="team")
    line = response.context["lines"][0]
    assert line.interval == "10 % to 37 %"  # Wilson, 6 of 30
    assert "10 % to 37 %" in text_of(response)
    assert len({line.bar.whole for line in response.context["lines"]}) == 1
    assert line.bar.low < line.bar.point < line.bar.low + line.bar.length
    assert line.bar.target == 166.0


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize("role", OPENS_CHILDREN)
def test_every_number_leads_to_exactly_the_clocks_it_counts(client, teams, see, by, role):
    response = see(role, by=by)
    counts = [count for line in response.context["lines"] for count in line.counts]

    assert any(count.count for count in counts)
    for count in counts:
        assert bool(count.href) == bool(count.count)
        if count.href:
            rows = client.get(count.href).context["rows"].paginator.object_list
            assert len(rows) == count.count, count.href


@pytest.mark.parametrize("by", DIMENSIONS)
def test_the_lists_of_all_groups_are_the_list_of_the_aim(client, teams, see, by):
    who = person(Role.PACE_LEAD)
    hrefs = [line.counts[0].href for line in see(who=who, by=by).context["lines"] if line.counts[0].href]
    of_groups = [row.child_ref for href in hrefs for row in client.get(href).context["rows"].paginator.object_list]
    whole = see(who=who, name="aim_children", show="due").context["rows"].paginator.object_list
    assert sorted(of_groups) == sorted(row.child_ref for row in whole)


def test_the_list_says_which_group_it_is_of(teams, see):
    north = str(team("Team North").pk)
    assert "6 decided in time: Team North" in text_of(
        see(Role.PACE_LEAD, name="aim_children", show="met", by="team", group=north)
    )


@pytest.mark.parametrize(
    "query",
    [
        {"by": "shoe size", "group": "4"},
        {"by": "team", "group": "999999"},
        {"by": "team", "group": "", "show": "unknown"},
    ],
)
def test_a_list_of_no_such_group_is_not_found(teams, see, query):
    assert see(Role.PACE_LEAD, name="aim_children", **query).status_code == 404


def test_nothing_else_can_be_compared_by(teams, see):
    assert see(Role.PACE_LEAD, by="shoe size").status_code == 404


def test_a_team_manager_compares_what_they_count(teams, see):
    response = see(Role.TEAM_MANAGER, by="team")
    assert "All clocks here are of one team, Team North: there is nothing to compare" in text_of(response)
    assert "Team South" not in response.content.decode()


def test_a_senior_leader_sees_no_child_and_no_group_smaller_than_five(teams, see):
    response = see(Role.SENIOR_LEADER, by="team")
    found = response.context["found"]

    assert [each.group.name for each in found.groups] == ["Team North", "Team South", "Smaller groups together"]
    assert [each.counts["all"] for each in found.groups] == [33, 32, 6]
    assert "Team West" not in response.content.decode()
    assert "/children/" not in response.content.decode().split("<main")[1]
    assert "P-" not in response.content.decode()


def test_a_senior_leader_is_shown_nothing_where_all_groups_are_small(authority, see):
    store(some_children("N", met=3) + some_children("S", met=3), authority=authority)
    for first, name in [("N", "Team North"), ("S", "Team South")]:
        Child.objects.filter(local_ref__startswith=first).update(team=team(name))
    stored_aim(aim(), authority=authority)
    response = see(Role.SENIOR_LEADER)

    assert "The teams are too small to be shown apart" in text_of(response)
    assert not response.context["lines"]
    assert not response.context["multiples"]


def test_who_opens_only_a_team_of_those_counted_compares_without_links_and_with_small_groups_together(teams, see):
    who = person(Role.TEAM_MANAGER, Role.SENIOR_LEADER)
    everybody, mine = see(who=who), see(who=who, children="mine")

    assert "Team West" not in everybody.content.decode()
    assert not any(count.href for line in everybody.context["lines"] for count in line.counts)
    hrefs = [count.href for line in mine.context["lines"] for count in line.counts if count.href]
    assert hrefs
    assert all("children=mine" in href for href in hrefs)


@pytest.mark.parametrize("role", Role.values)
def test_the_page_asks_for_its_permission(teams, see, role):
    assert see(role).status_code == (200 if Permission.VIEW_AIMS in ROLE_PERMISSIONS[role] else 403)


def test_the_page_is_as_at_the_day_asked_and_so_are_its_links(teams, see):
    response = see(Role.PACE_LEAD, as_at="2019-08-05")
    assert "As at 5 August 2019" in text_of(response)
    links = [count.href for line in response.context["lines"] for count in line.counts if count.href]
    assert links
    assert all("as_at=2019-08-05" in link for link in links)


def test_after_the_by_date_the_day_of_judgement_is_one_link_away(teams, see):
    assert "as_at=2020-03-01" in see(Role.PACE_LEAD, by="age").context["judged_href"]
    assert not see(Role.PACE_LEAD, as_at="2020-03-01").context["judged_href"]


def test_age_is_that_at_the_start_of_the_clock(teams, see):
    names = [line.figures.group.name for line in see(Role.PACE_LEAD, by="age").context["lines"]]
    assert names == ["5 to 11", "12 to 15"]


def test_the_route_of_whoever_has_none_yet_is_their_latest(authority, see):
    store(
        [
            accommodated("2019-01-07", recommended("2019-05-06", route="KINSHIP"), ref="K"),
            accommodated("2019-01-07", event("PPM_DECISION", "2019-05-06", route="PO"), ref="P"),
            accommodated("2019-01-07", ref="W"),
        ],
        authority=authority,
    )
    stored_aim(aim(), authority=authority)
    lines = see(Role.PACE_LEAD, by="route").context["lines"]
    assert [line.figures.group.name for line in lines] == ["Kinship", "Permanence order", "No route yet"]


def test_a_draft_has_counts_and_weeks_and_no_percentage(authority, see):
    store(some_children("N", met=12, waiting=2), authority=authority)
    Child.objects.update(locality="Glen")
    Child.objects.filter(local_ref__startswith="NW").update(locality="Bay")
    stored_aim(aim(limit=None, target_pct=None, status="draft"), authority=authority)
    said = text_of(see(Role.PACE_LEAD, by="locality"))

    assert "%" not in said
    assert "No limit is set, so no locality can be early or late" in said
    assert "Bay 2 0 2 Glen 12 12 0 20.0" in said


def test_more_than_twelve_small_charts_are_folded(authority, see):
    store(some_children("N", met=15), authority=authority)
    for number, child in enumerate(Child.objects.order_by("local_ref")):
        Child.objects.filter(pk=child.pk).update(locality=f"Glen {number:02d}")
    stored_aim(aim(), authority=authority)

    folded = see(Role.PACE_LEAD, by="locality")
    assert len(folded.context["multiples"]) == 12
    assert len(folded.context["lines"]) == 15
    assert "3 more localities are in the table and not drawn." in text_of(folded)
    assert len(see(Role.PACE_LEAD, by="locality", charts="all").context["multiples"]) == 15


@pytest.mark.parametrize("by", DIMENSIONS)
def test_thirty_groups_take_as_many_queries_as_three(authority, teams, see, by):
    who = person(Role.PACE_LEAD)
    see(who=who, by=by)
    with CaptureQueriesContext(connection) as for_few:
        see(who=who, by=by)
    store(some_children("Z", met=30), authority=authority)
    for number, child in enumerate(Child.objects.filter(local_ref__startswith="Z")):
        Child.objects.filter(pk=child.pk).update(team=team(f"Team {number}"), locality=f"Glen {number}")
    with CaptureQueriesContext(connection) as for_many:
        response = see(who=who, by=by, charts="all")

    if by in ("team", "locality"):
        assert len(response.context["lines"]) > 30
    assert len(for_many) == len(for_few)


def test_the_aim_s_page_leads_to_the_comparison(teams, see):
    assert f"/aims/TEST/compare/?as_at={AS_AT}" in see(Role.SENIOR_LEADER, name="aim").content.decode()
