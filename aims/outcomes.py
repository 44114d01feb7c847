"""Outcomes: who met an aim, who missed it and who is still waiting, one row per clock (`design.md` 3, `domain.md` 4).

Every figure, list, chart and export folds over this one table.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from aims.clock_order import Clocks
from aims.definition import AT_HOME_2Y, AimDefinition
from children.codes import KINSHIP_PLACEMENT
from milestones.catalogue import Precision, Route
from milestones.clocks.day_arrays import add_months, birthdays
from milestones.clocks.days import NOT_KNOWN, OPEN, day_if_any
from milestones.clocks.limits import from_day, to_day
from milestones.clocks.running import ClockRule, episodes_without_placement, run_clocks, unplaced_starts
from milestones.clocks.spells import AGE_18
from milestones.clocks.starts import PLAN_ENDS
from milestones.clocks.states import State, states
from milestones.journeys import Journeys


@dataclass(frozen=True, slots=True)
class Outcome:
    """One clock of one child, in plain dates; `waited` is days from start to stop, exit or the as-at date."""

    child_id: int
    child_code: str
    child_ref: str
    family: int
    state: State
    route: str
    start: date
    due: date | None
    stop: date | None
    exit: date | None
    exit_reason: str
    days: int | None
    waited: int
    left_undecided: bool

    @property
    def tells_birthday(self) -> bool:
        """Whether the day of exit, and so the days waited, would tell the child's date of birth."""
        return self.exit is not None and self.exit_reason == AGE_18


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A clock that is in no figure: of which child, and why."""

    child_id: int
    child_code: str
    child_ref: str
    why: str


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of one aim as at a day.

    `frame` has one row per clock, by start and council reference: child (row of the journeys' children), state,
    route, start, due, stop, exit, exit_reason, days, waited, left_undecided; days are numbers, `OPEN` where none.
    """

    definition: AimDefinition
    as_at: date
    frame: pd.DataFrame
    children: pd.DataFrame
    unplaced: tuple[LeftOut, ...]
    excluded: tuple[LeftOut, ...]

    @cached_property
    def rows(self) -> tuple[Outcome, ...]:
        return tuple(self.rows_at(np.arange(len(self.frame))))

    @property
    def decided(self) -> Clocks:
        """The clocks that stopped, in the order in which they did; two on one day are two, by pseudonym (`spc.md`)."""
        return Clocks(self, self._decided)

    @property
    def running(self) -> Clocks:
        """The clocks that still run, longest wait first."""
        return Clocks(self, self._running)

    def rows_at(self, places: np.ndarray) -> list[Outcome]:
        """The clocks at these places of the frame, in plain dates."""
        who, clocks = self._columns
        child = self.frame["child"].to_numpy(dtype=np.int64)[places]
        columns = zip(
            *(column[child].tolist() for column in who), *(column[places].tolist() for column in clocks), strict=True
        )
        return [
            Outcome(
                child_id=child_id,
                child_code=code,
                child_ref=ref,
                family=family,
                state=State(state),
                route=route,
                start=from_day(start),
                due=day_if_any(due),
                stop=day_if_any(stop),
                exit=day_if_any(exits),
                exit_reason=exit_reason,
                days=days if stop < OPEN else None,
                waited=waited,
                left_undecided=left_undecided,
            )
            for (
                child_id,
                code,
                ref,
                family,
                state,
                route,
                start,
                due,
                stop,
                exits,
                exit_reason,
                days,
                waited,
                left_undecided,
            ) in columns
        ]

    def of_state(self, *wanted: State) -> tuple[Outcome, ...]:
        return tuple(row for row in self.rows if row.state in wanted)

    def child_ids(self, state: State) -> set[int]:
        """The keys of the children with a clock in `state`, without the plain rows."""
        places = self.frame["child"].to_numpy()[(self.frame["state"] == state).to_numpy()]
        return set(self.children["id"].to_numpy()[places].tolist())

    @cached_property
    def _columns(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """What the plain rows are made of: columns of the children, and of the clocks."""
        who = ("id", "code", "local_ref", "family")
        return [self.children[name].to_numpy() for name in who], [self.frame[name].to_numpy() for name in _ROW_COLUMNS]

    @cached_property
    def _decided(self) -> np.ndarray:
        return self._ordered(self.frame["stop"].to_numpy() < OPEN, "stop", "code", "start")

    @cached_property
    def _running(self) -> np.ndarray:
        running = self.frame["state"].isin([State.OVERDUE, State.WAITING]).to_numpy(dtype=bool)
        return self._ordered(running, "longest", "code")

    def _ordered(self, these: np.ndarray, *by: str) -> np.ndarray:
        """The places of these clocks of the frame, in the order of columns; those that are equal stay as they are."""
        places = np.flatnonzero(these)
        frame = self.frame.iloc[places]
        column = {name: frame[name].tolist() for name in ("stop", "start")}
        column["longest"] = (-frame["waited"].to_numpy()).tolist()
        column["code"] = self.children["code"].to_numpy()[frame["child"].to_numpy()].tolist()
        keys = list(zip(*(column[name] for name in by), strict=True))
        return places[np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many clocks are in each state, with UNKNOWN, excluded and left_undecided beside them."""
        found = Counter(self.frame["state"].tolist())
        counts = {state.value: found.get(state, 0) for state in State}
        counts[State.UNKNOWN.value] = len(self.unplaced)
        counts["excluded"] = len(self.excluded)
        counts["left_undecided"] = int(self.frame["left_undecided"].sum())
        return counts

    @property
    def clock_count(self) -> int:
        return len(self.frame)

    @cached_property
    def child_count(self) -> int:
        return int(self.frame["child"].nunique())

    @cached_property
    def family_count(self) -> int:
        """Families by their key; a child without one counts alone."""
        family = self.children["family"].to_numpy()[np.unique(self.frame["child"].to_numpy())]
        return len(np.unique(family[family != 0])) + int((family == 0).sum())


# With the plain rows that lists and charts make of it.
BYTES_OF_A_CLOCK = 450
_ROW_COLUMNS = (
    "state",
    "route",
    "start",
    "due",
    "stop",
    "exit",
    "exit_reason",
    "days",
    "waited",
    "left_undecided",
)


def clock_rule(definition: AimDefinition) -> ClockRule:
    """The clock that an aim runs for each child."""
    return ClockRule(
        start_event=definition.start_event,
        stop_events=frozenset(definition.stop_event),
        limit=definition.limit,
        deadline=definition.deadline,
        threshold=definition.threshold,
        strict=definition.strict,
    )


def outcomes(definition: AimDefinition, journeys: Journeys) -> Outcomes:
    """Run the aim's clocks over the journeys, as at the journeys' day."""
    return journeys.kept(
        ("outcomes", definition),
        lambda: _run(definition, journeys),
        kinds=clock_rule(definition).kinds,
        size=lambda found: BYTES_OF_A_CLOCK * (found.clock_count + len(found.unplaced) + len(found.excluded)),
    )


def _run(definition: AimDefinition, journeys: Journeys) -> Outcomes:
    rule = clock_rule(definition)
    clocks = run_clocks(rule, journeys)
    if definition.accommodation_basis == "first_ever":
        clocks = clocks[~clocks.duplicated("child").to_numpy()]
    if definition.routes:
        clocks = clocks[clocks["route"].isin(definition.routes).to_numpy(dtype=bool)]
    clocks = _those(clocks, _in_cohort_by_date(definition, clocks))
    births = journeys.births[clocks["child"].to_numpy()]
    age_known, age_fits = _by_age(definition, births, clocks["start"].to_numpy())
    placeable = clocks["placeable"].to_numpy(dtype=bool)
    why = np.where(~age_known, "date of birth is missing", "first accommodated before the transfer, date not known")
    unknown = ~age_known | (age_fits & ~placeable)
    unplaced = _left_out(journeys, clocks["child"].to_numpy()[unknown], why[unknown])
    clocks = _those(clocks, age_known & age_fits & placeable)
    unplaced += _unplaced_events(definition, rule, journeys)
    if rule.recorded_start == "ACCOM_START":
        unplaced += _unplaced_episodes(definition, journeys)
    why_excluded = _why_excluded(definition, clocks["child"].to_numpy(), journeys)
    drop = why_excluded != ""
    frame = _with_states(definition, _those(clocks, ~drop), journeys)
    return Outcomes(
        definition=definition,
        as_at=journeys.as_at,
        frame=frame,
        children=journeys.children,
        unplaced=tuple(unplaced),
        excluded=tuple(_left_out(journeys, clocks["child"].to_numpy()[drop], why_excluded[drop])),
    )


def _those(clocks: pd.DataFrame, fit: np.ndarray) -> pd.DataFrame:
    """The clocks that fit; no table is copied when all of them do."""
    return clocks if fit.all() else clocks[fit]


def _with_states(definition: AimDefinition, clocks: pd.DataFrame, journeys: Journeys) -> pd.DataFrame:
    due, stop, exits = (clocks[name].to_numpy() for name in ("due", "stop", "exit"))
    state, left_undecided = states(due, stop, exits, as_at=journeys.today)
    # A plan that changed is not a child who left: the exit rule does not speak of it.
    reasons = clocks["exit_reason"].to_numpy(dtype=object)
    left = (state == State.EXITED) & ~clocks["exit_reason"].isin(PLAN_ENDS).to_numpy(dtype=bool)
    if definition.exit_rule == "count_as_met":
        state[left] = State.MET
    elif definition.exit_rule == "count_as_missed":
        state[left] = State.MISSED
        left_undecided = left_undecided | left
    exits = np.where(stop < OPEN, OPEN, exits)
    until = np.minimum(np.minimum(stop, exits), journeys.today)
    frame = clocks.assign(
        state=state,
        exit=exits,
        exit_reason=np.where(exits < OPEN, reasons, ""),
        waited=np.where(stop < OPEN, clocks["days"].to_numpy(), until - clocks["start"].to_numpy()),
        left_undecided=left_undecided,
    )
    routes = pd.factorize(frame["route"].to_numpy(dtype=object), sort=True)[0]
    reference = journeys.reference_order[frame["child"].to_numpy()]
    ordered = np.lexsort((routes, frame["due"].to_numpy(), reference, frame["start"].to_numpy()))
    return frame.iloc[ordered].reset_index(drop=True)


def _in_cohort_by_date(definition: AimDefinition, clocks: pd.DataFrame) -> np.ndarray:
    start, stop, exits = (clocks[name].to_numpy() for name in ("start", "stop", "exit"))
    fits = np.ones(len(clocks), dtype=bool)
    over_threshold = definition.start_event == AT_HOME_2Y
    if over_threshold and definition.population == "rolling":
        fits &= start <= _window_end(definition)
    if definition.from_date is not None:
        first = to_day(definition.from_date)
        if over_threshold:
            # Whoever is over the threshold on some day of the window counts, also those who reached it before.
            fits &= exits >= first
            if definition.population == "snapshot":
                fits &= start <= first
        else:
            fits &= start >= first
    if definition.before_date is not None:
        # A child who came from another authority was in this one's backlog only from that day on.
        begun_here = np.maximum(start, clocks["spell_start"].to_numpy())
        before = to_day(definition.before_date)
        fits &= (begun_here < before) & (exits >= before) & (stop >= before)
    return fits


def _window_end(definition: AimDefinition) -> int:
    end = definition.deadline or definition.by_date
    return OPEN if end is None else to_day(end)


def _by_age(definition: AimDefinition, births: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether the age is known (or not asked), and whether it fits on the day of the start event."""
    fits = np.ones(len(start), dtype=bool)
    if definition.age_min is None and definition.age_max_exclusive is None:
        return fits, fits
    known = births != NOT_KNOWN
    if definition.age_min is not None:
        fits &= start >= birthdays(births, definition.age_min)
    if definition.age_max_exclusive is not None:
        fits &= start < birthdays(births, definition.age_max_exclusive)
    return known, fits


def _why_excluded(definition: AimDefinition, child: np.ndarray, journeys: Journeys) -> np.ndarray:
    """Why each clock of the cohort is not counted; "" for those that are."""
    why = np.full(len(child), "", dtype=object)
    if definition.placements_excluded:
        excluded = np.isin(journeys.latest_placement_type[child].astype(str), definition.placements_excluded)
        why[excluded] = "the placement is excluded"
    if definition.pathways_excluded:
        route = journeys.latest_route
        in_kinship = journeys.latest_placement_type == KINSHIP_PLACEMENT
        pathway = np.where(route != "", route, np.where(in_kinship, Route.KINSHIP, ""))
        excluded = np.isin(pathway[child].astype(str), definition.pathways_excluded)
        why[excluded] = "the pathway is excluded"
    return why


def _unplaced_events(definition: AimDefinition, rule: ClockRule, journeys: Journeys) -> list[LeftOut]:
    """Start events of the cohort whose date is a month or not known."""
    events = unplaced_starts(rule, journeys)
    if events.empty:
        return []
    if definition.routes:
        events = events[events["route"].isin(definition.routes).to_numpy()]
    by_month = (events["precision"] == Precision.MONTH).to_numpy() & (events["day"] != NOT_KNOWN).to_numpy()
    day = events["day"].to_numpy()
    fits = np.ones(len(events), dtype=bool)
    if definition.from_date is not None:
        month_end = add_months(day, 1) - 1
        fits &= ~by_month | (month_end >= to_day(definition.from_date))
    if definition.before_date is not None:
        fits &= ~by_month | (day < to_day(definition.before_date))
    why = np.where(by_month[fits], "start is known by month only", "start date is not known")
    return _left_out(journeys, events["child"].to_numpy()[fits], why)


def _unplaced_episodes(definition: AimDefinition, journeys: Journeys) -> list[LeftOut]:
    """Open episodes of the cohort in which nobody recorded where the child lives."""
    episodes = episodes_without_placement(journeys)
    child, start = episodes["child"].to_numpy(), episodes["start"].to_numpy()
    fits = np.ones(len(episodes), dtype=bool)
    if definition.from_date is not None:
        fits &= start >= to_day(definition.from_date)
    if definition.before_date is not None:
        fits &= start < to_day(definition.before_date)
    known, age_fits = _by_age(definition, journeys.births[child], start)
    fits &= ~known | age_fits
    return _left_out(journeys, child[fits], np.full(int(fits.sum()), "looked after with no placement recorded"))


def _left_out(journeys: Journeys, child: np.ndarray, why: np.ndarray) -> list[LeftOut]:
    if not len(child):
        return []
    who = journeys.children.iloc[child]
    return [
        LeftOut(child_id=child_id, child_code=code, child_ref=ref, why=str(reason))
        for child_id, code, ref, reason in zip(
            who["id"].tolist(), who["code"].tolist(), who["local_ref"].tolist(), why, strict=True
        )
    ]
