"""The tour: offered with made-up children only, taken from page to page, and left whenever one likes."""

import pytest
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.front.tour.touring import tour_of
from tests.builders import authority

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]
OFFER = "New here?"


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def fictional():
    council = authority()
    council.fictional = True
    council.save()
    return council


def test_it_is_offered_where_people_are_made_up_until_it_is_answered(client, enter, fictional):
    enter(Role.PACE_LEAD)
    assert OFFER in text_of(client.get(reverse("aims")))
    assert OFFER not in text_of(client.get(reverse("reports")))
    assert client.post(reverse("tour"), {"go": "leave"}).url == reverse("home")
    assert OFFER not in text_of(client.get(reverse("aims")))


def test_it_is_not_offered_with_real_children_and_can_be_taken_from_the_help(client, enter):
    enter(Role.PACE_LEAD)
    assert OFFER not in text_of(client.get(reverse("aims")))
    assert "Take the tour" in text_of(client.get(reverse("help")))


def test_the_administration_has_the_search_and_the_offer_at_its_head(client, enter, fictional):
    enter(Role.SYSTEM_ADMINISTRATOR)
    page = text_of(client.get(reverse("admin:index")))
    assert OFFER in page
    assert 'id="site-search"' in page


def test_it_leads_from_stop_to_stop_and_ends(client, enter):
    user = enter(Role.CHAMPION)
    stops = tour_of(user)
    for stop in stops:
        assert client.post(reverse("tour"), {"go": str(stop.number)}).url == stop.href
        page = text_of(client.get(stop.href))
        assert f"Tour, stop {stop.number} of {len(stops)}." in page
        assert stop.words in page
        assert ("Next stop" in page) is not stop.is_last
    assert "End the tour" in page
    client.post(reverse("tour"), {"go": "leave"})
    assert "Tour, stop" not in text_of(client.get(reverse("aims")))


def test_whoever_leaves_the_way_is_led_back_to_their_stop(client, enter):
    enter(Role.CHAMPION)
    client.post(reverse("tour"), {"go": "2"})
    page = text_of(client.get(reverse("help")))
    assert "This page is not one of its stops" in page
    assert 'value="2" type="submit">Back to stop 2' in page


@pytest.mark.parametrize("go", ["0", "99", "x", "", "²", "-1"])
def test_a_stop_that_is_none_ends_the_tour(client, enter, go):
    enter(Role.CHAMPION)
    client.post(reverse("tour"), {"go": "2"})
    assert client.post(reverse("tour"), {"go": go}).url == reverse("home")
    assert "Tour, stop" not in text_of(client.get(reverse("aims")))
