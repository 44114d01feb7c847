"""Records that may be of one child, on their pages."""

from datetime import date

import pytest

from children.models import Child, Family, Merge, NotTheSame
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import child, milestone, person, team

pytestmark = pytest.mark.django_db
START = date(2025, 2, 3)
PAIR = "/duplicates/P-KEPT/P-OTHER/"


@pytest.fixture
def lead(client):
    user = person(Role.DATA_LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def pair(lead):
    kept = child(of_team=team(), code="P-KEPT", name=("Eilidh", "Fictitious"), accommodated=START)
    other = child(of_team=team(), code="P-OTHER", name=("Eilídh", "Fictitious"), accommodated=START)
    milestone(other, "PERM_REC", date(2025, 6, 1), route="ADOPT")
    return kept, other


def words(page) -> str:
    return page.content.decode()


def test_pairs_are_listed_with_their_reasons_and_whoever_was_shown_stands_in_the_trail(client, pair):
    page = words(client.get("/duplicates/"))
    assert "1 pair of records may be of one child" in page
    assert "same date of birth; same name" in page
    entry = AuditEntry.objects.get(record_type="duplicates")
    assert entry.after["children"] == ["P-KEPT", "P-OTHER"]
    assert "/duplicates/" in words(client.get("/children/"))


def test_a_pair_says_what_each_record_has_and_is_merged_and_parted_again(client, pair):
    page = words(client.get(PAIR))
    assert "Recommendation for permanence, 1 June 2025" in page
    assert "differs" in page
    merged = client.post(PAIR, {"kept": "P-OTHER", "reason": "One birth certificate"}, follow=True)
    assert "P-KEPT is part of P-OTHER now" in words(merged)
    assert client.get("/children/P-KEPT/").url == "/children/P-OTHER/"
    assert "P-OTHER" in words(client.post("/search/", {"term": pair[0].local_ref}))
    assert client.get(PAIR).status_code == 404
    undo = f"/duplicates/merged/{Merge.objects.get().pk}/undo/"
    assert "Say why" in words(client.post(undo, {"reason": ""}))
    assert "a record of its own again" in words(client.post(undo, {"reason": "Cousins"}, follow=True))
    assert client.get(undo).status_code == 404


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, pair):
    page = words(client.post(PAIR, {"kept": "P-NOBODY", "reason": "One birth certificate"}))
    assert "Choose one of these two records" in page
    assert "One birth certificate" in page
    page = words(client.post(PAIR, {"what": "apart", "apart-reason": ""}))
    assert "Say how you know" in page
    assert not Merge.objects.exists()
    assert not NotTheSame.objects.exists()


def test_a_pair_that_is_told_apart_is_not_listed_again(client, pair):
    client.post(PAIR, {"what": "apart", "apart-reason": "Cousins of one name"})
    assert "No two records look like one child" in words(client.get("/duplicates/"))


def test_what_cannot_be_merged_says_why_and_offers_no_button(client, pair):
    milestone(pair[1], "ORDER_GRANTED", date(2026, 1, 5), order_type="AO", route="ADOPT")
    page = words(client.get(PAIR))
    assert "One of these children was adopted" in page
    assert "Merge the records" not in page


def test_two_of_one_name_and_day_become_one_family(client, lead):
    one = child(of_team=team(), name=("Rory", "Fictitious"), accommodated=START, born=date(2017, 1, 1))
    two = child(of_team=team(), name=("Isla", "Fictitious"), accommodated=START, born=date(2019, 1, 1))
    page = words(client.get("/duplicates/"))
    assert "1 pair may be brothers and sisters" in page
    asked = {"first": one.code, "second": two.code, "what": "family"}
    assert "are of one family now" in words(client.post("/duplicates/", asked, follow=True))
    assert Family.objects.count() == 1
    assert Child.objects.filter(family=Family.objects.get()).count() == 2
    assert "No brothers and sisters to propose" in words(client.get("/duplicates/"))


def test_nobody_is_made_a_brother_or_sister_of_an_adopted_child(client, pair):
    milestone(pair[1], "ORDER_GRANTED", date(2026, 1, 5), order_type="AO", route="ADOPT")
    asked = {"first": "P-KEPT", "second": "P-OTHER", "what": "family"}
    assert "an adopted child is tied to no other" in words(client.post("/duplicates/", asked, follow=True))
    assert not Family.objects.exists()


def test_two_of_two_families_are_left_to_be_corrected_by_hand(client, lead):
    one = child(of_team=team(), name=("Rory", "Fictitious"), accommodated=START, family="F1", born=date(2017, 1, 1))
    two = child(of_team=team(), name=("Isla", "Fictitious"), accommodated=START, family="F2", born=date(2019, 1, 1))
    asked = {"first": one.code, "second": two.code}
    assert "of a family already" in words(client.post("/duplicates/", asked | {"what": "family"}, follow=True))
    client.post("/duplicates/", asked | {"what": "apart"})
    assert "No brothers and sisters to propose" in words(client.get("/duplicates/"))


def test_the_number_of_queries_does_not_depend_on_the_children(client, lead, django_assert_max_num_queries):
    for number in range(12):
        child(of_team=team(), name=("Eilidh", "Fictitious"), accommodated=START, born=date(2015, 1, 1 + number % 3))
    with django_assert_max_num_queries(30):
        client.get("/duplicates/")
