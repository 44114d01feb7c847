"""A session that ends while somebody types: what they typed comes back to them alone, after they sign in again."""

import pytest
from django.test import Client
from django.urls import reverse

from pace_site.accounts.roles import Role
from tests.builders import PASSWORD, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


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


def test_a_form_from_before_a_new_sign_in_in_another_tab_is_given_back(worker, placed, ago):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker)
    sent = {"happened_on": ago(1).isoformat(), "note": "Half a page", "typed_by": mark(browser, page_of(placed))}
    response = browser.post(page_of(placed), {**sent, "csrfmiddlewaretoken": "of-the-old-sign-in"}, follow=True)
    assert response.context["kept"]
    assert response.context["form"]["note"].value() == "Half a page"
    assert not placed.milestones.exists()


def test_a_form_that_says_nothing_of_who_typed_it_is_refused_without_its_token(worker, placed):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker)
    assert browser.post(page_of(placed), {"note": "Planted"}).status_code == 403


def test_the_reason_of_a_void_comes_back_too(worker, placed):
    row = placed.episodes.get()
    address = reverse("void", kwargs={"code": placed.code, "what": "episode", "pk": row.pk})
    client = Client()
    client.force_login(worker)
    sent = {"reason": "A long reason", "edition": 1, "typed_by": mark(client, address)}
    browser = Client()
    browser.post(address, sent)
    sign_in(browser, worker)
    assert browser.get(address).context["form"]["reason"].value() == "A long reason"


def test_what_nobody_typed_who_was_signed_in_here_is_not_kept(placed):
    browser = Client()
    for mark in ("junk", ""):
        browser.post(page_of(placed), {"note": "x" * 1000, "typed_by": mark})
        assert "kept_form" not in browser.session
