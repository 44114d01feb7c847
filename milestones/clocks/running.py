"""Run clocks: from a rule and some journeys to starts, stops and due dates (`design.md` 3).

An aim, a statutory step or a practice date is a `ClockRule`; what a council makes of the clocks (cohorts, exclusions,
percentages) is not known here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from milestones.catalogue import ADM_APPROVED, ALIASES, AdmOutcome
from milestones.clocks.day_arrays import birthdays
from milestones.clocks.days import NOT_KNOWN, OPEN, DayIndex, pairs_by_child
from milestones.clocks.limits import Limit, to_day
from milestones.clocks.spells import RETURN_HOME
from milestones.clocks.starts import (
    clocks_from_approvals,
    clocks_from_first_events,
    clocks_from_routes,
    clocks_from_spells,
    clocks_from_thresholds,
    events_in_spells,
    transferred_in,
)

if TYPE_CHECKING:
    from datetime import date

    from milestones.journeys import Journeys

RECOMMENDATIONS = frozenset({"PERM_REC", "PERM_DECISION"})
ROUTED_STARTS = frozenset({"PERM_REC", "PPM_DECISION"})
BEFORE_BIRTH_DAYS = 280  # forty weeks
TWO_YEARS = Limit.parse("24 months")


@dataclass(frozen=True)
class ClockRule:
    """What starts a clock, what stops it, and how long it may run; without `limit` and `deadline` it is never late."""

    start_event: str
    stop_events: frozenset[str]
    limit: Limit | None = None
    deadline: "date | None" = None
    threshold: Limit | None = None
    strict: bool = False

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of milestones that this clock reads."""
        return frozenset(_recorded_kind(code) for code in (self.start_event, *self.stop_events)) | {"PERM_REC"}

    @property
    def recorded_start(self) -> str:
        return ALIASES.get(self.start_event, self.start_event)


def run_clocks(rule: ClockRule, journeys: "Journeys") -> pd.DataFrame:
    """Return one row per clock: child, spell_start, start, due, stop, exit, exit_reason, route, placeable, days.

    Days are numbers, `OPEN` where there is none; `days` runs from start to stop, 0 for a recommendation made before
    the child was accommodated. `placeable` is False where the start cannot be said.
    """
    return stop_clocks(_start(rule, journeys), rule, journeys)


def stop_clocks(clocks: pd.DataFrame, rule: ClockRule, journeys: "Journeys") -> pd.DataFrame:
    """Return `clocks` that have started (child, spell_start, start, exit ...) with due, stop and days by the rule."""
    stops = stop_days(rule.stop_events, journeys)
    child, start, exits = (clocks[name].to_numpy() for name in ("child", "start", "exit"))
    found = DayIndex(stops["child"].to_numpy(), stops["day"].to_numpy()).first_on_or_after(child, start)
    stop = np.where(found <= exits, found, OPEN)
    days = np.where(stop < OPEN, stop - start, 0)
    if rule.recorded_start == "ACCOM_START":
        kinds = frozenset(map(_recorded_kind, rule.stop_events)) & RECOMMENDATIONS
        before = _recommended_before(clocks, kinds, journeys)
        stop = np.where(before < start, before, stop)
        days = np.where(before < start, 0, days)
    if rule.deadline is not None:
        due = np.full(len(clocks), to_day(rule.deadline))
    elif rule.limit is not None:
        due = rule.limit.after_days(start)
    else:
        due = np.full(len(clocks), OPEN)
    return clocks.assign(due=due, stop=stop, days=days)


def unplaced_starts(rule: ClockRule, journeys: "Journeys") -> pd.DataFrame:
    """Return the start events that have no exact date (child, day, precision, route), which no clock can use."""
    events = journeys.events_of([_recorded_kind(rule.recorded_start)])
    if events.empty:
        return events
    if rule.recorded_start == ADM_APPROVED:
        events = events[(events["outcome"] == AdmOutcome.APPROVED).to_numpy()]
    return events[~events["exact"].to_numpy(dtype=bool)]


def episodes_without_placement(journeys: "Journeys") -> pd.DataFrame:
    """Return the open episodes (child, start) in which no placement at all has begun."""
    episodes = journeys.episodes
    waiting: np.ndarray = episodes["end"].to_numpy() == OPEN
    waiting[journeys.placed["episode"].to_numpy()] = False
    return episodes[waiting]


def _recorded_kind(code: str) -> str:
    return "ADM_DECISION" if code == ADM_APPROVED else ALIASES.get(code, code)


def _start(rule: ClockRule, journeys: "Journeys") -> pd.DataFrame:
    """Where the clocks of a rule begin; rules that differ in what stops them share it."""
    what = (rule.recorded_start, rule.threshold, rule.strict)
    return journeys.once(("starts", what), lambda: _started(rule, journeys))


def _started(rule: ClockRule, journeys: "Journeys") -> pd.DataFrame:
    event = rule.recorded_start
    if event == "ACCOM_START":
        spells = journeys.away_spells
        clocks = clocks_from_spells(spells)
        arrivals = journeys.exact_events_of(["LA_TRANSFER_IN"])
        clocks = transferred_in(clocks, arrivals)
    elif event == "AT_HOME_CSO_START":
        spells = journeys.at_home_spells
        clocks = clocks_from_spells(spells)
    elif event == "AT_HOME_2Y":
        spells = journeys.at_home_spells
        clocks = clocks_from_thresholds(spells, rule.threshold or TWO_YEARS, strict=rule.strict, as_at=journeys.today)
    elif event == "LAC_START":
        spells = journeys.looked_after_spells
        clocks = clocks_from_spells(spells)
    else:
        spells = journeys.away_spells
        kinds = ["PERM_REC", "ADM_DECISION"] if event == ADM_APPROVED else [event]
        inside = events_away(kinds, journeys)
        if event == ADM_APPROVED:
            clocks = clocks_from_approvals(inside)
        elif event in ROUTED_STARTS:
            clocks = clocks_from_routes(inside)
        else:
            clocks = clocks_from_first_events(inside)
    return clocks.assign(spell_start=spells["start"].to_numpy()[clocks["spell"].to_numpy()]).reset_index(drop=True)


def events_away(kinds: Collection[str], journeys: "Journeys") -> pd.DataFrame:
    """The exact events of these kinds that lie in a spell away from home, as `events_in_spells` gives them."""
    return journeys.once(
        ("events away", frozenset(kinds)), lambda: events_in_spells(journeys.events_of(kinds), journeys.away_spells)
    )


def stop_days(codes: frozenset[str], journeys: "Journeys") -> pd.DataFrame:
    """Every exact day (child, day) on which one of `codes` happened, recorded or derived."""
    return journeys.once(("stops", codes), lambda: _stop_days(codes, journeys))


def _stop_days(codes: frozenset[str], journeys: "Journeys") -> pd.DataFrame:
    parts = []
    for code in sorted(codes):
        kind = _recorded_kind(code)
        events = journeys.exact_events_of([kind])
        if code == ADM_APPROVED:
            events = events[(events["outcome"] == AdmOutcome.APPROVED).to_numpy(dtype=bool)]
        elif kind == "ADM_DECISION":
            # A deferral decides nothing: the child still waits.
            events = events[(events["outcome"] != AdmOutcome.DEFERRED).to_numpy(dtype=bool)]
        parts.append((events["child"].to_numpy(), events["day"].to_numpy()))
        parts += _derived_days(kind, journeys)
    return pd.DataFrame(
        {
            "child": np.concatenate([child for child, _day in parts]),
            "day": np.concatenate([day for _child, day in parts]),
        }
    )


def _derived_days(kind: str, journeys: "Journeys") -> list[tuple[np.ndarray, np.ndarray]]:
    """Children and days of what nobody records as a milestone, as at most one pair of arrays."""
    if kind == RETURN_HOME:
        spells = journeys.away_spells
        return [_days_of(spells[(spells["exit_reason"] == RETURN_HOME).to_numpy(dtype=bool)], "exit")]
    source = {
        "ACCOM_START": ("away_spells", "start"),
        "ACCOM_END": ("away_spells", "exit"),
        "AT_HOME_CSO_START": ("at_home_spells", "start"),
        "AT_HOME_CSO_END": ("at_home_spells", "exit"),
        "LAC_START": ("episodes", "start"),
        "LAC_END": ("episodes", "end"),
    }.get(kind)
    if source is None:
        return []
    table, column = source
    return [_days_of(getattr(journeys, table), column)]


def _days_of(table: pd.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray]:
    child, day = table["child"].to_numpy(), table[column].to_numpy()
    return child[day < OPEN], day[day < OPEN]


def _recommended_before(clocks: pd.DataFrame, kinds: frozenset[str], journeys: "Journeys") -> np.ndarray:
    """Day of the earliest recommendation made before an infant was accommodated, for each clock, else `OPEN`.

    It was flagged as made before birth, or is at most 280 days older than an accommodation that began before the
    first birthday; and it lies inside no earlier spell away from home.
    """
    earliest = np.full(len(clocks), OPEN)
    child, spell_start = clocks["child"].to_numpy(), clocks["spell_start"].to_numpy()
    births = journeys.births[child]
    infant = np.flatnonzero((births != NOT_KNOWN) & (spell_start < birthdays(births, 1)))
    recommendations = journeys.exact_events_of(kinds)
    if not len(infant) or recommendations.empty:
        return earliest
    clock, made = pairs_by_child(child[infant], recommendations["child"].to_numpy())
    clock, day = infant[clock], recommendations["day"].to_numpy()[made]
    flagged = recommendations["pre_birth"].to_numpy(dtype=bool)[made]
    before = spell_start[clock] - day
    fits = (before > 0) & (flagged | (before <= BEFORE_BIRTH_DAYS))
    clock, day = clock[fits], day[fits]
    spells = journeys.away_spells
    pair, spell = pairs_by_child(child[clock], spells["child"].to_numpy())
    start, exits = spells["start"].to_numpy()[spell], spells["exit"].to_numpy()[spell]
    within = (start < spell_start[clock][pair]) & (start <= day[pair]) & (day[pair] <= exits)
    free = np.ones(len(clock), dtype=bool)
    free[pair[within]] = False
    np.minimum.at(earliest, clock[free], day[free])
    return earliest
