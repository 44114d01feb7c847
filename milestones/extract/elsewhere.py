"""What an extract says that another source, or a person, said already: told, and neither doubled nor overwritten."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from milestones.catalogue import Precision

SAME, DIFFERS, COVERED = "same", "differs", "covered"
# So many are kept to be shown; all of them are counted.
MOST_TOLD = 200


@dataclass(frozen=True)
class SaidElsewhere:
    """One row or cell that is left as `by` says it. `how`: it says the same, something else, or covers that time."""

    file: str
    child_ref: str
    child_code: str
    how: str
    by: str
    key: dict[str, Any]
    recorded: dict[str, Any]
    said: dict[str, Any]


@dataclass
class Elsewhere:
    """All that was left so: counted by how and by whom, and those that do not say the same, listed."""

    counts: Counter = field(default_factory=Counter)
    listed: list[SaidElsewhere] = field(default_factory=list)

    def note(self, told: SaidElsewhere) -> None:
        self.counts[told.how, told.by] += 1
        if told.how != SAME:
            self.listed.append(told)

    def of(self, how: str) -> dict[str, int]:
        """How many, by who says it."""
        return {by: count for (each, by), count in sorted(self.counts.items()) if each == how}

    def as_json(self) -> dict[str, dict[str, int]]:
        return {how: of_how for how in (SAME, DIFFERS, COVERED) if (of_how := self.of(how))}


def overlap(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """True when two stretches share time; one that begins on the day on which the other ends does not."""
    if start == other_start:
        return True
    return (other_end is None or start < other_end) and (end is None or other_start < end)


def tells_nothing_new(said: dict[str, Any], recorded: dict[str, Any]) -> bool:
    """True when a milestone, by field, is of the same happening as another and its day no more exact.

    A month alone may be any day in it, and an unknown day any at all; where only a plan is known, the plan decides.
    A month is kept as its first day, which is not that day.
    """
    if said["kind"] != recorded["kind"]:
        return False
    day, known = said["happened_on"], recorded["happened_on"]
    if said["precision"] == Precision.UNKNOWN:
        # That it is planned does not say that it happened.
        return known is not None or recorded["precision"] == Precision.UNKNOWN
    if day is None or known is None:
        return day is known and said["planned_on"] == recorded["planned_on"]
    if said["precision"] == Precision.MONTH:
        return _month(day) == _month(known)
    return day == known and recorded["precision"] != Precision.MONTH


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
