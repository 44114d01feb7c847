"""The run chart of an aim, judged: its medians, its signals in words, and the remarks that belong on it.

One point is the time from start to stop of one clock, in days, in the order in which the process ended (`spc.md`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from django.db.models import prefetch_related_objects

from aims.clock_order import Clocks
from aims.models import Aim, ChartSettings, Phase
from aims.outcomes import Outcomes
from aims.spc import RunChart, run_chart, words
from aims.spc.words import Vocabulary
from milestones.clocks.limits import from_day, to_day
from pace_site.look.words import british_date, weeks


class Remark(Protocol):
    """A dated remark to be drawn on the chart; `link` leads to what it speaks of, or is empty.

    `until` is the last day of what lasted a while, None for a single day or for what goes on.
    """

    on: date
    label: str
    link: str
    until: date | None


@dataclass(frozen=True)
class Marked:
    """A remark with its place between the points, and the place of its end if it has one."""

    place: float
    on: date
    label: str
    link: str
    until: date | None = None
    until_place: float | None = None


@dataclass(frozen=True)
class JudgedChart:
    """What a run chart shows and says."""

    points: Clocks
    chart: RunChart
    settings: ChartSettings
    phases: list[Phase]
    remarks: list[Marked]

    @cached_property
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
    """Judge an aim's chart by its own settings, with its annotations and what else is remarked.

    Asks three queries, and none where `with_judgement` has fetched them for many aims at once.
    """
    settings = getattr(aim, "chart_settings", None) or ChartSettings(aim=aim)
    return judge(outcomes, settings, list(aim.phases.all()), sorted([*aim.annotations.all(), *remarks], key=_day))


def with_judgement(aims: Sequence[Aim]) -> None:
    """Fetch what `judge_aim` asks of each aim, for all of them at once."""
    prefetch_related_objects(aims, "chart_settings", "phases", "annotations")


def _day(remark: Remark) -> date:
    return remark.on


def judge(
    outcomes: Outcomes, settings: ChartSettings, phases: Sequence[Phase], remarks: Sequence[Remark]
) -> JudgedChart:
    """Judge the decided clocks of an aim; phases and remarks after the as-at date are not there yet."""
    points = outcomes.decided
    ends = points.column("stop")
    begun = [each for each in phases if each.starts_on <= outcomes.as_at]
    places = sorted({bisect_left(ends, to_day(each.starts_on)) for each in begun} - {0, len(points)})
    chart = run_chart(
        points.column("days"),
        baseline=settings.baseline,
        rules=settings.rules,
        shift=settings.shift,
        trend=settings.trend,
        phases=places,
    )
    marked = [_marked(each, ends, as_at=outcomes.as_at) for each in remarks if each.on <= outcomes.as_at]
    return JudgedChart(points, chart, settings, begun, marked)


def _marked(remark: Remark, ends: list[int], *, as_at: date) -> Marked:
    """A remark at its place; an end after the as-at date has not come yet."""
    until = remark.until if remark.until and remark.until <= as_at else None
    return Marked(
        place=bisect_left(ends, to_day(remark.on)) + 0.5,
        on=remark.on,
        label=remark.label,
        link=remark.link,
        until=until,
        until_place=None if until is None else bisect_right(ends, to_day(until)) + 0.5,
    )


def findings_in_words(judged: JudgedChart) -> list[str]:
    """Each finding as a sentence, with how often chance alone shows as much."""
    points, stops = judged.points, judged.points.column("stop")

    def between(first: int, last: int) -> str:
        return f"{british_date(from_day(stops[first]))} to {british_date(from_day(stops[last]))}"

    vocabulary = Vocabulary(
        points="children",
        below="quicker",
        above="slower",
        steps="decisions",
        value=weeks,
        between=between,
    )
    return list(words.findings_in_words(judged.chart, points.column("days"), vocabulary=vocabulary))
