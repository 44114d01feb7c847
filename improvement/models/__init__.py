"""How we change things: ideas, the tests in which they are tried, and what came of them (`domain.md` 6)."""

from improvement.models.change_ideas import ChangeIdea
from improvement.models.drivers import DiagramVersion, Driver, DriverDiagram, DriverLink, IdeaLink, MeasureLink
from improvement.models.implementations import Implementation
from improvement.models.measures import Measure, MeasureValue
from improvement.models.meetings import Action, AgendaItem, Attendance, Barrier, Meeting
from improvement.models.programme import GroupMember, Programme, ProgressScore
from improvement.models.tests_of_change import ChildInCycle, PdsaCycle, TestOfChange

__all__ = [
    "Action",
    "AgendaItem",
    "Attendance",
    "Barrier",
    "ChangeIdea",
    "ChildInCycle",
    "DiagramVersion",
    "Driver",
    "DriverDiagram",
    "DriverLink",
    "GroupMember",
    "IdeaLink",
    "Implementation",
    "Measure",
    "MeasureLink",
    "MeasureValue",
    "Meeting",
    "PdsaCycle",
    "Programme",
    "ProgressScore",
    "TestOfChange",
]
