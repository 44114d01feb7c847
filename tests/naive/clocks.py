"""The clocks of one child under one aim: when each starts and what ends it (`design.md` 3)."""

from dataclasses import dataclass
from datetime import date

from aims.definition import AimDefinition
from milestones.clocks.limits import Limit
from tests.naive.dates import ONE_DAY, last_day_in_time
from tests.naive.histories import ChildHistory, Event
from tests.naive.spells import Spell, at_home_spells, away_spells, episode_spells, exact

PLAN_CHANGED = "PLAN_CHANGED"
ADM_REFUSED = "ADM_REFUSED"
ALIASES = {"PLAN_AGREED": "PERM_REC"}
TWO_YEARS = Limit.parse("24 months")


@dataclass(frozen=True)
class Clock:
    """`transferred_in_on`: where the spell began, if the child was accommodated elsewhere before.

    `unknown`: the child was, and nobody knows since when.
    """

    start: date
    exit: date | None
    exit_kind: str
    route: str = ""
    transferred_in_on: date | None = None
    unknown: bool = False

    @property
    def start_here(self) -> date:
        return self.transferred_in_on or self.start


def clocks_of(aim: AimDefinition, history: ChildHistory, as_at: date) -> list[Clock]:
    """All clocks of a history known at `as_at`, cohort filters and routes not yet applied."""
    start_event = ALIASES.get(aim.start_event, aim.start_event)
    if start_event == "ACCOM_START":
        spells = away_spells(history, as_at)
        if aim.accommodation_basis == "first_ever":
            spells = spells[:1]
        return [accommodation_clock(history, spell) for spell in spells]
    if start_event == "LAC_START":
        return [clock_of_spell(spell) for spell in episode_spells(history, as_at)]
    if start_event == "AT_HOME_CSO_START":
        return [clock_of_spell(spell) for spell in at_home_spells(history, as_at)]
    if start_event == "AT_HOME_2Y":
        return threshold_clocks(aim, history, as_at)
    clocks = []
    for spell in away_spells(history, as_at):
        if start_event in ("PERM_REC", "PPM_DECISION"):
            clocks += clocks_of_plans(events_in(history, spell, start_event), spell)
        elif start_event == "ADM_APPROVED":
            clocks += clocks_of_approvals(history, spell)
        else:
            days = [event.on for event in events_in(history, spell, start_event)]
            if days:
                clocks.append(Clock(min(days), spell.exit, spell.exit_kind))
    return clocks


def clock_of_spell(spell: Spell) -> Clock:
    return Clock(spell.start, spell.exit, spell.exit_kind)


def accommodation_clock(history: ChildHistory, spell: Spell) -> Clock:
    """From the start of the spell; for a transfer in from the original accommodation, if that is known."""
    transfers = [event for event in exact(history, "LA_TRANSFER_IN") if event.on == spell.start]
    if not transfers:
        return clock_of_spell(spell)
    first = transfers[-1].first_accommodated_on  # of several the last recorded is believed
    if first is not None and first <= spell.start:
        return Clock(first, spell.exit, spell.exit_kind, transferred_in_on=spell.start)
    return Clock(spell.start, spell.exit, spell.exit_kind, unknown=True)


def threshold_clocks(aim: AimDefinition, history: ChildHistory, as_at: date) -> list[Clock]:
    """From the day on which a child has been at home on a CSO for the aim's threshold, if that day came."""
    clocks = []
    for spell in at_home_spells(history, as_at):
        day = last_day_in_time(spell.start, aim.threshold or TWO_YEARS)
        if aim.strict:
            day += ONE_DAY
        if day <= as_at and (spell.exit is None or day <= spell.exit):
            clocks.append(Clock(day, spell.exit, spell.exit_kind))
    return clocks


def events_in(history: ChildHistory, spell: Spell, kind: str) -> list[Event]:
    """The exact events of one kind in the spell by date, those of one day in recorded order."""
    found = [event for event in exact(history, kind) if spell.holds(event.on)]
    return sorted(found, key=lambda event: event.on)


def with_routes(events: list[Event]) -> list[tuple[Event, str]]:
    """Each event with its route; a blank one is that of the event before."""
    route = ""
    filled = []
    for event in events:
        route = event.route or route
        filled.append((event, route))
    return filled


def clocks_of_plans(events: list[Event], spell: Spell) -> list[Clock]:
    """One clock per unbroken run of the same route."""
    clocks = []
    running = None
    for event, route in with_routes(events):
        if running is not None and route == running[1]:
            continue
        if running is not None:
            clocks.append(Clock(running[0], event.on, PLAN_CHANGED, running[1]))
        running = (event.on, route)
    if running is not None:
        clocks.append(Clock(running[0], spell.exit, spell.exit_kind, running[1]))
    return clocks


def clocks_of_approvals(history: ChildHistory, spell: Spell) -> list[Clock]:
    """One clock per approved plan until it is refused, or another is approved or recommended."""
    sequence = [(event.on, 0, order, event) for order, event in enumerate(events_in(history, spell, "PERM_REC"))]
    sequence += [(event.on, 1, order, event) for order, event in enumerate(events_in(history, spell, "ADM_DECISION"))]
    clocks = []
    running = None
    recommended = ""
    for day, _, _, event in sorted(sequence, key=lambda each: each[:3]):
        begins = None
        ended_by = ""
        if event.kind == "PERM_REC":
            recommended = event.route or recommended
            if running is not None and recommended != "" and recommended != running[1]:
                ended_by = PLAN_CHANGED
        elif event.outcome == "approved":
            route = event.route or recommended
            if running is None:
                begins = route
            elif route != running[1]:
                ended_by = PLAN_CHANGED
                begins = route
        elif event.outcome == "refused" and running is not None:
            ended_by = ADM_REFUSED
        if ended_by:
            clocks.append(Clock(running[0], day, ended_by, running[1]))
            running = None
        if begins is not None:
            running = (day, begins)
    if running is not None:
        clocks.append(Clock(running[0], spell.exit, spell.exit_kind, running[1]))
    return clocks
