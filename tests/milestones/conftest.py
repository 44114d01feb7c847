import pytest

from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from tests.builders import person
from tests.milestones.extracts import CITY, Extract


@pytest.fixture
def extract(tmp_path):
    return Extract(tmp_path / "extract")


@pytest.fixture
def city():
    return Organisation.objects.get(code=CITY)


@pytest.fixture
def lead(city):
    return person(Role.DATA_LEAD, organisation=city)


@pytest.fixture
def tracker(tmp_path):
    """The files of a panel's tracker, which says something of one of the two children."""
    return (
        Extract(tmp_path / "tracker")
        .drop_child("A2")
        .change("events", 1, event_code="PANEL_PRESENTED", date="2018-06-01", route="")
    )
