"""How a rule of data quality is declared, and what it gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Model

from milestones.quality.records import ChildRecord

ERROR, WARNING, INFORMATION = "E", "W", "I"
SEVERITIES = {ERROR: "Error", WARNING: "Warning", INFORMATION: "Information"}


@dataclass(frozen=True)
class Finding:
    """What one rule found of one child. `message` tells nobody's name, reference or date of birth.

    `key` names the records it is about, as "placement 12, placement 15": model and primary key.
    """

    rule: int
    severity: str
    child_id: int
    message: str
    key: str = ""


# A check yields what to tell, with the records it is about. It is given the record as it stood at the day.
Told = tuple[str, *tuple[Model, ...]]
Check = Callable[[ChildRecord, date], Iterator[Told]]


@dataclass(frozen=True)
class Rule:
    """One rule of `domain.md` 3.7; numbers above 40 are our own."""

    number: int
    severity: str
    check: Check

    def findings(self, record: ChildRecord, as_at: date) -> Iterator[Finding]:
        for message, *rows in self.check(record, as_at):
            key = ", ".join(f"{row._meta.model_name} {row.pk}" for row in rows)
            yield Finding(self.number, self.severity, record.child.pk, message, key)


DECLARED: dict[int, Rule] = {}


def rule(number: int, severity: str) -> Callable[[Check], Check]:
    """Declare a rule; raise `ValueError` for a number that is taken."""

    def declare(check: Check) -> Check:
        if number in DECLARED:
            raise ValueError(f"Rule {number} is declared twice.")
        DECLARED[number] = Rule(number, severity, check)
        return check

    return declare
