"""What is new in an aim since a day, such as that of the last meeting."""

from datetime import date

import numpy as np

from aims.clock_order import Clocks
from aims.outcomes import Outcomes
from milestones.clocks.days import OPEN
from milestones.clocks.limits import to_day
from milestones.clocks.states import State


def decided_since(outcomes: Outcomes, day: date) -> Clocks:
    """The clocks that stopped after a day."""
    stop = outcomes.frame["stop"].to_numpy()
    return Clocks(outcomes, np.flatnonzero((stop < OPEN) & (stop > to_day(day))))


def newly_overdue(outcomes: Outcomes, day: date) -> int:
    """How many became overdue since a day and still wait; whoever was due on the day was in time on it."""
    overdue = (outcomes.frame["state"] == State.OVERDUE).to_numpy(dtype=bool)
    return int((overdue & (outcomes.frame["due"].to_numpy() >= to_day(day))).sum())
