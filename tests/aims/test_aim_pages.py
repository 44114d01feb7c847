"""The pages of aims: what they say, whose children they count, and that every number leads to exactly its children."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.selections import SELECTIONS
from children.models import Child
from pace_site.accounts.models import Organisation, RoleMembership
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, event, recommended
from tests.builders import allocate, person, team
from tests.page_reading import text_of

AS_AT = "2020-06-01"
# One child in every state; the second word is the team, if any.
STORIES = {
    "MET North": accommodated("2019-06-03", recommended("2019-09-02"), ref="MET"),
    "MET": accommodated("2019-06-10", recommended("2019-09-02"), ref="MET2"),
    "MISSED North": accommodated("2019-06-03", recommended("2020-01-06"), ref="MISSED"),
    "LEFT": accommodated("2019-06-03", ref="LEFT", left="2020-01-06"),
    "OVERDUE North": accommodated("2019-07-01", ref="OVERDUE"),
    "OVERDUE": accommodated("2019-07-08", ref="OVERDUE2"),
    "WAITING North": accommodated("2020-03-02", ref="WAITING"),
    "EXITED": accommodated("2019-06-03", ref="EXITED", left="2019-08-05"),
    "UNKNOWN North": accommodated("2019-07-15", born=None, ref="UNKNOWN"),
    "EXCLUDED": accommodated("2019-07-22", recommended("2019-09-02", route="KINSHIP"), ref="EXCLUDED"),
}
LISTING_ROLES = [
    Role.TEAM_MANAGER,
    Role.PRACTITIONER,
    Role.IRO,
    Role.PACE_LEAD,
    Role.DATA_LEAD,
    Role.CHAMPION,
    Role.ADMINISTRATIVE_LEAD,
]


@pytest.fixture
def cohort(authority):
    """An aim that counts every story, and the children of whom half are Team North's."""
    store(list(STORIES.values()), authority=authority)
    north = [story.ref for words, story in STORIES.items() if words.endswith("North")]
    Child.objects.filter(local_ref__in=north).update(team=team("Team North"))
    return stored_aim(
        aim(by_date="2020-03-01", age_max_exclusive=12, pathways_excluded=["KINSHIP"]), authority=authority
    )


@pytest.fixture
def see(client):
    """Open a page of the aim as somebody with some roles."""

    def run(name, *roles, as_at=AS_AT, who=None, **query):
        client.force_login(who or person(*roles))
        address = reverse(name) if name == "aims" else reverse(name, kwargs={"code": "TEST"})
        return client.get(address, {"as_at": as_at, **query})

    return run


def links_of(response) -> list[str]:
    found = re.findall(r'href="([^"]*/children/\?[^"]*show=[^"]*)"', response.content.decode().replace("&amp;", "&"))
    # Those of single months are tested with the months.
    return [href for href in found if "&due=" not in href]


def rows_listed(response) -> int:
    return len(response.context["rows"].paginator.object_list)


def test_both_percentages_stand_with_their_counts_in_words(cohort, see):
    said = text_of(see("aims", Role.PACE_LEAD))

    assert "67 %: 2 of 3 decided were in time" in said
    assert "33 %: 2 of 6, when those overdue or gone undecided count too" in said
    assert "2 children have waited longer than 26 weeks" in said
    assert "2 overdue 1 waiting in time 2 met 2 missed" in said
    assert "1 left undecided after the due date; 1 left, or had the plan changed, before the due date" in said
    assert "1 that cannot be placed; 1 left out by the aim" in said
    assert "Target 80 % within 26 weeks, judged on 1 March 2020" in said


def test_after_its_by_date_an_aim_shows_what_it_is_judged_on_and_as_at_that_day(cohort, see):
    response = see("aim", Role.PACE_LEAD)
    judged = text_of(response).split("Judged as at 1 March 2020")[1]

    assert judged.strip().startswith("67 %: 2 of 3 decided were in time")
    assert any("as_at=2020-03-01" in link for link in links_of(response))


def test_before_its_by_date_an_aim_is_not_judged(cohort, see):
    assert not see("aim", Role.PACE_LEAD, as_at="2020-03-01").context["card"].at_by_date


# What a role sees of an aim does not hang on the day, nor what a day tells on the role.
SEEN = [*((role, AS_AT) for role in LISTING_ROLES), (Role.PACE_LEAD, "2019-10-01"), (Role.PACE_LEAD, "2019-01-01")]


@pytest.mark.parametrize("name", ["aims", "aim"])
@pytest.mark.parametrize(("role", "as_at"), SEEN)
def test_every_number_leads_to_exactly_the_children_it_counts(client, cohort, see, name, role, as_at):
    who = person(role)
    allocate(who, Child.objects.get(local_ref="OVERDUE2"))
    response = see(name, who=who, as_at=as_at)
    cards = response.context["cards"] if name == "aims" else [response.context["card"]]
    tiles = [tile for card in cards for tile in _every_tile(card)]
    if name == "aim":
        tiles += _tiles_at_by_date(cards[0])

    assert {tile.href for tile in tiles if tile.count} == set(links_of(response))
    for tile in tiles:
        if tile.count:
            assert rows_listed(client.get(tile.href)) == tile.count, tile.href
        else:
            assert not tile.href


def _tiles_at_by_date(card):
    if not card.at_by_date:
        return []
    return [*card.tiles_at_by_date, *(tile for tile, _shown, _words in card.at_by_date)]


def _every_tile(card):
    yield from card.tiles
    yield from card.small_print
    yield from (tile for tile, _shown, _words in card.percentages)


def test_the_numbers_as_at_the_by_date_lead_to_the_children_of_that_day(client, cohort, see):
    card = see("aim", Role.PACE_LEAD).context["card"]
    tiles = _tiles_at_by_date(card)

    assert [rows_listed(client.get(tile.href)) for tile in tiles if tile.count] == [
        tile.count for tile in tiles if tile.count
    ]
    assert {tile.selection.key: tile.count for tile in tiles}["overdue"] == 2


@pytest.mark.parametrize("key", SELECTIONS)
def test_every_selection_lists_as_many_clocks_as_it_counts(client, cohort, see, key):
    response = see("aim_children", Role.PACE_LEAD, show=key)
    outcomes = response.context["card"].now.outcomes
    expected = {
        "overdue": {"OVERDUE", "OVERDUE2"},
        "waiting": {"WAITING"},
        "met": {"MET", "MET2"},
        "missed": {"MISSED", "LEFT"},
        "late": {"MISSED"},
        "decided": {"MET", "MET2", "MISSED"},
        "due": {"MET", "MET2", "MISSED", "LEFT", "OVERDUE", "OVERDUE2"},
        "left_undecided": {"LEFT"},
        "exited": {"EXITED"},
        "unknown": {"UNKNOWN"},
        "excluded": {"EXCLUDED"},
        "all": {"MET", "MET2", "MISSED", "LEFT", "OVERDUE", "OVERDUE2", "WAITING", "EXITED"},
    }[key]

    assert {row.child_ref for row in response.context["rows"]} == expected
    assert SELECTIONS[key].count(outcomes) == len(expected)
    for code in Child.objects.filter(local_ref__in=expected).values_list("code", flat=True):
        assert f"{reverse('child', kwargs={'code': code})}?as_at={AS_AT}" in response.content.decode()


def test_the_denominators_are_those_of_the_percentages(cohort, see):
    now = see("aim", Role.PACE_LEAD).context["card"].now
    assert SELECTIONS["decided"].count(now.outcomes) == now.decided
    assert SELECTIONS["due"].count(now.outcomes) == now.decided_or_overdue


def test_an_unknown_selection_is_not_found(cohort, see):
    assert see("aim_children", Role.PACE_LEAD, show="OVERDUE-ISH").status_code == 404


def test_the_list_of_an_empty_figure_says_that_nobody_is_in_it(cohort, see):
    said = text_of(see("aim_children", Role.PACE_LEAD, show="overdue", as_at="2019-06-30"))
    assert "0 still waiting after the due date" in said
    assert "Nobody is in this list." in said


def test_a_team_manager_counts_the_team_and_is_told_so(cohort, see):
    response = see("aim", Role.TEAM_MANAGER)
    assert "for children of Team North and children allocated to you" in text_of(response)
    assert response.context["card"].now.counts["OVERDUE"] == 1
    assert "P-OVERDUE2" not in response.content.decode()


def test_a_pace_lead_counts_the_authority_and_is_told_so(cohort, see):
    assert "for all children of Midlothian" in text_of(see("aims", Role.PACE_LEAD))


@pytest.mark.parametrize("name", ["aims", "aim"])
def test_a_senior_leader_sees_every_figure_and_no_child(cohort, see, name):
    response = see(name, Role.SENIOR_LEADER)
    assert "2 children have waited longer than 26 weeks" in text_of(response)
    assert not links_of(response)
    assert "P-" not in response.content.decode()


def test_a_senior_leader_has_the_chart_as_a_table_by_month(cohort, see):
    response = see("aim", Role.SENIOR_LEADER)
    said = text_of(response)
    assert "Met September 2019 13.0" in said
    assert "2 September 2019" not in response.content.decode().split("Each clock")[1]


def test_who_counts_the_authority_and_opens_a_team_may_count_the_team_instead(client, cohort, see):
    who = person(Role.TEAM_MANAGER, Role.SENIOR_LEADER)
    everybody = see("aim", who=who)
    mine = see("aim", who=who, children="mine")

    assert everybody.context["card"].now.counts["OVERDUE"] == 2
    assert not links_of(everybody)
    assert "P-" not in everybody.content.decode()
    assert mine.context["card"].now.counts["OVERDUE"] == 1
    assert "for children of Team North and children allocated to you" in text_of(mine)
    assert links_of(mine)
    assert all("children=mine" in link for link in links_of(mine))
    for tile in _every_tile(mine.context["card"]):
        if tile.count:
            assert rows_listed(client.get(tile.href)) == tile.count


def test_who_opens_only_a_team_is_refused_the_list_of_the_authority(cohort, see):
    who = person(Role.TEAM_MANAGER, Role.SENIOR_LEADER)
    assert see("aim_children", who=who, show="overdue").status_code == 403


def test_nobody_else_can_ask_for_other_children_than_their_own_scope(cohort, see):
    response = see("aim", Role.PACE_LEAD, children="mine")
    assert response.context["card"].now.counts["OVERDUE"] == 2


@pytest.mark.parametrize("role", Role.values)
def test_pages_and_lists_ask_for_their_permission(cohort, see, role):
    who = person(role)
    may = ROLE_PERMISSIONS[role]
    figures = 200 if Permission.VIEW_AIMS in may else 403
    assert see("aims", who=who).status_code == figures
    assert see("aim", who=who).status_code == figures
    assert see("aim_children", who=who).status_code == (200 if Permission.VIEW_CHILDREN in may else 403)


def test_an_aim_of_another_authority_is_not_found(cohort, see):
    moray = Organisation.objects.get(code="S12000020")
    who = person(Role.PACE_LEAD, organisation=moray)
    assert see("aim", who=who).status_code == 404
    assert "TEST" not in text_of(see("aims", who=who))


def test_a_role_given_in_another_authority_s_team_opens_nothing_of_it(cohort, see):
    who = person(organisation=Organisation.objects.get(code="S12000020"))
    RoleMembership.objects.create(user=who, role=Role.TEAM_MANAGER, team=team("Team North"))
    assert see("aim", who=who).status_code == 404


def test_a_draft_claims_no_percentage_and_shows_durations(authority, cohort, see):
    draft = {"limit": None, "target_pct": None, "status": "draft"}
    stored_aim(aim(code="DRAFT", **draft), authority=authority)
    said = text_of(see("aims", Role.PACE_LEAD)).split("DRAFT:")[1].split("TEST:")[0]

    assert "%" not in said
    assert "children waiting; no limit is set yet" in said
    assert "Median of those decided: 12.5 weeks" in said
    assert "overdue" not in said


def test_a_day_that_is_none_is_told_and_today_is_shown(cohort, see):
    response = see("aims", Role.PACE_LEAD, as_at="2020-02-31")
    assert response.status_code == 200
    assert "This is not a date. Showing today instead." in text_of(response)
    assert response.context["as_at"].is_today


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31"])
def test_a_day_out_of_all_range_is_told_and_today_is_shown(cohort, see, day):
    response = see("aim", Role.PACE_LEAD, as_at=day)
    assert "This date is out of range. Showing today instead." in text_of(response)
    assert response.context["as_at"].is_today


def test_a_day_after_the_last_extract_is_shown_with_the_age_of_the_extract(cohort, see):
    Child.objects.update(last_extract_on="2020-05-01")
    assert "The last extract is of 1 May 2020" in text_of(see("aims", Role.PACE_LEAD))
    assert "The last extract" not in text_of(see("aims", Role.PACE_LEAD, as_at="2020-05-01"))


def test_the_national_aims_come_first_in_their_order_whatever_local_aims_are_called(authority, see):
    for code, national in [("ABC-1", 2), ("ZED-1", None), ("NAT-4", 4), ("NAT-2", 2), ("ABC-2", 1)]:
        stored_aim(aim(code=code, national_aim=national), authority=authority)
    cards = see("aims", Role.PACE_LEAD).context["cards"]
    assert [card.definition.code for card in cards] == ["NAT-2", "NAT-4", "ABC-2", "ABC-1", "ZED-1"]


def test_an_authority_without_aims_is_told_so(authority, see):
    assert "Midlothian has no aims yet" in text_of(see("aims", Role.PACE_LEAD))


def test_few_decisions_are_said_to_be_too_few(cohort, see):
    assert "at least 10 are needed: no rule is applied." in text_of(see("aim", Role.PACE_LEAD))


def test_a_backlog_is_drawn_as_a_burn_down(authority, see):
    store(
        [accommodated("2017-01-09", recommended("2017-06-05")), accommodated("2017-01-09", ref="C2")],
        authority=authority,
    )
    backlog = aim(kind="deadline", limit=None, deadline="2017-10-31", before_date="2017-04-01")
    stored_aim(backlog, authority=authority)
    said = text_of(see("aim", Role.PACE_LEAD, as_at="2017-12-01"))

    assert "1 child still waiting after 31 October 2017" in said
    assert "2 children waited on 1 April 2017; 1 of them still waits on 1 December 2017." in said


def test_a_clock_s_route_is_written_in_words(authority, see):
    store(
        [accommodated("2019-06-03", recommended("2019-09-02"), event("PANEL_PRESENTED", "2019-10-01"))],
        authority=authority,
    )
    stored_aim(
        aim(start_event="PERM_REC", stop_event=["PANEL_PRESENTED"], limit="12 weeks", routes=["PO"]),
        authority=authority,
    )
    assert "Permanence order" in text_of(see("aim_children", Role.PACE_LEAD, show="met"))


@pytest.mark.parametrize("name", ["aims", "aim", "aim_children"])
def test_a_page_takes_as_many_queries_for_many_children_as_for_few(authority, cohort, see, name):
    who = person(Role.PACE_LEAD)
    see(name, who=who)
    with CaptureQueriesContext(connection) as for_few:
        see(name, who=who)
    store([accommodated("2019-06-03", ref=f"C{number}") for number in range(50)], authority=authority)
    with CaptureQueriesContext(connection) as for_many:
        see(name, who=who)

    assert len(for_many) == len(for_few)
