"""The page on which a PACE lead opens the feed, makes tokens and revokes them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aims.feed.actions import make_token, revoke_token
from aims.models import FeedSwitch, FeedToken
from pace_site.accounts.roles import Role
from tests.aims.feed.asking import ask, lead, token_of
from tests.aims.feed.published_months import publish
from tests.builders import authority, person

pytestmark = pytest.mark.django_db

PAGE = "/reports/feed/"


@pytest.fixture
def enter(client):
    def run(role=Role.PACE_LEAD):
        user = person(role)
        client.force_login(user)
        return user

    return run


def words(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1])).split())


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def make(client, **fields):
    return client.post(PAGE, {"what": "make", "label": "Power BI", "expires_on": in_days(30), **fields})


def text_in(response) -> str:
    return re.search(r'id="token-text"[^>]*value="(\S+)"', response.content.decode())[1]


@pytest.mark.parametrize("role", Role.values)
def test_only_who_may_open_the_feed_is_offered_it(client, enter, role):
    enter(role)
    allowed = role in (Role.DATA_LEAD, Role.PACE_LEAD)
    for address in (PAGE, "/reports/feed/feed.md"):
        assert client.get(address).status_code == (200 if allowed else 403)
    assert ('href="/reports/feed/"' in client.get("/reports/").content.decode()) == allowed


def test_the_feed_is_off_until_somebody_switches_it_on(client, enter):
    user = enter()
    page = words(client.get(PAGE))
    assert "The feed to other programs is off" in page
    assert "It has never been on." in page
    page = words(client.post(PAGE, {"what": "on"}, follow=True))
    assert "The feed to other programs is on" in page
    assert f"Switched on by {user}" in page
    page = words(client.post(PAGE, {"what": "off"}, follow=True))
    assert "The feed to other programs is off" in page
    assert not FeedSwitch.objects.get().is_on


def test_a_token_is_shown_once_and_lets_in(client, enter):
    enter()
    client.post(PAGE, {"what": "on"})
    made = make(client)
    text = text_in(made)
    assert "no-store" in made["Cache-Control"]
    assert ask(client, "/feed/v1/dictionary.json", text).status_code == 200
    again = client.get(PAGE).content.decode()
    assert text not in again
    assert text[:10] in again
    assert text[10:] not in str(dict(client.session))


def test_a_form_that_is_sent_twice_makes_one_token(client, enter):
    enter()
    make(client)
    second = make(client)
    assert "There is a token of this name." in words(second)
    assert FeedToken.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label": ""}, "Say which program reads the feed"),
        ({"label": "x" * 81}, "at most 80 characters"),
        ({"expires_on": ""}, "Choose the last day"),
        ({"expires_on": "soon"}, "This is not a date"),
        ({"expires_on": in_days(400)}, "a year at most"),
        ({"expires_on": in_days(-1)}, "This day is past"),
    ],
)
def test_what_cannot_be_made_is_said_beside_its_field_and_nothing_typed_is_lost(client, enter, fields, said):
    enter()
    response = make(client, **{"label": "Typed with care", **fields})
    assert said in words(response)
    assert fields.get("label", "Typed with care") in response.content.decode()
    assert not FeedToken.objects.exists()


def test_faults_of_both_fields_are_told_at_once(client, enter):
    enter()
    page = words(make(client, label="", expires_on=in_days(-1)))
    assert "Say which program reads the feed" in page
    assert "This day is past" in page


def test_the_page_says_which_month_programs_find_last(client, enter):
    enter()
    publish(authority("S12000033"), "ABE-1")
    assert "No month is published yet" in words(client.get(PAGE))
    publish(authority(), "MID-1")
    assert "The latest month that is published is September 2026 ." in words(client.get(PAGE))


def test_a_label_is_shown_as_it_was_typed_and_never_as_markup(client, enter):
    enter()
    assert "<b>Power</b>" not in make(client, label="<b>Power</b>").content.decode()


def test_a_revoked_token_is_told_with_who_and_when_and_lets_nobody_in(client, enter):
    user = enter()
    client.post(PAGE, {"what": "on"})
    text = text_in(make(client))
    page = words(client.post(PAGE, {"what": "revoke", "token": FeedToken.objects.get().pk}, follow=True))
    assert "The token “Power BI” is revoked." in page
    assert re.search(rf"Revoked on .* by {user}", page)
    assert ask(client, "/feed/v1/dictionary.json", text).status_code == 401


def test_tokens_of_another_authority_are_neither_shown_nor_revoked(client, enter):
    enter()
    token, _text = token_of(authority("S12000033"), label="Theirs")
    assert "Theirs" not in words(client.get(PAGE))
    assert "It has never been on." in words(client.get(PAGE))
    assert client.post(PAGE, {"what": "revoke", "token": token.pk}).status_code == 404
    assert not FeedToken.objects.get().is_revoked


@pytest.mark.parametrize("key", ["", "x", "-1", "²", "9" * 30])
def test_a_token_that_is_none_is_not_found(client, enter, key):
    enter()
    assert client.post(PAGE, {"what": "revoke", "token": key}).status_code == 404


def test_the_page_tells_last_use_and_what_has_expired(client, enter):
    enter()
    _token, text = token_of(label="Used")
    ask(client, "/feed/v1/dictionary.json", text)
    token, _text = token_of(label="Old")
    FeedToken.objects.filter(pk=token.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    page = words(client.get(PAGE))
    assert re.search(rf"Used pace_\S+ .*{timezone.localdate().year}, \d\d:\d\d Lets in", page)
    assert re.search(r"Old pace_\S+ .* never Expired", page)


def test_the_addresses_are_those_at_which_the_site_is_reached(client, enter, settings):
    settings.SITE_URL = "https://pace.council.example"
    enter()
    page = client.get(PAGE).content.decode()
    assert 'value="https://pace.council.example/feed/v1/aims.csv"' in page
    assert "https://pace.council.example/feed/v1/aims/CODE.json" in page


@pytest.mark.parametrize(("name", "begins"), [("feed.md", "# "), ("feed.schema.json", "{")])
def test_the_documentation_can_be_handed_on(client, enter, name, begins):
    enter()
    response = client.get(f"{PAGE}{name}")
    assert response.status_code == 200
    assert response.content.decode().startswith(begins)


@pytest.mark.parametrize("name", ["design.md", "..", "settings.py"])
def test_nothing_else_is_handed_out_as_documentation(client, enter, name):
    enter()
    assert client.get(f"{PAGE}{name}").status_code == 404


def test_thirty_tokens_take_as_many_queries_as_three(client, enter):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).content.decode().count("<code>pace_") == FeedToken.objects.count()
        return len(asked)

    def make_more(count: int) -> None:
        for number in range(count):
            by = lead()
            token, _text = make_token(label=f"{count} {number}", expires_on=timezone.localdate(), by=by)
            if number % 2:
                revoke_token(token, by=lead())

    enter()
    make_more(3)
    few = queries()
    make_more(27)
    assert queries() == few
