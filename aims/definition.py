"""An aim as data: typed, checked, and in the same shape as the aim file (`domain.md` 2.3, `design.md` 4 and 7).

Importable without Django's registry. A definition that parses is one that the engine can measure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from aims.field_readers import (
    DefinitionError,
    event_code,
    flag,
    fraction,
    length,
    list_of,
    one_of,
    percentage,
    read_date,
    shown,
    text_up_to,
    whole_number,
)
from children.codes import PLACEMENT_TYPES
from milestones.catalogue import ALIASES, Route
from milestones.clocks.limits import UNITS, Limit

KINDS = ("timed", "deadline", "milestone_review")
STATUSES = ("draft", "active", "closed")
PROVENANCES = ("sourced", "inferred", "local")
ROUTED_STARTS = ("PERM_REC", "PPM_DECISION", "ADM_APPROVED")
AT_HOME_2Y = "AT_HOME_2Y"
# Derived as ends of something: they may stop a clock, never start one.
NEVER_A_START = frozenset({"LAC_END", "ACCOM_END", "AT_HOME_CSO_END"})
# What an area may leave open in a draft, as X.
UNDECIDED = "X"
MAY_BE_UNDECIDED = frozenset(
    {
        "limit",
        "limit_value",
        "from_date",
        "before_date",
        "by_date",
        "deadline",
        "target_pct",
        "age_min",
        "age_max_exclusive",
        "threshold",
    }
)
TITLE_LENGTH, TEXT_LENGTH = 200, 4_000
# Words that stand in the address of a page about no single aim (`/aims/manage/`), so that no aim may be called so.
RESERVED_CODES = frozenset({"at-home", "compare", "manage", "meeting", "national", "new", "stages"})

AimError = DefinitionError


@dataclass(frozen=True)
class AimDefinition:
    """One version of one aim. Dates are plain dates, percentages 0 to 100, ages whole years at the start event.

    `reminder_fraction` is the part of the time, above 0 and below 1, after which people are first reminded.
    """

    code: str
    title: str
    start_event: str
    stop_event: tuple[str, ...]
    kind: str = "timed"
    text: str = ""
    national_aim: int | None = None
    status: str = "active"
    limit: Limit | None = None
    from_date: date | None = None
    before_date: date | None = None
    by_date: date | None = None
    deadline: date | None = None
    target_pct: Decimal | None = None
    age_min: int | None = None
    age_max_exclusive: int | None = None
    age_basis: str = "start_event"
    routes: tuple[str, ...] = ()
    placements_excluded: tuple[str, ...] = ()
    pathways_excluded: tuple[str, ...] = ()
    accommodation_basis: str = "current_spell"
    exit_rule: str = "exclude"
    threshold: Limit | None = None
    strict: bool = False
    population: str = "rolling"
    reminder_fraction: Decimal = Decimal("0.5")
    provenance: str = "local"
    source: str = ""
    note: str = ""

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> "AimDefinition":
        """Build a definition from an aim file's mapping or a stored version; raise `AimError` on the first fault."""
        values = dict(data)
        _join_limit(values)
        for name in values:
            if name not in FIELD_READERS:
                raise AimError(str(name), f"is not a field of an aim. Fields are: {', '.join(FIELD_READERS)}")
        read = {}
        for name, raw in values.items():
            if not _is_open(name, raw):
                read[name] = FIELD_READERS[name](name, raw)
        for required in ("code", "title", "start_event", "stop_event"):
            if not read.get(required):
                raise AimError(required, "is missing")
        definition = cls(**read)
        definition._check_whole()
        return definition

    def to_mapping(self) -> dict[str, Any]:
        """Return the aim file's mapping: JSON values only, defaults left out."""
        mapping = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                mapping[each.name] = _to_json(value)
        return mapping

    @property
    def has_claim(self) -> bool:
        """Whether a percentage may be claimed: a draft with X for its limit or deadline shows durations only."""
        return self.limit is not None or self.deadline is not None

    @property
    def is_backlog(self) -> bool:
        """Whether a fixed cohort runs down to one deadline (`domain.md` 4.8)."""
        return self.kind == "deadline" and self.before_date is not None and self.deadline is not None

    def _check_whole(self) -> None:
        if self.kind == "deadline" and self.limit is not None:
            raise AimError("limit", "an aim of kind deadline has a deadline and no limit per child")
        if self.kind != "deadline" and self.deadline is not None:
            raise AimError("deadline", "belongs to aims of kind deadline only")
        self._check_events()
        self._check_dates()
        if self.age_min is not None and self.age_max_exclusive is not None and self.age_min >= self.age_max_exclusive:
            raise AimError("age_max_exclusive", "must be above age_min")

    def _check_events(self) -> None:
        start = ALIASES.get(self.start_event, self.start_event)
        if start in NEVER_A_START:
            raise AimError("start_event", f"{self.start_event} ends something and cannot start a clock")
        for code in self.stop_event:
            if ALIASES.get(code, code) == start:
                raise AimError("stop_event", f"{code} starts the clock and cannot stop it as well")
            if code == AT_HOME_2Y:
                raise AimError("stop_event", f"{code} starts a clock and never stops one")
        if self.routes and start not in ROUTED_STARTS:
            raise AimError(
                "routes", f"only clocks that start with {', '.join(ROUTED_STARTS)} have a route of their own"
            )
        for name, is_set in (
            ("threshold", self.threshold is not None),
            ("strict", self.strict),
            ("population", self.population == "snapshot"),
        ):
            if is_set and start != AT_HOME_2Y:
                raise AimError(name, f"belongs to the start event {AT_HOME_2Y} only")
        if self.accommodation_basis == "first_ever" and start != "ACCOM_START":
            raise AimError("accommodation_basis", "first_ever belongs to the start event ACCOM_START only")

    def _check_dates(self) -> None:
        for earlier, later in (("from_date", "by_date"), ("from_date", "deadline"), ("before_date", "deadline")):
            first, last = getattr(self, earlier), getattr(self, later)
            if first and last and last < first:
                raise AimError(later, f"lies before the {earlier}")
        if self.from_date and self.before_date and self.before_date <= self.from_date:
            raise AimError("before_date", "must lie after the from_date, or nobody is counted")


def _is_open(name: str, raw: Any) -> bool:
    """Whether a field is left empty, or left open with X where an area may still decide."""
    return raw is None or (raw == UNDECIDED and name in MAY_BE_UNDECIDED)


def _join_limit(values: dict[str, Any]) -> None:
    """Accept `limit_value` and `limit_unit` as two fields, as the register writes them."""
    if "limit_value" not in values and "limit_unit" not in values:
        return
    if "limit" in values:
        raise AimError("limit", "is given as limit_value and limit_unit as well: say it once")
    value, unit = values.pop("limit_value", None), values.pop("limit_unit", None)
    if _is_open("limit_value", value):
        return
    if unit is None:
        raise AimError("limit_unit", f"is missing. Units are: {', '.join(UNITS)}")
    values["limit"] = length("limit_value", f"{value} {unit}")


def _to_json(value: Any) -> Any:
    if isinstance(value, (date, Limit)):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value


def _code(name: str, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}", raw):
        raise AimError(name, f"{shown(raw)} is not a code: use up to 20 letters, digits, dots and hyphens")
    if raw.lower() in RESERVED_CODES:
        raise AimError(name, f"{shown(raw)} is the name of a page, and cannot be that of an aim")
    return raw


FIELD_READERS = {
    "code": _code,
    "title": text_up_to(TITLE_LENGTH),
    "text": text_up_to(TEXT_LENGTH),
    "kind": one_of(*KINDS),
    "national_aim": whole_number(1, 4),
    "status": one_of(*STATUSES),
    "start_event": event_code,
    "stop_event": list_of(event_code),
    "limit": length,
    "from_date": read_date,
    "before_date": read_date,
    "by_date": read_date,
    "deadline": read_date,
    "target_pct": percentage,
    "age_min": whole_number(0, 26),
    "age_max_exclusive": whole_number(1, 26),
    "age_basis": one_of("start_event"),
    "routes": list_of(one_of(*Route.values)),
    "placements_excluded": list_of(one_of(*(code for code, _label, _group in PLACEMENT_TYPES))),
    "pathways_excluded": list_of(one_of(*Route.values)),
    "accommodation_basis": one_of("current_spell", "first_ever"),
    "exit_rule": one_of("exclude", "count_as_met", "count_as_missed"),
    "threshold": length,
    "strict": flag,
    "population": one_of("rolling", "snapshot"),
    "reminder_fraction": fraction,
    "provenance": one_of(*PROVENANCES),
    "source": text_up_to(TEXT_LENGTH),
    "note": text_up_to(TEXT_LENGTH),
}
