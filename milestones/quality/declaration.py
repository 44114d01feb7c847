"""How a rule of data quality is declared, and what it gives."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from json import dumps

from django.db.models import Model

from milestones.catalogue import RECORDED_CODES
from milestones.models import Milestone
from milestones.quality.records import ChildRecord

ERROR, WARNING, INFORMATION = "E", "W", "I"
SEVERITIES = {ERROR: "Error", WARNING: "Warning", INFORMATION: "Information"}
# What fields are called: the table, or the kind of a milestone, and the field.
TABLES = {"child": "child", "careepisode": "episode", "placement": "placement", "legalbasis": "legal"}
MILESTONE = "milestone"


@dataclass(frozen=True)
class About:
    """One field that a finding puts in doubt, as "episode.end" or "PERM_REC.happened_on".

    `since` and `until` are the days of the record that it concerns, None where it has none.
    """

    field: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Finding:
    """What one rule found of one child. `message` tells nobody's name, reference or date of birth.

    `key` names the records it is about, as "placement 12, placement 15": model and primary key. `about` are the fields
    in doubt. `fingerprint` is that of the facts: it changes when one of them does.
    """

    rule: int
    severity: str
    child_id: int
    message: str
    key: str = ""
    about: tuple[About, ...] = ()
    fingerprint: str = ""


# A check yields what to tell, with the records it is about. It is given the record as it stood at the day.
Told = tuple[str, *tuple[Model, ...]]
Check = Callable[[ChildRecord, date], Iterator[Told]]


@dataclass(frozen=True)
class Rule:
    """One rule of `domain.md` 3.7; numbers above 40 are our own.

    `fields` are those of the records that a finding names of which one is wrong, as "episode.end"; "milestone.route"
    is the route of whatever milestone is named. `perhaps` are fields of records that it does not name: what is
    missing, or may be what is wrong. `to_do` says to a social worker how it is mended.
    """

    number: int
    severity: str
    name: str
    to_do: str
    fields: tuple[str, ...]
    perhaps: tuple[str, ...]
    check: Check

    @property
    def code(self) -> str:
        """DQ07: how people call it."""
        return f"DQ{self.number:02}"

    @property
    def severity_label(self) -> str:
        return SEVERITIES[self.severity]

    def findings(self, record: ChildRecord, as_at: date) -> Iterator[Finding]:
        for message, *rows in self.check(record, as_at):
            yield Finding(
                rule=self.number,
                severity=self.severity,
                child_id=record.child.pk,
                message=message,
                key=", ".join(f"{row._meta.model_name} {row.pk}" for row in rows),
                about=self._about(rows),
                fingerprint=self._fingerprint(message, rows),
            )

    def _about(self, rows: Sequence[Model]) -> tuple[About, ...]:
        """The fields in doubt. One that is missing, or may be what is wrong, may lie on any day."""
        found = [
            About(f"{table_of(row)}.{field}", *days_of(row)) for row in rows for field in fields_of(row, self.fields)
        ]
        found += [About(field) for field in self.perhaps]
        return tuple(dict.fromkeys(found))

    def _fingerprint(self, message: str, rows: Sequence[Model]) -> str:
        """Of the rule, what it says, and the fields it looks at; a primary key is no fact: an import gives new ones."""
        facts = sorted([table_of(row), *values_of(row, self.fields)] for row in rows)
        return sha256(dumps([self.number, message, facts]).encode()).hexdigest()


def table_of(row: Model) -> str:
    """What the fields of a record are called by: its table, or the kind of a milestone."""
    return row.kind if isinstance(row, Milestone) else TABLES[row._meta.model_name]


def fields_of(row: Model, fields: Sequence[str]) -> list[str]:
    """Those of `fields` that a record has, without the name of its table."""
    tables = {table_of(row), MILESTONE} if isinstance(row, Milestone) else {table_of(row)}
    return [name for table, name in (field.split(".") for field in fields) if table in tables]


def values_of(row: Model, fields: Sequence[str]) -> list[str]:
    """What a record says in those of `fields` that it has."""
    return [f"{name}={getattr(row, row._meta.get_field(name).attname)}" for name in fields_of(row, fields)]


def days_of(row: Model) -> tuple[date | None, date | None]:
    """The first and the last day of a record; None for an end that is open, and for what has no day."""
    if isinstance(row, Milestone):
        return row.happened_on, row.happened_on
    return getattr(row, "start", None), getattr(row, "end", None)


DECLARED: dict[int, Rule] = {}


def rule(
    number: int,
    severity: str,
    *,
    name: str,
    to_do: str,
    fields: tuple[str, ...],
    perhaps: tuple[str, ...] = (),
) -> Callable[[Check], Check]:
    """Declare a rule; raise `ValueError` for a number that is taken, or a field of a table that nobody knows."""
    known = {*TABLES.values(), MILESTONE, *RECORDED_CODES}
    unknown = [field for field in (*fields, *perhaps) if field.split(".")[0] not in known]
    if unknown:
        raise ValueError(f"Rule {number} names fields of no table: {', '.join(unknown)}.")

    def declare(check: Check) -> Check:
        if number in DECLARED:
            raise ValueError(f"Rule {number} is declared twice.")
        DECLARED[number] = Rule(number, severity, name, to_do, fields, perhaps, check)
        return check

    return declare
