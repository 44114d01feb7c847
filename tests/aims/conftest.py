import pytest

from pace_site.accounts.models import Organisation
from tests.aims.stored_histories import measured
from tests.aims.storytelling import day


@pytest.fixture
def authority(db):
    return Organisation.objects.get(code="S12000019")


@pytest.fixture
def measure_children(authority):
    """Measure an aim over some children as at a day."""

    def run(definition, *histories, as_at):
        return measured(definition, list(histories), as_at=day(as_at), authority=authority)

    return run


@pytest.fixture
def clocks(measure_children):
    """The outcome rows of an aim over some children as at a day."""

    def run(definition, *histories, as_at):
        return measure_children(definition, *histories, as_at=as_at).now.outcomes.rows

    return run


@pytest.fixture
def clock(clocks):
    """The only outcome row of an aim over one child."""

    def run(definition, history, *, as_at):
        (row,) = clocks(definition, history, as_at=as_at)
        return row

    return run
