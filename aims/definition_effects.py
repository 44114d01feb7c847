"""What a definition does to the figures as at a day, beside what the one before it did."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from aims.compliance import Compliance, measure
from aims.definition import AimDefinition
from aims.figure_words import VERDICTS
from aims.figures import journeys_for
from children.models import Child
from milestones.clocks.states import State
from pace_site.look.words import british_date, count_of, percent

COUNTED = {
    State.OVERDUE: "Overdue",
    State.WAITING: "Waiting in time",
    State.MET: "Met",
    State.MISSED: "Missed",
    State.EXITED: "Left in time",
}
BESIDE = {"excluded": "Left out by the aim", State.UNKNOWN: "That cannot be placed"}


@dataclass(frozen=True)
class Figure:
    """One figure before and after; `before` is empty for an aim that is new."""

    label: str
    before: str
    after: str

    @property
    def moved(self) -> bool:
        return bool(self.before) and self.before != self.after


@dataclass(frozen=True)
class Effects:
    """The figures of two definitions over the same children on the same day, and who joins and leaves the cohort."""

    as_at: date
    figures: tuple[Figure, ...]
    joined: int
    gone: int
    clocks: int
    is_new: bool

    @property
    def in_words(self) -> str:
        day = british_date(self.as_at)
        clocks = count_of(self.clocks, "clock", "clocks")
        if self.is_new:
            return f"As at {day} this aim counts {clocks}."
        if not any(figure.moved for figure in self.figures) and not (self.joined or self.gone):
            return f"As at {day} this changes no figure: {clocks}, as before."
        if not self.joined and not self.gone:
            return f"As at {day} the same {clocks} count, with other figures."
        return (
            f"As at {day}, {count_of(self.joined, 'clock comes', 'clocks come')} in and "
            f"{count_of(self.gone, 'goes', 'go')} out: {clocks} in all."
        )


def effects_of(
    before: AimDefinition | None, after: AimDefinition, *, children: QuerySet[Child], as_at: date
) -> Effects:
    """Measure both definitions over `children`, from one reading of their journeys."""
    journeys = journeys_for([each for each in (before, after) if each is not None], children, as_at)
    new = measure(after, journeys)
    old = None if before is None else measure(before, journeys)
    verdict_before = "" if old is None else VERDICTS[old.verdict]
    figures = [
        *_pairs(None if old is None else old.now, new.now),
        Figure("Verdict", verdict_before, VERDICTS[new.verdict]),
    ]
    counted, counted_before = _clocks(new.now), set() if old is None else _clocks(old.now)
    return Effects(
        as_at=as_at,
        figures=tuple(figures),
        joined=len(counted - counted_before),
        gone=len(counted_before - counted),
        clocks=new.now.outcomes.clock_count,
        is_new=before is None,
    )


def _pairs(before: Compliance | None, after: Compliance) -> list[Figure]:
    def figure(label, of) -> Figure:
        return Figure(label, "" if before is None else of(before), of(after))

    counts = [figure("Clocks counted", lambda figures: f"{figures.outcomes.clock_count:,}")]
    counts += [figure(label, lambda figures, key=key: f"{figures.counts[key]:,}") for key, label in COUNTED.items()]
    counts += [
        figure(label, lambda figures, key=key: f"{figures.counts[key]:,}")
        for key, label in BESIDE.items()
        if after.counts[key] or (before is not None and before.counts[key])
    ]
    return [
        *counts,
        figure("In time, of those decided", lambda figures: percent(figures.pct_decided)),
        figure("In time, of those decided or overdue", lambda figures: percent(figures.pct_decided_or_overdue)),
    ]


def _clocks(figures: Compliance) -> set[tuple]:
    frame = figures.outcomes.frame
    return set(zip(frame["child"].tolist(), frame["start"].tolist(), frame["route"].tolist(), strict=True))
