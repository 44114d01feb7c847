"""What people say beside the figures of a report: tests and what they taught, decisions, barriers and risks.

The layer above fills these; a report takes them as they are.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ToldTest:
    """One test of change that moved in the period: how far it has come, and what was learned."""

    title: str
    state: str
    learned: str


@dataclass(frozen=True)
class Barrier:
    """Something that stands in the way, since when, and what leaders are asked to do about it."""

    text: str
    raised_on: date
    asked: str


@dataclass(frozen=True)
class ToldOfAim:
    """What is said of one aim."""

    tests: tuple[ToldTest, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What is said of all aims together, and of each by its code."""

    of_aims: dict[str, ToldOfAim]
    decisions: tuple[str, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    next_period: tuple[str, ...] = ()

    def of(self, code: str) -> ToldOfAim:
        return self.of_aims.get(code, ToldOfAim())


NOTHING_TOLD = Told({})
