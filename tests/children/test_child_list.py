"""The list of children: whose, how narrowed, and what of each is told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from children.models import CareEpisode, Identity, Placement
from pace_site.accounts.roles import Role
from tests.builders import authority, child, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


@pytest.fixture
def listing(client):
    """The list as somebody sees it, narrowed by the query."""

    def open_list(user, **query):
        client.force_login(user)
        return client.get(reverse("children"), query)

    return open_list


def codes(response) -> list[str]:
    return [row["who"].code for row in response.context["children"]]


def living(kind: str, *, since: date = date(2020, 1, 1), until: date | None = None, **more):
    row = child(**more)
    CareEpisode.objects.create(child=row, start=since, end=until)
    Placement.objects.create(child=row, start=since, end=until, placement_type_id=kind)
    return row


def test_a_practitioner_lists_the_children_of_their_own_team_only(listing):
    north = team("Team North")
    ours = child(of_team=north)
    child(of_team=team("Team South"))
    child(organisation=authority("S12000020"))
    assert codes(listing(person(Role.PRACTITIONER, of_team=north))) == [ours.code]


def test_a_senior_leader_has_no_list_of_children(listing):
    assert listing(person(Role.SENIOR_LEADER)).status_code == 403


def test_a_champion_reads_no_name_reference_or_birth_date_anywhere_on_the_list(listing):
    row = child(name=("Morven", "Fictitious"), born=date(2015, 5, 5), family="FAM-77", accommodated=date(2024, 1, 8))
    page = listing(person(Role.CHAMPION)).content.decode()
    assert row.code in page
    secrets = ("Morven", "Fictitious", row.local_ref, "FAM-77", "5 May 2015", "2015-05-05")
    assert [secret for secret in secrets if secret in page] == []


def test_a_data_lead_reads_name_reference_and_birth_date(listing):
    row = child(name=("Morven", "Fictitious"), born=date(2015, 5, 5))
    page = listing(person(Role.DATA_LEAD)).content.decode()
    assert [word for word in ("Morven Fictitious", row.local_ref, "5 May 2015") if word not in page] == []


def test_somebody_with_two_roles_reads_names_of_their_own_team_only(listing):
    north = team("Team North")
    child(of_team=north, name=("Morven", "Ours"))
    child(of_team=team("Team South"), name=("Ailsa", "Theirs"))
    page = listing(person(Role.PRACTITIONER, Role.CHAMPION, of_team=north)).content.decode()
    assert "Morven" in page
    assert "Ailsa" not in page


def test_the_list_narrows_to_a_team(listing):
    north = team("Team North")
    ours = child(of_team=north)
    child(of_team=team("Team South"))
    assert codes(listing(person(Role.PACE_LEAD), team=north.pk)) == [ours.code]


def test_the_list_narrows_to_a_locality(listing):
    east, west = child(), child()
    for row, locality in ((east, "East"), (west, "West")):
        row.locality = locality
        row.save()
    assert codes(listing(person(Role.PACE_LEAD), locality="East")) == [east.code]


@pytest.mark.parametrize(
    ("care", "expected"),
    [
        ("looked_after", ["P-AWAY", "P-HOME", "P-NOWHERE"]),
        ("away", ["P-AWAY"]),
        ("home", ["P-HOME"]),
        ("ceased", ["P-LEFT", "P-NEVER"]),
    ],
)
def test_the_list_narrows_to_where_care_stands_now(listing, care, expected):
    living("KIN", code="P-AWAY")
    living("HOME_PARENT", code="P-HOME")
    living("KIN", until=date(2021, 1, 1), code="P-LEFT")
    CareEpisode.objects.create(child=child(code="P-NOWHERE"), start=date(2020, 1, 1))
    child(code="P-NEVER")
    assert codes(listing(person(Role.PACE_LEAD), care=care)) == expected


def test_the_list_narrows_to_a_type_of_placement(listing):
    living("FOST_LA")
    kinship = living("KIN")
    assert codes(listing(person(Role.PACE_LEAD), living="KIN")) == [kinship.code]


def test_a_short_break_does_not_change_where_a_child_lives(listing):
    row = living("HOME_PARENT")
    Placement.objects.create(child=row, start=date(2025, 1, 1), placement_type_id="FOST_LA", short_break=True)
    assert codes(listing(person(Role.PACE_LEAD), living="HOME_PARENT")) == [row.code]


def test_a_child_whose_care_ended_lives_in_no_placement_even_if_one_was_left_open(listing):
    row = child()
    CareEpisode.objects.create(child=row, start=date(2020, 1, 1), end=date(2021, 1, 1))
    Placement.objects.create(child=row, start=date(2020, 1, 1), placement_type_id="KIN")
    assert codes(listing(person(Role.PACE_LEAD), living="KIN")) == []


@pytest.mark.parametrize(("ends_in_days", "care"), [(0, "ceased"), (1, "looked_after")])
def test_care_is_over_on_the_day_it_ends(listing, ends_in_days, care):
    row = living("KIN", until=timezone.localdate() + timedelta(days=ends_in_days))
    assert codes(listing(person(Role.PACE_LEAD), care=care)) == [row.code]


def test_a_family_is_found_by_the_pseudonym_of_one_of_its_children(listing):
    older, younger = child(code="P-1", family="FAM-1"), child(code="P-2", family="FAM-1")
    child(family="FAM-2")
    child()
    assert codes(listing(person(Role.PACE_LEAD), family="p-1")) == [older.code, younger.code]


def test_the_family_of_a_child_outside_scope_finds_nobody(listing):
    north = team("Team North")
    child(of_team=north, family="FAM-1")
    elsewhere = child(of_team=team("Team South"), family="FAM-1")
    assert codes(listing(person(Role.PRACTITIONER, of_team=north), family=elsewhere.code)) == []


def test_a_child_without_a_family_is_alone_in_it(listing):
    alone = child()
    child()
    assert codes(listing(person(Role.PACE_LEAD), family=alone.code)) == [alone.code]


def test_only_teams_and_localities_of_the_persons_own_children_are_offered(listing):
    north, south = team("Team North"), team("Team South")
    for of_team, locality in ((north, "East"), (south, "West")):
        row = child(of_team=of_team)
        row.locality = locality
        row.save()
    fields = listing(person(Role.PRACTITIONER, of_team=north)).context["chosen"].form.fields
    offered = {name: [value for value, _ in fields[name].choices if value] for name in ("team", "locality")}
    assert offered == {"team": [north.pk], "locality": ["East"]}


def test_a_team_that_is_not_offered_is_refused_in_words_and_lists_nobody(listing):
    child(of_team=team("Team North"))
    elsewhere = team("Elsewhere", organisation=authority("S12000020"))
    response = listing(person(Role.PACE_LEAD), team=elsewhere.pk)
    assert codes(response) == []
    assert "There is a problem" in response.content.decode()


def test_fifty_children_stand_on_a_page_and_the_rest_on_the_next(listing):
    for _ in range(51):
        child()
    user = person(Role.PACE_LEAD)
    assert [len(codes(listing(user, page=page))) for page in (1, 2)] == [50, 1]


def test_the_next_page_keeps_the_choice(listing):
    north = team("Team North")
    for _ in range(51):
        child(of_team=north)
    assert f"team={north.pk}&amp;page=2" in listing(person(Role.PACE_LEAD), team=north.pk).content.decode()


def test_sixty_children_take_as_many_queries_as_five(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("children"))
        return len(captured)

    client.force_login(person(Role.DATA_LEAD))
    north = team("Team North")
    for _ in range(5):
        living("KIN", of_team=north)
    few = queries()
    for _ in range(55):
        living("KIN", of_team=north)
    assert queries() == few


def test_reading_the_list_never_joins_names_for_a_champion(listing):
    child()
    with CaptureQueriesContext(connection) as captured:
        listing(person(Role.CHAMPION))
    table = Identity._meta.db_table
    assert [query["sql"] for query in captured if table in query["sql"]] == []
