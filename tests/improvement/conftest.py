import pytest

from improvement.actions.driver_diagrams import start_diagram
from improvement.actions.drivers import add_driver, add_idea
from improvement.actions.measures import plan_measure
from improvement.models.drivers import Level
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.aims.storytelling import aim as definition
from tests.builders import authority, person
from tests.improvement.builders import an_aim
from tests.improvement.measure_builders import SHARE
from tests.improvement.meeting_builders import PACK_DAY, PACK_SINCE, a_meeting

HISTORIES = [
    accommodated("2019-03-04", ref="A"),  # overdue, 65.0 weeks
    accommodated("2019-11-18", ref="B"),  # due 18 May 2020
    accommodated("2020-01-06", recommended("2020-05-11"), ref="C"),
    accommodated("2019-06-03", recommended("2019-09-02"), ref="D"),
]


@pytest.fixture
def lead(db):
    return person(Role.PACE_LEAD)


@pytest.fixture
def aim(db):
    """An aim over four children, two of whom are overdue on 1 June 2020."""
    store(HISTORIES, authority=authority())
    return stored_aim(definition(), authority=authority()).aim


@pytest.fixture
def meeting(aim):
    """A meeting on 1 June 2020, four weeks after another."""
    a_meeting(PACK_SINCE)
    return a_meeting(PACK_DAY)


@pytest.fixture
def champion(db):
    return person(Role.CHAMPION)


@pytest.fixture
def measure(lead, champion):
    return plan_measure(an_aim(), SHARE | {"collector": champion, "chart": "p"}, by=lead)


@pytest.fixture
def diagram(lead):
    return start_diagram(title="Our theory", sentence="Every child knows where they will live", by=lead)


@pytest.fixture
def branch(diagram, lead):
    """A primary driver, a secondary one that serves it, and its idea."""
    primary = add_driver(diagram, level=Level.PRIMARY, text="Leadership", by=lead)
    secondary = add_driver(diagram, level=Level.SECONDARY, text="Leaders ask", serves=[primary], by=lead)
    return primary, secondary, add_idea(secondary, title="Tea first", by=lead)
