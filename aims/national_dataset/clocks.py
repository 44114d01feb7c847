"""The rows of an authority's dataset: one for each of its accommodation clocks, as at the end of a month."""

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd

from aims.figures import journeys_for
from aims.national_dataset.columns import AGE_NOT_KNOWN, UNDER_ONE
from aims.national_dataset.pseudonyms import national_pseudonym, secret_of
from aims.national_dataset.recommendations import recommendation_aim
from aims.national_dataset.records import ClockRecord
from aims.outcomes import clock_rule
from children.models import Child
from milestones.catalogue import ADM_APPROVED, AdmOutcome
from milestones.clocks.day_arrays import birthdays
from milestones.clocks.days import NOT_KNOWN, OPEN, day_if_any
from milestones.clocks.limits import from_day
from milestones.clocks.running import ClockRule, run_clocks
from milestones.clocks.spells import AGE_18
from milestones.clocks.starts import events_in_spells
from milestones.journeys import Journeys
from pace_site.accounts.models import Organisation
from pace_site.replica.reading import read_apart

APPROVAL = ClockRule(ADM_APPROVED, frozenset({"COURT_LODGED"}))
# The age from which each band after the first holds.
BANDS = ((1, "1 to 4"), (5, "5 to 11"), (12, "12 to 15"), (16, "16 to 17"), (18, "18 or over"))


def dataset_records(authority: Organisation, *, month_end: date) -> tuple[ClockRecord, ...]:
    """The authority's clocks, by pseudonym and spell. Makes the authority's secret when there is none yet."""
    aim = recommendation_aim()
    children = Child.objects.filter(authority=authority)
    journeys = read_apart(lambda: journeys_for([aim], children, month_end, also=APPROVAL.kinds))
    clocks = run_clocks(clock_rule(aim), journeys)
    spell_of = clocks["spell"].tolist()
    secret = secret_of(authority)
    codes = journeys.children["code"].tolist()
    pseudonyms = {row: national_pseudonym(codes[row], secret=secret) for row in set(clocks["child"].tolist())}
    child, placeable = clocks["child"].to_numpy(), clocks["placeable"].to_numpy(dtype=bool)
    start, due, stop, exits = (clocks[name].to_numpy() for name in ("start", "due", "stop", "exit"))
    reasons = clocks["exit_reason"].tolist()
    at_18 = [reason == AGE_18 for reason in reasons]
    looked_after = _looked_after(journeys)
    routes = _routes_of(child, stop, journeys)
    decisions = _decisions(journeys)
    bands = _age_bands(journeys.births[child], start, placeable=placeable)
    records = [
        ClockRecord(
            child=pseudonyms[row],
            spell=number,
            age_band=bands[at],
            first_accommodated=from_day(start[at]) if placeable[at] else None,
            last_accommodated=None if at_18[at] else day_if_any(exits[at]),
            exit_reason=reasons[at],
            left_after_limit=bool(exits[at] > due[at]) if at_18[at] and placeable[at] else None,
            still_looked_after=bool(looked_after[row] or exits[at] == OPEN),
            recommended_on=day_if_any(stop[at]),
            recommended_route=routes[at],
            **decisions.get(spell_of[at], NO_DECISION),
        )
        for at, (row, number) in enumerate(zip(child.tolist(), _numbers(child), strict=True))
    ]
    return tuple(sorted(records, key=lambda record: record.key))


def _numbers(child: np.ndarray) -> list[int]:
    """1 for the first spell of each child, 2 for the next; spells stand by child and start."""
    return (pd.Series(child).groupby(child).cumcount() + 1).tolist()


def _looked_after(journeys: Journeys) -> np.ndarray:
    found = np.zeros(len(journeys.children), dtype=bool)
    spells = journeys.looked_after_spells
    found[spells["child"].to_numpy()[spells["exit"].to_numpy() == OPEN]] = True
    return found


def _age_bands(births: np.ndarray, start: np.ndarray, *, placeable: np.ndarray) -> list[str]:
    bands = np.full(len(start), UNDER_ONE, dtype=object)
    for age, band in BANDS:
        bands[start >= birthdays(births, age)] = band
    bands[(births == NOT_KNOWN) | ~placeable] = AGE_NOT_KNOWN
    return bands.tolist()


def _routes_of(child: np.ndarray, stop: np.ndarray, journeys: Journeys) -> list[str]:
    """The route of the recommendation made on the day that each clock stopped, the last recorded of several."""
    events = journeys.exact_events_of(["PERM_REC"])
    said = events[(events["route"] != "").to_numpy()]
    by_day = dict(zip(zip(said["child"], said["day"], strict=True), said["route"], strict=True))
    return [by_day.get(key, "") for key in zip(child.tolist(), stop.tolist(), strict=True)]


NO_DECISION = {"adm_on": None, "adm_outcome": "", "lodged_on": None}


def _decisions(journeys: Journeys) -> dict[int, dict]:
    """By spell: the agency decision in force, and the first application lodged, since the approval if there is one."""
    inside = events_in_spells(journeys.events_of(["ADM_DECISION", "COURT_LODGED"]), journeys.away_spells)
    approvals = _latest_approvals(journeys)
    decided, lodged = defaultdict(list), defaultdict(list)
    for spell, kind, day, outcome in zip(
        *(inside[name].tolist() for name in ("spell", "kind", "day", "outcome")), strict=True
    ):
        if kind == "ADM_DECISION":
            decided[spell].append((day, outcome))
        else:
            lodged[spell].append(day)
    found: dict[int, dict] = {}
    for spell in {*decided, *lodged}:
        day, outcome = _in_force(decided[spell], approvals.get(spell))
        since = day if outcome == AdmOutcome.APPROVED else NOT_KNOWN
        found[spell] = {
            "adm_on": day_if_any(day),
            "adm_outcome": outcome,
            "lodged_on": day_if_any(min((each for each in lodged[spell] if each >= since), default=OPEN)),
        }
    return found


def _latest_approvals(journeys: Journeys) -> dict[int, int]:
    """By spell: the day on which the approval that came last began to run (re-affirming it later changes nothing)."""
    clocks = run_clocks(APPROVAL, journeys)
    return dict(zip(clocks["spell"].tolist(), clocks["start"].tolist(), strict=True))


def _in_force(decided: list[tuple[int, str]], approved_on: int | None) -> tuple[int, str]:
    """Day and outcome: the last approval unless refused since, else the last refusal, else the last deferral.

    `decided` are the decisions of the spell, earliest first.
    """
    last = {outcome: (at, day) for at, (day, outcome) in enumerate(decided)}
    refused, approved = last.get(AdmOutcome.REFUSED.value), last.get(AdmOutcome.APPROVED.value)
    if refused and (approved is None or refused > approved):
        return refused[1], AdmOutcome.REFUSED.value
    if approved_on is not None:
        return approved_on, AdmOutcome.APPROVED.value
    deferred = last.get(AdmOutcome.DEFERRED.value)
    return (deferred[1], AdmOutcome.DEFERRED.value) if deferred else (OPEN, "")
