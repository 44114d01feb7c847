"""Counts after disclosure control as they are shown: a word for what is withheld, and percentages of what is not."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from aims.count_columns import DECIDED_LABEL, DUE, DUE_LABEL, LABELS, LATE, MET
from pace_site.look.words import percent

HIDDEN = "hidden"


@dataclass(frozen=True)
class Figure:
    """One figure of a row as it is shown; `value` is None where it is withheld or where there is nothing to say."""

    column: str
    label: str
    words: str
    value: int | Fraction | None = None

    @property
    def is_withheld(self) -> bool:
        return self.words == HIDDEN


def shown_figures(shown: Callable[[str], int | None]) -> tuple[tuple[Figure, ...], Figure, Figure]:
    """The counts in the order of `LABELS` and the two percentages, of what `shown` says of each column."""
    met, late, due = shown(MET), shown(LATE), shown(DUE)
    decided = None if met is None or late is None else met + late
    counts = tuple(
        Figure(column, label, HIDDEN if shown(column) is None else f"{shown(column):,}", shown(column))
        for column, label in LABELS.items()
    )
    return (
        counts,
        _percentage("pct_decided", DECIDED_LABEL, met, decided),
        _percentage("pct_decided_or_overdue", DUE_LABEL, met, due),
    )


def _percentage(column: str, label: str, part: int | None, whole: int | None) -> Figure:
    if part is None or whole is None:
        return Figure(column, label, HIDDEN)
    if whole == 0:
        return Figure(column, label, "no data")
    value = Fraction(100 * part, whole)
    return Figure(column, label, f"{percent(value)} of {whole:,}", value)
