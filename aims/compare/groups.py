"""Groups: an aim's clocks parted by a dimension. Each clock is in exactly one group, so counts add up to the aim's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

import numpy as np

from aims.compare.dimensions import NOT_KNOWN, Dimension, Labels
from aims.findings import median_days
from aims.outcomes import Outcome, Outcomes
from aims.selections import Selection

SMALLER_GROUPS = "smaller groups"  # the key of the groups pooled for whoever may open no child


@dataclass(frozen=True)
class Group:
    """Some clocks of an aim; `of` marks which of the outcomes' rows."""

    key: str
    name: str
    outcomes: Outcomes
    of: np.ndarray

    @property
    def is_known(self) -> bool:
        """Whether something is known of what its clocks have in common."""
        return self.key != NOT_KNOWN

    @property
    def is_one(self) -> bool:
        """Whether it is one group of the dimension: not what is left, nor several together."""
        return self.key not in (NOT_KNOWN, SMALLER_GROUPS)

    @cached_property
    def rows(self) -> tuple[Outcome, ...]:
        return tuple(compress(self.outcomes.rows, self.of))

    @cached_property
    def clock_count(self) -> int:
        return int(self.of.sum())

    @property
    def median_days(self) -> float | None:
        return median_days(self.rows)


def narrowed(selection: Selection, group: Group) -> Selection:
    """The selection within the group."""
    return replace(selection, mask=lambda outcomes: selection.mask(outcomes) & group.of)


def groups_of(outcomes: Outcomes, dimension: Dimension, labels: Labels) -> list[Group]:
    """Part the clocks by their labels: groups with a clock, in the dimension's fixed order, the not known last."""
    keys, number = np.unique(labels.of_clocks.astype(str), return_inverse=True)
    found = {key: number == position for position, key in enumerate(keys.tolist())}
    names = {**labels.names, NOT_KNOWN: dimension.not_known}
    return [Group(key, name, outcomes, found[key]) for key, name in names.items() if key in found]


def pooled(groups: Sequence[Group], *, fewest: int) -> list[Group]:
    """Put the groups with fewer than `fewest` clocks together, at the end; the pool has as many, or no group is left.

    A pool that is itself too small takes in the smallest of the others, or taking the shown from the whole would tell
    what is in it.
    """
    shown = [group for group in groups if group.clock_count >= fewest]
    apart = [group for group in groups if group.clock_count < fewest]
    while apart and shown and sum(group.clock_count for group in apart) < fewest:
        smallest = min(shown, key=lambda group: group.clock_count)
        shown.remove(smallest)
        apart.append(smallest)
    if not apart:
        return shown
    of = np.logical_or.reduce([group.of for group in apart])
    return [*shown, Group(SMALLER_GROUPS, "Smaller groups together", apart[0].outcomes, of)]
