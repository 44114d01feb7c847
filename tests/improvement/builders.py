"""Build tests of change as far as a test needs them; everything not said is ordinary."""

from datetime import date

from aims.models import Aim
from improvement.models import ChangeIdea, Driver, DriverDiagram, DriverLink, IdeaLink, PdsaCycle, TestOfChange
from improvement.models.drivers import Level
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim as definition
from tests.builders import authority, person

PLAN = {
    "objective": "See whether the agenda helps",
    "questions": [{"question": "Is it used?", "prediction": "At 4 of 5 meetings", "came_true": ""}],
    "data_items": ["Number of meetings with the agenda"],
}
DO = {"started_on": date(2026, 3, 2), "ended_on": date(2026, 3, 20), "what_happened": "It was used at five meetings"}
STUDY = {"results": "Four of five", "comparison": "As predicted"}
ACT = {"decision": "adapt", "decision_reason": "It was too long", "decided_on": date(2026, 3, 25)}


def an_aim(code: str = "AIM-1", *, organisation: Organisation | None = None, **more) -> Aim:
    return stored_aim(definition(code=code, **more), authority=organisation or authority()).aim


def an_idea(title: str = "A 72-hour agenda", *, organisation: Organisation | None = None, **more) -> ChangeIdea:
    return ChangeIdea.objects.create(authority=organisation or authority(), title=title, **more)


def a_test(
    *, lead: User | None = None, members: tuple[User, ...] = (), aim: Aim | None = None, cycles: int = 1, **more
) -> TestOfChange:
    """A test of change with its cycles: those before the last were adapted, the last has nothing filled in."""
    lead = lead or person(Role.PRACTITIONER)
    organisation = lead.organisation
    aim = aim or Aim.objects.filter(authority=organisation, code="AIM-1").first() or an_aim(organisation=organisation)
    more = {"title": "72-hour agenda", "begun_on": date(2026, 2, 1), **more}
    test = TestOfChange.objects.create(authority=organisation, aim=aim, lead=lead, **more)
    test.members.set(members)
    for number in range(1, cycles):
        a_cycle(test, number, **PLAN, **DO, **STUDY, **ACT)
    a_cycle(test, cycles)
    return test


def a_cycle(test: TestOfChange, number: int = 1, **filled) -> PdsaCycle:
    return PdsaCycle.objects.create(test=test, number=number, **filled)


def a_diagram(title: str = "Our theory", *, organisation: Organisation | None = None, **more) -> DriverDiagram:
    more = {"sentence": "Every child knows where they will live", **more}
    return DriverDiagram.objects.create(authority=organisation or authority(), title=title, **more)


def a_driver(
    diagram: DriverDiagram,
    text: str = "Leadership",
    *,
    serves: tuple[Driver, ...] = (),
    ideas: tuple[ChangeIdea, ...] = (),
    **more,
) -> Driver:
    """A primary driver, or a secondary one when it says what it serves or which ideas move it."""
    level = Level.SECONDARY if serves or ideas else Level.PRIMARY
    more = {"level": level, "order": diagram.drivers.count() + 1, **more}
    driver = Driver.objects.create(diagram=diagram, text=text, **more)
    for primary in serves:
        DriverLink.objects.create(secondary=driver, primary=primary)
    for idea in ideas:
        IdeaLink.objects.create(secondary=driver, idea=idea)
    return driver
