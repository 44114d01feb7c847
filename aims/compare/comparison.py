"""A comparison: the figures of each group, and which of them lie apart from all the others by more than chance.

Groups are compared with all the others together and never ranked; those with few clocks due are not judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property

from aims.compare.chance import TOGETHER, Limits, chance_limits, chance_of_spread
from aims.compare.dimensions import Dimension
from aims.compare.groups import Group
from aims.compare.wilson import Interval, wilson_interval
from aims.outcomes import Outcomes
from aims.selections import SELECTIONS

FEWEST_DUE = 10  # clocks decided or overdue with which a group is judged, and with which the others are
FEWEST_TOGETHER = 3  # judged groups that are also looked at together: of two, each is all the others
FIGURES = ("due", "met", "waiting", "overdue", "decided", "all")


class Place(Enum):
    """Where a group lies beside all the others."""

    NOT_JUDGED = "too few to judge"
    AMONG = "within chance"
    BELOW = "below the others"
    ABOVE = "above the others"


@dataclass(frozen=True)
class GroupFigures:
    """The figures of one group; `counts` by selection. `others` are (met, due) of the other known groups."""

    group: Group
    counts: dict[str, int]
    others: tuple[int, int]
    limits: Limits | None

    @property
    def met(self) -> int:
        return self.counts["met"]

    @property
    def due(self) -> int:
        return self.counts["due"]

    @property
    def is_small(self) -> bool:
        return self.due < FEWEST_DUE

    @property
    def is_judged(self) -> bool:
        return self.limits is not None

    @property
    def percentage(self) -> Fraction | None:
        return _percentage(self.met, self.due)

    @property
    def of_others(self) -> Fraction | None:
        return _percentage(*self.others)

    @cached_property
    def interval(self) -> Interval | None:
        return wilson_interval(self.met, self.due) if self.due else None

    @property
    def place(self) -> Place:
        if self.limits is None:
            return Place.NOT_JUDGED
        if self.met < self.limits.fewest:
            return Place.BELOW
        return Place.ABOVE if self.met > self.limits.most else Place.AMONG

    @property
    def lies_apart(self) -> bool:
        return self.place in (Place.BELOW, Place.ABOVE)


@dataclass(frozen=True)
class Comparison:
    """One aim's groups by one dimension, beside the whole; without a limit there are counts and weeks only."""

    dimension: Dimension
    outcomes: Outcomes
    whole: dict[str, int]
    groups: tuple[GroupFigures, ...]

    @property
    def has_claim(self) -> bool:
        return self.outcomes.definition.has_claim

    @property
    def percentage(self) -> Fraction | None:
        """That of the whole, the groups of which nothing is known included."""
        return _percentage(self.whole["met"], self.whole["due"]) if self.has_claim else None

    @cached_property
    def judged(self) -> list[GroupFigures]:
        return [each for each in self.groups if each.is_judged]

    @cached_property
    def apart(self) -> list[GroupFigures]:
        return [each for each in self.groups if each.lies_apart]

    @property
    def looks_together(self) -> bool:
        return len(self.judged) >= FEWEST_TOGETHER

    @cached_property
    def spreads_together(self) -> bool:
        """Whether the judged groups, taken together, lie further apart than chance would make them."""
        if not self.looks_together:
            return False
        chance = chance_of_spread([each.met for each in self.judged], [each.due for each in self.judged])
        return chance < TOGETHER

    @property
    def missing_the_whole(self) -> list[GroupFigures]:
        """The judged groups whose interval does not hold the percentage of the whole."""
        return [each for each in self.judged if not each.interval.holds(float(self.percentage / 100))]


def compare(outcomes: Outcomes, dimension: Dimension, groups: Sequence[Group]) -> Comparison:
    """Compare each of the groups with all the others together."""
    masks = {key: SELECTIONS[key].mask(outcomes) for key in FIGURES}
    counts = [{key: int((mask & group.of).sum()) for key, mask in masks.items()} for group in groups]
    known = [count for group, count in zip(groups, counts, strict=True) if group.is_known]
    met, due = (sum(count[key] for count in known) for key in ("met", "due"))
    has_claim = outcomes.definition.has_claim

    def figures_of(group: Group, count: dict[str, int]) -> GroupFigures:
        others = (met - count["met"], due - count["due"]) if group.is_known else (met, due)
        judged = has_claim and group.is_one and count["due"] >= FEWEST_DUE and others[1] >= FEWEST_DUE
        limits = chance_limits(count["due"], count=met, of=due) if judged else None
        return GroupFigures(group, count, others, limits)

    return Comparison(
        dimension=dimension,
        outcomes=outcomes,
        whole={key: int(mask.sum()) for key, mask in masks.items()},
        groups=tuple(figures_of(group, count) for group, count in zip(groups, counts, strict=True)),
    )


def _percentage(part: int, of: int) -> Fraction | None:
    return Fraction(100 * part, of) if of else None
