"""A chart by month as a plotly figure: points, lines, limits of chance, rings and dated remarks. This only draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aims.chart_marks import band, remark_labels, upright
from aims.judged_chart import Remark
from aims.plain_figure import GRID, MET, TICKS, DrawnChart, checked, plain_layout, plain_line
from pace_site.look.words import count_of, lower_first

MOST_MONTHS = 36
LIMITS = "#52606d"
Line = Sequence[float | None]


@dataclass(frozen=True)
class Level:
    """A level line over some of the months, by place; `stop` is exclusive, None to the end. One name, one legend."""

    name: str
    value: float
    colour: str
    dash: str
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True)
class Rings:
    """Marks about the points at some places: shape as well as colour."""

    name: str
    places: Sequence[int]
    symbol: str
    colour: str


@dataclass(frozen=True)
class MonthsChart:
    """What is drawn: for each month its first day, value (None for a gap), whether its mark is hollow, and its hover.

    `limits` are the upper and the lower line, `axis` is the vertical one. `subject` says what the values are.
    """

    subject: str
    firsts: Sequence[date]
    values: Line
    hovers: Sequence[str]
    hollow: Sequence[bool]
    name: str
    axis: Mapping[str, Any]
    hollow_name: str = ""
    levels: Sequence[Level] = ()
    limits: tuple[Line, Line] | None = None
    rings: Sequence[Rings] = ()


def draw_months(chart: MonthsChart, *, remarks: Sequence[Remark], whole: bool = False) -> DrawnChart:
    """Draw the latest 36 months, or all of them when `whole`, with remarks at their days."""
    skipped = 0 if whole else max(len(chart.firsts) - MOST_MONTHS, 0)
    firsts = chart.firsts[skipped:]
    days = [first.replace(day=15).isoformat() for first in chart.firsts]
    traces = [
        *_limits(chart, days, skipped),
        *_levels(chart, days, skipped),
        *_points(chart, days, skipped),
        *_rings(chart, days, skipped),
    ]
    figure: dict[str, Any] = {"data": traces}
    drawn = [(number, each) for number, each in enumerate(remarks, 1) if firsts[0] <= each.on]
    late = firsts[len(firsts) * 7 // 10]
    placed = [(each.on.isoformat(), each.on > late, [(number, each)]) for number, each in drawn]
    for name, is_narrow in (("layout", False), ("narrow", True)):
        figure[name] = plain_layout(is_narrow=is_narrow) | _axes(chart, firsts, is_narrow=is_narrow)
        lasting = [band(each.on.isoformat(), each.until.isoformat()) for _number, each in drawn if each.until]
        figure[name]["shapes"] = lasting + [upright(each.on.isoformat()) for _number, each in drawn]
        figure[name]["annotations"] = remark_labels(placed, most=len(drawn), in_numbers=is_narrow)
    told = _in_words(chart, skipped)
    return DrawnChart(figure=checked(figure), told=told, points=len(firsts), all_points=len(chart.firsts))


def _in_words(chart: MonthsChart, skipped: int) -> str:
    """What is drawn, the latest point and what is marked, for whoever does not see it."""
    first, last = chart.firsts[skipped], chart.firsts[-1]
    said = [f"Chart by month, {first:%B %Y} to {last:%B %Y}: {chart.subject}."]
    known = [hover for hover, value in zip(chart.hovers, chart.values, strict=True) if value is not None]
    if known:
        said.append(f"The latest is {known[-1]}.")
    lines = dict.fromkeys(level.name for level in chart.levels)
    names = [lower_first(name) for name in (*lines, *(["limits of chance"] if chart.limits else []))]
    if names:
        said.append(f"Lines for {', '.join(names)}.")
    marked = {rings.name: sum(place >= skipped for place in rings.places) for rings in chart.rings}
    said += [f"{name}: {count_of(count, 'month', 'months')}." for name, count in marked.items() if count]
    return " ".join(said)


def _axes(chart: MonthsChart, firsts: Sequence[date], *, is_narrow: bool) -> dict:
    most = 4 if is_narrow else 10
    # Few months would be named several times each if plotly chose where.
    each_month = {"tickvals": [first.replace(day=15).isoformat() for first in firsts]} if len(firsts) <= most else {}
    return {
        "xaxis": {
            "type": "date",
            "showgrid": False,
            "fixedrange": True,
            "tickformat": "%b<br>%Y",
            "nticks": most,
        }
        | TICKS
        | each_month,
        "yaxis": {"gridcolor": GRID, "fixedrange": True, "zeroline": False} | dict(chart.axis),
        "legend": {"orientation": "h", "y": -0.28 if is_narrow else -0.2, "yanchor": "top", "x": 0},
    }


def _limits(chart: MonthsChart, days: list[str], skipped: int) -> list[dict]:
    """Upper and lower limit, a step for each month."""
    lines: list[dict] = []
    for line, name in zip(chart.limits or (), ("Limits of chance", "Lower limit"), strict=False):
        drawn = plain_line(days[skipped:], list(line[skipped:]), name=name, colour=LIMITS, dash="dot")
        drawn["line"]["shape"] = "hvh"
        lines.append(drawn | {"legendgroup": "limits", "showlegend": not lines})
    return lines


def _levels(chart: MonthsChart, days: list[str], skipped: int) -> list[dict]:
    lines, named = [], set()
    for level in chart.levels:
        over = days[max(level.start, skipped) : level.stop]
        if over:
            line = plain_line(over, [level.value] * len(over), name=level.name, colour=level.colour, dash=level.dash)
            lines.append(line | {"legendgroup": level.name, "showlegend": level.name not in named})
            named.add(level.name)
    return lines


def _points(chart: MonthsChart, days: list[str], skipped: int) -> list[dict]:
    known = [place for place in range(skipped, len(days)) if chart.values[place] is not None]
    thread = plain_line(
        [days[place] for place in known],
        [chart.values[place] for place in known],
        name=chart.name,
        colour=MET,
        dash="solid",
    )
    traces = [thread | {"showlegend": False}]
    for is_hollow, name, symbol in ((False, chart.name, "circle"), (True, chart.hollow_name, "circle-open")):
        kept = [place for place in known if chart.hollow[place] == is_hollow]
        if kept:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [days[place] for place in kept],
                    "y": [chart.values[place] for place in kept],
                    "text": [chart.hovers[place] for place in kept],
                    "hoverinfo": "text",
                    "marker": {"symbol": symbol, "size": 8, "color": MET, "line": {"width": 1.5, "color": MET}},
                }
            )
    return traces


def _rings(chart: MonthsChart, days: list[str], skipped: int) -> list[dict]:
    traces = []
    for rings in chart.rings:
        kept = [place for place in rings.places if place >= skipped]
        if kept:
            mark = {"size": 16, "color": rings.colour, "line": {"width": 2, "color": rings.colour}}
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": rings.name,
                    "x": [days[place] for place in kept],
                    "y": [chart.values[place] for place in kept],
                    "marker": {"symbol": rings.symbol} | mark,
                    "hoverinfo": "skip",
                }
            )
    return traces
