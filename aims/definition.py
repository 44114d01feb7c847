"""An aim as data: typed, checked, and in the same shape as the aim file (`domain.md` 2.3, `design.md` 4 and 7).

Importable without Django's registry. A definition that parses is one that the engine can measure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from milestones.catalogue import AIM_EVENT_CODES, Route
from milestones.clocks.limits import UNITS, Limit

KINDS = ("timed", "deadline", "milestone_review")
STATUSES = ("draft", "active", "closed")
PROVENANCES = ("sourced", "inferred", "local")
ROUTED_STARTS = ("PERM_REC", "PPM_DECISION", "ADM_APPROVED")
AT_HOME_2Y = "AT_HOME_2Y"
# Derived as ends of something: they may stop a clock, never start one.
NEVER_A_START = frozenset({"LAC_END", "ACCOM_END", "AT_HOME_CSO_END"})


class AimError(ValueError):
    """A definition that cannot be measured; `field` names what is wrong with it."""

    def __init__(self, field_name: str, message: str):
        super().__init__(f"{field_name}: {message}")
        self.field = field_name


@dataclass(frozen=True)
class AimDefinition:
    """One version of one aim. Dates are plain dates, percentages 0 to 100, ages whole years at the start event."""

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
                raise AimError(name, f"is not a field of an aim. Fields are: {', '.join(FIELD_READERS)}")
        read = {}
        for name, raw in values.items():
            if raw is None or raw == "X":  # X stands for "not decided yet" in a draft
                continue
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
        """Whether a percentage may be claimed: a draft with X for its limit shows durations only."""
        return self.limit is not None or self.deadline is not None

    @property
    def is_backlog(self) -> bool:
        return self.kind == "deadline" and self.before_date is not None

    def _check_whole(self) -> None:
        if self.kind == "deadline":
            if self.deadline is None:
                raise AimError("deadline", "an aim of kind deadline needs one")
            if self.limit is not None:
                raise AimError("limit", "an aim of kind deadline has a deadline and no limit per child")
        elif self.deadline is not None:
            raise AimError("deadline", "belongs to aims of kind deadline only")
        if self.start_event in NEVER_A_START:
            raise AimError("start_event", f"{self.start_event} ends something and cannot start a clock")
        if self.routes and self.start_event not in ROUTED_STARTS:
            raise AimError(
                "routes", f"only clocks that start with {', '.join(ROUTED_STARTS)} have a route of their own"
            )
        if self.threshold is not None and self.start_event != AT_HOME_2Y:
            raise AimError("threshold", f"belongs to the start event {AT_HOME_2Y} only")
        if self.accommodation_basis == "first_ever" and self.start_event != "ACCOM_START":
            raise AimError("accommodation_basis", "first_ever belongs to the start event ACCOM_START only")
        if self.from_date and self.by_date and self.from_date > self.by_date:
            raise AimError("by_date", "lies before the from_date")
        if self.age_min is not None and self.age_max_exclusive is not None and self.age_min >= self.age_max_exclusive:
            raise AimError("age_max_exclusive", "must be above age_min")


def _join_limit(values: dict[str, Any]) -> None:
    """Accept `limit_value` and `limit_unit` as two fields, as the register writes them."""
    value, unit = values.pop("limit_value", None), values.pop("limit_unit", None)
    if value is not None and unit is not None:
        values["limit"] = f"{value} {unit}"


def _to_json(value: Any) -> Any:
    if isinstance(value, (date, Limit)):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value


def _text(name: str, raw: Any) -> str:
    if not isinstance(raw, str | int):
        raise AimError(name, f"{raw!r} is not text")
    return str(raw).strip()


def _code(name: str, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}", raw):
        raise AimError(name, f"{raw!r} is not a code: use up to 20 letters, digits, dots and hyphens")
    return raw


def _date(name: str, raw: Any) -> date:
    try:
        return raw if type(raw) is date else date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise AimError(name, f"{raw!r} is not a date like 2018-11-01") from None


def _percent(name: str, raw: Any) -> Decimal:
    try:
        value = Decimal(str(raw))
    except InvalidOperation:
        value = None
    if value is None or isinstance(raw, bool) or not 0 <= value <= 100:
        raise AimError(name, f"{raw!r} is not a percentage from 0 to 100")
    return value


def _whole(low: int, high: int):
    def read(name: str, raw: Any) -> int:
        if type(raw) is not int or not low <= raw <= high:
            raise AimError(name, f"{raw!r} is not a whole number from {low} to {high}")
        return raw

    return read


def _flag(name: str, raw: Any) -> bool:
    if type(raw) is not bool:
        raise AimError(name, f"{raw!r} is not true or false")
    return raw


def _limit(name: str, raw: Any) -> Limit:
    try:
        return Limit.parse(raw)
    except ValueError:
        raise AimError(name, f"{raw!r} is not a limit like '26 weeks'. Units are: {', '.join(UNITS)}") from None


def _one_of(*allowed: str):
    def read(name: str, raw: Any) -> str:
        if raw not in allowed:
            raise AimError(name, f"{raw!r} is not one of {', '.join(allowed)}")
        return raw

    return read


def _event(name: str, raw: Any) -> str:
    if raw not in AIM_EVENT_CODES:
        raise AimError(name, f"{raw!r} is not an event code")
    return raw


def _list_of(read_one):
    def read(name: str, raw: Any) -> tuple[str, ...]:
        items = raw if isinstance(raw, list | tuple) else [raw]
        return tuple(read_one(name, item) for item in items)

    return read


FIELD_READERS = {
    "code": _code,
    "title": _text,
    "text": _text,
    "kind": _one_of(*KINDS),
    "national_aim": _whole(1, 4),
    "status": _one_of(*STATUSES),
    "start_event": _event,
    "stop_event": _list_of(_event),
    "limit": _limit,
    "from_date": _date,
    "before_date": _date,
    "by_date": _date,
    "deadline": _date,
    "target_pct": _percent,
    "age_min": _whole(0, 26),
    "age_max_exclusive": _whole(1, 26),
    "age_basis": _one_of("start_event"),
    "routes": _list_of(_one_of(*Route.values)),
    "placements_excluded": _list_of(_text),
    "pathways_excluded": _list_of(_one_of(*Route.values)),
    "accommodation_basis": _one_of("current_spell", "first_ever"),
    "exit_rule": _one_of("exclude", "count_as_met", "count_as_missed"),
    "threshold": _limit,
    "strict": _flag,
    "population": _one_of("rolling", "snapshot"),
    "provenance": _one_of(*PROVENANCES),
    "source": _text,
    "note": _text,
}
