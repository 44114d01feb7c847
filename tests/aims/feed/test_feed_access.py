"""Every address of the feed: who is let in, and what those who are not are told."""

import pytest

from aims.feed.actions import revoke_token, switch_feed
from pace_site.accounts.roles import Role
from tests.aims.feed.answers import EVERY_ADDRESS, NOON, refused, told
from tests.aims.feed.asking import ADDRESSES, ask, lead, token_of
from tests.aims.feed.published_months import publish
from tests.builders import authority, person

pytestmark = pytest.mark.django_db


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
