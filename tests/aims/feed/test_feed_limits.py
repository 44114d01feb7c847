"""How often the feed may be asked, and what the trail says of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aims.feed.access import FAILURES_IN_FIVE_MINUTES, REQUESTS_A_MINUTE
from aims.feed.actions import revoke_token, switch_feed
from aims.models import FeedToken
from pace_site.defences.models import UseCount
from tests.aims.feed.answers import NOON, Action, entries, told
from tests.aims.feed.asking import ADDRESSES, ask, lead, token_of
from tests.builders import authority

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


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
