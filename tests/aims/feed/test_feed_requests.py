"""How the feed is asked, and what it sends again."""

import pytest

from aims.models import PublishedMonth
from aims.published.publishing import withdraw_month
from tests.aims.feed.answers import EVERY_ADDRESS, told
from tests.aims.feed.asking import ADDRESSES, ask, lead, token_of
from tests.aims.feed.published_months import publish
from tests.builders import authority

pytestmark = pytest.mark.django_db


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
