"""A measure, judged: its run chart, its limits of chance, and what both say in words (`spc.md`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from aims.judged_chart import Remark
from aims.spc import RunChart, Shewhart, run_chart, shewhart
from aims.spc.chance import in_words
from aims.spc.labels import OUTSIDE
from aims.spc.p_chance import chance_outside
from aims.spc.shewhart import FEWEST_FOR_FIRM_LIMITS
from aims.spc.words import Vocabulary
from aims.spc.words import findings_in_words as run_findings
from improvement.measured.series import MonthOf, is_over
from improvement.models import Measure
from improvement.models.measures import Better, ChartKind, Unit
from pace_site.look.words import british_date, count_of, percent

IMPROVEMENT = {Better.HIGHER: "increase", Better.LOWER: "decrease", Better.NEITHER: None}
NOTHING_YET = "No value yet."


@dataclass(frozen=True)
class JudgedMeasure:
    """A measure with its months, in order and without a gap, as at a day."""

    measure: Measure
    months: tuple[MonthOf, ...]
    as_at: date
    remarks: Sequence[Remark] = ()

    @property
    def of(self) -> int:
        """What a numerator is counted for: a hundred for a percentage."""
        return 100 if self.measure.unit == Unit.PERCENT else self.measure.per

    @cached_property
    def values(self) -> list[Fraction | None]:
        return [month.in_unit(self.of) for month in self.months]

    @property
    def is_empty(self) -> bool:
        return all(value is None for value in self.values)

    @cached_property
    def baseline(self) -> int | None:
        """How many points the median is taken from; None for all."""
        if self.measure.baseline_until is None:
            return self.measure.baseline_points
        until = self.measure.baseline_until
        known = zip(self.months, self.values, strict=True)
        return sum(value is not None and is_over(month.first, as_at=until) for month, value in known) or None

    @cached_property
    def chart(self) -> RunChart:
        return run_chart(self.values, baseline=self.baseline)

    @cached_property
    def limits(self) -> Shewhart | None:
        """The limits of chance, where the plan asks for some and they can be computed; points as `values`, over `of`
        for percentages and rates."""
        kind = self.measure.chart
        if kind == ChartKind.RUN or self.is_empty:
            return None
        target = self.measure.target
        more = {"baseline": self.baseline, "improvement": IMPROVEMENT[self.measure.better], "all_rules": False}
        if kind not in (ChartKind.P, ChartKind.U):
            return shewhart(self.values, kind=kind, target=target, **more)
        found = shewhart(
            [month.numerator for month in self.months],
            kind=kind,
            denominators=[month.denominator for month in self.months],
            target=None if target is None else Fraction(target) / self.of,
            **more,
        )
        return None if self._mean_share(found) in (0, 1) else found

    @property
    def scale(self) -> int:
        """What the numbers of `limits` are multiplied with to stand beside `values`."""
        return self.of if self.measure.chart in (ChartKind.P, ChartKind.U) else 1

    @cached_property
    def outside(self) -> list[int]:
        """The places of the months outside the limits."""
        if self.limits is None:
            return []
        return [place for place, label in enumerate(self.limits.labels) if label == OUTSIDE]

    @property
    def last(self) -> int | None:
        """The place of the latest month with a value."""
        return max((place for place, value in enumerate(self.values) if value is not None), default=None)

    @property
    def latest(self) -> str:
        """62 % in October 2026 (5 of 8)."""
        if self.last is None:
            return NOTHING_YET
        month = self.months[self.last]
        return f"{self.say(self.values[self.last])} in {month.first:%B %Y}{self.parts(month)}"

    @property
    def heading(self) -> str:
        """The latest value, beside the target."""
        if self.last is None:
            return NOTHING_YET
        said, target = f"{self.latest}; the median is {self.say(self.chart.median)}", self.measure.target
        if target is None:
            return f"{said}."
        return f"{said} and the target {self.say(target)}{self._reached(self.values[self.last])}."

    @property
    def target(self) -> str:
        """The target in words; empty for none."""
        return "" if self.measure.target is None else self.say(self.measure.target)

    @property
    def findings(self) -> list[str]:
        """Each finding as a sentence, those of the run chart first, with how often chance alone shows as much."""
        if self.is_empty:
            return []
        vocabulary = Vocabulary(
            points="months", below="lower", above="higher", steps="months", value=self.say, between=self._between
        )
        return [*run_findings(self.chart, self.values, vocabulary=vocabulary), *self._of_limits()]

    @property
    def signal(self) -> str:
        """What the list of measures says: the first finding."""
        return self.findings[0] if not self.is_empty else NOTHING_YET

    @property
    def basis(self) -> str:
        """By which rules and which median, as it stands under the chart."""
        median = "all months"
        if self.measure.baseline_until is not None:
            median = f"the months up to {british_date(self.measure.baseline_until)}, kept"
        elif self.baseline:
            median = f"the first {self.baseline} months, kept"
        gaps = sum(value is None for value in self.values)
        missing = f" {count_of(gaps, 'month', 'months')} without a value {'is' if gaps == 1 else 'are'} skipped."
        return (
            f"Rules: a shift of 6 months, a trend of 5, and the number of runs. Median of {median}. Months that lie on "
            f"the median are not used.{missing if gaps else ''}"
        )

    @property
    def rows(self) -> list[tuple[MonthOf, str, str]]:
        """The months for the table, the latest first: month, value in words, what stands out."""
        shifts, trends = set(self.chart.shift_points), set(self.chart.trend_points)
        marks = (("Outside the limits", set(self.outside)), ("Shift", shifts), ("Trend", trends))
        found = []
        for place, (month, value) in enumerate(zip(self.months, self.values, strict=True)):
            marked = ", ".join(name for name, places in marks if place in places)
            found.append((month, "" if value is None else self.say(value), marked))
        return found[::-1]

    def say(self, value) -> str:
        """A value with its unit: 62 %, 3.4 for each 1,000, 12, 40 days."""
        if self.measure.unit == Unit.PERCENT:
            return percent(value)
        number = in_figures(value)
        if self.measure.unit == Unit.RATE:
            return f"{number} for each {self.measure.per:,}"
        return f"{number} {'day' if number == '1' else 'days'}" if self.measure.unit == Unit.DAYS else number

    def parts(self, month: MonthOf) -> str:
        """What a percentage or a rate is made of."""
        if month.denominator is None:
            return ""
        return f" ({in_figures(month.numerator)} of {in_figures(month.denominator)})"

    def _reached(self, value: Fraction) -> str:
        if self.measure.better == Better.NEITHER:
            return ""
        good = value >= self.measure.target if self.measure.better == Better.HIGHER else value <= self.measure.target
        return ": reached" if good else ": not reached"

    def _between(self, first: int, last: int) -> str:
        return f"{self.months[first].first:%B %Y} to {self.months[last].first:%B %Y}"

    def _of_limits(self) -> list[str]:
        if self.limits is None:
            return []
        said = []
        for place in self.outside:
            month, value = self.months[place], self.values[place]
            way = "higher" if value / self.scale > Fraction(self.limits.centre[place]) else "lower"
            said.append(
                f"{self.say(value)} in {month.first:%B %Y}{self.parts(month)} lies outside the limits: {way} than "
                "chance explains."
            )
        if self.measure.chart == ChartKind.P and said:
            sizes = [int(month.denominator) for month in self.months if month.denominator]
            chance = chance_outside(float(self._mean_share(self.limits)), sizes)
            said.append(f"Where nothing changes, {in_words(chance, stretch='of these months')}.")
        if self.limits.trial:
            few = count_of(self.limits.baseline, "month", "months")
            said.append(f"Limits of only {few}: with fewer than {FEWEST_FOR_FIRM_LIMITS} they are provisional.")
        return said

    @staticmethod
    def _mean_share(limits: Shewhart) -> float:
        return next(each for each in limits.centre if each is not None)


def in_figures(number) -> str:
    """A number with at most one decimal, and none where it is whole: 12, 3.4, 1,250."""
    shown = f"{float(round(Fraction(number), 1)):,.1f}"
    return shown.removesuffix(".0")
