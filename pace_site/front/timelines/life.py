"""What is recorded of one child's time, as plain values: episodes, stays, legal grounds and events. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar


@dataclass(frozen=True)
class Episode:
    """One period of being looked after; `destination` is the code of where the child went."""

    start: date
    end: date | None = None
    destination: str = ""
    destination_label: str = ""


@dataclass(frozen=True)
class Stay:
    """One placement: `type` is its code, `label` and `group` the words of the code table."""

    start: date
    end: date | None
    type: str
    label: str = ""
    group: str = ""
    short_break: bool = False


@dataclass(frozen=True)
class Ground:
    """One legal basis."""

    start: date
    end: date | None
    measure: str
    label: str = ""


@dataclass(frozen=True)
class Event:
    """One milestone, with planned and actual day apart; `reason` is why the plan changed."""

    kind: str
    happened_on: date | None = None
    planned_on: date | None = None
    precision: str = "day"
    route: str = ""
    outcome: str = ""
    review_kind: str = ""
    order_type: str = ""
    pre_birth: bool = False
    reason: str = ""


Stretch = TypeVar("Stretch", Episode, Stay, Ground)


@dataclass(frozen=True)
class Life:
    """Everything of one child that a timeline shows."""

    episodes: tuple[Episode, ...] = ()
    stays: tuple[Stay, ...] = ()
    grounds: tuple[Ground, ...] = ()
    events: tuple[Event, ...] = ()

    def as_at(self, day: date) -> "Life":
        """What had happened up to `day`; what was planned by then and came later counts as planned."""
        return Life(
            episodes=_begun(self.episodes, day),
            stays=_begun(self.stays, day),
            grounds=_begun(self.grounds, day),
            events=tuple(
                event if event.happened_on is None or event.happened_on <= day else replace(event, happened_on=None)
                for event in self.events
                if event.happened_on is None or event.happened_on <= day or event.planned_on is not None
            ),
        )


def _begun(stretches: Iterable[Stretch], day: date) -> tuple[Stretch, ...]:
    """Stretches begun by `day`, in order; an end after it is not known yet."""
    begun = (
        replace(each, end=None) if each.end is not None and each.end > day else each
        for each in stretches
        if each.start <= day
    )
    return tuple(sorted(begun, key=lambda each: (each.start, each.end or date.max)))
