"""Selections: each figure of an aim and the clocks behind it are one object.

Whatever shows "4 overdue" asks a selection, and so does the list that it links to: both fold over the same mask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress

import numpy as np

from aims.definition import AimDefinition
from aims.outcomes import LeftOut, Outcome, Outcomes
from milestones.clocks.states import State

Mask = Callable[[Outcomes], np.ndarray]


@dataclass(frozen=True)
class Selection:
    """Some clocks of an aim; `words` completes "12 clocks ...", and `without_limit` does where no limit is set."""

    key: str
    label: str
    words: str
    mask: Mask
    without_limit: str = ""

    placed = True  # its clocks have dates

    def said_of(self, definition: AimDefinition) -> str:
        return self.words if definition.has_claim else self.without_limit or self.words

    def count(self, outcomes: Outcomes) -> int:
        return int(self.mask(outcomes).sum())

    def clocks(self, outcomes: Outcomes) -> tuple[Outcome, ...]:
        return tuple(compress(outcomes.rows, self.mask(outcomes)))


@dataclass(frozen=True)
class LeftOutSelection:
    """Clocks that are in no figure, each with its reason."""

    key: str
    label: str
    words: str
    of: Callable[[Outcomes], tuple[LeftOut, ...]]

    placed = False

    def said_of(self, definition: AimDefinition) -> str:
        return self.words

    def count(self, outcomes: Outcomes) -> int:
        return len(self.of(outcomes))

    def clocks(self, outcomes: Outcomes) -> tuple[LeftOut, ...]:
        return self.of(outcomes)


def _of(*states: State) -> Mask:
    return lambda outcomes: outcomes.frame["state"].isin(states).to_numpy(dtype=bool)


def _decided(*states: State) -> Mask:
    return lambda outcomes: _of(*states)(outcomes) & ~_left_undecided(outcomes)


def _left_undecided(outcomes: Outcomes) -> np.ndarray:
    return outcomes.frame["left_undecided"].to_numpy(dtype=bool)


def _everything(outcomes: Outcomes) -> np.ndarray:
    return np.ones(outcomes.clock_count, dtype=bool)


SELECTIONS = {
    selection.key: selection
    for selection in (
        Selection("overdue", "Overdue", "still waiting after the due date", _of(State.OVERDUE)),
        Selection("waiting", "Waiting in time", "still waiting, in time", _of(State.WAITING), "still waiting"),
        Selection("met", "Met", "decided in time", _of(State.MET), "decided"),
        Selection("missed", "Missed", "decided late, or left undecided after the due date", _of(State.MISSED)),
        Selection("late", "Decided late", "decided after the due date", _decided(State.MISSED)),
        Selection("decided", "Decided", "decided, in time or late", _decided(State.MET, State.MISSED), "decided"),
        Selection(
            "due",
            "Decided or overdue",
            "decided, overdue, or left undecided after the due date",
            _of(State.MET, State.MISSED, State.OVERDUE),
        ),
        Selection("left_undecided", "Left undecided", "left undecided after the due date", _left_undecided),
        Selection(
            "exited",
            "Left in time",
            "left, or had the plan changed, before the due date",
            _of(State.EXITED),
            "left, or had the plan changed, before a decision",
        ),
        Selection("all", "All clocks", "in the figures", _everything),
        LeftOutSelection("unknown", "Unknown", "that cannot be placed", lambda outcomes: outcomes.unplaced),
        LeftOutSelection("excluded", "Excluded", "left out by the aim", lambda outcomes: outcomes.excluded),
    )
}
