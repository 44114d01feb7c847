"""What must never be false of a driver diagram is refused by the database; the template keeps the programme's words."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from improvement.diagram_content import content_of
from improvement.diagram_template import national_diagram
from improvement.models import DiagramVersion, Driver, DriverDiagram, DriverLink, IdeaLink
from pace_site.accounts.roles import Role
from tests.builders import authority, person
from tests.improvement.builders import a_diagram, a_driver, an_idea

# The words of the programme's own driver diagram, block by block.
PRIMARY = [
    "Leadership",
    "Engage partners across whole system in each area",
    "Identify standard process",
    "Confident workforce",
]
SECONDARY = [
    [
        "Leaders understand and demonstrate attitude required for improvement",
        "Leaders prioritise and focus on areas of improvement",
    ],
    [
        "Understand system performance",
        "Shared understanding of improvement across system",
        "All agencies understand the impact of delay on a child",
    ],
    [
        "High quality, timely parenting assessments",
        "Data to track each child",
        "Agreed timescales for all milestones",
    ],
    [
        "Improve standard of report writing",
        "Evidence based assessments",
        "Learning and development for SW, children's panel members",
        "Avoid duplication",
    ],
]
IDEAS = [
    {
        "Meet regularly with local leaders to track progress and remove barriers",
        "Report on improvement projects at SMT meetings",
    },
    {
        "Develop a local measurement system that's used to understand and drive QI",
        "Process mapping to understand local context of drift and delay and increase engagement between partners",
    },
    {"Track/manage workflow", "Monitor/record LAC review", "Display data per child"},
    {
        "Mentoring for permanence reports",
        "Streamline paperwork",
        "Provide clear and accessible guidance",
        "Joint awareness raising/learning and development sessions – contact, attachment, decision making",
    },
]


def test_the_template_says_the_national_diagram_word_for_word():
    template = national_diagram()
    assert list(template.primary) == PRIMARY
    for primary, texts, ideas in zip(PRIMARY, SECONDARY, IDEAS, strict=True):
        drivers = [driver for driver in template.secondary if driver.primary == primary]
        assert [driver.text for driver in drivers] == texts
        assert {idea for driver in drivers for idea in driver.ideas} == ideas
    assert template.sentence == (
        "By December 2018, all local authorities will be using improvement methodology as part of the PACE programme "
        "to identify and address drift and delay in permanence processes."
    )
    assert template.definitions.splitlines() == [
        "Using improvement methodology – have a stretch aim and a driver diagram in place and be using PDSA cycles to "
        "test changes and recording outcomes. Collecting data at least monthly for each LAC to inform national data "
        "set on permanence and will be using data to produce Shewhart/run charts.",
        "Participating in PACE – having a local structure in place, that suits the requirements of each area, and "
        "using the support provided by the PACE delivery team to plan and test changes in permanence processes.",
    ]


@pytest.fixture
def pair(db):
    primary = a_driver(a_diagram())
    return primary, a_driver(primary.diagram, "Leaders ask", serves=(primary,), ideas=(an_idea(),))


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (lambda one, _two: DriverDiagram(authority=authority(), sentence="Aim"), "diagram_has_a_title"),
        (lambda one, _two: DriverDiagram(authority=authority(), title="Ours"), "diagram_says_its_aim"),
        (lambda one, _two: Driver(diagram=one.diagram, level="primary", order=1), "driver_says_something"),
        (lambda one, _two: Driver(diagram=one.diagram, level="third", text="A", order=1), "driver_level_is_known"),
        (lambda one, _two: Driver(diagram=one.diagram, level="primary", text="A", order=0), "driver_order_starts"),
        (lambda one, _two: DriverLink(secondary=one, primary=one), "driver_not_linked_to_itself"),
    ],
)
def test_a_diagram_cannot_be_stored_wrongly(pair, make, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(*pair).save()


def test_a_link_and_a_version_number_stand_once(pair):
    primary, secondary = pair
    lead = person(Role.PACE_LEAD)
    DiagramVersion.objects.create(diagram=primary.diagram, number=1, content={}, by=lead)
    for row in (
        DriverLink(secondary=secondary, primary=primary),
        IdeaLink(secondary=secondary, idea=secondary.ideas.get()),
        DiagramVersion(diagram=primary.diagram, number=1, content={}, by=lead),
        DiagramVersion(diagram=primary.diagram, number=0, content={}, by=lead),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_an_idea_on_a_diagram_and_a_diagram_with_versions_are_not_deleted(pair):
    primary, secondary = pair
    with pytest.raises(ProtectedError):
        secondary.ideas.get().delete()
    with pytest.raises(ProtectedError):
        primary.diagram.delete()


def test_rows_of_a_diagram_are_visible_in_their_own_authority_only(pair):
    lead = person(Role.PACE_LEAD)
    DiagramVersion.objects.create(diagram=pair[0].diagram, number=1, content={}, by=lead)
    other = person(Role.PACE_LEAD, organisation=authority("S12000033"))
    nobody = person(Role.NATIONAL_ANALYST)
    for model in (DriverDiagram, Driver, DriverLink, IdeaLink, DiagramVersion):
        assert model.objects.visible_to(lead).exists()
        assert model.objects.editable_by(lead).exists()
        assert model.objects.visible_to(person(Role.CHAMPION)).exists()
        assert not model.objects.editable_by(person(Role.CHAMPION)).exists()
        assert not model.objects.visible_to(other).exists()
        assert not model.objects.visible_to(nobody).exists()


def test_a_diagram_is_read_in_a_fixed_number_of_queries(pair, django_assert_num_queries):
    diagram = DriverDiagram.objects.select_related("aim").get()
    for number in range(5):
        a_driver(diagram, f"More {number}", serves=(pair[0],), ideas=(an_idea(f"Idea {number}"),))
    with django_assert_num_queries(5):
        content = content_of(diagram)
    assert len(content.secondary) == 6
