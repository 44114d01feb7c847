"""A session that ends while somebody types: what they typed comes back to them alone, after they sign in again."""

import pytest
from django.test import Client
from django.urls import reverse

from pace_site.accounts.roles import Role
from tests.builders import PASSWORD, person, team

pytestmark = pytest.mark.django_db


def page_of(placed) -> str:
    return reverse("record", kwargs={"code": placed.code, "slug": "medical"})


def mark(client, address) -> str:
    """The signed mark of who is typing, as the form carries it."""
    text = client.get(address).content.decode()
    return text.split('name="typed_by" value="')[1].split('"')[0]


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


@pytest.fixture
def typed(client, worker, placed, ago):
    """What the worker sends after the session has ended, and the browser that sent it."""
    sent = {
        "happened_on": ago(1).isoformat(),
        "note": "Half a page of words",
        "typed_by": mark(client, page_of(placed)),
    }
    browser = Client()
    response = browser.post(page_of(placed), sent)
    assert response["Location"].startswith(reverse("account_login"))
    assert not placed.milestones.exists()
    return browser


def test_what_was_typed_is_in_the_form_again_after_signing_in(typed, worker, placed, ago):
    sign_in(typed, worker)
    response = typed.get(page_of(placed))
    assert response.context["kept"]
    assert response.context["form"]["note"].value() == "Half a page of words"
    assert "Your session had ended before this was saved" in response.content.decode()
    assert not placed.milestones.exists()


def test_it_is_given_back_once(typed, worker, placed):
    sign_in(typed, worker)
    typed.get(page_of(placed))
    assert not typed.get(page_of(placed)).context["kept"]


def test_somebody_else_who_signs_in_there_sees_nothing_of_it(typed, placed):
    sign_in(typed, person(Role.PRACTITIONER, of_team=team()))
    response = typed.get(page_of(placed))
    assert not response.context["kept"]
    assert "Half a page of words" not in response.content.decode()


def test_another_page_shows_nothing_of_it(typed, worker, placed):
    sign_in(typed, worker)
    other = reverse("record", kwargs={"code": placed.code, "slug": "review"})
    assert "Half a page of words" not in typed.get(other).content.decode()


def test_a_mark_that_was_tampered_with_gives_nothing_back(client, worker, placed):
    browser = Client()
    browser.post(page_of(placed), {"note": "Planted", "typed_by": "1:forged:mark"})
    sign_in(browser, worker)
    assert "Planted" not in browser.get(page_of(placed)).content.decode()


def test_a_stranger_cannot_fill_the_store(placed):
    browser = Client()
    browser.post(page_of(placed), {"note": "x" * 60_000, "typed_by": "1:forged:mark"})
    assert "kept_form" not in browser.session
    browser.post(page_of(placed), {"note": "x"})
    assert "kept_form" not in browser.session
