"""What became of each clock: the second, deliberately slow implementation of the rules of `design.md` 3.

Written from the rules alone, so that it can disagree with the engine. Dates, loops and nothing else.
"""

from dataclasses import dataclass
from datetime import date

from aims.definition import AimDefinition
from tests.naive.clocks import ADM_REFUSED, ALIASES, PLAN_CHANGED, Clock, clocks_of
from tests.naive.dates import birthday, end_of_month, last_day_in_time
from tests.naive.histories import ChildHistory, Event
from tests.naive.spells import at_home_spells, away_spells, exact, known_at, placements_by_episode

PRE_BIRTH_DAYS = 280
PRE_BIRTH_KINDS = ("PERM_REC", "PERM_DECISION")


@dataclass(frozen=True)
class NaiveRow:
    child_ref: str
    state: str
    start: date
    due: date | None
    stop: date | None
    exit: date | None
    days: int | None
    left_undecided: bool
    route: str


@dataclass(frozen=True)
class NaiveResult:
    """The clocks in the cohort, and how many could not be placed or were excluded."""

    rows: list[NaiveRow]
    unknown: int
    excluded: int


def naive_outcomes(aim: AimDefinition, children: list[ChildHistory], as_at: date) -> NaiveResult:
    """Measure the aim over the children as at a day; rows by start, child, due and route."""
    rows = []
    unknown = 0
    excluded = 0
    for child in children:
        history = known_at(child, as_at)
        unknown += len(inexact_starts(aim, history))
        if aim.start_event == "ACCOM_START":
            unknown += episodes_without_placement(aim, history)
        for clock in clocks_of(aim, history, as_at):
            stop = first_stop(aim, history, clock, as_at)
            if not in_cohort(aim, clock, stop):
                continue
            of_age = is_of_age(aim, history, clock.start)
            if of_age is False:
                continue
            if of_age is None or clock.unknown:
                unknown += 1
            elif is_excluded(aim, history):
                excluded += 1
            else:
                rows.append(row_of(aim, history, clock, stop, as_at))
    rows.sort(key=lambda row: (row.start, row.child_ref, row.due or date.min, row.route))
    return NaiveResult(rows, unknown, excluded)


def row_of(aim: AimDefinition, history: ChildHistory, clock: Clock, stop: date | None, as_at: date) -> NaiveRow:
    due = aim.deadline
    if aim.limit is not None:
        due = last_day_in_time(clock.start, aim.limit)
    state, left_undecided = state_of(due, stop, clock.exit, as_at)
    if state == "EXITED" and clock.exit_kind not in (PLAN_CHANGED, ADM_REFUSED):
        if aim.exit_rule == "count_as_met":
            state = "MET"
        elif aim.exit_rule == "count_as_missed":
            state, left_undecided = "MISSED", True
    return NaiveRow(
        child_ref=history.ref,
        state=state,
        start=clock.start,
        due=due,
        stop=stop,
        exit=clock.exit if stop is None else None,
        days=None if stop is None else max(0, (stop - clock.start).days),
        left_undecided=left_undecided,
        route=clock.route,
    )


def state_of(due: date | None, stop: date | None, exit_day: date | None, as_at: date) -> tuple[str, bool]:
    """The state of `domain.md` 4.3, and whether the child left undecided after the limit had passed."""
    if stop is not None:
        return ("MET" if due is None or stop <= due else "MISSED"), False
    if exit_day is not None:
        return ("EXITED", False) if due is None or exit_day <= due else ("MISSED", True)
    return ("WAITING" if due is None or as_at <= due else "OVERDUE"), False


# Stops


def first_stop(aim: AimDefinition, history: ChildHistory, clock: Clock, as_at: date) -> date | None:
    kinds = {ALIASES.get(kind, kind) for kind in aim.stop_event}
    last = clock.exit or as_at
    days = [day for kind in kinds for day in stop_days(kind, history, as_at) if clock.start <= day <= last]
    if aim.start_event == "ACCOM_START":
        days += pre_birth_days(kinds, history, clock, as_at)
    return min(days) if days else None


def stop_days(kind: str, history: ChildHistory, as_at: date) -> list[date]:
    """The days on which something of this kind happened to the child, recorded or derived."""
    if kind == "ADM_APPROVED":
        return [event.on for event in exact(history, "ADM_DECISION") if event.outcome == "approved"]
    if kind == "ADM_DECISION":
        return [event.on for event in exact(history, "ADM_DECISION") if event.outcome != "deferred"]
    if kind == "LAC_START":
        return [episode.start for episode in history.episodes]
    if kind == "LAC_END":
        return [episode.end for episode in history.episodes if episode.end is not None]
    if kind == "ACCOM_START":
        return [spell.start for spell in away_spells(history, as_at)]
    if kind == "ACCOM_END":
        return [spell.exit for spell in away_spells(history, as_at) if spell.exit is not None]
    if kind == "AT_HOME_CSO_START":
        return [spell.start for spell in at_home_spells(history, as_at)]
    if kind == "AT_HOME_CSO_END":
        return [spell.exit for spell in at_home_spells(history, as_at) if spell.exit is not None]
    days = [event.on for event in exact(history, kind)]
    if kind == "RETURN_HOME":
        days += [spell.exit for spell in away_spells(history, as_at) if spell.exit_kind == "RETURN_HOME"]
    return days


def pre_birth_days(kinds: set[str], history: ChildHistory, clock: Clock, as_at: date) -> list[date]:
    """Recommendations made before a baby was accommodated, which stop the clock all the same."""
    if history.born is None or clock.start_here >= birthday(history.born, 1):
        return []
    days = []
    for event in exact(history, *[kind for kind in PRE_BIRTH_KINDS if kind in kinds]):
        near = event.pre_birth or (clock.start_here - event.on).days <= PRE_BIRTH_DAYS
        of_earlier_spell = any(
            spell.start < clock.start_here and spell.holds(event.on) for spell in away_spells(history, as_at)
        )
        if event.on < clock.start_here and near and not of_earlier_spell:
            days.append(event.on)
    return days


# Cohort and exclusions


def in_cohort(aim: AimDefinition, clock: Clock, stop: date | None) -> bool:
    """Whether the filters by date and route keep the clock."""
    if aim.routes and clock.route not in aim.routes:
        return False
    if aim.before_date is not None:
        if clock.start_here >= aim.before_date:
            return False
        if clock.exit is not None and clock.exit < aim.before_date:
            return False
        if stop is not None and stop < aim.before_date:
            return False
    if aim.start_event == "AT_HOME_2Y":
        return in_population(aim, clock)
    return aim.from_date is None or clock.start >= aim.from_date


def in_population(aim: AimDefinition, clock: Clock) -> bool:
    """Who has been at home for the threshold: on any day up to the end, or on the from-date only."""
    last = aim.from_date if aim.population == "snapshot" else aim.deadline or aim.by_date
    if last is not None and clock.start > last:
        return False
    return aim.from_date is None or clock.exit is None or clock.exit >= aim.from_date


def is_of_age(aim: AimDefinition, history: ChildHistory, start: date) -> bool | None:
    """Whether the child's age at the start passes; None when an age is asked for and the birth is not known."""
    if aim.age_min is None and aim.age_max_exclusive is None:
        return True
    if history.born is None:
        return None
    if aim.age_min is not None and start < birthday(history.born, aim.age_min):
        return False
    return aim.age_max_exclusive is None or start < birthday(history.born, aim.age_max_exclusive)


def is_excluded(aim: AimDefinition, history: ChildHistory) -> bool:
    latest_placement = ""
    begun = None
    for placement in history.placements:
        if not placement.short_break and (begun is None or placement.start >= begun):
            begun, latest_placement = placement.start, placement.type
    if latest_placement in aim.placements_excluded:
        return True
    pathway = "KINSHIP" if latest_placement == "KIN" else ""
    latest = None
    for event in history.events:
        tells = event.kind in ("PERM_REC", "PPM_DECISION") and event.route and event.on is not None
        if tells and (latest is None or event.on >= latest):
            latest, pathway = event.on, event.route
    return pathway in aim.pathways_excluded


# What cannot be placed


def inexact_starts(aim: AimDefinition, history: ChildHistory) -> list[Event]:
    """Start events whose day is not known and that might be in the cohort."""
    kind = ALIASES.get(aim.start_event, aim.start_event)
    found = []
    for event in history.events:
        is_start = event.kind == kind
        if kind == "ADM_APPROVED":
            is_start = event.kind == "ADM_DECISION" and event.outcome == "approved"
        if not is_start or event.precision == "day":
            continue
        if aim.routes and event.route not in aim.routes:
            continue
        if event.precision == "month":
            if aim.from_date is not None and end_of_month(event.on) < aim.from_date:
                continue
            if aim.before_date is not None and event.on.replace(day=1) >= aim.before_date:
                continue
        found.append(event)
    return found


def episodes_without_placement(aim: AimDefinition, history: ChildHistory) -> int:
    """How many open episodes have no placement at all, so that nobody can say whether the child is away."""
    found = 0
    for episode, placements in zip(history.episodes, placements_by_episode(history), strict=True):
        if episode.end is not None or placements:
            continue
        if aim.from_date is not None and episode.start < aim.from_date:
            continue
        if aim.before_date is not None and episode.start >= aim.before_date:
            continue
        if is_of_age(aim, history, episode.start) is not False:
            found += 1
    return found
