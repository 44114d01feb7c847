"""The time to decision as a plotly figure: the share still waiting, with its 95 % interval, before and since a day.

This draws; `aims.time_to_decision` computes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aims.chart_words import curves_in_words
from aims.plain_figure import GRID, INK, OVERDUE, TICKS, DrawnChart, checked, in_weeks, plain_layout, plain_line
from aims.time_to_decision import SurvivalCurve
from pace_site.look.words import percent, weeks

BEFORE, SINCE = "#9a3b00", "#0b5a8f"
BANDS = {BEFORE: "rgba(154, 59, 0, 0.14)", SINCE: "rgba(11, 90, 143, 0.16)"}
DASHES = {BEFORE: "dash", SINCE: "solid"}


@dataclass(frozen=True)
class DrawnGroup:
    """One curve: its name in the legend, the days on which somebody undecided was last seen waiting, and its end."""

    name: str
    curve: SurvivalCurve
    ticks: Collection[int]
    until: int


def still_waiting_figure(groups: Sequence[DrawnGroup], *, limit_days: int | None, limit: str = "") -> DrawnChart:
    """Draw the share still waiting by weeks since the start, one curve for each group, the earlier one dashed."""
    colours = [BEFORE, SINCE] if len(groups) > 1 else [SINCE]
    longest = max(group.until for group in groups)
    traces = []
    for group, colour in zip(groups, colours, strict=True):
        traces += [*_band(group, colour), _curve(group, colour), *_ticks(group, colour)]
    traces.append(plain_line([0, in_weeks(longest)], [50, 50], name="Half", colour=INK, dash="dot"))
    if limit_days is not None:
        traces.append(
            plain_line([in_weeks(limit_days)] * 2, [0, 100], name=f"Limit {limit}", colour=OVERDUE, dash="dash")
        )
    axes = {
        "xaxis": {
            "title": {"text": "Weeks since the start"},
            "range": [0, in_weeks(max(longest, limit_days or 0)) * 1.02 or 1],
            "showgrid": False,
            "fixedrange": True,
        }
        | TICKS,
        "yaxis": {
            "title": {"text": "Still waiting, %"},
            "range": [0, 102],
            "gridcolor": GRID,
            "fixedrange": True,
        },
    }
    figure = {"data": traces, "layout": plain_layout(is_narrow=False) | axes}
    figure["narrow"] = plain_layout(is_narrow=True) | axes
    points = sum(group.curve.count for group in groups)
    told = curves_in_words(groups, limit=limit if limit_days is not None else "")
    return DrawnChart(figure=checked(figure), told=told, points=points, all_points=points)


def _curve(group: DrawnGroup, colour: str) -> dict:
    steps = group.curve.steps
    return {
        "type": "scatter",
        "mode": "lines",
        "name": group.name,
        "x": [0, *(in_weeks(step.day) for step in steps), in_weeks(group.until)],
        "y": [100, *(_percent(step.share) for step in steps), _percent(steps[-1].share if steps else 1)],
        "text": ["", *(_hover(step) for step in steps), ""],
        "hoverinfo": "text",
        "line": {"color": colour, "width": 2.5, "shape": "hv", "dash": DASHES[colour]},
    }


def _band(group: DrawnGroup, colour: str) -> list[dict]:
    """Upper and lower bound, filled between; the band ends where the curve reaches nobody."""
    bounded = [step for step in group.curve.steps if step.lower is not None]
    if not bounded:
        return []
    end = group.until if bounded[-1] is group.curve.steps[-1] else group.curve.steps[-1].day
    x = [0, *(in_weeks(step.day) for step in bounded), in_weeks(end)]
    upper = [100, *(_percent(step.upper) for step in bounded), _percent(bounded[-1].upper)]
    lower = [100, *(_percent(step.lower) for step in bounded), _percent(bounded[-1].lower)]
    plain = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "hoverinfo": "skip",
        "line": {"width": 0, "shape": "hv", "color": colour},
        "legendgroup": f"band {group.name}",
        "name": "95 % interval",
    }
    filled = {"y": lower, "fill": "tonexty", "fillcolor": BANDS[colour], "showlegend": False}
    return [plain | {"y": upper, "showlegend": False}, plain | filled]


def _ticks(group: DrawnGroup, colour: str) -> list[dict]:
    if not group.ticks:
        return []
    days = sorted(set(group.ticks))
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Still waiting or left",
            "x": [in_weeks(day) for day in days],
            "y": [_percent(group.curve.share_at(day)) for day in days],
            "marker": {"symbol": "line-ns-open", "size": 9, "color": colour, "line": {"width": 1.2}},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def _hover(step) -> str:
    interval = "" if step.lower is None else f" ({_number(step.lower)} to {_number(step.upper)})"
    return f"{weeks(step.day)}: {percent(100 * step.share)} still waiting{interval}"


def _number(share: float) -> str:
    return percent(100 * share).removesuffix(" %")


def _percent(share: float) -> float:
    return round(100 * share, 2)
