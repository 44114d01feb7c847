"""What the judgement adds to a drawn run chart: medians, signal points and dated remarks."""

from html import escape
from typing import Any

from aims.judged_chart import JudgedChart, Remark
from pace_site.look.words import british_date, weeks

SHIFT_COLOUR, TREND_COLOUR, MEDIAN_COLOUR, REMARK_COLOUR = "#7a3b8f", "#b35900", "#1b2733", "#52606d"
LONGEST_LABEL = 34


def median_lines(judged: JudgedChart, *, skipped: int) -> list[dict[str, Any]]:
    """One line for each median: solid over the points it was taken from, dashed where it is extended.

    `skipped` points before the first one drawn are left out.
    """
    lines = []
    for number, phase in enumerate(judged.chart.phases):
        if phase.median is None:
            continue
        name = f"Median {weeks(phase.median)}"
        first, last = max(phase.start - skipped, 0), phase.stop - skipped
        own = min(phase.start + phase.baseline - skipped, last)
        if last <= 0:
            continue
        parts = [(first, own, "solid"), (own, last, "dash")]
        for begin, end, dash in parts:
            if end > begin:
                shown = not any(line["legendgroup"] == f"median{number}" for line in lines)
                lines.append(
                    {
                        "type": "scatter",
                        "mode": "lines",
                        "name": name,
                        "legendgroup": f"median{number}",
                        "showlegend": shown,
                        "x": [begin + 0.5 if begin else 0, end + (0.5 if end < last else 1)],
                        "y": [round(float(phase.median) / 7, 2)] * 2,
                        "hoverinfo": "skip",
                        "line": {"color": MEDIAN_COLOUR, "width": 2, "dash": dash},
                    }
                )
    return lines


def signal_marks(judged: JudgedChart, *, skipped: int) -> list[dict[str, Any]]:
    """Rings about the points of a shift and squares about those of a trend: shape as well as colour."""
    marks = []
    for name, places, symbol, colour, size in (
        ("Shift", judged.chart.shift_points, "circle-open", SHIFT_COLOUR, 16),
        ("Trend", judged.chart.trend_points, "square-open", TREND_COLOUR, 17),
    ):
        drawn = [place for place in places if place >= skipped]
        if drawn:
            marks.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [place - skipped + 1 for place in drawn],
                    "y": [round(judged.points[place].days / 7, 2) for place in drawn],
                    "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}},
                    "hoverinfo": "skip",
                }
            )
    return marks


def remark_lines(judged: JudgedChart, *, skipped: int, most: float) -> tuple[list[dict], list[dict]]:
    """Dotted upright lines between the points, and their labels, numbered where several stand close together."""
    shapes, labels = [], []
    drawn = [remark for remark in judged.remarks if remark.place >= skipped]
    for number, remark in enumerate(drawn):
        x = remark.place - skipped
        if remark.until_place is not None:
            shapes.append(band(x, remark.until_place - skipped))
        shapes.append(
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": x,
                "x1": x,
                "y0": 0,
                "y1": 1,
                "line": {"color": REMARK_COLOUR, "width": 1.5, "dash": "dot"},
            }
        )
        labels.append(
            {
                "xref": "x",
                "yref": "paper",
                "x": x,
                "y": 0.98 - 0.07 * (number % 5),
                "xanchor": "left" if x < most * 0.7 else "right",
                "yanchor": "top",
                "text": linked(remark),
                "hovertext": f"{british_date(remark.on)}: {remark.label}",
                "showarrow": False,
                "bgcolor": "rgba(255,255,255,0.85)",
                "font": {"size": 11, "color": REMARK_COLOUR},
            }
        )
    return shapes, labels


def band(begin: float | str, end: float | str) -> dict[str, Any]:
    """A light band behind the points, for what lasted a while."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": begin,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": "rgba(82, 96, 109, 0.10)",
    }


def linked(remark: Remark) -> str:
    """The label of a remark as plotly writes it, leading to what it speaks of."""
    label = escape(shortened(remark.label))
    return f'<a href="{escape(remark.link)}" target="_self">{label}</a>' if remark.link else label


def shortened(label: str) -> str:
    """A label short enough to stand on a chart."""
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
