"""How often one person may search and take files away, and one address may ask without signing in."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.defences.models import UseCount
from pace_site.front import rate_limits
from pace_site.front.rate_limits import EXPORTS, SEARCHES
from pace_site.long_work.models import LongWork
from tests.builders import child, person
from tests.front.every_page import every_page

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


@pytest.fixture
def clock(monkeypatch):
    """Ten seconds past noon, until a test says otherwise."""
    now = {"is": datetime(2027, 3, 1, 12, 0, 10, tzinfo=UTC)}
    monkeypatch.setattr(rate_limits.timezone, "now", lambda: now["is"])
    return now


def search(client, term="PX-"):
    return client.post(reverse("search"), {"term": term})


def refusals() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(record_type="limit"))


def test_searches_over_the_limit_are_refused_until_the_minute_is_over(enter, client, settings, clock):
    settings.SEARCHES_A_MINUTE = 3
    enter(Role.PACE_LEAD)
    assert [search(client).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = search(client)
    assert refused["Retry-After"] == "50"
    assert "Wait 50 seconds, then try again." in refused.content.decode()
    assert "no-store" in refused["Cache-Control"]
    clock["is"] = datetime(2027, 3, 1, 12, 1, 1, tzinfo=UTC)
    assert search(client).status_code == 200


def test_a_refused_search_finds_and_tells_nothing(enter, client, settings, clock):
    settings.SEARCHES_A_MINUTE = 1
    child(name=("Morvenna", "Fictitious"), code="PX-417")
    enter(Role.PACE_LEAD)
    assert "PX-417" in search(client, "Morvenna").content.decode()
    refused = search(client, "Morvenna").content.decode()
    assert "PX-417" not in refused
    assert "Morvenna" not in refused


def test_files_over_the_limit_are_refused_until_the_hour_is_over(enter, client, settings, clock):
    settings.EXPORTS_AN_HOUR = 2
    enter(Role.PACE_LEAD)
    answers = [client.get(reverse("caseload_export")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Wait 60 minutes" in answers[-1].content.decode()
    exported = AuditEntry.objects.filter(action="export").exclude(record_type="limit")
    assert exported.count() == 2


def test_the_trail_is_told_once_a_day_of_whom_and_what(enter, client, settings, clock):
    settings.SEARCHES_A_MINUTE = 1
    lead = enter(Role.PACE_LEAD)
    for _ in range(5):
        search(client)
    (entry,) = refusals()
    assert (entry.actor_id, entry.record_id, entry.action) == (lead.pk, "searches", "search")
    assert entry.reason == "More than 1 searches in 1 minute"
    clock["is"] = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)
    client.force_login(lead)
    for _ in range(2):
        search(client)
    assert len(refusals()) == 2


def test_one_persons_searches_are_not_anothers(enter, client, settings, clock):
    settings.SEARCHES_A_MINUTE = 1
    enter(Role.PACE_LEAD)
    search(client)
    assert search(client).status_code == 429
    enter(Role.PACE_LEAD)
    assert search(client).status_code == 200


def test_watching_long_work_is_not_counted(enter, client, settings, clock):
    settings.SEARCHES_A_MINUTE = settings.EXPORTS_AN_HOUR = settings.UNSIGNED_REQUESTS_A_MINUTE = 1
    lead = enter(Role.PACE_LEAD)
    work = LongWork.objects.create(owner=lead, kind="report", title="All aims", asked={})
    address = reverse("long_work", kwargs={"pk": work.pk})
    answers = {client.get(address, headers={"HX-Request": "true"}).status_code for _ in range(20)}
    assert answers == {200}
    assert not UseCount.objects.exists()


def test_an_address_that_asks_too_often_without_signing_in_is_held_off(client, settings, clock):
    settings.UNSIGNED_REQUESTS_A_MINUTE = 3
    addresses = [reverse("account_login"), "/no-such-page/", "/", reverse("account_login")]
    assert [client.get(address).status_code for address in addresses] == [200, 404, 302, 429]
    assert client.get("/", REMOTE_ADDR="198.51.100.7").status_code == 302
    assert client.get("/static/css/no-such.css").status_code == 429


def test_whoever_has_signed_in_is_not_held_off_by_others_at_their_address(enter, client, settings, clock):
    settings.UNSIGNED_REQUESTS_A_MINUTE = 1
    for _ in range(3):
        client.get("/")
    enter(Role.PACE_LEAD)
    assert client.get(reverse("aims")).status_code == 200


def test_a_header_does_not_make_another_address(client, settings, clock):
    settings.UNSIGNED_REQUESTS_A_MINUTE = 1
    asked = [client.get("/", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code for number in range(2)]
    assert asked == [302, 429]


def test_three_hundred_people_sign_in_from_one_address_within_a_minute_and_more_are_held_off(client, settings, clock):
    settings.SIGN_INS_A_MINUTE, address = 300, reverse("account_login")
    typed = {"login": "nobody@council.example", "password": "not the password"}
    client.post(address, typed)
    UseCount.objects.filter(of="sign-ins 127.0.0.1").update(count=299)
    assert [client.post(address, typed).status_code for _ in range(2)] == [200, 429]
    assert client.post(reverse("mfa_login_webauthn"), {}).status_code == 429
    assert client.get(address).status_code == 200
    assert client.post(address, typed, REMOTE_ADDR="198.51.100.7").status_code == 200
    assert client.post(address, typed, headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 429
    clock["is"] = datetime(2027, 3, 1, 12, 1, 1, tzinfo=UTC)
    assert client.post(address, typed).status_code == 200


def test_links_for_passwords_are_sent_five_times_an_hour_whether_or_not_there_is_an_account(client, settings, clock):
    settings.PASSWORD_LINKS_AN_HOUR, address = 20, reverse("account_reset_password")
    for email in (person(Role.CHAMPION).email, "nobody@council.example"):
        answers = [client.post(address, {"email": email}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert len(mail.outbox) == 5
    assert "Too many tries" in answers[-1].content.decode()
    others = [client.post(address, {"email": f"other{n}@council.example"}).status_code for n in range(9)]
    assert others == [302] * 8 + [429]
    client.force_login(person(Role.CHAMPION))
    assert client.post(address, {"email": "nobody@council.example"}).status_code == 429


def test_a_flood_is_none_of_writes(client, settings, clock, django_assert_num_queries):
    settings.UNSIGNED_REQUESTS_A_MINUTE = 1
    for _ in range(3):
        client.get("/")
    with django_assert_num_queries(1):
        assert client.get("/").status_code == 429


def test_every_address_that_is_limited_exists():
    assert not (SEARCHES.keys() | EXPORTS.keys()) - {page.name for page in every_page()}
