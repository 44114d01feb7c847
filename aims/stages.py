"""Children between milestones: how many stand in each stage, how long, and how long it takes (`domain.md` 5.2, 6.4)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

import numpy as np
import pandas as pd

from milestones.clocks.day_arrays import add_months
from milestones.clocks.days import OPEN, day_if_any
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import Journeys
from milestones.stages import FROM_DECISION_TO_ORDER, STAGES, Stage, run_stages
from pace_site.look.words import children, weeks

STANDING = (State.WAITING, State.OVERDUE)
A_YEAR = 12  # months


@dataclass(frozen=True)
class Standing:
    """One child who stands in a stage now; `waited` is days since its start."""

    child_id: int
    child_code: str
    start: date
    due: date | None
    waited: int
    is_beyond: bool


@dataclass(frozen=True)
class StageFigures:
    """One stage as at a day: who stands in it, longest first, and the days of those who went through it.

    `taken` are the days of those who reached its end in the year up to the day, `before` those of the year before.
    """

    stage: Stage
    standing: tuple[Standing, ...]
    taken: tuple[int, ...]
    before: tuple[int, ...]
    in_time: int

    @cached_property
    def beyond(self) -> tuple[Standing, ...]:
        return tuple(row for row in self.standing if row.is_beyond)

    @property
    def longest_wait(self) -> int | None:
        return self.standing[0].waited if self.standing else None

    @property
    def median_taken(self) -> float | None:
        return median(self.taken) if self.taken else None

    @property
    def median_before(self) -> float | None:
        return median(self.before) if self.before else None

    def of(self, which: str) -> tuple[Standing, ...]:
        return self.beyond if which == "beyond" else self.standing


def stage_figures(journeys: Journeys) -> list[StageFigures]:
    """The figures of each stage in order, and last those from agency decision to order as a whole."""
    clocks = run_stages(journeys)
    year_ago, two_years_ago = (int(add_months(np.array([journeys.today]), -A_YEAR * ago)[0]) for ago in (1, 2))
    found = []
    for stage in (*STAGES, FROM_DECISION_TO_ORDER):
        here = clocks[(clocks["stage"] == stage.code).to_numpy(dtype=bool)]
        stop, start, due = (here[name].to_numpy(dtype=np.int64) for name in ("stop", "start", "due"))
        # A recommendation made before accommodation took no time at all.
        days = np.maximum(stop - start, 0)
        ended = (stop < OPEN) & (stop <= journeys.today)
        this_year, last_year = ended & (stop > year_ago), ended & (stop > two_years_ago) & (stop <= year_ago)
        found.append(
            StageFigures(
                stage=stage,
                standing=_standing(here, journeys),
                taken=tuple(days[this_year].tolist()),
                before=tuple(days[last_year].tolist()),
                in_time=int((this_year & (stop <= due)).sum()),
            )
        )
    return found


def headline(figures: list[StageFigures]) -> str:
    """Where most children wait longer than guidance allows."""
    guided = [each for each in figures if each.stage.limit]
    most = max(guided, key=lambda each: len(each.beyond))
    if not most.beyond:
        return "Nobody stands between two milestones for longer than guidance allows"
    count = len(most.beyond)
    verb = "has" if count == 1 else "have"
    return (
        f"{children(count)} {verb} stood between {most.stage.since} and {most.stage.until} for longer than "
        f"{most.stage.limit}, the longest for {weeks(most.beyond[0].waited)}"
    )


def _standing(clocks: pd.DataFrame, journeys: Journeys) -> tuple[Standing, ...]:
    now = clocks[clocks["state"].isin(STANDING).to_numpy(dtype=bool)]
    who = journeys.children.iloc[now["child"].to_numpy()]
    rows = [
        Standing(
            child_id=child_id,
            child_code=code,
            start=from_day(start),
            due=day_if_any(due),
            waited=journeys.today - start,
            is_beyond=state == State.OVERDUE,
        )
        for child_id, code, start, due, state in zip(
            who["id"].tolist(),
            who["code"].tolist(),
            now["start"].tolist(),
            now["due"].tolist(),
            now["state"].tolist(),
            strict=True,
        )
    ]
    return tuple(sorted(rows, key=lambda row: (-row.waited, row.child_code)))
