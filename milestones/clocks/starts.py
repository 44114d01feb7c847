"""Starts: where a clock begins, and what ends it before it stops (`design.md` 3).

Pure: spells and events in, clocks out. A clock has child, spell (a row of the spells), start, exit (`OPEN` when
none), exit_reason, route ("" when it has none) and placeable (False when its start cannot be said).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from milestones.catalogue import AdmOutcome
from milestones.clocks.days import OPEN, Column, child_day, pairs_by_child
from milestones.clocks.limits import Limit

PLAN_CHANGED = "PLAN_CHANGED"
ADM_REFUSED = "ADM_REFUSED"
# Ends of a clock that are not the child leaving.
PLAN_ENDS = (PLAN_CHANGED, ADM_REFUSED)


def clocks_from_spells(spells: pd.DataFrame) -> pd.DataFrame:
    """One clock per spell, from its first day."""
    return spells[["child", "start", "exit", "exit_reason"]].assign(
        spell=np.arange(len(spells)), route="", placeable=True
    )


def clocks_from_thresholds(spells: pd.DataFrame, threshold: Limit, *, strict: bool, as_at: int) -> pd.DataFrame:
    """One clock per spell that lasts `threshold`, from the day it does; `strict` means longer than that."""
    clocks = clocks_from_spells(spells)
    reached = threshold.after_days(spells["start"].to_numpy()) + strict
    clocks["start"] = reached
    return clocks[(reached <= as_at) & (reached <= clocks["exit"].to_numpy())]


def events_in_spells(events: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Return the exact `events` that lie in a spell, by spell, day and recorded order; the exit day still counts."""
    start, exits = spells["start"].to_numpy(), spells["exit"].to_numpy()
    row, spell = pairs_by_child(events["child"].to_numpy(), spells["child"].to_numpy())
    day = events["day"].to_numpy()[row]
    inside = events["exact"].to_numpy(dtype=bool)[row] & (start[spell] <= day) & (day <= exits[spell])
    row, spell, day = row[inside], spell[inside], day[inside]
    by_spell = np.lexsort((events["order"].to_numpy()[row], day, spell))
    row, spell = row[by_spell], spell[by_spell]
    return (
        events.take(row)
        .reset_index(drop=True)
        .assign(start=start[spell], exit=exits[spell], exit_reason=spells["exit_reason"].to_numpy()[spell], spell=spell)
    )


def clocks_from_first_events(inside: pd.DataFrame) -> pd.DataFrame:
    """One clock per spell, from the first of the events."""
    firsts = inside[_changes(inside["spell"].to_numpy())]
    return _clocks(firsts, start=firsts["day"], exits=firsts["exit"], reason=firsts["exit_reason"], route="")


def clocks_from_waits(inside: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """One clock from each event that nothing was waiting for: the first of a spell, and the first after each stop.

    `inside` are events in spells, `stops` the days (child, day) on which such a wait ends. A second event while the
    first still waits starts nothing.
    """
    keys = np.sort(child_day(stops["child"].to_numpy(), stops["day"].to_numpy()))
    stopped_before = np.searchsorted(keys, child_day(inside["child"].to_numpy(), inside["day"].to_numpy()))
    firsts = inside[_changes(inside["spell"].to_numpy()) | _changes(stopped_before)]
    return _clocks(
        firsts, start=firsts["day"], exits=firsts["exit"], reason=firsts["exit_reason"], route=firsts["route"]
    )


def clocks_in_chains(spells: pd.DataFrame, events: pd.DataFrame, limits: Sequence[Limit]) -> pd.DataFrame:
    """Clocks that follow one another in each spell: from its first day to the first event, from that to the next ...

    Each has `link` (0 for the first), due by the limit at its place (the last limit for all later ones) and stop; two
    events of one day are one. The legal maximum between reviews drifts in just this way (`domain.md` 3.2).
    """
    inside = events_in_spells(events, spells).drop_duplicates(["spell", "day"])
    spell = np.append(np.arange(len(spells)), inside["spell"].to_numpy())
    starts = np.append(spells["start"].to_numpy(), inside["day"].to_numpy())
    is_event = np.append(np.zeros(len(spells), dtype=bool), np.ones(len(inside), dtype=bool))
    order = np.lexsort((is_event, starts, spell))
    spell, starts, is_event = spell[order], starts[order], is_event[order]
    place = pd.Series(is_event).groupby(spell).cumsum().to_numpy(dtype=np.int64)
    followed = np.append(spell[1:] == spell[:-1], [False])[: len(spell)]
    stop = np.where(followed, np.append(starts[1:], OPEN)[: len(starts)], OPEN)
    due = np.full(len(starts), OPEN)
    for number, limit in enumerate(limits):
        here = place >= number
        due[here] = limit.after_days(starts[here])
    return pd.DataFrame(
        {
            "child": spells["child"].to_numpy()[spell],
            "spell_start": spells["start"].to_numpy()[spell],
            "link": place,
            "start": starts,
            "due": due,
            "stop": stop,
            "exit": spells["exit"].to_numpy()[spell],
        }
    )


def clocks_from_routes(inside: pd.DataFrame) -> pd.DataFrame:
    """One clock per unbroken run of one route; another route ends it, the same one re-affirmed changes nothing.

    An event without a route says nothing new: it takes the route of the one before it in the spell.
    """
    routes = _carried(inside["route"], inside["spell"])
    begins = _changes(inside["spell"].to_numpy()) | _changes(routes)
    firsts = inside[begins].assign(route=routes[begins])
    exits, reason = _ended_by_next(firsts, np.full(len(firsts), PLAN_CHANGED))
    return _clocks(firsts, start=firsts["day"], exits=exits, reason=reason, route=firsts["route"])


def clocks_from_approvals(inside: pd.DataFrame) -> pd.DataFrame:
    """One clock per approved plan, from `inside`: recommendations (PERM_REC) and decisions (ADM_DECISION).

    A refusal, or a recommendation of another route, ends it; a deferral changes nothing. On one day the
    recommendation comes first. An approval without a route approves what was recommended last.
    """
    is_decision = (inside["kind"] == "ADM_DECISION").to_numpy()
    order = np.lexsort((inside["order"], is_decision, inside["day"], inside["spell"]))
    inside = inside.iloc[order].reset_index(drop=True)
    is_decision = is_decision[order]
    outcome = inside["outcome"].to_numpy()
    approved = is_decision & (outcome == AdmOutcome.APPROVED)
    refused = is_decision & (outcome == AdmOutcome.REFUSED)
    recommended = _carried(inside["route"].where(~is_decision, ""), inside["spell"])
    own = inside["route"].to_numpy()
    route = np.where(own == "", recommended, own)

    # What the last approval before each row approved; NaN before the first of the spell.
    approvals = pd.Series(np.where(approved, route, np.nan), dtype="object")
    previous = approvals.groupby(inside["spell"]).ffill().groupby(inside["spell"]).shift().to_numpy()
    had_one = pd.notna(previous)
    other_plan = ~is_decision & (recommended != "") & had_one & (recommended != previous)
    breaks = refused | other_plan
    broken_so_far = np.cumsum(breaks)
    at_approval = pd.Series(np.where(approved, broken_so_far, np.nan))
    broken_then = at_approval.groupby(inside["spell"]).ffill().groupby(inside["spell"]).shift().to_numpy()
    begins = approved & (~had_one | (route != previous) | (broken_so_far != broken_then))

    turning = inside.assign(route=route)[begins | breaks]
    starts = begins[begins | breaks]
    by = np.where(starts, PLAN_CHANGED, np.where(refused[begins | breaks], ADM_REFUSED, PLAN_CHANGED))
    exits, reason = _ended_by_next(turning, by)
    firsts = turning[starts]
    return _clocks(firsts, start=firsts["day"], exits=exits[starts], reason=reason[starts], route=firsts["route"])


def _changes(values: np.ndarray) -> np.ndarray:
    changed = np.ones(len(values), dtype=bool)
    changed[1:] = values[1:] != values[:-1]
    return changed


def _carried(routes: pd.Series, spells: pd.Series) -> np.ndarray:
    """Carry a route forward over events of the same spell that have none."""
    return routes.where(routes != "", None).groupby(spells).ffill().fillna("").to_numpy()


def _ended_by_next(turning: pd.DataFrame, reason_of_each: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exit and reason of each row: the next row of its spell, else the spell's own exit."""
    spell, day = turning["spell"].to_numpy(), turning["day"].to_numpy()
    exits, reasons = turning["exit"].to_numpy().copy(), turning["exit_reason"].to_numpy().copy()
    followed = np.flatnonzero(spell[1:] == spell[:-1])
    exits[followed] = day[followed + 1]
    reasons[followed] = reason_of_each[followed + 1]
    return exits, reasons


def _clocks(
    firsts: pd.DataFrame, *, start: Column, exits: Column, reason: Column, route: "Column | str"
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "child": firsts["child"].to_numpy(),
            "spell": firsts["spell"].to_numpy(),
            "start": np.asarray(start, dtype=np.int64),
            "exit": np.asarray(exits, dtype=np.int64),
            "exit_reason": np.asarray(reason, dtype=object),
            "route": route if isinstance(route, str) else np.asarray(route, dtype=object),
            "placeable": True,
        }
    )


def transferred_in(clocks: pd.DataFrame, transfers: pd.DataFrame) -> pd.DataFrame:
    """Start the clocks of children who came from another authority when they were first accommodated there.

    `transfers` are exact transfers in with `first_accommodated` (`OPEN` when not known): a clock that starts on the
    day of one keeps the original date, or cannot be placed (`domain.md` 4.7).
    """
    if transfers.empty:
        return clocks
    last = transfers.drop_duplicates(["child", "day"], keep="last")
    joined = clocks.merge(
        last[["child", "day", "first_accommodated"]], how="left", left_on=["child", "start"], right_on=["child", "day"]
    )
    original = joined["first_accommodated"].to_numpy(dtype=float)
    came_in = ~np.isnan(original)
    known = came_in & (original <= joined["start"].to_numpy())
    joined.loc[known, "start"] = original[known].astype(np.int64)
    joined["placeable"] = ~came_in | known
    return joined.drop(columns=["day", "first_accommodated"])
