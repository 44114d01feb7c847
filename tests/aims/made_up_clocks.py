"""Figures of clocks that are made up one by one, without children or a database."""

from datetime import date

import pandas as pd

from aims.compliance import Compliance
from aims.definition import AimDefinition
from aims.outcomes import Outcomes
from milestones.clocks.days import OPEN
from milestones.clocks.limits import to_day
from milestones.clocks.states import State, states

AS_AT = date(2020, 6, 1)


def figures_of(definition: AimDefinition, clocks, *, as_at: date = AS_AT) -> Compliance:
    """The figures of made-up clocks: (days before `as_at` of the start, days to the stop, days to the exit)."""
    rows = []
    for number, (ago, stop, exits) in enumerate(clocks):
        start = to_day(as_at) - ago
        due = to_day(definition.deadline) if definition.deadline else start + 70
        stop_day = OPEN if stop is None or stop > ago else start + stop
        exit_day = OPEN if exits is None or exits > ago or stop_day < OPEN else start + exits
        until = min(stop_day, exit_day, to_day(as_at))
        rows.append((number, "", start, due, stop_day, exit_day, "LAC_END" if exit_day < OPEN else "", until - start))
    columns = ["child", "route", "start", "due", "stop", "exit", "exit_reason", "waited"]
    frame = pd.DataFrame(rows, columns=columns).astype(
        {"start": "int64", "due": "int64", "stop": "int64", "exit": "int64", "waited": "int64"}
    )
    state, left_undecided = states(
        frame["due"].to_numpy(), frame["stop"].to_numpy(), frame["exit"].to_numpy(), as_at=to_day(as_at)
    )
    left = state == State.EXITED
    if definition.exit_rule == "count_as_met":
        state[left] = State.MET
    elif definition.exit_rule == "count_as_missed":
        state[left] = State.MISSED
        left_undecided = left_undecided | left
    frame = frame.assign(state=state, left_undecided=left_undecided, days=frame["waited"])
    who = pd.DataFrame(
        {
            "id": range(len(rows)),
            "code": [f"P-{number:03d}" for number in range(len(rows))],
            "local_ref": [str(number) for number in range(len(rows))],
            "family": [0] * len(rows),
        }
    )
    return Compliance(Outcomes(definition, as_at, frame, who, (), ()))
