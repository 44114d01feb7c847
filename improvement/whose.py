"""Whose each row of improvement work is: every model in which people write, with the way from it to its authority."""

from django.db.models import Model

from improvement.models import (
    Action,
    AgendaItem,
    Attendance,
    Barrier,
    ChangeIdea,
    DiagramVersion,
    Driver,
    DriverDiagram,
    GroupMember,
    Implementation,
    Measure,
    MeasureValue,
    Meeting,
    PdsaCycle,
    Programme,
    ProgressScore,
    TestOfChange,
)

# Leaves first, so that they can be removed in this order; rows that only tie two of these go with either.
TO_AUTHORITY: tuple[tuple[type[Model], str], ...] = (
    (MeasureValue, "measure__authority"),
    (Measure, "authority"),
    (Action, "meeting__authority"),
    (Attendance, "meeting__authority"),
    (AgendaItem, "meeting__authority"),
    (Meeting, "authority"),
    (Barrier, "authority"),
    (ProgressScore, "programme__authority"),
    (GroupMember, "programme__authority"),
    (Programme, "authority"),
    (Implementation, "test__authority"),
    (PdsaCycle, "test__authority"),
    (TestOfChange, "authority"),
    (DiagramVersion, "diagram__authority"),
    (Driver, "diagram__authority"),
    (DriverDiagram, "authority"),
    (ChangeIdea, "authority"),
)
