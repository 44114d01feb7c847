"""Selections: each figure of an aim and the clocks behind it are one object.

Whatever shows "4 overdue" asks a selection, and so does the list that it links to.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aims.outcomes import LeftOut, Outcome, Outcomes
from milestones.clocks.states import State

Clocks = tuple[Outcome, ...] | tuple[LeftOut, ...]


@dataclass(frozen=True)
class Selection:
    """Some clocks of an aim; `words` completes "12 clocks ...", `placed` says whether they have dates."""

    key: str
    label: str
    words: str
    pick: Callable[[Outcomes], Clocks]
    placed: bool = True


def _of(*states: State) -> Callable[[Outcomes], Clocks]:
    return lambda outcomes: outcomes.of_state(*states)


def _missed_with_decision(outcomes: Outcomes) -> Clocks:
    return tuple(row for row in outcomes.of_state(State.MISSED) if not row.left_undecided)


def _decided(outcomes: Outcomes) -> Clocks:
    return tuple(row for row in outcomes.of_state(State.MET, State.MISSED) if not row.left_undecided)


def _left_undecided(outcomes: Outcomes) -> Clocks:
    return tuple(row for row in outcomes.rows if row.left_undecided)


SELECTIONS = {
    selection.key: selection
    for selection in (
        Selection("overdue", "Overdue", "still waiting after the due date", _of(State.OVERDUE)),
        Selection("waiting", "Waiting in time", "still waiting, in time", _of(State.WAITING)),
        Selection("met", "Met", "decided in time", _of(State.MET)),
        Selection("missed", "Missed", "decided late, or left undecided after the due date", _of(State.MISSED)),
        Selection("late", "Decided late", "decided after the due date", _missed_with_decision),
        Selection("decided", "Decided", "decided, in time or late", _decided),
        Selection(
            "due",
            "Decided or overdue",
            "decided, overdue, or left undecided after the due date",
            _of(State.MET, State.MISSED, State.OVERDUE),
        ),
        Selection("left_undecided", "Left undecided", "left undecided after the due date", _left_undecided),
        Selection("exited", "Left in time", "left, or had the plan changed, before the due date", _of(State.EXITED)),
        Selection("all", "All clocks", "in the figures", lambda outcomes: outcomes.rows),
        Selection("unknown", "Unknown", "that cannot be placed", lambda outcomes: outcomes.unplaced, placed=False),
        Selection("excluded", "Excluded", "left out by the aim", lambda outcomes: outcomes.excluded, placed=False),
    )
}
