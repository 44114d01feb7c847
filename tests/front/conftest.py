import pytest

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
