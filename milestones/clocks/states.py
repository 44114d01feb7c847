"""States: what a clock shows as at a day (`domain.md` 4.3). Pure."""

from enum import StrEnum

import numpy as np

from milestones.clocks.days import OPEN


class State(StrEnum):
    """The six outcomes of a clock."""

    MET = "MET"
    MISSED = "MISSED"
    OVERDUE = "OVERDUE"
    WAITING = "WAITING"
    EXITED = "EXITED"
    UNKNOWN = "UNKNOWN"


def states(due: np.ndarray, stop: np.ndarray, exits: np.ndarray, *, as_at: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the state of each clock and whether the child left undecided after the limit.

    `due` is `OPEN` where no limit is set, `stop` and `exits` where there is none by `as_at`.
    """
    stopped, left = stop < OPEN, exits < OPEN
    left_undecided = ~stopped & left & (exits > due)
    state = np.select(
        [stopped & (stop <= due), stopped | left_undecided, left, as_at > due],
        [State.MET, State.MISSED, State.EXITED, State.OVERDUE],
        default=State.WAITING,
    )
    return state.astype(object), left_undecided
