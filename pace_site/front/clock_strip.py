"""The strip of clocks of a child: each step between accommodation and court, with its state and its due date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from milestones.clocks.days import day_if_any
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import Journeys
from milestones.steps import BASES, GUIDANCE, PRACTICE, STATUTORY, STEPS, Step
from pace_site.look.words import british_date, count_of, days_left

# Not begun: nothing has started the clock yet.
NOT_BEGUN = "NOT_BEGUN"
STATE_WORDS = {
    State.MET: "Done in time",
    State.MISSED: "Done late",
    State.OVERDUE: "Overdue",
    State.WAITING: "Running",
    State.EXITED: "Ended",
    NOT_BEGUN: "Not begun",
}
# Of a child who was never away from home only these make sense.
AT_HOME_STEPS = ("CSO", "2Y")


@dataclass(frozen=True)
class StripClock:
    """One step of a child: its latest clock, or none yet."""

    step: Step
    state: str
    label: str
    start: date | None
    due: date | None
    stop: date | None
    words: str

    @property
    def is_running(self) -> bool:
        return self.state in (State.OVERDUE, State.WAITING)


@dataclass(frozen=True)
class Strip:
    """The clocks of one basis, in the order of the process."""

    title: str
    clocks: list[StripClock]


def strips_of(clocks: pd.DataFrame, journeys: Journeys) -> list[Strip]:
    """The latest clock of each step (`run_steps` of one child's `journeys`), by basis; a step of no use is left out."""
    latest = {row["step"]: row for row in clocks.sort_values("start", kind="stable").to_dict("records")}
    since = int(journeys.away_spells["start"].max()) if len(journeys.away_spells) else None
    strips = []
    for basis in (STATUTORY, GUIDANCE, PRACTICE):
        steps = [step for step in STEPS if step.basis == basis and _concerns(step, latest, since)]
        shown = [_clock(step, _of_this_spell(latest.get(step.code), since), journeys.as_at) for step in steps]
        if shown:
            strips.append(Strip(BASES[basis], shown))
    return strips


def _concerns(step: Step, latest: dict[str, dict], since: int | None) -> bool:
    return step.code in latest if step.code in AT_HOME_STEPS else since is not None


def _of_this_spell(row: dict | None, since: int | None) -> dict | None:
    """A clock of an earlier time away says nothing about this one."""
    if row is None or row["step"] in AT_HOME_STEPS or since is None or row["start"] >= since:
        return row
    return None


def _clock(step: Step, row: dict | None, as_at: date) -> StripClock:
    if row is None:
        return StripClock(step, NOT_BEGUN, STATE_WORDS[NOT_BEGUN], None, None, None, f"Starts with the {step.since}")
    start, due, stop = from_day(row["start"]), from_day(row["due"]), day_if_any(row["stop"])
    state = State(row["state"])
    label = STATE_WORDS[state]
    if state == State.MISSED and stop is None:
        label = "Missed"
    return StripClock(step, state, label, start, due, stop, _words(state, due, stop, as_at))


def _words(state: State, due: date, stop: date | None, as_at: date) -> str:
    if stop is not None:
        late = (stop - due).days
        return f"{british_date(stop)}, {count_of(late, 'day', 'days')} late" if late > 0 else british_date(stop)
    if state in (State.OVERDUE, State.WAITING):
        return days_left(due, as_at)
    return "never recorded" if state == State.MISSED else "no longer waited for"


def overdue(strips: Sequence[Strip]) -> list[StripClock]:
    """The clocks that are over, longest first; what law and practice both ask for is said once."""
    late = [clock for strip in strips for clock in strip.clocks if clock.state == State.OVERDUE]
    by_kind = {clock.step.kind: clock for clock in sorted(late, key=lambda clock: clock.due, reverse=True)}
    return sorted(by_kind.values(), key=lambda clock: clock.due)
