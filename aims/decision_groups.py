"""Some clocks of an aim: how long they took, how they ended, and their lines in the table."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from aims.decision_words import incidence_at, waiting_at
from aims.outcomes import Outcome
from aims.prospect import FEWEST_DECIDED
from aims.time_to_decision import CumulativeIncidence, SurvivalCurve, cumulative_incidence, kaplan_meier
from pace_site.look.words import children

DECIDED, LEFT = "decided", "left"


@dataclass(frozen=True)
class Line:
    """One line of the table under the curve, at the end of so many weeks."""

    weeks: int
    at_risk: int
    waiting: str
    decided: str
    left: str


class Group:
    """Some clocks of an aim, how long they took, and how they ended."""

    def __init__(self, rows: list[Outcome], *, name: str, said: str):
        self.rows = rows
        self.name = name
        self.said = said

    @cached_property
    def decisions(self) -> list[tuple[int, bool]]:
        """Kaplan-Meier's pairs: whoever left or still waits is counted as waiting until then."""
        return [(max(row.waited, 0), row.stop is not None) for row in self.rows]

    @cached_property
    def curve(self) -> SurvivalCurve:
        return kaplan_meier(self.decisions)

    @cached_property
    def decided(self) -> CumulativeIncidence:
        return cumulative_incidence(self._ends, of=DECIDED)

    @cached_property
    def left(self) -> CumulativeIncidence:
        return cumulative_incidence(self._ends, of=LEFT)

    @property
    def who(self) -> str:
        """How many they are; a child with two clocks is said to have them."""
        of = len({row.child_id for row in self.rows})
        if of == len(self.rows):
            return children(of)
        return f"{len(self.rows):,} clocks of {children(of)}"

    @property
    def ticks(self) -> set[int]:
        """Days to mark as last seen waiting; never a day that would tell a date of birth."""
        return {max(row.waited, 0) for row in self.rows if row.stop is None and not row.tells_birthday}

    @cached_property
    def until(self) -> int:
        """Where the curve ends: the longest wait that tells no date of birth."""
        return max((max(row.waited, 0) for row in self.rows if not row.tells_birthday), default=0)

    @property
    def tells_birthday(self) -> bool:
        return any(row.tells_birthday for row in self.rows)

    @property
    def left_undecided(self) -> int:
        return sum(row.stop is None and row.exit is not None for row in self.rows)

    @property
    def has_pace(self) -> bool:
        return self.curve.events >= FEWEST_DECIDED

    def is_seen_until(self, days: int) -> bool:
        """Whether somebody was followed so long, or nobody was left to follow."""
        return self.curve.at_risk(days) > 0 or all(row.stop or row.exit for row in self.rows)

    def lines(self, weeks: Iterable[int]) -> list[Line]:
        """The table at the end of each of `weeks`, as far as the group was followed."""
        return [self._line(week) for week in weeks if 7 * week <= self.until]

    def _line(self, week: int) -> Line:
        day = 7 * week
        return Line(
            weeks=week,
            at_risk=self.curve.at_risk(day + 1),
            waiting=waiting_at(self.curve, day),
            decided=incidence_at(self.decided, day),
            left=incidence_at(self.left, day),
        )

    @property
    def _ends(self) -> list[tuple[int, str | None]]:
        return [
            (max(row.waited, 0), DECIDED if row.stop is not None else None if row.exit is None else LEFT)
            for row in self.rows
        ]
