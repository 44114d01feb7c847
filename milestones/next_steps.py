"""What each child waits for next: columns with a place for each child of the journeys, kept while these stand."""

from dataclasses import dataclass, fields

import numpy as np

from milestones.clocks.days import OPEN
from milestones.clocks.states import State
from milestones.journeys import Journeys
from milestones.steps import STEP_KINDS, run_steps, to_do


@dataclass(frozen=True)
class NextSteps:
    """By row of the journeys' children.

    `step` is the code of what is due soonest, "" where nothing is waited for; `due` its day, `OPEN` where none;
    `overdue` how many things are overdue.
    """

    step: np.ndarray
    due: np.ndarray
    overdue: np.ndarray


def next_steps(journeys: Journeys) -> NextSteps:
    """What every child waits for next, of all that `to_do` names."""
    return journeys.kept("next steps", lambda: _next_steps(journeys), kinds=STEP_KINDS, size=_bytes)


def _next_steps(journeys: Journeys) -> NextSteps:
    waiting = to_do(run_steps(journeys))
    child, number = waiting["child"].to_numpy(dtype=np.int64), len(journeys.children)
    # Soonest due first, so that the first row of a child is its next step.
    known, first = np.unique(child, return_index=True)
    step, due = np.full(number, "", dtype=object), np.full(number, OPEN, dtype=np.int64)
    step[known] = waiting["step"].to_numpy(dtype=object)[first]
    due[known] = waiting["due"].to_numpy(dtype=np.int64)[first]
    late = (waiting["state"] == State.OVERDUE).to_numpy(dtype=bool)
    return NextSteps(step=step, due=due, overdue=np.bincount(child[late], minlength=number))


def _bytes(steps: NextSteps) -> int:
    return sum(getattr(steps, field.name).nbytes for field in fields(steps))
