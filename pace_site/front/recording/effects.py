"""What an entry would do, in words: the clocks it starts, stops, ends or moves.

The clocks are run before and after on the same engine as the aims, so that the words can promise no more than the
figures will show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aims.definition import AimDefinition
from aims.figure_words import exit_in_words
from aims.outcomes import outcomes
from children.models import Child
from milestones.catalogue import label_of
from milestones.clocks.days import day_if_any
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import Journeys, load_journeys
from milestones.steps import BASES, run_steps
from milestones.steps import BY_CODE as STEPS
from pace_site.look.words import british_date, count_of, lower_first, weeks


@dataclass(frozen=True)
class ClockSeen:
    """One clock as it stands; `name` completes "starts the ...", `awaited` says what for where that needs saying."""

    name: str
    awaited: str
    state: State
    start: date
    due: date | None
    stop: date | None
    exit: date | None
    exit_reason: str = ""

    @property
    def is_running(self) -> bool:
        return self.state in (State.WAITING, State.OVERDUE)


A_WEEK = 7
Picture = dict[tuple, ClockSeen]


def journeys_of(children: Sequence[Child], as_at: date) -> Journeys:
    """The journeys of a few children, with every milestone, whichever clock reads it."""
    rows = Child.objects.filter(pk__in=[child.pk for child in children])
    return load_journeys(rows, as_at)


def picture(journeys: Journeys, definitions: Sequence[AimDefinition]) -> Picture:
    """Every clock of the children: of the steps, and of the aims."""
    seen = {}
    ids = journeys.children["id"].tolist()
    for row in run_steps(journeys).to_dict("records"):
        step = STEPS[row["step"]]
        seen[ids[row["child"]], 0, step.code, row["start"]] = ClockSeen(
            name=f"clock for the {lower_first(step.label)} ({BASES[step.basis].lower()})",
            awaited="",
            state=State(row["state"]),
            start=from_day(row["start"]),
            due=day_if_any(row["due"]),
            stop=day_if_any(row["stop"]),
            exit=day_if_any(row["exit"]),
        )
    for definition in definitions:
        for row in outcomes(definition, journeys).rows:
            limit = f"{definition.limit}".removesuffix("s").replace(" ", "-") + " " if definition.limit else ""
            seen[row.child_id, 1, definition.code, row.start] = ClockSeen(
                name=f"{limit}clock of {definition.code}",
                awaited=label_of(definition.stop_event[0]),
                state=row.state,
                start=row.start,
                due=row.due,
                stop=row.stop,
                exit=row.exit,
                exit_reason=exit_in_words(row.exit_reason),
            )
    return seen


def changes_in_words(before: Picture, after: Picture, *, called: dict[int, str]) -> list[str]:
    """What changed between two pictures, one sentence for each clock; `called` names the children where several."""
    sentences = []
    for key in sorted(before.keys() | after.keys(), key=lambda key: (key[0], key[1], str(key[2]), key[3])):
        words = _change(before.get(key), after.get(key))
        if words:
            name = called.get(key[0], "")
            sentences.append(f"{name}: {lower_first(words)}" if name else words)
    return sentences


def _change(old: ClockSeen | None, new: ClockSeen | None) -> str:
    if new is None:
        return f"Takes away the {old.name} that began on {british_date(old.start)}."
    if old == new:
        return ""
    if old is None or (not old.is_running and new.is_running):
        return _started(new)
    if new.stop and new.stop != old.stop:
        return f"Stops the {new.name}: {_stopped(new)}."
    if new.exit and old.is_running:
        reason = f": {new.exit_reason.lower()}" if new.exit_reason else ""
        return f"Ends the {new.name} without an answer{reason}."
    if new.due != old.due and new.due:
        return f"Moves the due date of the {new.name} to {british_date(new.due)}."
    if new.state != old.state:
        return f"Changes the {new.name} from {old.state.lower()} to {new.state.lower()}."
    return ""


def _started(new: ClockSeen) -> str:
    if new.stop:
        return f"Adds the {new.name}, begun on {british_date(new.start)}: {_stopped(new)}."
    if new.exit:
        return f"Adds the {new.name}, begun on {british_date(new.start)} and ended on {british_date(new.exit)}."
    if new.due is None:
        return f"Starts the {new.name}."
    late = ", which is past" if new.state == State.OVERDUE else ""
    awaited = f"{lower_first(new.awaited)} due" if new.awaited else "due"
    return f"Starts the {new.name}: {awaited} {british_date(new.due)}{late}."


def _stopped(clock: ClockSeen) -> str:
    days = (clock.stop - clock.start).days
    took = (
        f"after {weeks(days) if days >= A_WEEK else count_of(days, 'day', 'days')}" if days >= 0 else "before it began"
    )
    if clock.due is None:
        return took
    late = (clock.stop - clock.due).days
    return f"{took}, {count_of(late, 'day', 'days')} late" if late > 0 else f"{took}, in time"
