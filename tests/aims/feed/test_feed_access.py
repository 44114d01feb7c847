"""Every address of the feed: who is let in, how often, and what those who are not are told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aims.feed.access import FAILURES_IN_FIVE_MINUTES, REQUESTS_A_MINUTE
from aims.feed.actions import revoke_token, switch_feed
from aims.models import FeedToken, PublishedMonth
from aims.published.publishing import withdraw_month
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.defences.models import UseCount
from tests.aims.feed.asking import ADDRESSES, ask, lead, token_of
from tests.aims.feed.published_months import publish
from tests.aims.feed.shape import check_shape
from tests.builders import authority, person

pytestmark = pytest.mark.django_db

Action = AuditEntry.Action
NOON = datetime(2027, 3, 1, 12, 0, 10, tzinfo=UTC)
EVERY_ADDRESS = pytest.mark.parametrize("address", ADDRESSES)


@pytest.fixture
def clock(monkeypatch):
    """A day on which time stands still until it is moved on."""
    at = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: at[0])

    def forward(**by):
        at[0] += timedelta(**by)
        return at[0]

    return forward


@pytest.fixture
def mid_1(db):
    publish(authority(), "MID-1")


def told(response) -> dict:
    """The problem in an answer, which must have the published shape and hold nothing to be kept."""
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "private, no-store"
    problem = json.loads(response.content)
    check_shape(problem, "problem")
    assert problem["status"] == response.status_code
    return problem


def refused(response, words: str) -> bool:
    return response.status_code == 401 and words in told(response)["detail"]


def entries(action=Action.SIGN_IN_FAILED):
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))


# Who is let in


@EVERY_ADDRESS
def test_a_token_that_stands_opens_every_address(client, mid_1, address):
    _token, text = token_of()
    assert ask(client, address, text).status_code == 200


@EVERY_ADDRESS
def test_without_a_token_nothing_opens(client, mid_1, address):
    token_of()
    response = ask(client, address)
    assert refused(response, "Authorization: Bearer TOKEN")
    assert response["WWW-Authenticate"] == 'Bearer realm="PACE tracker feed"'


@EVERY_ADDRESS
def test_a_token_that_was_never_made_opens_nothing(client, mid_1, address):
    _token, text = token_of()
    response = ask(client, address, text[:-1] + ("A" if text[-1] != "A" else "B"))
    assert refused(response, "not known")
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


@EVERY_ADDRESS
def test_a_revoked_token_opens_nothing(client, mid_1, address):
    token, text = token_of()
    revoke_token(token, by=lead())
    assert refused(ask(client, address, text), "was revoked on")


@EVERY_ADDRESS
def test_a_token_opens_until_the_end_of_its_last_day(client, mid_1, address, clock):
    _token, text = token_of(expires_on=NOON.date())
    assert ask(client, address, text).status_code == 200
    clock(hours=12)
    assert refused(ask(client, address, text), "ended with 1 March 2027")


@EVERY_ADDRESS
def test_a_feed_that_was_never_switched_on_gives_nothing(client, mid_1, address):
    _token, text = token_of(on=False)
    response = ask(client, address, text)
    assert (response.status_code, told(response)["detail"]) == (403, "The feed of this authority is switched off.")


@EVERY_ADDRESS
def test_a_feed_that_is_switched_off_gives_nothing_at_once_not_even_that_nothing_changed(client, mid_1, address):
    _token, text = token_of()
    etag = ask(client, address, text)["ETag"]
    switch_feed(on=False, by=lead())
    response = ask(client, address, text, If_None_Match=etag)
    assert (response.status_code, told(response)["detail"]) == (403, "The feed of this authority is switched off.")


@EVERY_ADDRESS
def test_another_authority_s_token_tells_nothing_of_this_one(client, mid_1, address):
    publish(authority("S12000033"), "ABE-1")
    _token, text = token_of(authority("S12000033"))
    response = ask(client, address, text)
    body = response.content.decode()
    assert "MID-1" not in body
    assert "S12000019" not in body
    assert response.status_code == (404 if "MID-1" in address else 200)


@EVERY_ADDRESS
def test_another_authority_s_switch_opens_nothing(client, mid_1, address):
    _token, text = token_of(on=False)
    switch_feed(on=True, by=lead(authority("S12000033")))
    assert ask(client, address, text).status_code == 403


@EVERY_ADDRESS
@pytest.mark.parametrize("role", [Role.PACE_LEAD, Role.SENIOR_LEADER])
def test_a_session_gives_nothing_and_is_left_alone(client, mid_1, address, role):
    token_of()
    client.force_login(person(role))
    response = ask(client, address)
    assert response.status_code == 401
    assert "Set-Cookie" not in response
    assert not response.cookies


def test_the_session_of_who_lost_every_role_is_not_sent_to_the_sign_in(client):
    client.force_login(person())
    assert ask(client, "/feed/v1/aims.json").status_code == 401


@pytest.mark.parametrize(
    "header", ["Token {text}", "Basic {text}", "{text}", "Bearer", "Bearer ", "bearer\t{text}", "Bearer {text}, {text}"]
)
def test_a_token_is_taken_from_a_bearer_header_alone(client, mid_1, header):
    _token, text = token_of()
    assert client.get(ADDRESSES[0], headers={"Authorization": header.format(text=text)}).status_code == 401


@pytest.mark.parametrize("name", ["token", "access_token", "Authorization"])
def test_a_token_in_the_address_opens_nothing(client, mid_1, name):
    _token, text = token_of()
    assert client.get(ADDRESSES[0], {name: text}).status_code == 401


# How it is asked


@EVERY_ADDRESS
def test_head_tells_the_same_without_the_body(client, mid_1, address):
    _token, text = token_of()
    got = ask(client, address, text)
    head = client.head(address, headers={"Authorization": f"Bearer {text}"})
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Type"]) == (got["ETag"], got["Content-Type"])


@EVERY_ADDRESS
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_the_feed_is_only_read(client, mid_1, address, method):
    client.handler.enforce_csrf_checks = True
    _token, text = token_of()
    response = getattr(client, method)(address, headers={"Authorization": f"Bearer {text}"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "only read" in told(response)["detail"]


@pytest.mark.parametrize("address", ["/feed/", "/feed/v1/", "/feed/v1/aims.xml", "/feed/v2/aims.json", "/feed/v1/aims"])
def test_an_address_that_is_none_is_told_in_json_and_only_to_who_is_let_in(client, mid_1, address):
    _token, text = token_of()
    response = ask(client, address, text)
    assert (response.status_code, told(response)["title"]) == (404, "Not Found")
    assert ask(client, address).status_code == 401


@pytest.mark.parametrize("code", ["NONE-1", "mid-1", "MID-1.csv"])
def test_an_aim_of_which_nothing_is_published_is_not_found(client, mid_1, code):
    _token, text = token_of()
    response = ask(client, f"/feed/v1/aims/{code}.json", text)
    assert (response.status_code, told(response)["status"]) == (404, 404)


@pytest.mark.parametrize(("file_format", "other"), [("json", "text/csv"), ("csv", "application/json")])
def test_what_a_program_cannot_take_is_not_sent(client, mid_1, file_format, other):
    _token, text = token_of()
    address = f"/feed/v1/aims.{file_format}"
    assert told(ask(client, address, text, Accept=other))["status"] == 406
    assert ask(client, address, text, Accept=f"{other}, */*;q=0.1").status_code == 200


@EVERY_ADDRESS
def test_an_answer_is_for_its_asker_alone_and_no_other_site_s(client, mid_1, address):
    _token, text = token_of()
    response = ask(client, address, text, Origin="https://elsewhere.example")
    assert response["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept"} <= {name.strip() for name in response["Vary"].split(",")}
    assert not [name for name in response.headers if name.lower().startswith("access-control-")]
    assert not response.cookies


@EVERY_ADDRESS
def test_what_has_not_changed_is_not_sent_again(client, mid_1, address):
    _token, text = token_of()
    first = ask(client, address, text)
    again = ask(client, address, text, If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert ask(client, address, text, If_None_Match='"another"').status_code == 200


def test_a_new_month_changes_the_mark_of_the_figures(client, mid_1):
    _token, text = token_of()
    marks = {address: ask(client, address, text)["ETag"] for address in ADDRESSES}
    publish(authority(), "MID-1", month_end="2026-10-31")
    changed = {address for address in ADDRESSES if ask(client, address, text)["ETag"] != marks[address]}
    assert changed == {address for address in ADDRESSES if "aims" in address}


def test_since_a_day_nothing_changed_until_a_month_is_published_or_withdrawn(client, mid_1, clock):
    _token, text = token_of()
    figures = [address for address in ADDRESSES if "aims" in address]

    def sent_since(since: str) -> set[int]:
        return {ask(client, address, text, If_Modified_Since=since).status_code for address in figures}

    clock(minutes=1)
    since = ask(client, figures[0], text)["Last-Modified"]
    assert sent_since(since) == {304}
    publish(authority(), "MID-2", month_end="2026-10-31")
    assert sent_since(since) == {200}
    clock(minutes=1)
    since = ask(client, figures[0], text)["Last-Modified"]
    withdraw_month(PublishedMonth.objects.first(), reason="Counted twice", by=lead())
    assert sent_since(since) == {200}


# How often


def test_the_sixty_first_request_of_a_minute_waits_for_the_next(client, mid_1, clock):
    _token, text = token_of()
    answers = [ask(client, ADDRESSES[0], text).status_code for _ in range(REQUESTS_A_MINUTE)]
    assert set(answers) == {200}
    response = ask(client, ADDRESSES[0], text)
    assert told(response)["status"] == 429
    assert response["Retry-After"] == "50"
    clock(seconds=50)
    assert ask(client, ADDRESSES[0], text).status_code == 200


def test_one_token_s_requests_do_not_count_against_another(client, mid_1, clock):
    _token, busy = token_of(label="Busy")
    _other, quiet = token_of(label="Quiet")
    for _ in range(REQUESTS_A_MINUTE + 1):
        ask(client, ADDRESSES[0], busy)
    assert ask(client, ADDRESSES[0], quiet).status_code == 200


def test_a_feed_that_is_off_is_not_asked_for_ever(client, mid_1, clock):
    _token, text = token_of(on=False)
    answers = [ask(client, ADDRESSES[0], text).status_code for _ in range(REQUESTS_A_MINUTE + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({403}, 429)


def guess(client, address="192.0.2.7", **headers):
    return client.get(ADDRESSES[0], headers={"Authorization": "Bearer pace_guess", **headers}, REMOTE_ADDR=address)


def test_who_fails_ten_times_in_five_minutes_waits(client, clock):
    answers = [guess(client).status_code for _ in range(FAILURES_IN_FIVE_MINUTES)]
    assert set(answers) == {401}
    response = guess(client)
    assert (told(response)["status"], response["Retry-After"]) == (429, "290")
    assert guess(client, "192.0.2.8").status_code == 401
    clock(seconds=290)
    assert guess(client).status_code == 401


@pytest.mark.parametrize(("trusted", "last"), [(0, 429), (1, 401)])
def test_an_address_is_believed_of_proxies_that_are_named_and_of_no_header_else(client, settings, clock, trusted, last):
    settings.TRUSTED_PROXIES = trusted
    for number in range(FAILURES_IN_FIVE_MINUTES):
        guess(client, X_Forwarded_For=f"198.51.100.{number}")
    assert guess(client, X_Forwarded_For="198.51.100.99").status_code == last


def test_behind_a_proxy_what_the_caller_puts_before_is_not_believed(client, settings, clock):
    settings.TRUSTED_PROXIES = 1
    for number in range(FAILURES_IN_FIVE_MINUTES):
        guess(client, X_Forwarded_For=f"203.0.113.{number}, 198.51.100.1")
    assert guess(client, X_Forwarded_For="203.0.113.99, 198.51.100.1").status_code == 429


def test_where_the_server_tells_no_address_failures_are_counted_together(client, clock):
    answers = [guess(client, "").status_code for _ in range(FAILURES_IN_FIVE_MINUTES + 1)]
    assert answers[-2:] == [401, 429]


def test_a_good_token_is_let_in_from_an_address_where_others_failed(client, mid_1, clock):
    _token, text = token_of()
    for _ in range(FAILURES_IN_FIVE_MINUTES + 2):
        guess(client, "127.0.0.1")
    assert ask(client, ADDRESSES[0], text).status_code == 200


def test_whoever_sends_no_token_is_not_counted(client, clock):
    answers = {ask(client, ADDRESSES[0]).status_code for _ in range(FAILURES_IN_FIVE_MINUTES + 5)}
    assert answers == {401}
    assert not UseCount.objects.exists()


def test_a_flood_of_failures_is_read_and_not_written(client, clock):
    for _ in range(FAILURES_IN_FIVE_MINUTES + 1):
        guess(client)
    with CaptureQueriesContext(connection) as asked:
        assert guess(client).status_code == 429
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}


def test_counts_of_what_has_passed_are_removed(client, mid_1, clock):
    _token, text = token_of()
    for _ in range(5):
        ask(client, ADDRESSES[0], text)
        guess(client)
        clock(minutes=10)
    assert {row.until > timezone.now() - timedelta(minutes=10) for row in UseCount.objects.all()} == {True}


# What the trail says


def test_the_first_use_of_each_day_is_told_and_the_last_use_kept_to_the_minute(client, mid_1, clock):
    token, text = token_of()
    for _ in range(3):
        ask(client, ADDRESSES[0], text)
    now = clock(minutes=5)
    ask(client, ADDRESSES[1], text)
    assert FeedToken.objects.get().last_used_at == now
    told_of = entries(Action.EXPORT)
    assert [(entry.record_type, entry.record_id, entry.actor_id) for entry in told_of] == [
        ("feed token", str(token.pk), None)
    ]
    assert "Power BI" in told_of[0].actor
    clock(days=1)
    ask(client, ADDRESSES[0], text)
    assert len(entries(Action.EXPORT)) == 2


def test_a_use_in_the_same_minute_as_a_refusal_is_kept(client, mid_1, clock):
    _token, text = token_of(on=False)
    ask(client, ADDRESSES[0], text)
    switch_feed(on=True, by=lead())
    ask(client, ADDRESSES[0], text)
    assert FeedToken.objects.get().last_used_at == NOON


def test_a_refused_token_is_told_once_a_day_for_each_reason(client, mid_1, clock):
    token, text = token_of()
    revoke_token(token, by=lead())
    for _ in range(4):
        ask(client, ADDRESSES[0], text)
    assert [entry.reason for entry in entries()] == ["This token was revoked on 1 March 2027."]
    clock(days=1)
    ask(client, ADDRESSES[0], text)
    assert len(entries()) == 2


def test_a_token_that_is_not_known_is_told_once_a_day_to_authorities_whose_feed_is_on(client, clock):
    token_of()
    token_of(authority("S12000033"), on=False)
    for number in range(20):
        guess(client, f"192.0.2.{number}")
    assert [(entry.authority_code, entry.address) for entry in entries()] == [("S12000019", "192.0.2.0")]
    assert "pace_guess" not in str([(entry.after, entry.reason, entry.actor) for entry in entries()])


def test_a_use_that_was_refused_is_no_use(client, clock):
    token_of(on=False)
    _token, text = token_of(label="Second", on=False)
    ask(client, ADDRESSES[0], text)
    assert not FeedToken.objects.exclude(last_used_at=None).exists()
    assert not entries(Action.EXPORT)
    assert [entry.reason for entry in entries()] == ["The feed of this authority is switched off."]
