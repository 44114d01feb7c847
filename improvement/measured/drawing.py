"""The run chart of a measure as a plotly figure. This draws; `improvement.measured.judged` computes."""

from aims.by_month.drawing import PERCENT_AXIS
from aims.by_month.months import FEWEST_TO_JUDGE
from aims.chart_marks import MEDIAN_COLOUR, SHIFT_COLOUR, TREND_COLOUR
from aims.months_chart import Level, Line, MonthsChart, Rings, draw_months
from aims.plain_figure import OVERDUE, DrawnChart
from improvement.measured.judged import JudgedMeasure
from improvement.models.measures import Unit


def measure_figure(judged: JudgedMeasure, *, whole: bool = False) -> DrawnChart | None:
    """Draw the latest 36 months of a measure, or all when `whole`; None where there is no value."""
    if judged.is_empty:
        return None
    measure = judged.measure
    is_percent = measure.unit == Unit.PERCENT
    levels = _medians(judged)
    if measure.target is not None:
        levels.append(Level(f"Target {judged.say(measure.target)}", _number(measure.target), OVERDUE, "dash"))
    values = [None if value is None else _number(value) for value in judged.values]
    title = {Unit.PERCENT: "%", Unit.RATE: f"For each {measure.per:,}", Unit.NUMBER: "Number", Unit.DAYS: "Days"}
    chart = MonthsChart(
        subject=measure.name,
        firsts=[month.first for month in judged.months],
        values=values,
        hovers=[
            "" if value is None else f"{month.first:%B %Y}: {judged.say(value)}{judged.parts(month)}"
            for month, value in zip(judged.months, judged.values, strict=True)
        ],
        hollow=[is_percent and (month.denominator or 0) < FEWEST_TO_JUDGE for month in judged.months],
        name="Month",
        hollow_name=f"Month of fewer than {FEWEST_TO_JUDGE}",
        axis={"title": {"text": title[measure.unit]}} | (PERCENT_AXIS if is_percent else {"rangemode": "tozero"}),
        levels=levels,
        limits=_limits(judged),
        rings=[
            Rings("Outside the limits", judged.outside, "diamond-open", SHIFT_COLOUR),
            Rings("Shift", judged.chart.shift_points, "circle-open", SHIFT_COLOUR),
            Rings("Trend", judged.chart.trend_points, "square-open", TREND_COLOUR),
        ],
    )
    return draw_months(chart, remarks=judged.remarks, whole=whole)


def _medians(judged: JudgedMeasure) -> list[Level]:
    """The median: solid over the months that it was taken from, dashed where it is extended."""
    name, value = f"Median {judged.say(judged.chart.median)}", _number(judged.chart.median)
    known = [place for place, each in enumerate(judged.values) if each is not None]
    if judged.baseline is None or judged.baseline >= len(known):
        return [Level(name, value, MEDIAN_COLOUR, "solid")]
    own = known[judged.baseline - 1] + 1
    return [
        Level(name, value, MEDIAN_COLOUR, "solid", stop=own),
        Level(name, value, MEDIAN_COLOUR, "dash", start=own - 1),
    ]


def _limits(judged: JudgedMeasure) -> tuple[Line, Line] | None:
    if judged.limits is None or judged.limits.no_variation:
        return None
    upper, lower = (
        [None if each is None else _number(judged.scale * each) for each in line]
        for line in (judged.limits.upper, judged.limits.lower)
    )
    if judged.measure.chart == "i":
        # What is counted cannot be negative, whatever the arithmetic of the limits says.
        lower = [None if each is None else max(each, 0.0) for each in lower]
    return upper, lower


def _number(value) -> float:
    return round(float(value), 2)
