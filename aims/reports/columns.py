"""The columns of an exported list of outcomes, and what each of them means: the data dictionary of the export."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aims.figure_words import exit_in_words
from aims.outcomes import Outcome
from milestones.catalogue import Route
from pace_site.look.words import weeks_number

Value = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    """One column; `width` is in characters, for a spreadsheet."""

    name: str
    meaning: str
    unit: str
    value: Callable[[Outcome], Value]
    width: int = 12


COLUMNS = (
    Column("child", "Pseudonym of the child. The council keeps the key.", "code", lambda row: row.child_code),
    Column(
        "state",
        "MET, MISSED, OVERDUE, WAITING or EXITED, as defined above.",
        "code",
        lambda row: row.state.value,
    ),
    Column(
        "route",
        "Route to permanence of the clock's start event; empty where the start event has none.",
        "words",
        lambda row: str(Route(row.route).label) if row.route else "",
        width=34,
    ),
    Column("start", "Day of the start event.", "date", lambda row: row.start, width=18),
    Column("due", "Last day in time; empty for an aim without a limit.", "date", lambda row: row.due, width=18),
    Column("stop", "Day of the earliest qualifying stop event.", "date", lambda row: row.stop, width=18),
    Column(
        "exit",
        "Day on which the clock ended without a stop event; left out for an 18th birthday, which would tell the age.",
        "date",
        lambda row: None if row.tells_birthday else row.exit,
        width=18,
    ),
    Column(
        "exit_reason",
        "Why the clock ended without a stop event.",
        "words",
        lambda row: exit_in_words(row.exit_reason),
        width=40,
    ),
    Column(
        "days",
        "From start to stop; 0 for a recommendation made before the child was accommodated.",
        "days",
        lambda row: row.days,
    ),
    Column(
        "waited_days",
        "From start to stop, exit or the as-at date, whichever is first; left out for an 18th birthday.",
        "days",
        lambda row: None if row.tells_birthday else row.waited,
    ),
    Column(
        "waited_weeks",
        "The same in weeks, to one decimal.",
        "weeks",
        lambda row: None if row.tells_birthday else float(weeks_number(row.waited)),
    ),
    Column(
        "left_undecided",
        "Whether the child left after the due date without a decision.",
        "yes or no",
        lambda row: "yes" if row.left_undecided else "no",
    ),
)
