"""Compliance: counts and percentages of one aim, how ripe they are, and what they say of the target (`domain.md` 4)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from aims.definition import AimDefinition
from aims.outcomes import Outcomes, outcomes
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import Journeys

TOO_EARLY, MATURING, MATURE = "too_early", "maturing", "mature"


@dataclass(frozen=True)
class Compliance:
    """What one aim's outcomes add up to. Percentages are exact fractions of 100, or None where nothing can be said."""

    outcomes: Outcomes

    @property
    def definition(self) -> AimDefinition:
        return self.outcomes.definition

    @property
    def as_at(self) -> date:
        return self.outcomes.as_at

    @property
    def counts(self) -> dict[str, int]:
        return self.outcomes.counts

    @property
    def met(self) -> int:
        return self.counts[State.MET]

    @property
    def missed_with_decision(self) -> int:
        return self.counts[State.MISSED] - self.counts["left_undecided"]

    @property
    def decided(self) -> int:
        """The denominator of `pct_decided`."""
        return self.met + self.missed_with_decision

    @property
    def decided_or_overdue(self) -> int:
        """The denominator of `pct_decided_or_overdue`."""
        return self.met + self.counts[State.MISSED] + self.counts[State.OVERDUE]

    @property
    def pct_decided(self) -> Fraction | None:
        return self._percentage(self.met, self.decided)

    @property
    def pct_decided_or_overdue(self) -> Fraction | None:
        return self._percentage(self.met, self.decided_or_overdue)

    @property
    def pct_worst(self) -> Fraction | None:
        """If nobody who still waits is decided in time."""
        return self._percentage(self.met, self.decided_or_overdue + self.counts[State.WAITING])

    @property
    def pct_best(self) -> Fraction | None:
        """If everybody who still waits in time is decided in time."""
        waiting = self.counts[State.WAITING]
        return self._percentage(self.met + waiting, self.decided_or_overdue + waiting)

    def _percentage(self, part: int, whole: int) -> Fraction | None:
        if whole == 0 or not self.definition.has_claim:
            return None
        return Fraction(100 * part, whole)

    @cached_property
    def first_due(self) -> date | None:
        """The first day on which any child of the cohort could be due."""
        definition = self.definition
        if definition.deadline is not None:
            return definition.deadline
        if definition.limit is None:
            return None
        if definition.from_date is not None:
            return definition.limit.after(definition.from_date)
        dues = self.outcomes.frame["due"]
        return from_day(dues.min()) if len(dues) else None

    @property
    def maturity(self) -> str:
        """`too_early`: no child could yet be late. `mature`: the by-date is reached, or nobody waits any more."""
        if self.first_due is None or self.as_at < self.first_due:
            return TOO_EARLY
        if self.definition.by_date is not None:
            return MATURE if self.as_at >= self.definition.by_date else MATURING
        return MATURING if self.counts[State.WAITING] else MATURE

    @property
    def verdict(self) -> str:
        """What the figures say of the target, on the stricter percentage: those overdue count.

        Once an aim with one deadline for everybody is judged, whoever still waits on that day counts as well: the day
        is over, and nobody may be left out of the judgement by being due on it.
        """
        definition = self.definition
        if definition.target_pct is None or not definition.has_claim:
            return "no_target"
        final = definition.by_date is not None and self.as_at >= definition.by_date
        percentage = self.pct_worst if final and definition.deadline is not None else self.pct_decided_or_overdue
        if percentage is None:
            return "no_data"
        reached = percentage >= Fraction(definition.target_pct)
        if final:
            return "met" if reached else "not_met"
        if self.maturity == TOO_EARLY:
            return "too_early"
        return "on_course" if reached else "off_course"

    def to_json(self, *, with_outcomes: bool = False) -> dict[str, Any]:
        """The figures in the shape of `design.md` 4."""
        definition = self.definition
        figures = {
            "counts": self.counts,
            "clocks": self.outcomes.clock_count,
            "children": self.outcomes.child_count,
            "families": self.outcomes.family_count,
            "pct_decided": two_decimals(self.pct_decided),
            "pct_decided_or_overdue": two_decimals(self.pct_decided_or_overdue),
            "pct_worst": two_decimals(self.pct_worst),
            "pct_best": two_decimals(self.pct_best),
        }
        whole = {
            "code": definition.code,
            "target_pct": _plain_number(definition.target_pct),
            "limit": None if definition.limit is None else str(definition.limit),
            "maturity": self.maturity,
            "verdict": self.verdict,
            **figures,
        }
        if with_outcomes:
            whole["outcomes"] = [
                {
                    "child_ref": row.child_ref,
                    "state": row.state.value,
                    "start": row.start.isoformat(),
                    "due": _iso(row.due),
                    "stop": _iso(row.stop),
                    "exit": _iso(row.exit),
                    "days": row.days,
                }
                for row in self.outcomes.rows
            ]
        return whole


@dataclass(frozen=True)
class Measured:
    """One aim as at the day asked and, once its by-date has passed, as at the by-date, on which it is judged."""

    now: Compliance
    at_by_date: Compliance | None

    @property
    def judged(self) -> Compliance:
        return self.at_by_date or self.now

    @property
    def verdict(self) -> str:
        return self.judged.verdict

    def to_json(self, *, with_outcomes: bool = False) -> dict[str, Any]:
        figures = self.now.to_json(with_outcomes=with_outcomes)
        figures["verdict"] = self.verdict
        if self.at_by_date is not None:
            figures["at_by_date"] = self.at_by_date.to_json(with_outcomes=with_outcomes)
        return figures


def measure(definition: AimDefinition, journeys: Journeys) -> Measured:
    """Measure one aim over the journeys, as at their day."""
    by_date = definition.by_date
    passed = by_date is not None and journeys.as_at > by_date
    return Measured(
        now=Compliance(outcomes(definition, journeys)),
        at_by_date=Compliance(outcomes(definition, journeys.on(by_date))) if passed else None,
    )


def two_decimals(percentage: Fraction | None) -> float | None:
    """Round half up to two decimals, as a JSON number."""
    if percentage is None:
        return None
    exact = Decimal(percentage.numerator) / Decimal(percentage.denominator)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _plain_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
