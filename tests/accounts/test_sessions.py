"""Two requests of one person at once: neither undoes what the other wrote into the session."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError

from pace_site.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    """A session that holds two things, as the database keeps it."""
    session = SessionStore()
    session.update({"used_at": 1, "path": "/aims/"})
    session.create()
    return session.session_key


def read(key: str) -> dict:
    return SessionStore(key).load()


def test_what_two_requests_wrote_is_both_there(kept):
    saving, asking = SessionStore(kept), SessionStore(kept)
    saving["used_at"], asking["used_at"] = 2, 3
    saving["messages"] = ["It was saved."]
    saving.save()
    asking.save()
    assert read(kept) == {"used_at": 3, "path": "/aims/", "messages": ["It was saved."]}


def test_what_one_request_took_away_the_other_does_not_bring_back(kept):
    taking, asking = SessionStore(kept), SessionStore(kept)
    asking["used_at"] = 3
    del taking["path"]
    taking.save()
    asking.save()
    assert read(kept) == {"used_at": 3}


def test_a_session_saved_twice_keeps_what_came_between(kept):
    session, other = SessionStore(kept), SessionStore(kept)
    session["path"] = "/children/"
    session.save()
    other["path"] = "/reports/"
    other.save()
    session["used_at"] = 4
    session.save()
    assert read(kept) == {"used_at": 4, "path": "/reports/"}


def test_a_session_that_ended_meanwhile_stays_ended(kept):
    asking = SessionStore(kept)
    asking["used_at"] = 3
    SessionStore(kept).delete()
    with pytest.raises(UpdateError):
        asking.save()
    assert read(kept) == {}


@pytest.mark.parametrize("key", ['"abcdefgh\\000"', "abcdefgh%00", "\xe9abcdefgh", "short", "' OR 1=1 -- "])
def test_a_cookie_that_holds_no_key_is_no_session(client, key):
    """PostgreSQL takes no NUL, not even in a question."""
    client.cookies[settings.SESSION_COOKIE_NAME] = ""
    response = client.get("/", headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
