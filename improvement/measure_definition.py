"""A measure as data: what it counts, and how it is computed from milestones (`domain.md` 6.4), in the style of aims.

Importable without Django's registry. What parses can be counted; `improvement.measured.counting` does it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from aims.definition import AT_HOME_2Y, NEVER_A_START, ROUTED_STARTS
from aims.field_readers import DefinitionError, event_code, length, list_of, one_of, shown, text_up_to, whole_number
from milestones.catalogue import ALIASES, RECORDED_CODES, Route
from milestones.clocks.limits import Limit

NAME_LENGTH, SENTENCE_LENGTH, TEXT_LENGTH = 120, 500, 2000
IN_TIME, BEFOREHAND, STANDING, NOT_ON_THE_DAY, MOVES = "in_time", "beforehand", "standing", "not_on_the_day", "moves"
STAGES = ("REC", "PANEL", "ADM", "COURT", "ORDER")
# How it is computed, by the fields of the rule that each way needs and those that it may have besides.
WAYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    IN_TIME: (("start_event", "stop_event", "within"), ("routes",)),
    BEFOREHAND: (("start_event", "before_event"), ("routes", "window")),
    STANDING: (("stage",), ()),
    NOT_ON_THE_DAY: (("planned_event",), ()),
    MOVES: ((), ()),
}
RULE_FIELDS = ("start_event", "stop_event", "before_event", "within", "window", "routes", "stage", "planned_event")
# What each way counts in, and which limits of chance suit it.
UNIT_OF_WAY = {IN_TIME: "percent", BEFOREHAND: "percent", NOT_ON_THE_DAY: "percent", STANDING: "number", MOVES: "rate"}
CHARTS = {"percent": ("run", "p"), "rate": ("run", "u"), "number": ("run", "c", "i"), "days": ("run", "i")}
# Taken as they come, each from the one before: whoever is presented to panel again waits for a decision again.
WAITED_FOR = frozenset({"PANEL_PRESENTED", "ADM_DECISION"})


@dataclass(frozen=True)
class MeasureDefinition:
    """One measure of the register. Percentages are 0 to 100; `per` belongs to a rate; `target` is in its unit.

    `rule` says how it is computed; without one people type its values. `national_aim` is the aim that it is offered
    for, or None for every one.
    """

    code: str
    name: str
    kind: str
    definition: str
    unit: str
    national_aim: int | None = None
    numerator: str = ""
    denominator: str = ""
    exclusions: str = ""
    source: str = ""
    frequency: str = "month"
    per: int = 100
    chart: str = "run"
    better: str = "higher"
    target: Decimal | None = None
    rule: "Rule | None" = None

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> "MeasureDefinition":
        """Build a definition from the register's mapping; raise `DefinitionError` on the first fault."""
        read = {}
        for name, raw in data.items():
            if name not in FIELD_READERS:
                raise DefinitionError(str(name), f"is not a field of a measure. Fields are: {', '.join(FIELD_READERS)}")
            if raw is not None:
                read[name] = FIELD_READERS[name](name, raw)
        for required in ("code", "name", "kind", "definition", "unit"):
            if not read.get(required):
                raise DefinitionError(required, "is missing")
        of_rule = {name: read.pop(name) for name in ("compute", *RULE_FIELDS) if name in read}
        definition = cls(**read, rule=Rule.from_read(of_rule) if of_rule.get("compute") else None)
        definition._check_whole(given=frozenset(read))
        if definition.rule is None and of_rule:
            raise DefinitionError(next(iter(of_rule)), "belongs to measures that are computed")
        return definition

    def _check_whole(self, *, given: frozenset[str]) -> None:
        if self.chart not in CHARTS[self.unit]:
            raise DefinitionError(
                "chart", f"{self.chart!r} is not a chart of a {self.unit}: those are {', '.join(CHARTS[self.unit])}"
            )
        if "per" in given and self.unit != "rate":
            raise DefinitionError("per", "belongs to measures whose unit is rate")
        if self.rule is not None and UNIT_OF_WAY[self.rule.compute] != self.unit:
            way = self.rule.compute
            raise DefinitionError("unit", f"what is computed as {way} is a {UNIT_OF_WAY[way]}")
        if self.target is not None and self.unit == "percent" and self.target > 100:
            raise DefinitionError("target", f"{self.target} is more than 100 %")


@dataclass(frozen=True)
class Rule:
    """How a measure is computed: a population by month, and the condition that some of it fulfils.

    in_time: the clocks that fell due in a month, `within` after `start_event`; those stopped in time by a `stop_event`.
    beforehand: the `start_event`s of a month; those with a `before_event` on or before the day, in the same time away
    from home or, with a `window`, at most so long before. standing: the children who stand in a `stage` at the end of
    a month. not_on_the_day: the `planned_event`s planned for a month; those not held on their day. moves: from one
    placement to the next in a month, and the days that children spent away from home.
    """

    compute: str
    start_event: str = ""
    stop_event: tuple[str, ...] = ()
    before_event: tuple[str, ...] = ()
    within: Limit | None = None
    window: Limit | None = None
    routes: tuple[str, ...] = ()
    stage: str = ""
    planned_event: str = ""

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> "Rule":
        """Read a stored rule; raise `DefinitionError` on the first fault."""
        for name in data:
            if name not in (*RULE_FIELDS, "compute"):
                raise DefinitionError(str(name), "is not part of a rule")
        read = {name: FIELD_READERS[name](name, raw) for name, raw in data.items()}
        if "compute" not in read:
            raise DefinitionError("compute", "is missing")
        return cls.from_read(read)

    @classmethod
    def from_read(cls, read: Mapping[str, Any]) -> "Rule":
        """A rule of fields that have been read; raise `DefinitionError` when they do not go together."""
        rule = cls(**read)
        rule._check_whole(given=frozenset(read))
        return rule

    def to_mapping(self) -> dict[str, Any]:
        """JSON values only, what is not said left out."""
        mapping = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                value = str(value) if isinstance(value, Limit) else value
                mapping[each.name] = list(value) if isinstance(value, tuple) else value
        return mapping

    @property
    def is_out_of(self) -> bool:
        """Whether each month is a count out of another."""
        return self.compute != STANDING

    def _check_whole(self, *, given: frozenset[str]) -> None:
        needed, allowed = WAYS[self.compute]
        for name in needed:
            if not getattr(self, name):
                raise DefinitionError(name, f"is missing: what is computed as {self.compute} needs it")
        for name in RULE_FIELDS:
            if name in given and name not in needed + allowed:
                raise DefinitionError(name, f"has no part in what is computed as {self.compute}")
        start = ALIASES.get(self.start_event, self.start_event)
        if start in NEVER_A_START or start == AT_HOME_2Y:
            raise DefinitionError("start_event", f"{start} cannot start what a measure counts")
        for name in ("stop_event", "before_event"):
            for code in getattr(self, name):
                if ALIASES.get(code, code) == start:
                    raise DefinitionError(name, f"{code} is the start_event as well")
                if code == AT_HOME_2Y:
                    raise DefinitionError(name, f"{code} starts a clock and never stops one")
        if self.routes and start not in ROUTED_STARTS:
            raise DefinitionError("routes", f"only {', '.join(ROUTED_STARTS)} have a route of their own")


def _code(name: str, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", raw):
        raise DefinitionError(name, f"{shown(raw)} is not a code: use up to 40 small letters, digits and hyphens")
    return raw


def _number(name: str, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", str(raw)):
        raise DefinitionError(name, f"{shown(raw)} is not a number of up to six digits, with at most three decimals")
    return Decimal(str(raw))


FIELD_READERS = {
    "code": _code,
    "name": text_up_to(NAME_LENGTH),
    "kind": one_of("outcome", "process", "balancing"),
    "definition": text_up_to(TEXT_LENGTH),
    "unit": one_of(*CHARTS),
    "national_aim": whole_number(1, 4),
    "numerator": text_up_to(SENTENCE_LENGTH),
    "denominator": text_up_to(SENTENCE_LENGTH),
    "exclusions": text_up_to(SENTENCE_LENGTH),
    "source": text_up_to(200),
    "frequency": one_of("week", "month", "quarter"),
    "per": whole_number(1, 100_000),
    "chart": one_of("run", "p", "u", "c", "i"),
    "better": one_of("higher", "lower", "neither"),
    "target": _number,
    "compute": one_of(*WAYS),
    "start_event": event_code,
    "stop_event": list_of(event_code),
    "before_event": list_of(event_code),
    "within": length,
    "window": length,
    "routes": list_of(one_of(*Route.values)),
    "stage": one_of(*STAGES),
    "planned_event": one_of(*sorted(RECORDED_CODES)),
}
