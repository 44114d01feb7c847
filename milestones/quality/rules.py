"""All rules of data quality: numbers and severities as in `domain.md` 3.7, and four of our own.

Findings are reported and change no figure: what a clock uses is `design.md` 3.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from milestones.quality import care_rules, child_rules, date_rules, extract_rules, plan_rules, waiting_rules
from milestones.quality.declaration import DECLARED, ERROR, INFORMATION, SEVERITIES, WARNING, Finding, Rule
from milestones.quality.records import ChildRecord

__all__ = [
    "ERROR",
    "INFORMATION",
    "LATE",
    "MISSING",
    "RULES",
    "SEVERITIES",
    "WARNING",
    "Finding",
    "Rule",
    "findings",
    "missing_from",
    "odd_in",
]

# Importing a theme declares its rules.
THEMES = (child_rules, extract_rules, date_rules, care_rules, plan_rules, waiting_rules)
RULES: tuple[Rule, ...] = tuple(DECLARED[number] for number in sorted(DECLARED))
# The rules that say that something was never recorded: date of birth, where the child lived, destination, route,
# application, reason for a change, exact date, placement, legal basis.
MISSING = frozenset({1, 7, 10, 21, 25, 28, 38, 41, 42})
# The rules that say that something is late: true of the child, and no fault of what somebody records of long ago.
LATE = frozenset({33, 34, 35, 36})


def findings(records: Sequence[ChildRecord], *, as_at: date) -> list[Finding]:
    """Everything that the rules find in what had happened up to `as_at`, by child and rule."""
    return _found(RULES, records, as_at)


def missing_from(records: Sequence[ChildRecord], *, as_at: date) -> list[Finding]:
    """Those of `findings` that say what somebody still has to record."""
    return _found([each for each in RULES if each.number in MISSING], records, as_at)


def odd_in(records: Sequence[ChildRecord], *, as_at: date) -> list[Finding]:
    """Those of `findings` that whoever has just recorded something should look at; no clock is run for them."""
    odd = [each for each in RULES if each.severity != INFORMATION and each.number not in LATE]
    return _found(odd, records, as_at)


def _found(rules: Iterable[Rule], records: Sequence[ChildRecord], as_at: date) -> list[Finding]:
    return [
        finding
        for record in (every.up_to(as_at) for every in records)
        for each in rules
        for finding in each.findings(record, as_at)
    ]
