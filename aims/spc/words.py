"""What a run chart found, in sentences: each finding with how often chance alone shows as much.

Words and units are the caller's: a chart of weeks says "quicker", one of percentages "higher".
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aims.spc.chance import chance_of, in_words
from aims.spc.points import present
from aims.spc.run_chart import SHIFT, TOO_FEW_RUNS, TOO_MANY_RUNS, TREND, Phase, RunChart
from aims.spc.runs import FEWEST_POINTS

NO_SIGNAL = "No rule finds a signal. That does not show that nothing has changed: it may be too new to tell."
WHY = {
    TOO_FEW_RUNS: "few, as when something changed on the way",
    TOO_MANY_RUNS: "many, as when two processes alternate",
}


@dataclass(frozen=True)
class Vocabulary:
    """How the points of a chart are spoken of: who lies on one side, what makes a step, and how a value is written."""

    points: str = "points"
    below: str = "lower"
    above: str = "higher"
    steps: str = "points"
    value: Callable[[Any], str] = str
    # From the first to the last of the places given, such as "14 May to 3 June 2027".
    between: Callable[[int, int], str] | None = None


def findings_in_words(
    chart: RunChart, values: Sequence[Any], *, vocabulary: Vocabulary | None = None
) -> tuple[str, ...]:
    """One sentence for each finding of `chart`, which was drawn of `values`; or why there is none; none of no point.

    Where people set a new median, chances are those of a chart as long as its phase.
    """
    if not chart.n:
        return ()
    teller = _Teller(chart, present(values)[0], values, vocabulary or Vocabulary())
    sentences = [teller.shift(phase, points) for phase in chart.phases for points in phase.shifts]
    sentences += [teller.trend(points) for points in chart.trends]
    sentences += [
        teller.runs(phase, signal)
        for phase in chart.phases
        for signal in (TOO_FEW_RUNS, TOO_MANY_RUNS)
        if signal in phase.signals
    ]
    if not chart.phases[-1].claims:
        sentences.append(teller.too_few_points())
    return tuple(sentences) or (NO_SIGNAL,)


@dataclass(frozen=True)
class _Teller:
    """Tells what was found on one chart."""

    chart: RunChart
    places: Sequence[int]
    values: Sequence[Any]
    say: Vocabulary

    def too_few_points(self) -> str:
        useful, since = self.chart.n_useful, " since the last new median" if len(self.chart.phases) > 1 else ""
        only = "Only 1 point" if useful == 1 else f"Only {useful} points" if useful else "No point"
        rules = "no rule is applied" + (" to them" if since else "")
        return f"{only}{since} can be used, and at least {FEWEST_POINTS} are needed: {rules}."

    def shift(self, phase: Phase, points: tuple[int, ...]) -> str:
        way = self.say.below if self.values[points[0]] < phase.median else self.say.above
        kind = "baseline median" if phase.baseline < phase.n else "median"
        count = len(points)
        who = f"{count} {self.say.points} in a row{self._when(points)}"
        if self._reaches_the_end(phase, points):
            who = f"The last {count} {self.say.points}"
        return (
            f"{who} were all {way} than the {kind} of {self.say.value(phase.median)}: a shift"
            f"{self._by_chance(SHIFT, phase, count)}."
        )

    def trend(self, points: tuple[int, ...]) -> str:
        rises = self.values[points[-1]] > self.values[points[0]]
        way = self.say.above if rises else self.say.below
        chance = in_words(chance_of(TREND, points=self.chart.n, length=len(points)))
        return (
            f"{len(points)} {self.say.steps} in a row{self._when(points)}, each {way} than the one before: a trend"
            f"{_after(chance)}."
        )

    def runs(self, phase: Phase, signal: str) -> str:
        if phase.runs_limits is None:
            found = f"The line crosses the median {_times(phase.crossings)}, where {phase.crossings_min} or more are"
            chance = self._by_chance("too_few_crossings", phase, 0)
        else:
            low, high = phase.runs_limits
            runs = "1 run" if phase.n_runs == 1 else f"{phase.n_runs} runs"
            found = f"{runs} about the median, where {low} to {high} are"
            chance = self._by_chance(signal, phase, 0)
        return f"{found} usual: {WHY[signal]}{chance}."

    def _by_chance(self, signal: str, phase: Phase, length: int) -> str:
        baseline = phase.baseline if phase.baseline < phase.n else None
        chance = chance_of(signal, points=phase.n_useful, baseline=baseline, length=length)
        stretch = "as long as this phase" if len(self.chart.phases) > 1 else "of this length"
        return _after(in_words(chance, stretch=stretch))

    def _when(self, points: tuple[int, ...]) -> str:
        return "" if self.say.between is None else f" ({self.say.between(points[0], points[-1])})"

    def _reaches_the_end(self, phase: Phase, points: tuple[int, ...]) -> bool:
        """Whether nothing but points on the median follows."""
        if phase is not self.chart.phases[-1]:
            return False
        first, after = bisect_left(self.places, phase.start), bisect_right(self.places, points[-1])
        return not any(phase.sides[place] for place in range(after - first, len(phase.sides)))


def _after(chance: str) -> str:
    return f"; {chance}" if chance else ""


def _times(count: int) -> str:
    return {0: "not once", 1: "once", 2: "twice"}.get(count, f"{count} times")
