"""Count a measure by month from milestones, for all children at once (`improvement.measure_definition.Rule`).

A clock belongs to the month in which it fell due, as in `aims.by_month`; everything else to the month in which it
happened or was planned. Only months that are over are counted.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from children.models import Child
from improvement.measure_definition import (
    BEFOREHAND,
    IN_TIME,
    MOVES,
    NOT_ON_THE_DAY,
    STANDING,
    WAITED_FOR,
    Rule,
)
from improvement.measured.series import MonthOf, last_month_over
from milestones.catalogue import NOT_HELD, Precision
from milestones.clocks.days import OPEN, DayIndex
from milestones.clocks.limits import to_day
from milestones.clocks.running import ClockRule, run_clocks, stop_days
from milestones.clocks.states import State, states
from milestones.day_number import DayNumber
from milestones.journeys import Journeys, load_journeys
from milestones.models import Milestone
from milestones.stages import STAGE_KINDS, run_stages
from milestones.steps import run_waits

COUNTED = (State.MET, State.MISSED, State.OVERDUE)


@dataclass(frozen=True)
class Histories:
    """What measures are counted from: the journeys of some children, and what was planned for them.

    planned: kind, planned (day number), held (whether it was held by that day).
    """

    journeys: Journeys
    planned: pd.DataFrame

    @property
    def as_at(self) -> date:
        return self.journeys.as_at

    @cached_property
    def stages(self) -> pd.DataFrame:
        return run_stages(self.journeys)


def load_histories(children: QuerySet[Child], as_at: date, rules: list[Rule]) -> Histories:
    """Read what `rules` count, in six queries at most whatever their number; no children are read for no rule."""
    kinds = frozenset().union(*(_kinds(rule) for rule in rules))
    journeys = load_journeys(children if rules else children.none(), as_at, kinds=kinds)
    planned_kinds = {rule.planned_event for rule in rules if rule.compute == NOT_ON_THE_DAY}
    return Histories(journeys, _load_planned(children, planned_kinds, as_at))


def count_months(rule: Rule, histories: Histories, *, since: date | None = None) -> tuple[MonthOf, ...]:
    """The months of a measure that are over, in order and without a gap, from `since` (a first day) on."""
    months = _COUNTERS[rule.compute](rule, histories)
    return tuple(month for month in months if since is None or month.first >= since)


def _kinds(rule: Rule) -> frozenset[str]:
    if rule.compute == STANDING:
        return STAGE_KINDS
    if rule.compute in (IN_TIME, BEFOREHAND):
        return _clock_rule(rule).kinds
    return frozenset()


def _load_planned(children: QuerySet[Child], kinds: set[str], as_at: date) -> pd.DataFrame:
    rows = []
    if kinds:
        rows = (
            Milestone.objects.standing()
            .filter(child__in=children.order_by().values("pk"), kind__in=kinds, precision=Precision.DAY)
            .filter(planned_on__isnull=False, planned_on__lte=as_at)
            .values_list("kind", DayNumber("planned_on"), Coalesce(DayNumber("happened_on"), Value(OPEN)), "outcome")
        )
    found = [
        (kind, planned, happened <= planned and outcome not in NOT_HELD) for kind, planned, happened, outcome in rows
    ]
    frame = pd.DataFrame(found, columns=["kind", "planned", "held"])
    return frame.astype({"planned": np.int64, "held": bool})


def _clock_rule(rule: Rule) -> ClockRule:
    return ClockRule(rule.start_event, frozenset(rule.stop_event or rule.before_event), limit=rule.within)


def _clocks(rule: Rule, journeys: Journeys) -> pd.DataFrame:
    """The clocks of a rule, in the columns of `run_clocks`: those that can be placed, of its routes."""
    clock_rule = _clock_rule(rule)
    if clock_rule.recorded_start in WAITED_FOR:
        clocks = run_waits(clock_rule, journeys)
    else:
        clocks = run_clocks(clock_rule, journeys)
        clocks = clocks[clocks["placeable"].to_numpy(dtype=bool)]
    return clocks[clocks["route"].isin(rule.routes).to_numpy(dtype=bool)] if rule.routes else clocks


def _in_time(rule: Rule, histories: Histories) -> tuple[MonthOf, ...]:
    clocks = _clocks(rule, histories.journeys)
    due, stop, exits = (clocks[name].to_numpy(dtype=np.int64) for name in ("due", "stop", "exit"))
    state, _left_undecided = states(due, stop, np.where(stop < OPEN, OPEN, exits), as_at=histories.journeys.today)
    month = _months(due)
    last = _month(last_month_over(histories.as_at))
    # Whoever is due on the as-at day itself may still be in time.
    if ((state == State.WAITING) & (month == last)).any():
        last -= 1
    counted = np.isin(state, COUNTED) & (month <= last)
    return _shares(month[counted], (state == State.MET)[counted], last=last)


def _beforehand(rule: Rule, histories: Histories) -> tuple[MonthOf, ...]:
    journeys = histories.journeys
    clocks = _clocks(rule, journeys)
    child, start = clocks["child"].to_numpy(dtype=np.int64), clocks["start"].to_numpy(dtype=np.int64)
    before = stop_days(frozenset(rule.before_event), journeys)
    before_child, before_day = before["child"].to_numpy(dtype=np.int64), before["day"].to_numpy(dtype=np.int64)
    if rule.window is None:
        since = np.minimum(clocks["spell_start"].to_numpy(dtype=np.int64), start)
        done = DayIndex(before_child, before_day).first_on_or_after(child, since) <= start
    else:
        # Backwards in time the last before a day is the first after it.
        found = -DayIndex(before_child, -before_day).first_on_or_after(child, -start)
        done = (found > -OPEN) & (rule.window.after_days(np.where(found > -OPEN, found, start)) >= start)
    return _shares_over(_months(start), done, histories)


def _standing(rule: Rule, histories: Histories) -> tuple[MonthOf, ...]:
    clocks = histories.stages
    clocks = clocks[(clocks["stage"] == rule.stage).to_numpy(dtype=bool)]
    began, here, stop, exits = (
        clocks[name].to_numpy(dtype=np.int64) for name in ("start", "spell_start", "stop", "exit")
    )
    # Whoever was transferred in has waited since before, but nowhere here.
    start = np.maximum(began, here)
    last = _month(last_month_over(histories.as_at))
    if len(start) == 0 or _months(start).min() > last:
        return ()
    months = np.arange(_months(start).min(), last + 1)
    ends = _first_days(months + 1) - 1
    # A stage that ended before it began, as by a recommendation made before birth, is never stood in.
    left = np.maximum(np.minimum(stop, exits), start)
    counts = np.searchsorted(np.sort(start), ends, side="right") - np.searchsorted(np.sort(left), ends, side="right")
    return tuple(MonthOf(_as_date(month), value=count) for month, count in zip(months, counts.tolist(), strict=True))


def _not_on_the_day(rule: Rule, histories: Histories) -> tuple[MonthOf, ...]:
    planned = histories.planned
    planned = planned[(planned["kind"] == rule.planned_event).to_numpy(dtype=bool)]
    return _shares_over(_months(planned["planned"].to_numpy()), ~planned["held"].to_numpy(dtype=bool), histories)


def _moves(_rule: Rule, histories: Histories) -> tuple[MonthOf, ...]:
    spells = histories.journeys.away_spells
    start, exits = spells["start"].to_numpy(dtype=np.int64), spells["exit"].to_numpy(dtype=np.int64)
    last = _month(last_month_over(histories.as_at))
    if len(start) == 0 or _months(start).min() > last:
        return ()
    months = np.arange(_months(start).min(), last + 1)
    borders = _first_days(np.append(months, last + 1))
    spent = [int(np.clip(np.minimum(exits, border) - start, 0, None).sum()) for border in borders]
    placed = histories.journeys.lasting_placed
    placed = placed[~placed["home"].to_numpy(dtype=bool)][["child", "start"]].rename(columns={"start": "day"})
    moved = placed.drop_duplicates().merge(spells[["child", "start", "exit"]], on="child")
    day = moved["day"].to_numpy(dtype=np.int64)
    inside = (moved["start"].to_numpy() < day) & (day < moved["exit"].to_numpy())
    of = _months(day[inside])
    counts = np.bincount(of[of <= last] - months[0], minlength=len(months))
    return tuple(
        MonthOf(_as_date(month), numerator=count, denominator=days)
        for month, count, days in zip(months, counts.tolist(), np.diff(spent).tolist(), strict=True)
    )


def _shares_over(month: np.ndarray, fulfilled: np.ndarray, histories: Histories) -> tuple[MonthOf, ...]:
    last = _month(last_month_over(histories.as_at))
    over = month <= last
    return _shares(month[over], fulfilled[over], last=last)


def _shares(month: np.ndarray, fulfilled: np.ndarray, *, last: int) -> tuple[MonthOf, ...]:
    """So many of each month, and how many of them fulfil the condition, up to `last`."""
    if len(month) == 0:
        return ()
    first = int(month.min())
    size = last - first + 1
    all_of = np.bincount(month - first, minlength=size).tolist()
    some_of = np.bincount(month[fulfilled] - first, minlength=size).tolist()
    return tuple(
        MonthOf(_as_date(first + place), numerator=some, denominator=count)
        for place, (some, count) in enumerate(zip(some_of, all_of, strict=True))
    )


def _months(days: np.ndarray) -> np.ndarray:
    """The months of day numbers, as months since January 1970."""
    return days.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_days(months: np.ndarray) -> np.ndarray:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _month(first: date) -> int:
    return int(_months(np.array([to_day(first)]))[0])


def _as_date(month: int) -> date:
    return np.datetime64(int(month), "M").astype("datetime64[D]").item()


_COUNTERS = {
    IN_TIME: _in_time,
    BEFOREHAND: _beforehand,
    STANDING: _standing,
    NOT_ON_THE_DAY: _not_on_the_day,
    MOVES: _moves,
}
