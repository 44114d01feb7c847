"""Histories of invented children, as plain as can be: what the naive twin reads and what tests tell stories with."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Episode:
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Placement:
    start: date
    end: date | None = None
    type: str = "FOST_LA"
    short_break: bool = False


@dataclass(frozen=True)
class Legal:
    start: date
    end: date | None = None
    code: str = "CSO"


@dataclass(frozen=True)
class Event:
    kind: str
    on: date | None
    precision: str = "day"
    route: str = ""
    outcome: str = ""
    pre_birth: bool = False
    void: bool = False
    first_accommodated_on: date | None = None
    review_kind: str = ""


@dataclass(frozen=True)
class ChildHistory:
    """One child; each tuple is in the order in which it was recorded."""

    ref: str
    family: str | None = None
    born: date | None = None
    episodes: tuple[Episode, ...] = ()
    placements: tuple[Placement, ...] = ()
    legal: tuple[Legal, ...] = ()
    events: tuple[Event, ...] = ()
