"""What people see when something is refused or goes wrong: plain words, and nothing of what was asked for."""

import pytest
from django.test import Client
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.front.home import HomeView
from tests.builders import authority, child, person

pytestmark = pytest.mark.django_db


def said(response) -> str:
    return response.content.decode()


def test_a_page_that_does_not_exist_is_told_without_its_address(client):
    client.force_login(person(Role.PACE_LEAD))
    response = client.get("/no-such-page/P-0417/Morven/")
    assert response.status_code == 404
    assert "There is nothing here" in said(response)
    assert "Morven" not in said(response)


def test_another_authoritys_child_and_no_child_at_all_are_told_the_same(client):
    elsewhere = child(organisation=authority("S12000047"))
    client.force_login(person(Role.PACE_LEAD))
    hidden = client.get(reverse("child", kwargs={"code": elsewhere.code}))
    absent = client.get(reverse("child", kwargs={"code": "P-NOBODY"}))
    assert (hidden.status_code, said(hidden)) == (absent.status_code, said(absent))


def test_what_a_role_may_not_do_is_told_in_plain_words(client):
    client.force_login(person(Role.SENIOR_LEADER))
    response = client.get(reverse("children"))
    assert response.status_code == 403
    assert "You may not do this" in said(response)


def test_a_fault_of_ours_is_told_without_its_inside(client, monkeypatch):
    def fall(self, request):
        raise RuntimeError("Morven Fictitious, REF00417")

    monkeypatch.setattr(HomeView, "get", fall)
    client.force_login(person(Role.PACE_LEAD))
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong" in said(response)
    assert "Morven" not in said(response)
    assert "RuntimeError" not in said(response)


def test_a_request_for_another_host_is_not_answered(client):
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "That request could not be read" in said(response)
    assert "elsewhere" not in said(response)


def test_a_form_without_its_token_is_refused_in_plain_words():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "petra@council.example", "password": "something-long"})
    assert response.status_code == 403
    assert "That form is out of date" in said(response)


@pytest.mark.parametrize("address", ["/no-such-page/", "/accounts/login/"])
def test_every_answer_forbids_what_is_not_our_own(client, address):
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
