"""The columns of the feed, declared once: the rows and the dictionary come from here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aims.count_columns import LABELS, LEFT, MET, MISSED, OVERDUE, TOGETHER, WAITING
from aims.published.figures import PublishedRow

COUNT, PERCENTAGE = "clocks, a whole number", "per cent, 0 to 100, to two decimals"


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, in which unit, and how a published row fills it."""

    name: str
    meaning: str
    unit: str
    value: Callable[[PublishedRow], Any]


MEANINGS = {
    MET: "Clocks that met the aim by the end of the month.",
    MISSED: "Clocks that missed it: decided too late, or left undecided.",
    LEFT: "Of those missed, the clocks that ended without a decision.",
    OVERDUE: "Clocks that are still running although their limit has passed.",
    WAITING: "Clocks that are running and still in time.",
    TOGETHER: "All clocks of the aim: met, missed, overdue and waiting. A child may have more than one.",
}
DECIDED, DECIDED_OR_OVERDUE = "pct_decided", "pct_decided_or_overdue"
FIGURES = (*LABELS, DECIDED, DECIDED_OR_OVERDUE)


def _count(name: str) -> Column:
    return Column(name, MEANINGS[name], COUNT, lambda row: row.counts[name])


def _definition(row: PublishedRow) -> str:
    return " ".join(f"{heading}: {sentence}" for heading, sentence in row.definition_words)


COLUMNS = (
    Column("aim", "Code of the aim.", "text", lambda row: row.code),
    Column("version", "Number of the version of the aim that was counted by.", "whole number", lambda row: row.version),
    Column("title", "Title of the aim in that version.", "text", lambda row: row.definition.title),
    Column("definition", "Who is counted by that version, and what meets it.", "text", _definition),
    Column("month", "The month.", "month, YYYY-MM", lambda row: f"{row.month_end:%Y-%m}"),
    Column(
        "as_at",
        "Last day of the month; every figure of the row is as at this day.",
        "date, YYYY-MM-DD",
        lambda row: row.month_end.isoformat(),
    ),
    *(_count(name) for name in LABELS),
    Column(
        DECIDED,
        "Met, of all that were decided. Empty also where nobody was decided.",
        PERCENTAGE,
        lambda row: row.pct_decided,
    ),
    Column(
        DECIDED_OR_OVERDUE,
        "Met, when those overdue or gone undecided count too. Empty also where there are none of them.",
        PERCENTAGE,
        lambda row: row.pct_decided_or_overdue,
    ),
    Column(
        "withheld",
        "The figures of this row that are withheld, by the names of their columns, so that none tells of a few "
        "children. Withheld is not zero: a zero is written as 0.",
        "names of columns, with spaces between in CSV, a list in JSON",
        lambda row: list(withheld_in(row)),
    ),
)


def withheld_in(row: PublishedRow) -> tuple[str, ...]:
    """The figures of a row that are not told."""
    return tuple(name for name in FIGURES if name in row.withheld)
