"""The files of an extract, their columns, and what one row must hold by itself (`domain.md` 3.6, `design.md` 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from children.models import Child, Destination, Family, Identity, LegalMeasure, Placement, PlacementType
from milestones.catalogue import BY_CODE, RECORDED_CODES, Precision, Route
from milestones.extract.cells import Cell, Code, Day, EventCode, Flag, Unacceptable, Words
from milestones.extract.files import CHILDREN, EPISODES, EVENTS, IDENTITIES, LEGAL, PLACEMENTS
from milestones.models import Milestone
from pace_site.accounts.models import Team

LONGEST_NOTE = 10_000


@dataclass(frozen=True)
class Column:
    """A column: how its cells are read, whether the file must have it, and whether each row must fill it."""

    name: str
    cell: Cell
    must_exist: bool = True
    must_fill: bool = False


def accept(values: dict[str, Any]) -> None:
    """Most files ask nothing of a row beyond its cells."""


@dataclass(frozen=True)
class Layout:
    """One file of the extract; `check` refuses a row whose cells contradict each other."""

    file: str
    columns: tuple[Column, ...]
    check: Callable[[dict[str, Any]], None] = accept
    must_exist: bool = True
    may_have_no_rows: bool = True

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


def words(model: type, field: str) -> Words:
    """Text as long as the model keeps."""
    return Words(model._meta.get_field(field).max_length)


def check_end(values: dict[str, Any]) -> None:
    """Refuse an end before its start."""
    if values["end"] and values["end"] < values["start"]:
        raise Unacceptable("end-before-start", f"this end is before the start, {values['start']}", column="end")


def check_event(values: dict[str, Any]) -> None:
    """Refuse a date that contradicts its precision, an event without any date, and an outcome foreign to its kind."""
    day, precision = values["date"], values["precision"]
    if precision == Precision.UNKNOWN and day:
        raise Unacceptable("precision", "the precision says unknown, so the date must be empty", column="date")
    if precision == Precision.MONTH and day and day.day != 1:
        raise Unacceptable("precision", "a date known by month is written as the first of that month", column="date")
    if not day and precision != Precision.UNKNOWN and not values.get("planned_on"):
        raise Unacceptable(
            "empty-cell", "an event needs a date, a planned_on date, or the precision unknown", column="date"
        )
    outcomes = BY_CODE[values["event_code"]].outcomes
    if outcomes and values["outcome"] and values["outcome"] not in outcomes:
        raise Unacceptable(
            "unknown-code",
            f"this is not an outcome of {values['event_code']}: the codes are {', '.join(outcomes)}",
            column="outcome",
        )


def layouts(extract_date: date) -> dict[str, Layout]:
    """Return the files in the order they are read, with the authority's code tables (three queries)."""
    past, plan = Day(extract_date), Day(None)
    child = Column("child_ref", words(Child, "local_ref"), must_fill=True)
    start = Column("start", past, must_fill=True)
    end = Column("end", past)
    destinations = Code("a destination", _codes(Destination), blank=None)
    placement_types = Code("a placement type", _codes(PlacementType))
    measures = Code("a legal code", _codes(LegalMeasure))
    sexes = Code("a sex", frozenset(filter(None, Child.Sex.values)))
    events = EventCode("an event code", RECORDED_CODES, derived=frozenset(BY_CODE) - RECORDED_CODES)
    precisions = Code("a precision", frozenset(Precision.values), blank=Precision.DAY.value)
    routes = Code("a route", frozenset(Route.values))

    def optional(name: str, cell: Cell) -> Column:
        return Column(name, cell, must_exist=False)

    files = (
        Layout(
            CHILDREN,
            (
                child,
                Column("family_ref", words(Family, "ref")),
                Column("date_of_birth", past),
                Column("sex", sexes),
                Column("ethnicity", words(Child, "ethnicity")),
                Column("disability", words(Child, "disability")),
                Column("locality", words(Child, "locality")),
                Column("team", words(Team, "name")),
                optional("expected_on", plan),
            ),
            may_have_no_rows=False,
        ),
        Layout(
            IDENTITIES,
            (
                child,
                Column("given_name", words(Identity, "given_name")),
                Column("family_name", words(Identity, "family_name"), must_fill=True),
            ),
            must_exist=False,
        ),
        Layout(EPISODES, (child, start, end, Column("destination", destinations)), check=check_end),
        Layout(
            PLACEMENTS,
            (
                child,
                start,
                end,
                Column("placement_type", placement_types, must_fill=True),
                Column("provider", words(Placement, "provider")),
                Column("short_break", Flag()),
                optional("carer", words(Placement, "carer")),
            ),
            check=check_end,
        ),
        Layout(LEGAL, (child, start, end, Column("legal_code", measures, must_fill=True)), check=check_end),
        Layout(
            EVENTS,
            (
                child,
                Column("event_code", events, must_fill=True),
                Column("date", past),
                Column("precision", precisions),
                Column("route", routes),
                Column("outcome", words(Milestone, "outcome")),
                Column("source", words(Milestone, "source")),
                Column("note", Words(LONGEST_NOTE)),
                optional("review_kind", words(Milestone, "review_kind")),
                optional("order_type", words(Milestone, "order_type")),
                optional("planned_on", plan),
                optional("pre_birth", Flag()),
                optional("void_reason", words(Milestone, "void_reason")),
                optional("change_reason", words(Milestone, "change_reason")),
                optional("recorded_by", words(Milestone, "recorder")),
                optional("first_accommodated_on", past),
            ),
            check=check_event,
        ),
    )
    return {layout.file: layout for layout in files}


def _codes(model: type) -> frozenset[str]:
    return frozenset(model.objects.values_list("code", flat=True))
