"""The run chart of an aim in a pack: kept as numbers that JSON knows, drawn as SVG when the pack is read.

It says no more than the sentences beside it: no pseudonym, and no day but the first and the last. An aim's own page has
the whole chart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aims.compliance import Compliance
from aims.findings import limit_in_days, remaining
from aims.judged_chart import JudgedChart
from milestones.clocks.states import State
from pace_site.look.words import british_date, weeks

MOST_DOTS = 100  # the latest; beyond that, dots of this size run into each other
FEWEST_DOTS = 2
WIDTH, HEIGHT = 400, 150
LEFT, RIGHT, TOP, BOTTOM = 38, 392, 10, 126
ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # where the axis may end
Chart = dict[str, Any]


def chart_of(figures: Compliance, judged: JudgedChart | None) -> Chart | None:
    """The numbers of a chart, None for fewer than two; a backlog has no judgement, and shows how many are left."""
    return _of_backlog(figures) if judged is None else _of_decided(figures, judged)


def _of_backlog(figures: Compliance) -> Chart | None:
    corners = remaining(figures.outcomes)
    if len(corners) < FEWEST_DOTS:
        return None
    first = corners[0][0]
    return {
        "left": [[(day - first).days, left] for day, left in corners],
        "first": british_date(first),
        "last": british_date(corners[-1][0]),
    }


def _of_decided(figures: Compliance, judged: JudgedChart) -> Chart | None:
    points = judged.points[-MOST_DOTS:]
    if len(points) < FEWEST_DOTS:
        return None
    skipped = len(judged.points) - len(points)
    definition = figures.definition
    return {
        "days": [row.days for row in points],
        "late": [place for place, row in enumerate(points) if definition.has_claim and row.state == State.MISSED],
        "signals": sorted(
            place - skipped for place in {*judged.chart.shift_points, *judged.chart.trend_points} if place >= skipped
        ),
        "medians": [
            [max(phase.start - skipped, 0), phase.stop - skipped, float(phase.median)]
            for phase in judged.chart.phases
            if phase.median is not None and phase.stop > skipped
        ],
        "limit": limit_in_days(definition, points),
        "first": british_date(points[0].stop),
        "last": british_date(points[-1].stop),
    }


@dataclass(frozen=True)
class Mark:
    """One dot (a cross when it is late, with a ring when it is part of a signal), in pixels of the drawing."""

    x: float
    y: float
    is_late: bool
    is_ringed: bool


@dataclass(frozen=True)
class PackDrawing:
    """What stands on the drawing; `key` says in words how to read it."""

    marks: list[Mark]
    thread: str
    medians: list[tuple[float, float, float]]
    limit: float | None
    ticks: list[tuple[float, str]]
    first: str
    last: str
    key: str
    width: int = WIDTH
    height: int = HEIGHT


def draw(chart: Mapping[str, Any]) -> PackDrawing:
    """Lay out a chart as it was kept."""
    return _draw_backlog(chart) if "left" in chart else _draw_decided(chart)


def _draw_backlog(chart: Mapping[str, Any]) -> PackDrawing:
    corners = chart["left"]
    last, top = corners[-1][0] or 1, _top(max(left for _day, left in corners))
    steps = [f"M{LEFT},{_y(corners[0][1], top)}"]
    steps += [f"H{_across(day / last)}V{_y(left, top)}" for day, left in corners[1:]]
    ticks = [(_y(value, top), f"{value:g}") for value in (0, top / 2, top)]
    key = "The line is how many children still wait."
    return PackDrawing([], "".join(steps), [], None, ticks, chart["first"], chart["last"], key)


def _draw_decided(chart: Mapping[str, Any]) -> PackDrawing:
    days, limit = chart["days"], chart["limit"]
    most = len(days)
    top = _top(max([*days, *(median for *_ends, median in chart["medians"]), limit or 0]) / 7)
    late, signals = set(chart["late"]), set(chart["signals"])
    marks = [
        Mark(_across((place + 0.5) / most), _y(value / 7, top), place in late, place in signals)
        for place, value in enumerate(days)
    ]
    medians = [
        (_across(start / most), _across(stop / most), _y(median / 7, top)) for start, stop, median in chart["medians"]
    ]
    thread = "M" + "L".join(f"{mark.x},{mark.y}" for mark in marks)
    ticks = [(_y(value, top), f"{value:g}") for value in (0, top / 2, top)]
    drawn_limit = None if limit is None else _y(limit / 7, top)
    return PackDrawing(marks, thread, medians, drawn_limit, ticks, chart["first"], chart["last"], _key(chart))


def _key(chart: Mapping[str, Any]) -> str:
    said = ["Each mark is a decision, in weeks"]
    if chart["late"]:
        said.append("a cross is late")
    if chart["medians"]:
        said.append(f"the line is the median, {weeks(chart['medians'][-1][2])} at the end")
    if chart["limit"] is not None:
        said.append("the dashes are the limit")
    if chart["signals"]:
        said.append("a ring marks a shift or a trend")
    return f"{'; '.join(said)}."


def _top(most: float) -> float:
    """The next round number at which the axis may end."""
    return next((each for each in ROUND if each >= most), most)


def _y(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _across(share: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * share, 1)
