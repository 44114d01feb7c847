"""What is new in an aim since a day, such as that of the last meeting."""

from datetime import date

from aims.outcomes import Outcome, Outcomes
from milestones.clocks.states import State


def decided_since(outcomes: Outcomes, day: date) -> list[Outcome]:
    """The clocks that stopped after a day."""
    return [row for row in outcomes.rows if row.stop is not None and row.stop > day]


def newly_overdue(outcomes: Outcomes, day: date) -> int:
    """How many became overdue since a day and still wait; whoever was due on the day was in time on it."""
    return sum(row.state == State.OVERDUE and row.due >= day for row in outcomes.rows)
