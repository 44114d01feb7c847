"""Searching: by what, among whom, and what the audit trail learns of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


@pytest.fixture
def search(client):
    """What somebody finds by a term."""

    def post(user, term):
        client.force_login(user)
        return client.post(reverse("search"), {"term": term})

    return post


def codes(response) -> list[str]:
    return [row["who"].code for row in response.context["children"]]


@pytest.fixture
def morven():
    child(name=("Ailsa", "Another"), code="P-0002")
    return child(name=("Morven", "Fictitious"), code="P-0417")


@pytest.mark.parametrize("term", ["P-0417", "p-0417", "0417", "morven", "Fict", "fictitious MORVEN", "  Morven  "])
def test_a_child_is_found_by_pseudonym_and_by_name(search, morven, term):
    assert codes(search(person(Role.DATA_LEAD), term)) == [morven.code]


def test_a_child_is_found_by_council_reference(search, morven):
    assert codes(search(person(Role.DATA_LEAD), morven.local_ref.lower())) == [morven.code]


def test_every_word_of_a_name_must_fit(search, morven):
    assert codes(search(person(Role.DATA_LEAD), "Morven Another")) == []


def test_a_champion_finds_by_pseudonym(search, morven):
    assert codes(search(person(Role.CHAMPION), "P-0417")) == [morven.code]


def test_a_champion_finds_nobody_by_name(search, morven):
    assert codes(search(person(Role.CHAMPION), "Morven")) == []


def test_a_champion_finds_nobody_by_council_reference(search, morven):
    assert codes(search(person(Role.CHAMPION), morven.local_ref)) == []


@pytest.mark.parametrize("term", ["Morven", "P-0900"])
def test_nobody_outside_the_persons_team_is_found(search, term):
    child(of_team=team("Team South"), name=("Morven", "Theirs"), code="P-0900")
    assert codes(search(person(Role.PRACTITIONER, of_team=team("Team North")), term)) == []


@pytest.mark.parametrize("term", ["Morven", "P-0900"])
def test_nobody_of_another_authority_is_found(search, term):
    child(organisation=authority("S12000020"), name=("Morven", "Theirs"), code="P-0900")
    assert codes(search(person(Role.DATA_LEAD), term)) == []


def test_somebody_with_two_roles_finds_by_name_in_their_own_team_only(search):
    north = team("Team North")
    ours = child(of_team=north, name=("Morven", "Ours"))
    child(of_team=team("Team South"), name=("Morven", "Theirs"))
    assert codes(search(person(Role.PRACTITIONER, Role.CHAMPION, of_team=north), "Morven")) == [ours.code]


def test_a_percent_sign_stands_for_itself(search, morven):
    assert codes(search(person(Role.DATA_LEAD), "%%")) == []


@pytest.mark.parametrize("term", ["", " ", "M", "M" * 81])
def test_too_short_or_too_long_a_term_is_refused_in_words(search, morven, term):
    response = search(person(Role.DATA_LEAD), term)
    assert "There is a problem" in response.content.decode()
    assert response.context.get("children") is None


def test_the_term_stands_in_no_address(search, morven):
    response = search(person(Role.DATA_LEAD), "Morven")
    assert response.status_code == 200
    assert "morven" not in response.request["QUERY_STRING"].lower() + response.request["PATH_INFO"].lower()


def test_a_term_in_the_address_is_not_searched_for(client, morven):
    client.force_login(person(Role.DATA_LEAD))
    assert client.get(reverse("search"), {"term": "Morven"}).context.get("children") is None


def test_a_search_is_audited_with_whom_it_found_and_without_the_name(search, morven):
    user = person(Role.DATA_LEAD)
    search(user, "Morven")
    entry = AuditEntry.objects.get(action=AuditEntry.Action.SEARCH)
    assert (entry.actor, entry.authority_code, entry.after) == (
        user.email,
        "S12000019",
        {"found": 1, "children": ["P-0417"]},
    )


def test_a_search_that_was_refused_is_not_audited(search, morven):
    search(person(Role.DATA_LEAD), "M")
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.SEARCH).exists()


def test_of_many_found_the_first_fifty_are_shown_and_all_are_counted(search):
    for _ in range(52):
        child(name=("Morven", "Fictitious"))
    response = search(person(Role.DATA_LEAD), "Morven")
    assert len(codes(response)) == 50
    assert "52 children found" in response.content.decode()


def test_finding_forty_children_takes_as_many_queries_as_finding_five(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("search"), {"term": "Morven"})
        return len(captured)

    client.force_login(person(Role.DATA_LEAD))
    north = team("Team North")
    for _ in range(5):
        child(of_team=north, name=("Morven", "Fictitious"))
    few = queries()
    for _ in range(35):
        child(of_team=north, name=("Morven", "Fictitious"))
    assert queries() == few
