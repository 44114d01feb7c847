"""The stages between milestones: where a child stands on the way from accommodation to an order (`domain.md` 5.2).

A stage is the time from one milestone to the next. Those with guidance are the steps of the same name, and run on the
same clocks; before court and after it no guidance sets a time.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from milestones.catalogue import ADM_APPROVED
from milestones.clocks.days import OPEN, DayIndex
from milestones.clocks.running import ClockRule, run_clocks
from milestones.clocks.states import states
from milestones.journeys import Journeys
from milestones.steps import BY_CODE, COURT_ROUTES, run_waits, run_ways

ORDER, WHOLE = "ORDER", "ADM_TO_ORDER"
# What ends a court case without an order.
NO_ORDER = ("ORDER_REFUSED", "APPLICATION_WITHDRAWN")


@dataclass(frozen=True)
class Stage:
    """One stage: from what to what, who stands in it, and what guidance allows ("" for nothing)."""

    code: str
    since: str
    until: str
    standing: str
    limit: str = ""
    source: str = ""


def _guided(code: str, since: str, until: str, standing: str) -> Stage:
    step = BY_CODE[code]
    return Stage(code, since, until, standing, limit=step.limit, source=step.source)


STAGES = (
    _guided("REC", "accommodation", "recommendation", "accommodated, with no recommendation yet"),
    _guided("PANEL", "recommendation", "panel", "recommended away from home, not yet presented to panel"),
    _guided("ADM", "panel", "agency decision", "presented to panel, not yet decided by the agency"),
    _guided("COURT", "agency decision", "court application", "approved for an order, not yet lodged in court"),
    Stage(ORDER, "court application", "order", "lodged in court, with no order yet"),
)
# Not a stage of its own: two of them together, for those who ask how long the courts and the council take in all.
FROM_DECISION_TO_ORDER = Stage(WHOLE, "agency decision", "order", "approved for an order, with no order yet")
STAGE_KINDS = frozenset(
    {"PERM_REC", "PERM_DECISION", "PANEL_PRESENTED", "ADM_DECISION", "COURT_LODGED", "ORDER_GRANTED", *NO_ORDER}
)
COLUMNS = ["child", "stage", "spell_start", "start", "due", "stop", "exit", "state"]


def run_stages(journeys: Journeys) -> pd.DataFrame:
    """Return one row per clock of each stage: child (its row), stage, spell_start, start, due, stop, exit, state.

    Days are numbers, `OPEN` where there is none, as for the due date of a stage without guidance.
    """
    guided = run_ways([stage.code for stage in STAGES if stage.limit], journeys).rename(columns={"step": "stage"})
    to_order = ClockRule("COURT_LODGED", frozenset({"ORDER_GRANTED"}))
    whole = ClockRule(ADM_APPROVED, frozenset({"ORDER_GRANTED"}))
    approved = run_clocks(whole, journeys)
    approved = approved[approved["route"].isin(COURT_ROUTES).to_numpy(dtype=bool)]
    courts = [
        _without_order(run_waits(to_order, journeys), journeys).assign(stage=ORDER),
        _without_order(approved, journeys).assign(stage=WHOLE),
    ]
    return pd.concat([guided[COLUMNS], *(part[COLUMNS] for part in courts)], ignore_index=True)


def _without_order(clocks: pd.DataFrame, journeys: Journeys) -> pd.DataFrame:
    """End the clocks of cases that came to no order, and say the state of each."""
    ended = journeys.exact_events_of(NO_ORDER)
    found = DayIndex(ended["child"].to_numpy(), ended["day"].to_numpy()).first_on_or_after(
        clocks["child"].to_numpy(), clocks["start"].to_numpy()
    )
    exits = np.minimum(clocks["exit"].to_numpy(dtype=np.int64), found)
    stop = clocks["stop"].to_numpy(dtype=np.int64)
    stop = np.where(stop <= exits, stop, OPEN)
    due = np.full(len(clocks), OPEN)
    state, _left_undecided = states(due, stop, exits, as_at=journeys.today)
    return clocks.assign(due=due, stop=stop, exit=np.where(stop < OPEN, OPEN, exits), state=state)
