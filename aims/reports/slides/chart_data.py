"""What the charts on a slide are drawn from: the points, lines and bars of the chart on the screen, in weeks.

These values are what somebody finds who opens "Edit data" in PowerPoint.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aims.charts import MONTH_LABELS, MOST_BARS, MOST_POINTS, month_ticks
from aims.findings import still_waiting
from aims.outcomes import Outcome
from aims.plain_figure import in_weeks
from aims.reports.csv_file import FORMULA_STARTS
from aims.reports.highlight import AimReport
from milestones.clocks.states import State
from pace_site.look.words import weeks

THREAD, MET, MISSED, MEDIAN, EXTENDED, LIMIT, SHIFT, TREND, OVERDUE, WAITING, REMARK = (
    "thread", "met", "missed", "median", "extended", "limit", "shift", "trend", "overdue", "waiting", "remark",
)  # fmt: skip
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)  # weeks between two lines of the grid
MOST_STEPS = 6

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Series:
    """One series: what it is, its name in the legend, and a value for each category, None for a gap."""

    kind: str
    name: str
    values: Values


@dataclass(frozen=True)
class Drawing:
    """A chart: its title, its categories in order, and its series."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Scale:
    """The axis of weeks, alike for both charts."""

    top: int
    step: int


def decided_drawing(report: AimReport) -> Drawing | None:
    """The run chart, the latest 200 points of it; None where nobody has been decided or the aim is a backlog."""
    judged = report.judged
    if judged is None or not judged.points:
        return None
    points = judged.points[-MOST_POINTS:]
    skipped = len(judged.points) - len(points)
    has_claim = report.content.definition.has_claim
    durations = [in_weeks(row.days) for row in points]
    series = [Series(THREAD, "Weeks to decision", tuple(durations))]
    # Signals come before the dots, so that they stand behind them.
    for kind, name, places in (
        (SHIFT, "Shift", judged.chart.shift_points),
        (TREND, "Trend", judged.chart.trend_points),
    ):
        ringed = {place - skipped for place in places}
        series.append(Series(kind, name, tuple(v if i in ringed else None for i, v in enumerate(durations))))
    series.append(_of_state(State.MET, MET, "Decided in time" if has_claim else "Decided", points, durations))
    if has_claim:
        series.append(_of_state(State.MISSED, MISSED, "Decided late", points, durations))
    series += _medians(report, skipped, len(points)) + _limit(report, points)
    shown = f"the latest {len(points)} of {len(judged.points):,}" if skipped else f"{len(points)}"
    return Drawing(
        f"Weeks to decision: {shown} decided, in order",
        _month_names(points),
        tuple(each for each in series if any(value is not None for value in each.values)),
    )


def waiting_drawing(report: AimReport) -> Drawing | None:
    """The bars of those still waiting, the longest 60 of them.

    Slides are read by more people than lists of children are: pseudonyms are of the longest waits only, as in their
    table, and every other bar bears its place.
    """
    waiting = still_waiting(report.content.now.outcomes.rows)
    if not waiting:
        return None
    bars = waiting[:MOST_BARS]
    listed = {(row.child_id, row.start) for row in report.waits}
    has_claim = report.content.definition.has_claim
    durations = [in_weeks(row.waited) for row in bars]
    series = [
        _of_state(State.OVERDUE, OVERDUE, "Overdue", bars, durations),
        _of_state(State.WAITING, WAITING, "Waiting in time" if has_claim else "Waiting", bars, durations),
        *_limit(report, bars),
    ]
    shown = f"longest {len(bars)} of {len(waiting):,}" if len(bars) < len(waiting) else f"{len(bars)} waiting"
    return Drawing(
        f"Weeks waited: {shown}",
        tuple(_bar_name(row, place, listed) for place, row in enumerate(bars, 1)),
        tuple(each for each in series if any(value is not None for value in each.values)),
    )


def with_remarks(drawing: Drawing, report: AimReport, scale: Scale) -> Drawing:
    """Mark the first decision after each remark at the top; a remark that no decision follows stands in words only."""
    skipped = len(report.judged.points) - len(drawing.categories)
    marked = {int(remark.place) - skipped for remark in report.judged.remarks}
    values = tuple(float(scale.top) if place in marked else None for place in range(len(drawing.categories)))
    if all(value is None for value in values):
        return drawing
    return replace(drawing, series=(*drawing.series, Series(REMARK, "Remark", values)))


def scale_of(*drawings: Drawing | None, cut_at: int | None = None) -> Scale:
    """An axis from 0 to above the highest value of all drawings, or to where their bars are cut, with few lines."""
    values = [value for each in drawings if each for series in each.series for value in series.values if value]
    most = max(values, default=1) * 1.05 if cut_at is None else cut_at
    step = next((each for each in STEPS if most <= each * MOST_STEPS), STEPS[-1])
    return Scale(top=step * max(1, math.ceil(most / step)), step=step)


def _month_names(points: Sequence[Outcome]) -> tuple[str, ...]:
    """The month where it changes, as far apart as on the screen; not every program thins the labels of an axis."""
    named = dict(month_ticks(points, most=MONTH_LABELS, line_break=" "))
    return tuple(named.get(place, " ") for place in range(1, len(points) + 1))


def _bar_name(row: Outcome, place: int, listed: Collection[tuple[int, date]]) -> str:
    """The pseudonym of a listed wait, never as a formula in the sheet behind the chart; else its place."""
    if (row.child_id, row.start) not in listed:
        return str(place)
    return f"'{row.child_code}" if row.child_code.startswith((*FORMULA_STARTS, "{")) else row.child_code


def _of_state(state: State, kind: str, name: str, rows: Sequence[Outcome], durations: Sequence[float]) -> Series:
    values = (value if row.state == state else None for row, value in zip(rows, durations, strict=True))
    return Series(kind, name, tuple(values))


def _medians(report: AimReport, skipped: int, count: int) -> list[Series]:
    """One line over the points a median was taken from, one where it is extended."""
    series = []
    for phase in report.judged.chart.phases:
        if phase.median is None or phase.stop <= skipped:
            continue
        first, last = max(phase.start - skipped, 0), phase.stop - skipped
        own = min(max(phase.start + phase.baseline - skipped, first), last)
        height, name = in_weeks(float(phase.median)), f"Median {weeks(phase.median)}"
        if own > first:
            series.append(Series(MEDIAN, name, _level(height, first, own, count)))
        if last > own:
            # From the last point of its own on, so that the line is not broken.
            series.append(Series(EXTENDED, f"{name}, extended", _level(height, max(own - 1, first), last, count)))
    return series


def _level(height: float, first: int, end: int, count: int) -> Values:
    return tuple(height if first <= place < end else None for place in range(count))


def _limit(report: AimReport, rows: Sequence[Outcome]) -> list[Series]:
    """Each clock at its own limit: calendar months differ by days, and no dot in time may lie above its line."""
    if report.content.definition.limit is None:
        return []
    allowed = tuple(None if row.due is None else in_weeks((row.due - row.start).days) for row in rows)
    return [Series(LIMIT, f"Limit {report.content.definition.limit}", allowed)]
