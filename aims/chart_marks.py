"""What the judgement adds to a drawn run chart: medians, signal points and dated remarks."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import Any

from aims.judged_chart import JudgedChart, Remark
from pace_site.look.words import british_date, weeks

SHIFT_COLOUR, TREND_COLOUR, MEDIAN_COLOUR, REMARK_COLOUR = "#7a3b8f", "#b35900", "#1b2733", "#52606d"
LONGEST_LABEL, MOST_IN_WORDS = 34, 3


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
            days = judged.points.column("days")
            marks.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [place - skipped + 1 for place in drawn],
                    "y": [round(days[place] / 7, 2) for place in drawn],
                    "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}},
                    "hoverinfo": "skip",
                }
            )
    return marks


def remark_lines(judged: JudgedChart, *, skipped: int, most: float) -> tuple[list[dict], list[dict], list[dict]]:
    """Dotted upright lines between the points, their labels, and those for a narrow screen.

    Several remarks between the same two points share a line and a label.
    """
    shapes, at = [], defaultdict(list)
    for number, remark in enumerate(judged.remarks, 1):
        if remark.place >= skipped:
            x = remark.place - skipped
            at[x].append((number, remark))
            if remark.until_place is not None:
                shapes.append(band(x, remark.until_place - skipped))
    shapes += [upright(x) for x in at]
    placed = [(x, x >= most * 0.7, remarks) for x, remarks in at.items()]
    return shapes, remark_labels(placed, most=len(judged.remarks)), remark_labels(placed, in_numbers=True)


Placed = tuple[float | str, bool, Sequence[tuple[int, Remark]]]


def remark_labels(placed: Sequence[Placed], *, most: int = 0, in_numbers: bool = False) -> list[dict[str, Any]]:
    """The labels of remarks, each as (x, whether it stands far right, [(number, remark)]).

    In words while there are few; otherwise in numbers, those of the list below the chart: words would cover each other.
    What is selected leads to what the remark speaks of (`chart.js`): a link in the label would need inline styles.
    """
    in_numbers = in_numbers or most > MOST_IN_WORDS
    labels = []
    for step, (x, is_late, remarks) in enumerate(placed):
        link = next((remark.link for _number, remark in remarks if remark.link), "")
        if in_numbers:
            text = ", ".join(str(number) for number, _remark in remarks)
        else:
            text = "<br>".join(escape(shortened(remark.label)) for _number, remark in remarks)
        labels.append(
            {
                "xref": "x",
                "yref": "paper",
                "x": x,
                "y": 1 - (0.06 if in_numbers else 0.07) * (step % (2 if in_numbers else 5)),
                "xanchor": "right" if is_late else "left",
                "yanchor": "top",
                "align": "left",
                "text": text,
                "hovertext": "<br>".join(f"{british_date(each.on)}: {escape(each.label)}" for _number, each in remarks),
                "name": link,
                "captureevents": bool(link),
                "showarrow": False,
                "bgcolor": "#ffffff",
                "font": {"size": 11, "color": REMARK_COLOUR},
            }
        )
    return labels


def upright(x: float | str) -> dict[str, Any]:
    """A dotted line from bottom to top."""
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "line": {"color": REMARK_COLOUR, "width": 1.5, "dash": "dot"},
    }


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


def shortened(label: str) -> str:
    """A label short enough to stand on a chart."""
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
