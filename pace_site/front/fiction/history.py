"""A made-up child's history as plain data, and what is known of it by a day."""

from dataclasses import dataclass, field
from datetime import date

from milestones.catalogue import Precision


@dataclass(slots=True)
class Stay:
    """A placement."""

    start: date
    end: date | None
    placement_type: str
    provider: str = ""
    carer: str = ""
    short_break: bool = False


@dataclass(slots=True)
class Basis:
    """A legal basis."""

    start: date
    end: date | None
    measure: str


@dataclass(slots=True)
class Happening:
    """A milestone; `on` is empty when it is only planned or its date is not known."""

    kind: str
    on: date | None
    route: str = ""
    outcome: str = ""
    review_kind: str = ""
    order_type: str = ""
    source: str = ""
    change_reason: str = ""
    note: str = ""
    pre_birth: bool = False
    first_accommodated_on: date | None = None
    planned_on: date | None = None
    precision: str = Precision.DAY
    recorded_on: date | None = None
    void_reason: str = ""
    voided_on: date | None = None


@dataclass(slots=True)
class Care:
    """One episode of care with everything that happened in it. It may run past the as-at day until it is cut."""

    start: date
    end: date | None = None
    destination: str = ""
    stays: list[Stay] = field(default_factory=list)
    bases: list[Basis] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)

    def happen(self, kind: str, on: date, **details) -> None:
        self.happenings.append(Happening(kind, on, **details))

    def close(self, on: date, destination: str) -> None:
        """End the care on a day, and drop what would have come later."""
        self.end, self.destination = on, destination
        self.stays = _until(self.stays, on)
        self.bases = _until(self.bases, on)
        self.happenings = [each for each in self.happenings if each.on <= on]

    def known_on(self, as_at: date) -> None:
        """Forget what lies after `as_at`; whatever ends later is still open."""
        if self.end is not None and self.end > as_at:
            self.end, self.destination = None, ""
        for stretches in (self.stays, self.bases):
            stretches[:] = [each for each in stretches if each.start <= as_at]
            for each in stretches:
                if each.end is not None and each.end > as_at:
                    each.end = None


@dataclass(slots=True)
class Life:
    """A child: who, and every episode of care in order. `happenings` are those outside any episode."""

    family: int
    given_name: str
    family_name: str
    birth: date | None
    expected_on: date | None
    sex: str
    ethnicity: str
    disability: str
    locality: str
    team: int
    care: list[Care] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)

    @property
    def all_happenings(self) -> list[Happening]:
        return [*self.happenings, *(each for care in self.care for each in care.happenings)]


def _until(stretches: list, on: date) -> list:
    kept = [each for each in stretches if each.start < on or (each is stretches[0] and each.start == on)]
    for each in kept:
        if each.end is None or each.end > on:
            each.end = on
    return kept
