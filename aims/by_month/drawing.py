"""The p chart of an aim by month as a plotly figure. This draws; `aims.by_month.months` computes."""

from collections.abc import Sequence
from datetime import date

from aims.by_month.months import FEWEST_TO_JUDGE, Month, Monthly
from aims.chart_marks import REMARK_COLOUR, SHIFT_COLOUR, band, linked
from aims.judged_chart import Remark
from aims.plain_figure import GRID, INK, MET, OVERDUE, TICKS, DrawnChart, checked, plain_layout, plain_line
from pace_site.look.words import british_date, percent

MOST_MONTHS = 36
LIMITS = "#52606d"


def months_figure(monthly: Monthly, *, remarks: Sequence[Remark], whole: bool = False) -> DrawnChart:
    """Draw the latest 36 months, or all of them when `whole`, with remarks at their days."""
    months = monthly.months
    skipped = 0 if whole else max(len(months) - MOST_MONTHS, 0)
    shown = months[skipped:]
    days = [month.middle.isoformat() for month in shown]
    traces = [
        *_limits(monthly, days, skipped),
        plain_line(
            days,
            [_number(monthly.mean)] * len(days),
            name=f"Mean {percent(monthly.mean)}",
            colour=INK,
            dash="solid",
        ),
    ]
    if monthly.target is not None:
        target = [_number(monthly.target)] * len(days)
        traces.append(plain_line(days, target, name=f"Target {percent(monthly.target)}", colour=OVERDUE, dash="dash"))
    traces += [_line_of_points(shown), *_points(shown), *_rings(monthly, shown)]
    figure = {"data": traces}
    drawn_remarks = [each for each in remarks if shown[0].first <= each.on]
    for name, is_narrow in (("layout", False), ("narrow", True)):
        figure[name] = plain_layout(is_narrow=is_narrow) | _axes(is_narrow=is_narrow)
        lasting = [band(each.on.isoformat(), each.until.isoformat()) for each in drawn_remarks if each.until]
        figure[name]["shapes"] = lasting + [_upright(each.on) for each in drawn_remarks]
        labels = [_label(each, number, shown) for number, each in enumerate(drawn_remarks)]
        figure[name]["annotations"] = [] if is_narrow else labels
    return DrawnChart(figure=checked(figure), points=len(shown), all_points=len(months))


def _axes(*, is_narrow: bool) -> dict:
    return {
        "xaxis": {
            "type": "date",
            "showgrid": False,
            "fixedrange": True,
            "tickformat": "%b<br>%Y",
            "nticks": 4 if is_narrow else 10,
        }
        | TICKS,
        "yaxis": {
            "title": {"text": "Met, % of those due"},
            "range": [-3, 106],
            "tickvals": [0, 20, 40, 60, 80, 100],
            "gridcolor": GRID,
            "fixedrange": True,
            "zeroline": False,
        },
        "legend": {"orientation": "h", "y": -0.28 if is_narrow else -0.2, "yanchor": "top", "x": 0},
    }


def _limits(monthly: Monthly, days: list[str], skipped: int) -> list[dict]:
    """Upper and lower limit, a step for each month; none where nothing varies."""
    if monthly.mean in (0, 100):
        return []
    lines = []
    for line, name in ((monthly.chart.upper, "Limits of chance"), (monthly.chart.lower, "Lower limit")):
        values = [None if each is None else round(100 * float(each), 2) for each in line[skipped:]]
        drawn = plain_line(days, values, name=name, colour=LIMITS, dash="dot")
        drawn["line"]["shape"] = "hvh"
        lines.append(drawn | {"legendgroup": "limits", "showlegend": not lines})
    return lines


def _line_of_points(shown: Sequence[Month]) -> dict:
    due = [month for month in shown if month.due]
    line = plain_line(
        [month.middle.isoformat() for month in due],
        [_number(month.percentage) for month in due],
        name="Met in time",
        colour=MET,
        dash="solid",
    )
    return line | {"showlegend": False}


def _points(shown: Sequence[Month]) -> list[dict]:
    traces = []
    for name, symbol, keep in (
        ("Met in time", "circle", lambda month: month.due >= FEWEST_TO_JUDGE),
        (f"Fewer than {FEWEST_TO_JUDGE} due", "circle-open", lambda month: 0 < month.due < FEWEST_TO_JUDGE),
    ):
        kept = [month for month in shown if keep(month)]
        if kept:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [month.middle.isoformat() for month in kept],
                    "y": [_number(month.percentage) for month in kept],
                    "text": [_hover(month) for month in kept],
                    "hoverinfo": "text",
                    "marker": {"symbol": symbol, "size": 8, "color": MET, "line": {"width": 1.5, "color": MET}},
                }
            )
    return traces


def _rings(monthly: Monthly, shown: Sequence[Month]) -> list[dict]:
    outside = [month for month in monthly.outside if month in shown]
    if not outside:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Outside the limits",
            "x": [month.middle.isoformat() for month in outside],
            "y": [_number(month.percentage) for month in outside],
            "marker": {
                "symbol": "diamond-open",
                "size": 16,
                "color": SHIFT_COLOUR,
                "line": {"width": 2, "color": SHIFT_COLOUR},
            },
            "hoverinfo": "skip",
        }
    ]


def _hover(month: Month) -> str:
    return f"{month.first:%B %Y}: {month.met:,} of {month.due:,} met, {percent(month.percentage)}"


def _upright(day: date) -> dict:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": day.isoformat(),
        "x1": day.isoformat(),
        "y0": 0,
        "y1": 1,
        "line": {"color": REMARK_COLOUR, "width": 1.5, "dash": "dot"},
    }


def _label(remark: Remark, number: int, shown: Sequence[Month]) -> dict:
    late = remark.on > shown[len(shown) * 7 // 10].first
    return {
        "xref": "x",
        "yref": "paper",
        "x": remark.on.isoformat(),
        "y": 0.98 - 0.07 * (number % 5),
        "xanchor": "right" if late else "left",
        "yanchor": "top",
        "text": linked(remark),
        "hovertext": f"{british_date(remark.on)}: {remark.label}",
        "showarrow": False,
        "bgcolor": "rgba(255,255,255,0.85)",
        "font": {"size": 11, "color": REMARK_COLOUR},
    }


def _number(percentage) -> float:
    return round(float(percentage), 2)
