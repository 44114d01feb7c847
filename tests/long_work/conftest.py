import pytest

from pace_site.accounts.permissions import Permission
from pace_site.accounts.roles import Role
from pace_site.long_work.kinds import KINDS, kind
from tests.builders import person


@pytest.fixture
def declare():
    """Declare a kind of work for as long as the test lasts."""
    declared = []

    def run(carry_out):
        declared.append(kind("tried", needs=Permission.EXPORT_AIM)(carry_out))
        return declared[-1]

    yield run
    for each in declared:
        del KINDS[each.name]


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD)
