"""The columns in which an aim's clocks are counted for others: what adds up to what, in aggregates alone."""

from collections.abc import Mapping

import numpy as np

from aims.outcomes import Outcomes
from milestones.clocks.states import State

TOGETHER, DUE, MET, MISSED, LATE, LEFT, OVERDUE, WAITING = (
    "together",
    "due",
    "met",
    "missed",
    "late",
    "left_undecided",
    "overdue",
    "waiting",
)
# What adds up to what, in the words of `domain.md` 4.3 and 4.4. LATE is decided after the due date.
PARTS = {TOGETHER: (DUE, WAITING), DUE: (MET, MISSED, OVERDUE), MISSED: (LATE, LEFT)}
LABELS = {
    MET: "Met",
    MISSED: "Missed",
    LEFT: "of these, left undecided",
    OVERDUE: "Overdue",
    WAITING: "Waiting in time",
    TOGETHER: "All together",
}
DECIDED_LABEL, DUE_LABEL = "Met, of those decided", "Met, when those overdue or gone undecided count too"


def clocks_by_column(state: np.ndarray, left: np.ndarray) -> dict[str, np.ndarray]:
    """Which clocks are in each column that has no parts, of their states and whether the child left undecided."""
    return {
        MET: state == State.MET,
        LATE: (state == State.MISSED) & ~left,
        LEFT: (state == State.MISSED) & left,
        OVERDUE: state == State.OVERDUE,
        WAITING: state == State.WAITING,
    }


def count_columns(clocks: Mapping[str, np.ndarray], *, among: np.ndarray | None = None) -> dict[str, int]:
    """How many of these clocks are in each column, or how many of those `among` them."""
    return {
        column: int(np.count_nonzero(those if among is None else those & among)) for column, those in clocks.items()
    }


def columns_of(outcomes: Outcomes) -> dict[str, np.ndarray]:
    """Which clocks of an aim are in each column that has no parts."""
    return clocks_by_column(outcomes.frame["state"].to_numpy(), outcomes.frame["left_undecided"].to_numpy(dtype=bool))
