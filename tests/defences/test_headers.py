"""Every kind of answer carries the same headers, and whatever may show a child is kept nowhere."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from pace_site.accounts.models import RoleMembership
from pace_site.accounts.roles import Role
from pace_site.defences.headers import NOT_KEPT
from pace_site.front.home import HomeView
from pace_site.long_work.models import LongWork
from tests.builders import child, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    user = person(Role.PACE_LEAD)
    RoleMembership.objects.create(user=user, role=Role.SYSTEM_ADMINISTRATOR)
    client.force_login(user)
    return user


def a_page(client, _lead, _monkeypatch):
    return client.get(reverse("child", kwargs={"code": child().code})), 200


def a_fragment(client, lead, _monkeypatch):
    work = LongWork.objects.create(owner=lead, kind="report", title="All aims", asked={})
    return client.get(reverse("long_work", kwargs={"pk": work.pk}), headers={"HX-Request": "true"}), 200


def a_download(client, _lead, _monkeypatch):
    return client.get(reverse("caseload_export")), 200


def a_download_of_the_trail(client, lead, _monkeypatch):
    RoleMembership.objects.create(user=lead, role=Role.IG_AUDITOR)
    return client.get(reverse("audit_trail_export", kwargs={"file_format": "csv"})), 200


def a_page_that_does_not_exist(client, _lead, _monkeypatch):
    return client.get("/no-such-page/"), 404


def a_refusal(client, _lead, _monkeypatch):
    client.force_login(person(Role.SENIOR_LEADER))
    return client.get(reverse("children")), 403


def a_form_without_its_mark(_client, _lead, _monkeypatch):
    return Client(enforce_csrf_checks=True).post(reverse("account_login")), 403


def a_request_for_another_host(client, _lead, _monkeypatch):
    return client.get("/", headers={"host": "elsewhere.example"}), 400


def a_fault(client, _lead, monkeypatch):
    def fall(self, request):
        raise RuntimeError("Morven")

    monkeypatch.setattr(HomeView, "get", fall)
    client.raise_request_exception = False
    return client.get("/"), 500


def a_wrong_method(client, _lead, _monkeypatch):
    return client.post(reverse("caseload_export")), 405


def a_style_sheet(client, _lead, _monkeypatch):
    response = client.get("/static/css/pace.css")
    response.close()
    return response, 200


def the_feed(client, _lead, _monkeypatch):
    return client.get("/feed/v1/aims.json"), 401


def the_admin_pages(client, _lead, _monkeypatch):
    return client.get("/admin/"), 200


def the_sign_in(client, _lead, _monkeypatch):
    client.logout()
    return client.get(reverse("account_login")), 200


def a_redirect(client, _lead, _monkeypatch):
    client.logout()
    return client.get("/"), 302


ANSWERS = [
    a_page,
    a_fragment,
    a_download,
    a_download_of_the_trail,
    a_page_that_does_not_exist,
    a_refusal,
    a_form_without_its_mark,
    a_request_for_another_host,
    a_fault,
    a_wrong_method,
    a_style_sheet,
    the_feed,
    the_admin_pages,
    the_sign_in,
    a_redirect,
]
every_answer = pytest.mark.parametrize("ask", ANSWERS, ids=lambda ask: ask.__name__.replace("_", " "))


@every_answer
def test_every_kind_of_answer_carries_every_header(client, lead, monkeypatch, ask):
    response, status = ask(client, lead, monkeypatch)
    assert response.status_code == status
    policy = dict(part.split(maxsplit=1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    # No other host, no unsafe directive; pictures inside style sheets and of charts are our own.
    assert {word for words in policy.values() for word in words.split()} == {"'none'", "'self'", "data:", "blob:"}
    assert [name for name, words in policy.items() if "data:" in words or "blob:" in words] == ["img-src"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]
    assert "Server" not in response
    assert "X-Powered-By" not in response


@every_answer
def test_only_what_holds_no_child_may_be_kept(client, lead, monkeypatch, ask):
    response, _status = ask(client, lead, monkeypatch)
    if ask is a_style_sheet:
        assert "no-store" not in response["Cache-Control"]
    else:
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]


def test_no_feature_of_the_browser_is_offered_to_another_origin(client):
    policy = client.get("/no-such-page/")["Permissions-Policy"]
    assert all(re.fullmatch(r"[a-z-]+=\((self)?\)", feature) for feature in policy.split(", "))


@pytest.mark.parametrize("ask", [a_page, a_download, a_page_that_does_not_exist, a_fault, a_style_sheet, a_redirect])
def test_over_tls_every_answer_asks_for_tls_from_then_on(client, lead, monkeypatch, settings, ask):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
    response, _status = ask(client, lead, monkeypatch)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_without_tls_nothing_is_promised_and_all_leads_to_tls(client, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/accounts/login/?next=/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/accounts/login/?next=/")
    assert "Strict-Transport-Security" not in response
    assert response["Content-Security-Policy"]
    assert response["Cache-Control"] == NOT_KEPT


def test_a_message_that_names_a_child_is_in_no_cookie(client, lead):
    client.post(reverse("saved_filters"), {"name": "Overdue", "query": "due=overdue"})
    assert "messages" not in client.cookies
    assert client.session["_messages"]
