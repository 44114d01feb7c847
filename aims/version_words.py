"""What each field of an aim is called and says, in words; and what one version changed of the one before."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from aims.definition import AimDefinition
from aims.definition_words import PLACEMENT_LABELS
from milestones.catalogue import Route, label_of
from milestones.clocks.limits import Limit
from pace_site.look.words import british_date

OPEN = "not set (X)"
NONE = "none"
LABELS = {
    "code": "Code",
    "title": "Title",
    "text": "The aim in full",
    "kind": "Kind",
    "national_aim": "National aim it serves",
    "status": "Status",
    "start_event": "The clock starts with",
    "stop_event": "The clock stops with",
    "limit": "Allowed from the start",
    "from_date": "Counts clocks that start from",
    "before_date": "Counts clocks that started before",
    "by_date": "Judged on",
    "deadline": "Deadline for every child",
    "target_pct": "Target",
    "age_min": "Youngest age counted",
    "age_max_exclusive": "Only children under",
    "age_basis": "Age on the day of",
    "routes": "Only these routes",
    "placements_excluded": "Placements left out",
    "pathways_excluded": "Pathways left out",
    "accommodation_basis": "Which time away from home counts",
    "exit_rule": "When a child leaves in time",
    "threshold": "At home for",
    "strict": "More than that time, not just as long",
    "population": "Which children at home",
    "reminder_fraction": "First reminder after",
    "provenance": "Whose wording",
    "source": "Source",
    "note": "Note",
}
KINDS = {
    "timed": "A limit for each child, from the start of its clock",
    "milestone_review": "A limit for each child, up to a named review",
    "deadline": "One deadline for every child: a backlog or an audit",
}
NATIONAL_AIMS = [
    ("", "None of them"),
    (1, "1: at home on a supervision order for two years"),
    (2, "2: a recommendation for permanence"),
    (3, "3: to the permanence panel"),
    (4, "4: to court"),
]
STATUSES = {"draft": "Draft", "active": "Active", "closed": "Closed"}
BASES = {
    "current_spell": "Each time away from home, with its own clock",
    "first_ever": "Only the first time away from home ever",
}
EXIT_RULES = {
    "exclude": "The child counts in no percentage",
    "count_as_met": "The child counts as met",
    "count_as_missed": "The child counts as missed",
}
POPULATIONS = {
    "rolling": "Whoever is over that time on any day of the period",
    "snapshot": "Only those over that time on the from-date",
}
PROVENANCES = {
    "sourced": "Published wording",
    "inferred": "National or published aim, wording inferred",
    "local": "Our own",
}
_CHOICES = {
    "kind": KINDS,
    "status": STATUSES,
    "accommodation_basis": BASES,
    "exit_rule": EXIT_RULES,
    "population": POPULATIONS,
    "provenance": PROVENANCES,
    "age_basis": {"start_event": "the start event"},
}
_EVENTS = frozenset({"start_event", "stop_event"})
_TEXTS = frozenset({"title", "text", "source", "note"})


@dataclass(frozen=True)
class Change:
    """One field of which two versions say different things, in words."""

    field: str
    label: str
    before: str
    after: str


def changes(before: AimDefinition, after: AimDefinition) -> list[Change]:
    """What `after` says otherwise than `before`, in the order of the fields."""
    return [
        Change(each.name, LABELS[each.name], value_in_words(before, each.name), value_in_words(after, each.name))
        for each in fields(AimDefinition)
        if getattr(before, each.name) != getattr(after, each.name)
    ]


def changes_but_status(before: AimDefinition, after: AimDefinition) -> list[Change]:
    return changes(replace(before, status=after.status), after)


def value_in_words(definition: AimDefinition, name: str) -> str:
    """What a definition says in one field."""
    value: Any = getattr(definition, name)
    if name in _CHOICES:
        return _CHOICES[name][value]
    if name in _EVENTS:
        return _listed(label_of(code) for code in ([value] if isinstance(value, str) else value))
    if name in ("routes", "pathways_excluded"):
        return _listed(Route(route).label for route in value)
    if name == "placements_excluded":
        return _listed(PLACEMENT_LABELS[code] for code in value)
    if name in _TEXTS:
        return value or "nothing"
    return _plain(name, value)


def _plain(name: str, value: date | Limit | Decimal | int | bool | str | None) -> str:
    if value is None:
        return NONE if name in ("national_aim", "age_min", "age_max_exclusive") else OPEN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return british_date(value)
    if name == "reminder_fraction":
        return f"{(value * 100).normalize():f} % of the time"
    if name == "target_pct":
        return f"{value.normalize():f} %"
    if name in ("age_min", "age_max_exclusive"):
        return f"{value} years"
    return str(value)


def _listed(words) -> str:
    return "; ".join(str(word) for word in words) or NONE


def choices_of(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(words.items())
