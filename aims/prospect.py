"""Can we still make it? What the percentage on the by-date can still become, and what it will if the pace holds.

The percentage is the one on which the aim will be judged (`Compliance.verdict`): those overdue count against it, those
who then still wait in time do not, unless one deadline holds for everybody. Children who start later are not foreseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

import numpy as np

from aims.compliance import Compliance
from aims.definition import AimDefinition
from aims.outcomes import Outcome
from aims.time_to_decision import Wait, chances_within, reweighted_chances_within
from milestones.clocks.starts import PLAN_ENDS
from milestones.clocks.states import State

FEWEST_DECIDED = 10  # with fewer decisions than this no pace is claimed (`spc.md`)
DRAWS = 1000
SEED = 20180601
DECIDED, LEFT, LEFT_AS_MET, LEFT_AS_MISSED = "decided", "left", "left as met", "left as missed"
ENDS = (DECIDED, LEFT, LEFT_AS_MET, LEFT_AS_MISSED)


@dataclass(frozen=True)
class Candidate:
    """A child still waiting in time; a decision up to `last_day` counts as in time on the by-date.

    `fails_undecided`: without one the child then counts as late. `may_count_against`: without one the child counts
    as late or, where leaving counts as missed, may.
    """

    row: Outcome
    last_day: date
    fails_undecided: bool
    may_count_against: bool


@dataclass(frozen=True)
class Expected:
    """The result to expect if the pace holds: percentages with the middle 95 % of `DRAWS` simulated results.

    `reaches_target` is the share of those in which the target is reached (None without one), `decided_of_waiting` how
    many of those waiting are decided in time. `is_beyond_seen`: some of those waiting may wait longer than anybody was
    followed, and no decision is foreseen there.
    """

    percentage: float
    lower: float
    upper: float
    decided_of_waiting: float
    reaches_target: float | None
    is_beyond_seen: bool


@dataclass(frozen=True)
class Prospect:
    """How an aim can still end on the day it is judged. Percentages are exact fractions of 100."""

    figures: Compliance
    final_day: date
    candidates: tuple[Candidate, ...]

    @property
    def met(self) -> int:
        return self.figures.met

    @property
    def failed(self) -> int:
        """Decided late, left undecided after the limit, or overdue: none of them can be in time any more."""
        return self.figures.decided_or_overdue - self.figures.met

    @property
    def target(self) -> Fraction | None:
        target = self.figures.definition.target_pct
        return None if target is None else Fraction(target)

    @property
    def worst(self) -> Fraction | None:
        """If nobody else is decided in time."""
        return self.if_decided(0)

    @property
    def best(self) -> Fraction | None:
        """If everybody who still can be is decided in time."""
        return self.if_decided(len(self.candidates))

    def if_decided(self, count: int) -> Fraction | None:
        """The final percentage if the first `count` by due date are decided in time, and nobody else at the worst."""
        against = sum(candidate.may_count_against for candidate in self.candidates[count:])
        counted = self.met + self.failed + count + against
        return Fraction(100 * (self.met + count), counted) if counted else None

    @cached_property
    def needed(self) -> int | None:
        """The fewest of those waiting who must be decided in time to reach the target whatever the others do.

        None when even all of them do not reach it, or without a target. Those due before the by-date come first, and
        each of them helps at least as much as any other: no smaller number of whatever children is enough.
        """
        if self.target is None:
            return None
        reaches = (count for count in range(len(self.candidates) + 1) if self._reaches(self.if_decided(count)))
        return next(reaches, None)

    @property
    def is_certain(self) -> bool:
        return self.needed == 0

    @property
    def is_impossible(self) -> bool:
        return self.target is not None and self.needed is None

    def _reaches(self, percentage: Fraction | None) -> bool:
        return percentage is not None and percentage >= self.target

    @cached_property
    def expected(self) -> Expected | None:
        """The expected result; None with fewer than `FEWEST_DECIDED` decisions, or when nobody would be counted.

        Each waiting child's chance is the cumulative incidence of decisions among this aim's own clocks, between the
        days waited so far and the last day that counts, as a share of those who waited as long; leaving competes.
        The interval holds both chance and the uncertainty of the pace: each draw weights the clocks anew (Bayesian
        bootstrap) and then lets each child be decided, fail or leave with the chance found.
        """
        waits = [_wait(row, self.figures.definition) for row in self.figures.outcomes.rows]
        if sum(wait.ended == DECIDED for wait in waits) < FEWEST_DECIDED:
            return None
        spans = [(each.row.waited, (each.last_day - each.row.start).days) for each in self.candidates]
        estimate = chances_within(waits, spans, of=ENDS)
        in_time, fails = self._in_time_and_fails(estimate)
        decided = sum(in_time)
        counted = self.met + self.failed + decided + sum(fails)
        if not counted:
            return None
        lower, upper, reaches = self._simulate(waits, spans)
        seen = max(wait.days for wait in waits)
        return Expected(
            percentage=100 * (self.met + decided) / counted,
            lower=lower,
            upper=upper,
            decided_of_waiting=float(decided),
            reaches_target=reaches,
            is_beyond_seen=any(until > seen for _so_far, until in spans),
        )

    def _in_time_and_fails(self, chances: Sequence[dict]) -> tuple[list, list]:
        """For each candidate the chance of counting as in time and of counting as late; the rest is not counted."""
        in_time = [each[DECIDED] + each[LEFT_AS_MET] for each in chances]
        fails = [
            1 - met - each[LEFT] if candidate.fails_undecided else each[LEFT_AS_MISSED]
            for candidate, each, met in zip(self.candidates, chances, in_time, strict=True)
        ]
        return in_time, fails

    def _simulate(self, waits: Sequence[Wait], spans: Sequence[tuple[int, int]]) -> tuple[float, float, float | None]:
        generator = np.random.default_rng(SEED)
        drawn = reweighted_chances_within(waits, spans, of=ENDS, draws=DRAWS, random=generator)
        met = np.full(DRAWS, self.met)
        counted = np.full(DRAWS, self.met + self.failed)
        for in_time, fails in zip(*self._in_time_and_fails(drawn), strict=True):
            lot = generator.random(DRAWS)
            met += lot < in_time
            counted += lot < in_time + fails
        met, counted = met[counted > 0], counted[counted > 0]
        lower, upper = np.quantile(100 * met / counted, [0.025, 0.975], method="inverted_cdf")
        reaches = None
        if self.target is not None:
            # In whole numbers: 3 of 4 must not miss 75 % by the last bit of a float.
            reached = 100 * met * self.target.denominator >= self.target.numerator * counted
            reaches = float(reached.mean())
        return float(lower), float(upper), reaches


def prospect(figures: Compliance) -> Prospect | None:
    """What can still become of an aim; None without a limit or a by-date, and once that day is reached."""
    definition = figures.definition
    final_day = definition.by_date or definition.deadline
    if not definition.has_claim or final_day is None or figures.as_at >= final_day:
        return None
    waiting = figures.outcomes.of_state(State.WAITING)
    ordered = sorted(waiting, key=lambda row: (row.due, row.start, row.child_code))
    return Prospect(figures, final_day, tuple(_candidate(row, definition, final_day) for row in ordered))


def _candidate(row: Outcome, definition: AimDefinition, final_day: date) -> Candidate:
    # On the by-date itself a child who is due that day still waits in time (`domain.md` 4.3).
    fails_undecided = row.due < final_day or definition.deadline is not None
    return Candidate(
        row=row,
        last_day=min(row.due, final_day),
        fails_undecided=fails_undecided,
        may_count_against=fails_undecided or definition.exit_rule == "count_as_missed",
    )


def _wait(row: Outcome, definition: AimDefinition) -> Wait:
    """A clock as the estimate needs it: a backlog's children are there because they waited until its reference day."""
    unseen = -1
    if definition.before_date is not None:
        unseen = max((definition.before_date - row.start).days - 1, -1)
    return Wait(days=max(row.waited, 0), ended=_ended(row, definition), unseen=unseen)


def _ended(row: Outcome, definition: AimDefinition) -> str | None:
    if row.stop is not None:
        return DECIDED
    if row.exit is None:
        return None
    if definition.exit_rule == "exclude" or row.exit_reason in PLAN_ENDS:
        return LEFT
    return LEFT_AS_MET if definition.exit_rule == "count_as_met" else LEFT_AS_MISSED
