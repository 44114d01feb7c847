"""The run chart of an aim, judged: its medians, its signals in words, and the remarks that belong on it.

One point is the time from start to stop of one clock, in days, in the order in which the process ended (`spc.md`).
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from aims.findings import decided_in_order
from aims.models import Aim, ChartSettings, Phase
from aims.outcomes import Outcome, Outcomes
from aims.spc import RunChart, run_chart
from aims.spc import chance as chances
from aims.spc.run_chart import TOO_FEW_RUNS, TOO_MANY_RUNS
from pace_site.look.words import british_date, count_of, weeks


class Remark(Protocol):
    """A dated remark to be drawn on the chart; `link` leads to what it speaks of, or is empty."""

    on: date
    label: str
    link: str


@dataclass(frozen=True)
class Marked:
    """A remark with its place between the points."""

    place: float
    on: date
    label: str
    link: str


@dataclass(frozen=True)
class JudgedChart:
    """What a run chart shows and says."""

    points: list[Outcome]
    chart: RunChart
    settings: ChartSettings
    phases: list[Phase]
    remarks: list[Marked]

    @property
    def findings(self) -> list[str]:
        return findings_in_words(self)

    @property
    def basis(self) -> str:
        """By which rules and which median, as it stands under the chart."""
        settings = self.settings
        if settings.rules == ChartSettings.Rules.PERLA:
            rules = f"Rules: a shift of {settings.shift} points, a trend of {settings.trend}, and the number of runs"
        else:
            rules = "Rules: longest run and crossings (Anhøj)"
        median = f"the first {settings.baseline} points, kept" if settings.baseline else "all points"
        since = "".join(f"; a new one from {british_date(each.starts_on)}: {each.reason}" for each in self.phases)
        return f"{rules}. Median of {median}{since}. Points that lie on the median are not used."


def judge_aim(aim: Aim, outcomes: Outcomes, *, remarks: Sequence[Remark] = ()) -> JudgedChart:
    """Judge an aim's chart by its own settings, with its annotations and what else is remarked (three queries)."""
    settings = ChartSettings.objects.filter(aim=aim).first() or ChartSettings(aim=aim)
    return judge(outcomes, settings, list(aim.phases.all()), sorted([*aim.annotations.all(), *remarks], key=_day))


def _day(remark: Remark) -> date:
    return remark.on


def judge(
    outcomes: Outcomes, settings: ChartSettings, phases: Sequence[Phase], remarks: Sequence[Remark]
) -> JudgedChart:
    """Judge the decided clocks of an aim; phases and remarks after the as-at date are not there yet."""
    points = decided_in_order(outcomes.rows)
    ends = [row.stop for row in points]
    begun = [each for each in phases if each.starts_on <= outcomes.as_at]
    places = sorted({bisect_left(ends, each.starts_on) for each in begun} - {0, len(points)})
    chart = run_chart(
        [row.days for row in points],
        baseline=settings.baseline,
        rules=settings.rules,
        shift=settings.shift,
        trend=settings.trend,
        phases=places,
    )
    marked = [
        Marked(bisect_left(ends, each.on) + 0.5, each.on, each.label, each.link)
        for each in remarks
        if each.on <= outcomes.as_at
    ]
    return JudgedChart(points, chart, settings, begun, marked)


def findings_in_words(judged: JudgedChart) -> list[str]:
    """Each finding as a sentence, with how often chance alone shows as much."""
    chart = judged.chart
    if not chart.n:
        return []
    if not chart.phases[-1].claims and not chart.signals:
        useful = count_of(chart.n_useful, "point", "points")
        return [f"Only {useful} can be used, and at least 10 are needed: no rule is applied."]
    sentences = [_shift(judged, points) for points in chart.shifts]
    sentences += [_trend(judged, points) for points in chart.trends]
    if TOO_FEW_RUNS in chart.signals:
        sentences.append(_runs(judged, TOO_FEW_RUNS, "few, as when something changed on the way"))
    if TOO_MANY_RUNS in chart.signals:
        sentences.append(_runs(judged, TOO_MANY_RUNS, "many, as when two processes alternate"))
    if not sentences:
        return ["No rule finds a signal: what goes up and down here is what chance does."]
    return sentences


def _shift(judged: JudgedChart, points: tuple[int, ...]) -> str:
    days = judged.points[points[0]].days
    phase = next(each for each in judged.chart.phases if each.start <= points[0] < each.stop)
    way = "quicker" if days < phase.median else "slower"
    kind = "baseline median" if phase is judged.chart.phases[0] and judged.settings.baseline else "median"
    who = f"The last {len(points)} children" if _reaches_the_end(judged, points) else f"{len(points)} children in a row"
    when = "" if _reaches_the_end(judged, points) else f" ({_between(judged, points)})"
    return (
        f"{who}{when} were all {way} than the {kind} of {weeks(phase.median)}: a shift"
        f"{_by_chance(judged, 'shift', len(points))}."
    )


def _trend(judged: JudgedChart, points: tuple[int, ...]) -> str:
    way = "slower" if judged.points[points[-1]].days > judged.points[points[0]].days else "quicker"
    return (
        f"{len(points)} decisions in a row ({_between(judged, points)}) each took {way} than the one before: a trend"
        f"{_by_chance(judged, 'trend', len(points))}."
    )


def _runs(judged: JudgedChart, signal: str, what: str) -> str:
    chart = judged.chart
    if chart.runs_limits is None:
        return f"The line crosses the median {count_of(chart.crossings, 'time', 'times')}: unusually {what}."
    low, high = chart.runs_limits
    return (
        f"{count_of(chart.n_runs, 'run', 'runs')} about the median, where {low} to {high} are usual: {what}"
        f"{_by_chance(judged, signal, 0)}."
    )


def _by_chance(judged: JudgedChart, signal: str, length: int) -> str:
    """How often chance shows as much; the table holds for Perla's rules on one median."""
    if len(judged.chart.phases) > 1 or judged.settings.rules != ChartSettings.Rules.PERLA:
        return ""
    chance = chances.chance_of(signal, points=judged.chart.n, baseline=judged.settings.baseline, length=length)
    words = chances.in_words(chance)
    return f"; {words}" if words else ""


def _reaches_the_end(judged: JudgedChart, points: tuple[int, ...]) -> bool:
    """Whether nothing but points on the median follows."""
    last = judged.chart.phases[-1]
    after = last.sides[points[-1] - last.start + 1 :] if points[-1] >= last.start else (1,)
    return not any(after)


def _between(judged: JudgedChart, points: tuple[int, ...]) -> str:
    first, last = judged.points[points[0]].stop, judged.points[points[-1]].stop
    return f"{british_date(first)} to {british_date(last)}"
