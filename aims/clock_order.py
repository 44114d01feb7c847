"""Clocks of an aim in the orders that charts and lists have, of which rows are made as somebody asks for them."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from aims.outcomes import Outcome, Outcomes


class Clocks(Sequence["Outcome"]):
    """Some of the clocks of an aim, in an order; `rows` are those of the frame of its outcomes."""

    def __init__(self, outcomes: "Outcomes", rows: np.ndarray):
        self._outcomes, self._rows = outcomes, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> "Outcome": ...

    @overload
    def __getitem__(self, place: slice) -> "list[Outcome]": ...

    def __getitem__(self, place):
        if isinstance(place, slice):
            return self._outcomes.rows_at(self._rows[place])
        return self._outcomes.rows_at(self._rows[[place]])[0]

    def __iter__(self) -> Iterator["Outcome"]:
        return iter(self._all)

    @cached_property
    def _all(self) -> "list[Outcome]":
        return self._outcomes.rows_at(self._rows)

    def column(self, name: str) -> list:
        """One column of the frame, in this order."""
        return self._outcomes.frame[name].to_numpy()[self._rows].tolist()

    @property
    def median_days(self) -> float | None:
        """Median days from start to stop, None without any clock."""
        return median(self.column("days")) if len(self) else None
