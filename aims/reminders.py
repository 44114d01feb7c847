"""Reminders: which clocks somebody should look at now, and since when (`domain.md` 3.2, `design.md` 7 "Halfway").

Pure: outcomes in, reminders out. Who has been told already, and who asked for quiet, is kept in rows (`aims.models`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from urllib.parse import urlencode

from aims.outcomes import Outcome, Outcomes
from aims.reminder_kinds import ReminderKind
from milestones.clocks.states import State

NOTICE = timedelta(weeks=2)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """That one clock of a child needs somebody: since the day `on`; what is waited for is due on `due`."""

    aim: str
    child_id: int
    child_code: str
    child_ref: str
    start: date
    kind: ReminderKind
    on: date
    due: date

    @property
    def clock(self) -> tuple[str, int, date]:
        """What a snooze speaks of: all reminders of one clock."""
        return self.aim, self.child_id, self.start

    @property
    def query(self) -> str:
        """What names its clock in the address of the page that snoozes it."""
        return urlencode({"aim": self.aim, "child": self.child_code, "start": self.start.isoformat()})

    @property
    def key(self) -> tuple[str, int, date, ReminderKind]:
        """What is sent once."""
        return *self.clock, self.kind


def days_of_reminders(start: date, due: date, fraction: Fraction) -> dict[ReminderKind, date]:
    """On which day each reminder of a clock falls due, were the child still waiting.

    Halfway is `fraction` of the days from `start` to `due`, rounded down, after `start`. Two weeks before `due` may lie
    before `start` when little time is allowed: then notice is given on the first day. "Due within two weeks" says more
    than "halfway", so halfway is left out where it would come after it (half of 26 days or fewer), and so it is on the
    first day, when nothing has gone. An aim of one deadline for all may count a clock that began after it: that one is
    overdue from its start.
    """
    days = {ReminderKind.OVERDUE: max(start, due + ONE_DAY)}
    if due >= start:
        due_soon = max(start, due - NOTICE)
        halfway = start + timedelta(days=floor((due - start).days * fraction))
        days[ReminderKind.DUE_SOON] = due_soon
        if start < halfway <= due_soon:
            days[ReminderKind.HALFWAY] = halfway
    return days


def reminders(outcomes: Outcomes) -> list[Reminder]:
    """Return every reminder whose day has come as at the outcomes' day and which is still true, sent or not.

    By day, council reference, aim and kind. Halfway and due soon are true while the child waits in time, overdue while
    the child waits after the due date. A child with two clocks of one start, on two plans, is spoken of once.
    """
    found = {
        reminder.key: reminder
        for row in outcomes.of_state(State.WAITING, State.OVERDUE)
        for reminder in _of_clock(row, outcomes)
    }
    return in_order(found.values())


def in_order(given) -> list[Reminder]:
    return sorted(given, key=lambda each: (each.on, each.child_ref, each.aim, each.kind))


def _of_clock(row: Outcome, outcomes: Outcomes) -> Iterator[Reminder]:
    if row.due is None:
        return
    definition = outcomes.definition
    days = days_of_reminders(row.start, row.due, Fraction(definition.reminder_fraction))
    for kind, on in days.items():
        is_true = (kind is ReminderKind.OVERDUE) == (row.state is State.OVERDUE)
        if is_true and on <= outcomes.as_at:
            yield Reminder(
                aim=definition.code,
                child_id=row.child_id,
                child_code=row.child_code,
                child_ref=row.child_ref,
                start=row.start,
                kind=kind,
                on=on,
                due=row.due,
            )
