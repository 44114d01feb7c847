"""Milestones that are expected and not recorded: the step before is, the time allowed is over, and so is the time that
recording may take.

Whether it has not happened or nobody wrote it down, the record cannot say: somebody has to find out.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from milestones.catalogue import BY_CODE
from milestones.clocks.limits import Limit, from_day
from milestones.clocks.states import State
from milestones.journeys import Journeys
from milestones.stages import ORDER, STAGE_KINDS, run_stages
from milestones.steps import BASES, PRACTICE, STATUTORY, STEP_KINDS, STEPS, run_steps

KINDS = STEP_KINDS | STAGE_KINDS
# Nobody sets courts a time; of a case that was lodged so long ago one asks what became of it [INF].
ORDER_LIMIT = Limit.parse("12 months")


@dataclass(frozen=True)
class Expected:
    """One milestone that is expected: `since` what, within which `limit`, and `grace` days to record it."""

    code: str
    label: str
    kind: str
    since: str
    limit: str
    basis: str

    @property
    def grace(self) -> int:
        return BY_CODE[self.kind].within

    @property
    def definition(self) -> str:
        return f"{self.limit} from {self.since}, and {self.grace} days to record it"


EXPECTED = (
    *(Expected(step.code, step.label, step.kind, step.since, step.limit, BASES[step.basis]) for step in STEPS),
    Expected(ORDER, "Order", "ORDER_GRANTED", "the application lodged in court", str(ORDER_LIMIT), BASES[PRACTICE]),
)
BY_EXPECTED = {each.code: each for each in EXPECTED}


@dataclass(frozen=True)
class Unrecorded:
    """One milestone of one child that should be on record by now."""

    child_id: int
    expected: Expected
    start: date
    due: date


def unrecorded(journeys: Journeys) -> list[Unrecorded]:
    """What is expected and not recorded as at the day of `journeys` (of `KINDS`), the longest overdue first.

    A review that law and practice both ask for is expected once, by law.
    """
    steps = run_steps(journeys)
    late = steps[(steps["state"] == State.OVERDUE).to_numpy(dtype=bool)][["child", "step", "start", "due"]]
    stages = run_stages(journeys)
    lodged = stages[((stages["stage"] == ORDER) & (stages["state"] == State.WAITING)).to_numpy(dtype=bool)]
    orders = pd.DataFrame(
        {
            "child": lodged["child"].to_numpy(),
            "step": ORDER,
            "start": lodged["start"].to_numpy(dtype=np.int64),
            "due": ORDER_LIMIT.after_days(lodged["start"].to_numpy(dtype=np.int64)),
        }
    )
    rows = pd.concat([late, orders], ignore_index=True)
    grace = rows["step"].map({each.code: each.grace for each in EXPECTED})
    rows = rows[(rows["due"].to_numpy(dtype=np.int64) + grace.to_numpy(dtype=np.int64) < journeys.today)]
    kind = rows["step"].map({each.code: each.kind for each in EXPECTED})
    by_law = rows["step"].map({each.code: each.basis == BASES[STATUTORY] for each in EXPECTED})
    rows = rows.assign(kind=kind, by_law=by_law)
    rows = rows.sort_values(["by_law", "due", "child", "step"], ascending=[False, True, True, True], kind="stable")
    rows = rows[~rows.duplicated(["child", "kind"]).to_numpy(dtype=bool)].sort_values(["due", "child"], kind="stable")
    ids = journeys.children["id"].to_numpy()
    return [
        Unrecorded(int(ids[row.child]), BY_EXPECTED[row.step], from_day(int(row.start)), from_day(int(row.due)))
        for row in rows.itertuples()
    ]
