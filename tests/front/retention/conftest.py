"""Who proposes and who confirms."""

import pytest

from pace_site.accounts.roles import Role
from tests.builders import person


@pytest.fixture
def lead():
    return person(Role.DATA_LEAD)


@pytest.fixture
def second():
    return person(Role.PACE_LEAD)
