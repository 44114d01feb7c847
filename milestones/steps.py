"""The steps every child takes, each with its clock: what the law asks, what guidance says, what practice wants.

Not aims: nobody set a target for them. Their limits are those of `domain.md` 3.2, and they run on the same engine as
the aims, so that a child's page and a council's figures can never differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from milestones.catalogue import ADM_APPROVED, AdmOutcome, Route
from milestones.clocks.days import OPEN, DayIndex
from milestones.clocks.limits import Limit
from milestones.clocks.running import ClockRule, events_away, run_clocks, stop_clocks, stop_days
from milestones.clocks.starts import clocks_from_waits, clocks_in_chains, events_in_spells
from milestones.clocks.states import State, states
from milestones.journeys import Journeys

STATUTORY, GUIDANCE, PRACTICE = "statutory", "guidance", "practice"
BASES = {STATUTORY: "Required by law", GUIDANCE: "National guidance", PRACTICE: "Good practice"}
AWAY_ROUTES = (Route.PO, Route.POA, Route.ADOPT)
COURT_ROUTES = (Route.PO, Route.POA)
REVIEW_LIMITS = tuple(map(Limit.parse, ("6 weeks", "3 months", "6 months")))
SUPERVISION_LIMIT = (Limit.parse("1 year"),)


@dataclass(frozen=True)
class Step:
    """One step: `kind` is the milestone that takes it, `limit` says how long is allowed, `since` from when."""

    code: str
    label: str
    basis: str
    kind: str
    limit: str
    since: str
    source: str


STEPS = (
    Step("72H", "72-hour meeting", PRACTICE, "MTG_72H", "3 working days", "accommodation", "LACR reg 36 and 38"),
    Step("2WK", "Two-week meeting", PRACTICE, "MTG_2WK", "2 weeks", "accommodation", "PACE change idea"),
    Step("REVIEW", "Next review", STATUTORY, "REVIEW", "6 weeks, 3 months, then each 6 months", "the last review",
         "LACR reg 45(2)"),
    Step("6WK", "6-week review", PRACTICE, "REVIEW", "6 weeks", "accommodation", "PACE practice"),
    Step("3M", "3-month review", PRACTICE, "REVIEW", "3 months", "accommodation", "PACE practice"),
    Step("6M", "6-month review", PRACTICE, "REVIEW", "6 months", "accommodation", "PACE practice"),
    Step("REC", "Recommendation", GUIDANCE, "PERM_REC", "24 weeks", "accommodation", "Moray guidance table"),
    Step("PANEL", "Panel", GUIDANCE, "PANEL_PRESENTED", "12 weeks", "recommendation", "National Care Standards 5.1"),
    Step("ADM", "Agency decision", STATUTORY, "ADM_DECISION", "14 days", "panel", "AAR reg 13(1)"),
    Step("NOTIFY", "Notification", STATUTORY, "ADM_NOTIFIED", "7 days", "agency decision", "AAR reg 14"),
    Step("COURT", "Court application", GUIDANCE, "COURT_LODGED", "14 weeks", "approval", "Moray guidance table"),
    Step("CSO", "Review of the supervision order", STATUTORY, "CSO_REVIEWED", "1 year", "the order or its last review",
         "SCRA Practice Direction 16"),
    Step("2Y", "Two-year review at home", GUIDANCE, "PLAN_REVIEW_2Y", "24 months", "at home on an order",
         "CELCIS, PACE aim 1"),
)  # fmt: skip
BY_CODE = {step.code: step for step in STEPS}
PRACTICE_REVIEWS = {"6WK": ("6wk", 1), "3M": ("3m", 2), "6M": ("6m", 3)}
# Steps of one rule of the engine: what starts the clock, what stops it, and the routes that it is for.
RULES = {
    "72H": ("ACCOM_START", {"MTG_72H"}, ()),
    "2WK": ("ACCOM_START", {"MTG_2WK"}, ()),
    "REC": ("ACCOM_START", {"PERM_REC", "PERM_DECISION"}, ()),
    "PANEL": ("PERM_REC", {"PANEL_PRESENTED"}, AWAY_ROUTES),
    "COURT": (ADM_APPROVED, {"COURT_LODGED"}, COURT_ROUTES),
    "2Y": ("AT_HOME_CSO_START", {"PLAN_REVIEW_2Y", "AT_HOME_AUDIT"}, ()),
}
WAITS = {"ADM": ("PANEL_PRESENTED", "ADM_DECISION"), "NOTIFY": ("ADM_DECISION", "ADM_NOTIFIED")}
# What nobody recorded is no longer waited for once what it was to prepare has happened: a meeting by the review, and
# the way to court by the order.
PASSED_OVER_BY = {
    "72H": ("REVIEW",),
    "2WK": ("REVIEW",),
    "NOTIFY": ("COURT_LODGED", "ORDER_GRANTED"),
    **dict.fromkeys(("REC", "PANEL", "ADM", "COURT"), ("ORDER_GRANTED",)),
}
# The milestones to load for `run_steps`.
STEP_KINDS = frozenset(step.kind for step in STEPS) | {"PERM_DECISION", "AT_HOME_AUDIT", "ORDER_GRANTED"}
COLUMNS = ["child", "step", "link", "spell_start", "start", "due", "stop", "exit"]


def run_steps(journeys: Journeys) -> pd.DataFrame:
    """Return one row per clock: child (row of the children), step, link, spell_start, start, due, stop, exit, state.

    Days are numbers, `OPEN` where there is none; `link` counts the clocks of a chain (0 for the first). A spell that
    a child was transferred into starts later than its clock.
    """
    return journeys.kept(
        "steps", lambda: _run_steps(journeys), kinds=STEP_KINDS, size=lambda clocks: int(clocks.memory_usage().sum())
    )


def _run_steps(journeys: Journeys) -> pd.DataFrame:
    parts = [_reviews(journeys), *(_practice_review(code, journeys) for code in PRACTICE_REVIEWS)]
    parts.append(_supervision(journeys))
    return pd.concat([run_ways([*RULES, *WAITS], journeys), _with_states(parts, journeys)], ignore_index=True)


def run_ways(codes: Sequence[str], journeys: Journeys) -> pd.DataFrame:
    """`run_steps` for these steps alone, each of which leads from one event to another."""
    parts = [_by_rule(code, journeys) if code in RULES else _by_wait(code, journeys) for code in codes]
    return _with_states(parts, journeys)


def _with_states(parts: list[pd.DataFrame], journeys: Journeys) -> pd.DataFrame:
    clocks = _passed_over(pd.concat([part[COLUMNS] for part in parts], ignore_index=True), journeys)
    due, stop, exits = (clocks[name].to_numpy(dtype=np.int64) for name in ("due", "stop", "exit"))
    state, _left_undecided = states(due, stop, exits, as_at=journeys.today)
    return clocks.assign(due=due, stop=stop, exit=np.where(stop < OPEN, OPEN, exits), state=state)


def running(clocks: pd.DataFrame) -> pd.DataFrame:
    """Those of `run_steps` that still wait for something, soonest due first."""
    still = clocks[clocks["state"].isin([State.WAITING, State.OVERDUE]).to_numpy(dtype=bool)]
    return still.sort_values(["due", "child", "step"], kind="stable", ignore_index=True)


def to_do(clocks: pd.DataFrame) -> pd.DataFrame:
    """Those of `running`, one for each thing to be done: a review that law and practice both ask for is done once."""
    still = running(clocks)
    kind = still["step"].map({step.code: step.kind for step in STEPS})
    return still[~still.assign(kind=kind).duplicated(["child", "kind"]).to_numpy(dtype=bool)].reset_index(drop=True)


def _passed_over(clocks: pd.DataFrame, journeys: Journeys) -> pd.DataFrame:
    """End the clocks that a later event has overtaken."""
    exits = clocks["exit"].to_numpy(dtype=np.int64).copy()
    step, child, start = (clocks[name].to_numpy() for name in ("step", "child", "start"))
    for code, kinds in PASSED_OVER_BY.items():
        here = step == code
        events = journeys.exact_events_of(kinds)
        later = DayIndex(events["child"].to_numpy(), events["day"].to_numpy())
        found = later.first_on_or_after(child[here], start[here])
        exits[here] = np.minimum(exits[here], found)
    stop = clocks["stop"].to_numpy(dtype=np.int64)
    return clocks.assign(exit=exits, stop=np.where(stop <= exits, stop, OPEN))


def _rule(code: str, start_event: str, stop_events: set[str]) -> ClockRule:
    return ClockRule(start_event, frozenset(stop_events), limit=Limit.parse(BY_CODE[code].limit))


def _by_rule(code: str, journeys: Journeys) -> pd.DataFrame:
    start_event, stop_events, routes = RULES[code]
    clocks = run_clocks(_rule(code, start_event, stop_events), journeys)
    keep = clocks["placeable"].to_numpy(dtype=bool)
    if routes:
        keep = keep & clocks["route"].isin(routes).to_numpy(dtype=bool)
    return clocks[keep].assign(step=code, link=0)


def _by_wait(code: str, journeys: Journeys) -> pd.DataFrame:
    """Panel to decision, decision to notification: each time anew.

    A deferred decision neither starts nor stops. A case that panel deferred has been heard, and waits for its decision
    from that day, as it does under the aims: nobody drops out of sight between two panels.
    """
    start_event, stop_event = WAITS[code]
    return run_waits(_rule(code, start_event, {stop_event}), journeys).assign(step=code, link=0)


def run_waits(rule: ClockRule, journeys: Journeys) -> pd.DataFrame:
    """Clocks from each start event that nothing was waiting for, in the columns of `run_clocks`."""
    spells = journeys.away_spells
    events = journeys.events_of([rule.start_event])
    if rule.start_event == "ADM_DECISION":
        events = events[(events["outcome"] != AdmOutcome.DEFERRED).to_numpy(dtype=bool)]
    clocks = clocks_from_waits(events_in_spells(events, spells), stop_days(rule.stop_events, journeys))
    clocks = clocks.assign(spell_start=spells["start"].to_numpy()[clocks["spell"].to_numpy()])
    return stop_clocks(clocks, rule, journeys)


def _reviews(journeys: Journeys) -> pd.DataFrame:
    chain = clocks_in_chains(journeys.away_spells, journeys.events_of(["REVIEW"]), REVIEW_LIMITS)
    return chain.assign(step="REVIEW")


def _practice_review(code: str, journeys: Journeys) -> pd.DataFrame:
    """From accommodation to the review of that kind, or to the one at that place if that came first."""
    kind, place = PRACTICE_REVIEWS[code]
    spells = journeys.away_spells
    inside = events_away(["REVIEW"], journeys)
    counted = inside.drop_duplicates(["spell", "day"])
    at_place = counted[(counted.groupby("spell").cumcount() == place - 1).to_numpy(dtype=bool)]
    of_kind = inside[(inside["review_kind"] == kind).to_numpy(dtype=bool)]
    stop = np.full(len(spells), OPEN)
    for found in (at_place, of_kind):
        np.minimum.at(stop, found["spell"].to_numpy(), found["day"].to_numpy())
    start = spells["start"].to_numpy()
    due = Limit.parse(BY_CODE[code].limit).after_days(start)
    return spells[["child", "start", "exit"]].assign(step=code, link=0, spell_start=start, due=due, stop=stop)


def _supervision(journeys: Journeys) -> pd.DataFrame:
    """Each supervision order, and each review of it, may run for a year."""
    chain = clocks_in_chains(journeys.supervision_spells, journeys.events_of(["CSO_REVIEWED"]), SUPERVISION_LIMIT)
    return chain.assign(step="CSO")
