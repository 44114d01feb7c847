"""The section of an aim's page about how long decisions take: of all its children, or of two groups of them."""

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from django import forms

from aims.compliance import Compliance
from aims.decision_charts import DrawnGroup, still_waiting_figure
from aims.decision_groups import Group, Line
from aims.decision_words import (
    difference_words,
    incidence_at,
    median_words,
    started_words,
    stopped_words,
)
from aims.findings import limit_in_days
from aims.models import AimVersion
from aims.plain_figure import DrawnChart
from aims.time_to_decision import log_rank
from pace_site.look.as_at import EARLIEST, LATEST
from pace_site.look.days import day_input
from pace_site.look.words import british_date, count_of, percent, weeks_number

MOST_LINES = 10
LINE_WEEKS = (1, 2, 4, 8, 13, 26, 52, 104, 260)
QUARTER = 13  # weeks
TAIL = 1.25  # how far beyond the last decision the chart goes on
NO_SPLIT = "none"


class SplitForm(forms.Form):
    """The day that divides the curves, by when a clock started."""

    split = forms.DateField(
        label="Compare those who started before this day and since",
        required=False,
        widget=day_input(small=True),
        error_messages={"invalid": "This is not a date: the children are not divided."},
    )

    def clean_split(self):
        day = self.cleaned_data["split"]
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError("This date is out of range: the children are not divided.")
        return day


@dataclass(frozen=True)
class Split:
    """The day that divides the curves, and why that one: None is one curve for all."""

    day: date | None
    why: str = ""
    error: str = ""

    @cached_property
    def form(self) -> SplitForm:
        form = SplitForm(initial={"split": self.day})
        if self.error:
            form.fields["split"].widget.attrs["aria-describedby"] = "id_split_error"
        return form


@dataclass(frozen=True)
class TimeToDecision:
    """The section about how long decisions take: sentences, chart and a table for each group."""

    figures: Compliance
    groups: tuple[Group, ...]
    split: Split
    stopped: str

    @property
    def heading(self) -> str:
        """What the curves found, in one or two sentences."""
        return " ".join(self._said_of(group) for group in self.groups)

    @property
    def sentences(self) -> list[str]:
        said = [self._within_limit(group) for group in self.groups] if self._limit_days else []
        if len(self.groups) == 2 and all(group.has_pace for group in self.groups):
            said.append(difference_words(log_rank(*(group.decisions for group in self.groups))))
        return [sentence for sentence in said if sentence]

    @property
    def tables(self) -> list[tuple[Group, list[Line]]]:
        """A table for each group, at the same weeks and at that of the limit."""
        longest = self._horizon // 7
        step = next((each for each in LINE_WEEKS if longest <= each * MOST_LINES), LINE_WEEKS[-1])
        weeks = set()
        if any(group.tells_birthday for group in self.groups):
            # Closer lines would tell when somebody turned 18.
            step = max(step, QUARTER)
        elif self._limit_days and self._limit_days % 7 == 0:
            weeks.add(self._limit_days // 7)
        weeks |= set(range(step, longest + 1, step))
        return [(group, group.lines(sorted(weeks))) for group in self.groups]

    @cached_property
    def drawn(self) -> DrawnChart:
        groups = [self._drawn_group(group) for group in self.groups]
        limit = "" if self.figures.definition.limit is None else str(self.figures.definition.limit)
        return still_waiting_figure(groups, limit_days=self._limit_days, limit=limit)

    @property
    def beyond(self) -> str:
        """What the chart leaves out on its right: a long flat line would press the rest together."""
        if self._horizon == self._followed:
            return ""
        longer = sum(group.curve.at_risk(self._horizon + 1) for group in self.groups)
        clocks = count_of(longer, "clock", "clocks")
        return f"{clocks} ran on beyond the {self._horizon // 7} weeks drawn; nobody was decided so late."

    def _drawn_group(self, group: Group) -> DrawnGroup:
        ticks = {day for day in group.ticks if day <= self._horizon}
        return DrawnGroup(group.name, group.curve, ticks, min(group.until, self._horizon))

    @property
    def _followed(self) -> int:
        return max(group.until for group in self.groups)

    @cached_property
    def _horizon(self) -> int:
        """The last day drawn: a quarter beyond the last decision and the limit, if anybody was followed so long."""
        last = max(step.day for group in self.groups for step in group.curve.steps)
        return min(self._followed, 7 * math.ceil(max(last, self._limit_days or 0) * TAIL / 7))

    @cached_property
    def _limit_days(self) -> int | None:
        return limit_in_days(self.figures.definition, [row for group in self.groups for row in group.rows])

    def _said_of(self, group: Group) -> str:
        """The median of one group, or why there is none."""
        curve = group.curve
        if not group.has_pace:
            return f"Of the {group.who} {group.said}, {curve.events:,} {self.stopped}: too few for a median."
        if curve.median is None:
            return self._not_yet_half(group)
        if not group.left_undecided:
            return f"Half of the {group.who} {group.said} {self.stopped} {median_words(curve)}."
        by_then = percent(Fraction(100 * group.decided.step_at(curve.median.day).share))
        in_all = percent(Fraction(100 * group.decided.step_at(self._longest).share))
        return (
            f"Had none of the {group.who} {group.said} left, half would have been decided {median_words(curve)}; as "
            f"{group.left_undecided:,} left undecided, {by_then} {self.stopped} by then and {in_all} in all."
        )

    @property
    def _longest(self) -> int:
        return max(group.curve.days[-1] for group in self.groups)

    def _not_yet_half(self, group: Group) -> str:
        last = group.curve.steps[-1]
        return (
            f"Of the {group.who} {group.said}, fewer than half {self.stopped} so far: "
            f"{incidence_at(group.decided, last.day)} within {weeks_number(last.day)} weeks."
        )

    def _within_limit(self, group: Group) -> str:
        limit = self.figures.definition.limit
        if not group.has_pace:
            return ""
        if not group.is_seen_until(self._limit_days):
            return f"Nobody {group.said} has been followed for {limit} yet."
        decided = incidence_at(group.decided, self._limit_days)
        left = incidence_at(group.left, self._limit_days)
        return f"Of those {group.said}, {decided} {self.stopped} within {limit} and {left} had left undecided by then."


def time_to_decision(figures: Compliance, version: AimVersion, *, split: str) -> TimeToDecision | None:
    """The section, divided as `split` of the address asks: a day, `NO_SPLIT`, or nothing for the usual day.

    None for a backlog, whose children are there because they waited, and where nobody has been decided.
    """
    rows = figures.outcomes.rows
    if figures.definition.is_backlog or not any(row.stop is not None for row in rows):
        return None
    divided = _split(figures, version, split)
    started = started_words(figures.definition)
    groups = [Group(list(rows), name="All children", said=started)]
    if divided.day is not None and not divided.error:
        day = british_date(divided.day)
        before = [row for row in rows if row.start < divided.day]
        since = [row for row in rows if row.start >= divided.day]
        groups = [
            Group(before, name=f"Started before {day}", said=f"{started} before {day}"),
            Group(since, name=f"Started since {day}", said=f"{started} since then"),
        ]
    return TimeToDecision(figures, tuple(groups), divided, stopped_words(figures.definition))


def _split(figures: Compliance, version: AimVersion, asked: str) -> Split:
    """The day asked for; else that of the first remark on the aim, up to the as-at date, that divides its children."""
    starts = figures.outcomes.rows[0].start, figures.outcomes.rows[-1].start  # the rows are in order of start
    if asked == NO_SPLIT:
        return Split(None)
    if asked:
        form = SplitForm({"split": asked})
        if not form.is_valid():
            return Split(None, error=str(form.errors["split"][0]))
        day = form.cleaned_data["split"]
        if _divides(day, starts):
            return Split(day)
        side = "before" if day <= starts[0] else "since"
        return Split(day, error=f"Nobody started {side} {british_date(day)}: the children are not divided.")
    remarks = (each for each in version.aim.annotations.all() if each.on <= figures.as_at)
    first = next((each for each in remarks if _divides(each.on, starts)), None)
    return Split(None) if first is None else Split(first.on, why=first.label)


def _divides(day: date, starts: tuple[date, date]) -> bool:
    return starts[0] < day <= starts[1]
