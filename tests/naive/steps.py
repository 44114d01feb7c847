"""The clocks of every step, the slow way: one child, one clock and one date at a time (`domain.md` 3.2).

Written from the rules alone, so that it can disagree with the engine.
"""

from dataclasses import dataclass
from datetime import date

from aims.definition import AimDefinition
from milestones.clocks.limits import Limit
from tests.naive.clocks import clocks_of, events_in
from tests.naive.dates import last_day_in_time
from tests.naive.histories import ChildHistory, Event, Legal
from tests.naive.outcomes import first_stop
from tests.naive.spells import (
    Spell,
    away_spells,
    earliest,
    episode_on,
    exact,
    known_at,
    next_episode_reached,
)
from tests.naive.spells import (
    spell as spell_of,
)

AWAY_ROUTES = ("PO", "POA", "ADOPT")
COURT_ROUTES = ("PO", "POA")
# step: (starts, stops, allowed, routes it is for, what makes waiting for it pointless)
ONE_BY_ONE = {
    "72H": ("ACCOM_START", ["MTG_72H"], "3 working_days", (), ["REVIEW"]),
    "2WK": ("ACCOM_START", ["MTG_2WK"], "2 weeks", (), ["REVIEW"]),
    "REC": ("ACCOM_START", ["PERM_REC", "PERM_DECISION"], "24 weeks", (), ["ORDER_GRANTED"]),
    "PANEL": ("PERM_REC", ["PANEL_PRESENTED"], "12 weeks", AWAY_ROUTES, ["ORDER_GRANTED"]),
    "COURT": ("ADM_APPROVED", ["COURT_LODGED"], "14 weeks", COURT_ROUTES, ["ORDER_GRANTED"]),
    "2Y": ("AT_HOME_CSO_START", ["PLAN_REVIEW_2Y", "AT_HOME_AUDIT"], "24 months", (), []),
}
EACH_TIME = {
    "ADM": ("PANEL_PRESENTED", "ADM_DECISION", "14 days", ["ORDER_GRANTED"]),
    "NOTIFY": ("ADM_DECISION", "ADM_NOTIFIED", "7 days", ["COURT_LODGED", "ORDER_GRANTED"]),
}
# Between court and order no guidance sets a time: a limit that nobody reaches.
NEVER = "1500 weeks"
NO_ORDER = ["ORDER_REFUSED", "APPLICATION_WITHDRAWN"]
STAGES_ONE_BY_ONE = {code: ONE_BY_ONE[code] for code in ("REC", "PANEL", "COURT")} | {
    "ADM_TO_ORDER": ("ADM_APPROVED", ["ORDER_GRANTED"], NEVER, COURT_ROUTES, NO_ORDER),
}
STAGES_EACH_TIME = {
    "ADM": EACH_TIME["ADM"],
    "ORDER": ("COURT_LODGED", "ORDER_GRANTED", NEVER, NO_ORDER),
}
PRACTICE = {"6WK": ("6wk", 1, "6 weeks"), "3M": ("3m", 2, "3 months"), "6M": ("6m", 3, "6 months")}


@dataclass(frozen=True)
class NaiveStep:
    """One clock; without `stop` and `exit` it still waits."""

    child_ref: str
    step: str
    link: int
    start: date
    due: date
    stop: date | None
    exit: date | None
    state: str


def naive_steps(children: list[ChildHistory], as_at: date) -> list[NaiveStep]:
    """Every clock of the children as at a day, in no order."""
    found = []
    for child in children:
        history = known_at(child, as_at)
        found += one_by_one(history, as_at, ONE_BY_ONE)
        found += each_time(history, as_at, EACH_TIME)
        found += reviews_by_law(history, as_at)
        found += reviews_by_practice(history, as_at)
        found += supervision(history, as_at)
    return found


def naive_stages(children: list[ChildHistory], as_at: date) -> list[NaiveStep]:
    """The clocks of the stages between milestones, in no order."""
    found = []
    for child in children:
        history = known_at(child, as_at)
        found += one_by_one(history, as_at, STAGES_ONE_BY_ONE)
        found += each_time(history, as_at, STAGES_EACH_TIME)
    return found


def one_by_one(history: ChildHistory, as_at: date, ways: dict[str, tuple]) -> list[NaiveStep]:
    """The steps that are like aims without a target."""
    found = []
    for step, (start, stops, allowed, routes, passed_over_by) in ways.items():
        aim = AimDefinition.from_mapping(
            {"code": step, "title": step, "start_event": start, "stop_event": stops, "limit": allowed}
        )
        for clock in clocks_of(aim, history, as_at):
            if clock.unknown or (routes and clock.route not in routes):
                continue
            stop = first_stop(aim, history, clock, as_at)
            found.append(finish(history, step, clock.start, allowed, stop, clock.exit, passed_over_by, as_at))
    return found


def each_time(history: ChildHistory, as_at: date, ways: dict[str, tuple]) -> list[NaiveStep]:
    """What is waited for after each event: one that comes while the last still waits starts nothing.

    A decision that was deferred neither starts nor ends a wait; a panel that deferred has heard the case.
    """
    found = []
    for step, (start, stop, allowed, passed_over_by) in ways.items():
        ends = sorted(event.on for event in exact(history, stop) if event.outcome != "deferred")
        for spell in away_spells(history, as_at):
            waiting_until = None  # the day on which the last wait ends; date.max while it does not
            for event in events_in(history, spell, start):
                put_off = start == "ADM_DECISION" and event.outcome == "deferred"
                if put_off or (waiting_until is not None and event.on <= waiting_until):
                    continue
                answer = next((day for day in ends if day >= event.on), None)
                waiting_until = answer or date.max
                counted = answer if answer is not None and spell.holds(answer) else None
                found.append(finish(history, step, event.on, allowed, counted, spell.exit, passed_over_by, as_at))
    return found


def reviews_by_law(history: ChildHistory, as_at: date) -> list[NaiveStep]:
    found = []
    for spell in away_spells(history, as_at):
        reviewed = days_of(events_in(history, spell, "REVIEW"))
        found += chain(history, "REVIEW", spell.start, spell.exit, reviewed, ["6 weeks", "3 months", "6 months"], as_at)
    return found


def supervision(history: ChildHistory, as_at: date) -> list[NaiveStep]:
    found = []
    for order in history.legal:
        if order.code == "CSO":
            lifetime = while_looked_after(history, order, as_at)
            if lifetime is not None:
                reviewed = days_of(events_in(history, lifetime, "CSO_REVIEWED"))
                found += chain(history, "CSO", lifetime.start, lifetime.exit, reviewed, ["1 year"], as_at)
    return found


def while_looked_after(history: ChildHistory, order: Legal, as_at: date) -> Spell | None:
    """The time of an order inside its episode of care, until the child leaves; None outside every episode."""
    number, start = episode_on(history, order.start), order.start
    if number is None:
        number = next_episode_reached(history, order)
        if number is None:
            return None
        start = history.episodes[number].start
    return spell_of(history, start, earliest(order.end, history.episodes[number].end), "", as_at)


def chain(
    history: ChildHistory,
    step: str,
    start: date,
    exit_day: date | None,
    happened: list[date],
    allowed: list[str],
    as_at: date,
) -> list[NaiveStep]:
    """Clocks from one to the next; the last of `allowed` holds for all that follow."""
    found = []
    begins = start
    for link, stop in enumerate([*happened, None]):
        limit = allowed[min(link, len(allowed) - 1)]
        found.append(finish(history, step, begins, limit, stop, exit_day, [], as_at, link=link))
        begins = stop
    return found


def reviews_by_practice(history: ChildHistory, as_at: date) -> list[NaiveStep]:
    """From accommodation to the review of that kind, or to the one at that place if it is earlier."""
    found = []
    for step, (kind, place, allowed) in PRACTICE.items():
        for spell in away_spells(history, as_at):
            reviews = events_in(history, spell, "REVIEW")
            of_kind = [event.on for event in reviews if event.review_kind == kind]
            at_place = days_of(reviews)[place - 1 : place]
            stop = min([*of_kind, *at_place], default=None)
            found.append(finish(history, step, spell.start, allowed, stop, spell.exit, [], as_at))
    return found


def days_of(events: list[Event]) -> list[date]:
    """The days of the events, each once."""
    return sorted({event.on for event in events})


def finish(
    history: ChildHistory,
    step: str,
    start: date,
    allowed: str,
    stop: date | None,
    exit_day: date | None,
    passed_over_by: list[str],
    as_at: date,
    link: int = 0,
) -> NaiveStep:
    """The clock with its due date and state; what came too late to be waited for stops nothing."""
    overtaken = [event.on for event in exact(history, *passed_over_by) if event.on >= start]
    if overtaken and (exit_day is None or min(overtaken) < exit_day):
        exit_day = min(overtaken)
    if stop is not None and exit_day is not None and stop > exit_day:
        stop = None
    due = last_day_in_time(start, Limit.parse(allowed))
    if stop is not None:
        state = "MET" if stop <= due else "MISSED"
        exit_day = None
    elif exit_day is not None:
        state = "MISSED" if exit_day > due else "EXITED"
    else:
        state = "OVERDUE" if as_at > due else "WAITING"
    return NaiveStep(history.ref, step, link, start, due, stop, exit_day, state)
