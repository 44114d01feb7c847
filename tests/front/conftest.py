import pytest

from tests.builders import person


@pytest.fixture
def enter(client):
    """Sign in as somebody of the authority with one role."""

    def run(role, **more):
        user = person(role, **more)
        client.force_login(user)
        return user

    return run
