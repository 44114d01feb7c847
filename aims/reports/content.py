"""What a report of one aim says, whatever its format: figures, words, and the points of its charts."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from aims.compliance import Compliance, Measured, two_decimals
from aims.definition import AimDefinition
from aims.figure_words import (
    PART_OF_THE_AUTHORITY,
    STATE_LABELS,
    STATE_LABELS_WITHOUT_LIMIT,
    STATE_MEANINGS,
    STATE_MEANINGS_WITHOUT_LIMIT,
    verdict_in_words,
)
from aims.findings import decided_in_order, median_days, still_waiting
from aims.outcomes import Outcome
from milestones.clocks.states import State
from pace_site.look.words import british_date, closed_children, weeks_number

# Counts that mean nothing while no limit is set.
LATE_LABELS = (STATE_LABELS[State.MISSED], STATE_LABELS[State.OVERDUE], "Left undecided")
# What an aim's exit rule makes of those who leave in time.
LEAVERS_COUNT_AS = {
    "count_as_met": (State.MET, "Those who left in time count here too."),
    "count_as_missed": (State.MISSED, "Those who left in time without a decision count here too."),
}


@dataclass(frozen=True)
class Percentage:
    """A percentage to two decimals, None where there is nothing to divide by, with its counts in words."""

    label: str
    value: float | None
    words: str


@dataclass(frozen=True)
class Count:
    label: str
    value: int
    meaning: str


@dataclass(frozen=True)
class Point:
    """One clock on a chart, in weeks; `allowed` is the time from its start to its due date, None without a limit."""

    child: str
    state: State
    ended: date | None
    weeks: float
    allowed: float | None


def named_in_no_list(unnamed: Iterable[Outcome]) -> str:
    """How many children have these clocks of closed records, as a notice; empty without any."""
    closed = len({row.child_id for row in unnamed})
    return f"Counted and drawn, but named in no list: {closed_children(closed)}." if closed else ""


@dataclass(frozen=True)
class ReportContent:
    """One aim as at a day. `rows` are the clocks of children whom the reader may see, by pseudonym only.

    `unnamed` are those of closed records: in every figure and on the charts, and in no list.
    `is_part`: the figures are of a part of the authority, which its targets are not set for.
    """

    authority: str
    fictional: bool
    covers: str
    is_part: bool
    last_extract_on: date | None
    measured: Measured
    rows: tuple[Outcome, ...]
    unnamed: tuple[Outcome, ...] = ()

    @property
    def now(self) -> Compliance:
        return self.measured.now

    @property
    def definition(self) -> AimDefinition:
        return self.now.definition

    @property
    def as_at(self) -> date:
        return self.now.as_at

    @property
    def is_not_judged(self) -> bool:
        """Whether there is a target that says nothing of these figures."""
        return self.is_part and self.definition.target_pct is not None

    @property
    def verdict(self) -> str:
        if self.is_not_judged:
            return PART_OF_THE_AUTHORITY
        words = verdict_in_words(self.measured)
        if self.measured.at_by_date is None:
            return words
        return f"{words} Judged as at {british_date(self.measured.at_by_date.as_at)}, the by-date."

    @property
    def target(self) -> str:
        target = self.definition.target_pct
        return "No target is set." if target is None else f"{target.normalize():f} %"

    @property
    def limit(self) -> str:
        definition = self.definition
        if definition.deadline is not None:
            return f"By {british_date(definition.deadline)}"
        return "No limit is set." if definition.limit is None else str(definition.limit)

    @property
    def claim(self) -> str:
        """Why no percentage is shown; empty for an aim that may claim one."""
        if self.definition.has_claim:
            return ""
        return "This aim is a draft without a limit: it shows how long children wait and claims no percentage."

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must know before the figures."""
        said = [self.claim]
        if self.fictional:
            said.append("Fictional authority: no child in this report exists.")
        if self.last_extract_on is not None and self.last_extract_on < self.as_at:
            said.append(
                f"The last extract is of {british_date(self.last_extract_on)}: of what happened since, only what was "
                "recorded by hand is counted."
            )
        if len(self.drawn) < self.now.outcomes.clock_count:
            said.append(
                f"The figures count {self.now.outcomes.clock_count} clocks; the list and the charts show the "
                f"{len(self.drawn)} of children whose records are open to the person who exported them."
            )
        said.append(named_in_no_list(self.unnamed))
        return tuple(filter(None, said))

    @cached_property
    def drawn(self) -> tuple[Outcome, ...]:
        """The clocks on the charts, those of closed records among them."""
        return (*self.rows, *self.unnamed)

    @cached_property
    def _unnamed_keys(self) -> frozenset[int]:
        return frozenset(row.child_id for row in self.unnamed)

    @cached_property
    def waiting_unnamed(self) -> int:
        """How many children with closed records still wait."""
        return len({row.child_id for row in still_waiting(self.unnamed)})

    @cached_property
    def decided(self) -> tuple[Point, ...]:
        """The clocks that stopped, in order of the day they did (`domain.md` 5.1)."""
        return tuple(self._point(row, row.days) for row in decided_in_order(self.drawn))

    @cached_property
    def still_waiting(self) -> tuple[Point, ...]:
        """The clocks that still run, longest wait first."""
        return tuple(self._point(row, row.waited) for row in still_waiting(self.drawn))

    def _point(self, row: Outcome, days: int) -> Point:
        allowed = None if row.due is None else float(weeks_number((row.due - row.start).days))
        return Point(
            child="" if row.child_id in self._unnamed_keys else row.child_code,
            state=row.state,
            ended=row.stop,
            weeks=float(weeks_number(days)),
            allowed=allowed,
        )

    @cached_property
    def median_weeks(self) -> float | None:
        """The median time from start to stop of the clocks that stopped, in weeks."""
        days = median_days(self.drawn)
        return None if days is None else float(weeks_number(days))

    @cached_property
    def burn_down(self) -> tuple[tuple[date, int], ...]:
        """How many of a backlog still waited, as the corners of a falling line; empty for any other aim."""
        if not self.definition.is_backlog or not self.drawn:
            return ()
        waiting = len(self.drawn)
        corners = [(self.definition.before_date, waiting)]
        for day, ended in sorted(Counter(row.stop or row.exit for row in self.drawn if row.stop or row.exit).items()):
            corners += [(day, waiting), (day, waiting - ended)]
            waiting -= ended
        return (*corners, (self.as_at, waiting))


def report_content(
    measured: Measured,
    *,
    authority: str,
    fictional: bool,
    covers: str,
    is_part: bool,
    last_extract_on: date | None,
    visible: Collection[int],
    closed: Collection[int] = (),
) -> ReportContent:
    """Build the content; `visible` are the keys of the children who may be listed, `covers` says whom figures count.

    `closed` are those of them who are drawn and not listed.
    """
    rows = tuple(row for row in measured.now.outcomes.rows if row.child_id in visible)
    return ReportContent(
        authority=authority,
        fictional=fictional,
        covers=covers,
        is_part=is_part,
        last_extract_on=last_extract_on,
        measured=measured,
        rows=rows,
        unnamed=tuple(row for row in measured.now.outcomes.rows if row.child_id in closed),
    )


def percentages(compliance: Compliance) -> tuple[Percentage, ...]:
    """The two published percentages with their counts (`domain.md` 4.4), and what they can still become."""
    waiting = compliance.counts[State.WAITING]
    whole = compliance.decided_or_overdue
    return (
        _percentage(
            "In time, of those decided",
            compliance.pct_decided,
            f"{compliance.met} in time of {compliance.decided} decided",
        ),
        _percentage(
            "In time, of those decided or overdue",
            compliance.pct_decided_or_overdue,
            f"{compliance.met} in time of {whole} decided, overdue or left undecided after the due date",
        ),
        _percentage(
            "At worst",
            compliance.pct_worst,
            f"if none of the {waiting} who wait in time is decided in time: {compliance.met} of {whole + waiting}",
        ),
        _percentage(
            "At best",
            compliance.pct_best,
            f"if all of the {waiting} who wait in time are decided in time: "
            f"{compliance.met + waiting} of {whole + waiting}",
        ),
    )


def counts(compliance: Compliance) -> tuple[Count, ...]:
    """How many clocks are in each state, and how many stand outside or weigh on the percentages."""
    found = compliance.counts
    meanings = STATE_MEANINGS if compliance.definition.has_claim else STATE_MEANINGS_WITHOUT_LIMIT
    if compliance.definition.exit_rule in LEAVERS_COUNT_AS:
        state, words = LEAVERS_COUNT_AS[compliance.definition.exit_rule]
        meanings = meanings | {state: f"{meanings[state]} {words}"}
    labels = STATE_LABELS if compliance.definition.has_claim else STATE_LABELS_WITHOUT_LIMIT
    outcomes = compliance.outcomes
    by_state = [Count(labels[state], found[state], meanings[state]) for state in State]
    left_undecided = "Left after the due date without a decision; counted among the missed."
    by_state.append(Count("Left undecided", found["left_undecided"], left_undecided))
    if not compliance.definition.has_claim:
        by_state = [each for each in by_state if each.value or each.label not in LATE_LABELS]
    return (
        *by_state,
        Count("Excluded", found["excluded"], "Dropped by the aim's filters on pathway or placement; in no percentage."),
        Count("Clocks", outcomes.clock_count, "Clocks in the cohort; a child accommodated twice has two."),
        Count("Children", outcomes.child_count, "Children in the cohort."),
        Count("Families", outcomes.family_count, "Families of these children."),
    )


def _percentage(label: str, exact: Fraction | None, words: str) -> Percentage:
    return Percentage(label, two_decimals(exact), words if exact is not None else "no data")
