"""The half-way checklist: what should be under way once half the time for a recommendation has gone.

Moray's timeline checklist reminds at week 15 of 30 (`domain.md` 3.2 and 6.9); its items were not published. These are
the steps that guidance and the change ideas put before the recommendation.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from milestones.catalogue import label_of
from milestones.clocks.days import OPEN, day_if_any
from milestones.clocks.states import State
from milestones.journeys import Journeys

# Each item is done when one of its kinds has happened since the child was accommodated; the first is offered to record.
ITEMS = (
    ("72-hour meeting", ("MTG_72H",)),
    ("Two-week meeting", ("MTG_2WK",)),
    ("First review", ("REVIEW",)),
    ("Parenting capacity assessment begun", ("PCA_START", "PCA_END")),
    ("Return to parents ruled in or out", ("REHAB_DECISION",)),
    ("Kinship carers assessed, or kinship ruled in or out", ("KINSHIP_DECISION", "KIN_ASSESS_START", "KIN_ASSESS_END")),
    ("Legal advice asked for", ("LEGAL_ADVICE_REQ", "LEGAL_ADVICE_REC")),
    ("Permanence medical", ("MEDICAL",)),
)


@dataclass(frozen=True)
class ChecklistItem:
    """One thing that should be under way, and since when it is; `kind` is what to record otherwise."""

    label: str
    kind: str
    on: date | None
    known: str


def halfway_checklist(journeys: Journeys, clocks) -> list[ChecklistItem]:
    """The checklist of the one child of `journeys`; empty before half-way and once there is a recommendation."""
    waiting = clocks[
        (clocks["step"] == "REC").to_numpy(dtype=bool) & clocks["state"].isin([State.WAITING, State.OVERDUE]).to_numpy()
    ]
    if waiting.empty:
        return []
    start, due = int(waiting["start"].iloc[-1]), int(waiting["due"].iloc[-1])
    if journeys.today < start + (due - start) // 2:
        return []
    return [_item(label, kinds, start, journeys) for label, kinds in ITEMS]


def _item(label: str, kinds: tuple[str, ...], since: int, journeys: Journeys) -> ChecklistItem:
    events = journeys.events_of(kinds)
    exact = events[events["exact"].to_numpy(dtype=bool) & (events["day"].to_numpy() >= since)]
    first = int(np.min(exact["day"].to_numpy(), initial=OPEN))
    known = label_of(exact.sort_values("day")["kind"].iloc[0]) if len(exact) else ""
    if not known and len(events) > len(events[events["exact"].to_numpy(dtype=bool)]):
        known = "recorded without an exact day"
    return ChecklistItem(label, kinds[0], day_if_any(first), known)
