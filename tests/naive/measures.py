"""The months of a measure, the slow way: one child, one month and one day at a time (`domain.md` 6.4).

Written from the rules alone, so that it can disagree with the counting.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from aims.definition import AimDefinition
from improvement.measure_definition import Rule
from tests.naive.clocks import (
    Clock,
    accommodation_clock,
    clocks_of_approvals,
    clocks_of_plans,
    events_in,
)
from tests.naive.dates import ONE_DAY, end_of_month, last_day_in_time
from tests.naive.histories import ChildHistory
from tests.naive.outcomes import naive_outcomes, stop_days
from tests.naive.spells import Spell, away_spells, known_at, placements_by_episode
from tests.naive.steps import each_time, naive_stages

EACH_TIME = ("PANEL_PRESENTED", "ADM_DECISION")
Months = dict[str, tuple[int, int]]


def naive_in_time(rule: Rule, children: list[ChildHistory], as_at: date) -> Months:
    """By month of the due date: how many clocks fell due, and how many of them were stopped in time."""
    if rule.start_event in EACH_TIME:
        way = {"X": (rule.start_event, rule.stop_event[0], str(rule.within), [])}
        rows = [row for child in children for row in each_time(known_at(child, as_at), as_at, way)]
    else:
        aim = {"code": "X", "title": "X", "start_event": rule.start_event, "stop_event": list(rule.stop_event)}
        aim |= {"limit": str(rule.within), "routes": list(rule.routes)}
        # Of no age filter and no cohort: whoever has a clock is counted.
        rows = naive_outcomes(AimDefinition.from_mapping(aim), children, as_at).rows
    still_in_time = any(row.state == "WAITING" and row.due == as_at for row in rows)
    due, met = Counter(), Counter()
    for row in rows:
        over = end_of_month(row.due) < as_at or (end_of_month(row.due) == as_at and not still_in_time)
        if over and row.state in ("MET", "MISSED", "OVERDUE"):
            due[key(row.due)] += 1
            met[key(row.due)] += row.state == "MET"
    return {month: (met[month], count) for month, count in due.items()}


def naive_beforehand(rule: Rule, children: list[ChildHistory], as_at: date) -> Months:
    """By month of the start: how many there were, and how many had what was to come beforehand."""
    all_of, some_of = Counter(), Counter()
    for child in children:
        history = known_at(child, as_at)
        done = [day for kind in rule.before_event for day in stop_days(kind, history, as_at)]
        for spell in away_spells(history, as_at):
            for clock in starts_in(rule.start_event, history, spell):
                if clock.unknown or (rule.routes and clock.route not in rule.routes):
                    continue
                if end_of_month(clock.start) > as_at:
                    continue
                before = [day for day in done if day <= clock.start]
                if rule.window is None:
                    before = [day for day in before if day >= min(spell.start, clock.start)]
                else:
                    before = [day for day in before if last_day_in_time(day, rule.window) >= clock.start]
                all_of[key(clock.start)] += 1
                some_of[key(clock.start)] += bool(before)
    return {month: (some_of[month], count) for month, count in all_of.items()}


def naive_standing(stage: str, children: list[ChildHistory], as_at: date) -> dict[str, int]:
    """Who stands in a stage at the end of each month, each end looked at by itself."""
    found = {}
    for month_end in month_ends(children, as_at):
        clocks = [clock for clock in naive_stages(children, month_end) if clock.step == stage]
        if clocks or found:
            found[key(month_end)] = sum(clock.state in ("WAITING", "OVERDUE") for clock in clocks)
    return found


def naive_moves(_rule: Rule, children: list[ChildHistory], as_at: date) -> Months:
    """By month: moves from one placement away from home to the next, and days away from home."""
    moves, days = Counter(), Counter()
    for child in children:
        history = known_at(child, as_at)
        placements = [
            placement
            for placed in placements_by_episode(history)
            for placement in placed
            if not placement.short_break and placement.type != "HOME_PARENT"
        ]
        for spell in away_spells(history, as_at):
            for day in {placement.start for placement in placements}:
                if spell.start < day and (spell.exit is None or day < spell.exit) and end_of_month(day) <= as_at:
                    moves[key(day)] += 1
            day = spell.start
            while (spell.exit is None or day < spell.exit) and end_of_month(day) <= as_at:
                days[key(day)] += 1
                day += ONE_DAY
    return {month: (moves[month], days[month]) for month in days | moves}


def starts_in(start_event: str, history: ChildHistory, spell: Spell) -> list[Clock]:
    if start_event == "ACCOM_START":
        return [accommodation_clock(history, spell)]
    if start_event == "PERM_REC":
        return clocks_of_plans(events_in(history, spell, start_event), spell)
    if start_event == "ADM_APPROVED":
        return clocks_of_approvals(history, spell)
    events = events_in(history, spell, start_event)
    return [Clock(events[0].on, spell.exit, spell.exit_kind)] if events else []


def month_ends(children: list[ChildHistory], as_at: date) -> Iterator[date]:
    """The end of each month that is over, from the first episode on."""
    day = end_of_month(min(episode.start for child in children for episode in child.episodes))
    while day <= as_at:
        yield day
        day = end_of_month(day + ONE_DAY)


def key(day: date) -> str:
    return f"{day:%Y-%m}"
