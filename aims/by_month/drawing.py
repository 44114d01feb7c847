"""The p chart of an aim by month as a plotly figure. This draws; `aims.by_month.months` computes."""

from collections.abc import Sequence

from aims.by_month.months import FEWEST_TO_JUDGE, Month, Monthly
from aims.chart_marks import SHIFT_COLOUR
from aims.judged_chart import Remark
from aims.months_chart import Level, Line, MonthsChart, Rings, draw_months
from aims.plain_figure import INK, OVERDUE, DrawnChart
from pace_site.look.words import percent

PERCENT_AXIS = {"range": [-3, 106], "tickvals": [0, 20, 40, 60, 80, 100]}


def months_figure(monthly: Monthly, *, remarks: Sequence[Remark], whole: bool = False) -> DrawnChart:
    """Draw the latest 36 months, or all of them when `whole`, with remarks at their days."""
    levels = [Level(f"Mean {percent(monthly.mean)}", _number(monthly.mean), INK, "solid")]
    if monthly.target is not None:
        levels.append(Level(f"Target {percent(monthly.target)}", _number(monthly.target), OVERDUE, "dash"))
    outside = [place for place, signal in enumerate(monthly.chart.signals) if signal]
    chart = MonthsChart(
        subject="the share met of the clocks that fell due",
        firsts=[month.first for month in monthly.months],
        values=[_number(month.percentage) if month.due else None for month in monthly.months],
        hovers=[_hover(month) if month.due else "" for month in monthly.months],
        hollow=[month.due < FEWEST_TO_JUDGE for month in monthly.months],
        name="Met in time",
        hollow_name=f"Fewer than {FEWEST_TO_JUDGE} due",
        axis={"title": {"text": "Met, % of those due"}} | PERCENT_AXIS,
        levels=levels,
        limits=_limits(monthly),
        rings=[Rings("Outside the limits", outside, "diamond-open", SHIFT_COLOUR)],
    )
    return draw_months(chart, remarks=remarks, whole=whole)


def _limits(monthly: Monthly) -> tuple[Line, Line] | None:
    """Upper and lower limit; none where nothing varies."""
    if monthly.mean in (0, 100):
        return None
    upper, lower = (
        [None if each is None else round(100 * float(each), 2) for each in line]
        for line in (monthly.chart.upper, monthly.chart.lower)
    )
    return upper, lower


def _hover(month: Month) -> str:
    return f"{month.first:%B %Y}: {month.met:,} of {month.due:,} met, {percent(month.percentage)}"


def _number(percentage) -> float:
    return round(float(percentage), 2)
