import pytest
from django.core.cache import cache

from pace_site.front.fiction.authority import open_fictional, write_authority
from pace_site.front.fiction.recipe import Recipe
from tests.builders import person


@pytest.fixture
def enter(client):
    """Sign in as somebody of the authority with one role."""

    def run(role, **more):
        user = person(role, **more)
        client.force_login(user)
        return user

    return run


@pytest.fixture
def small(db):
    """A small authority in the database."""
    organisation = open_fictional(code="S12009901", name="Smallholm (fictional)")
    write_authority(organisation, children=60, seed=3, recipe=Recipe())
    return organisation


@pytest.fixture
def visitor(client, caplog, settings):
    """A browser to whom a broken page is an answer like any other.

    Nothing is logged and sessions are kept in memory, as there are thousands of requests.
    """
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    cache.clear()
    client.raise_request_exception = False
    with caplog.at_level("CRITICAL", logger="django.request"):
        yield client
