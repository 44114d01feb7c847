"""National aim 2 from the rows of a file: the same rule, and the engine's own limits and states.

The other national aims cannot be told from a file, and why is said here too: what cannot be told is never a figure.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from aims.aim_templates import aim_templates
from aims.definition import AimDefinition
from milestones.clocks.days import OPEN
from milestones.clocks.limits import Limit, to_day
from milestones.clocks.spells import AGE_18
from milestones.clocks.states import State, states

CODE = "NAT-2"
NOT_IN_THE_FILE = {
    "NAT-1": "The dataset holds children accommodated away from home, and no time at home on a supervision order.",
    "NAT-3": "The dataset holds no day of a panel, and only the first recommendation of each spell, not the one in "
    "force.",
    "NAT-4": "The dataset holds one agency decision of each spell and not for which order it was made, so clocks that "
    "another plan or a refusal ended cannot be told.",
}


def recommendation_aim() -> AimDefinition:
    """National aim 2 as the register has it."""
    return aim_templates()[CODE].definition


# What a stored clock must give, in this order.
READ = ("first_accommodated", "last_accommodated", "exit_reason", "left_after_limit", "recommended_on")


def recommendation_states(
    clocks: Sequence[tuple[date | None, date | None, str, bool | None, date | None]], *, limit: Limit, as_at: date
) -> tuple[np.ndarray, np.ndarray]:
    """The state of each clock (its `READ` values) and whether it was left undecided after the limit.

    A clock of which the first day is not known is UNKNOWN. Who reached 18 left on a day that is not told, but on which
    side of the limit is.
    """
    known = np.array([clock[0] is not None for clock in clocks], dtype=bool)
    start = np.array([_number(clock[0]) for clock in clocks], dtype=np.int64)
    last = np.array([_number(clock[1]) for clock in clocks], dtype=np.int64)
    at_18 = np.array([clock[2] == AGE_18 for clock in clocks], dtype=bool)
    after = np.array([bool(clock[3]) for clock in clocks], dtype=bool)
    stop = np.array([_number(clock[4]) for clock in clocks], dtype=np.int64)
    due = np.full(len(clocks), OPEN)
    due[known] = limit.after_days(start[known])
    exits = np.where(at_18, due + after, last)
    state, left = states(due, stop, exits, as_at=to_day(as_at))
    state[~known] = State.UNKNOWN
    return state, left & known


def _number(day: date | None) -> int:
    return OPEN if day is None else to_day(day)
