import pytest

from pace_site.accounts.models import Organisation, User
from tests.milestones.extracts import CITY, Extract


@pytest.fixture
def extract(tmp_path):
    return Extract(tmp_path / "extract")


@pytest.fixture
def city():
    return Organisation.objects.get(code=CITY)


@pytest.fixture
def lead(city):
    return User.objects.create_user("lead@city.example", organisation=city)
