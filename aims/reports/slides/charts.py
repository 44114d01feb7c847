"""Charts that PowerPoint itself draws and people can edit: run chart or burn-down, and the still-waiting bars.

Shapes differ as well as colours, and both charts stand on one scale, so that heights can be compared.
"""

from datetime import date

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.placeholder import ChartPlaceholder
from pptx.util import Emu, Pt

from aims import plain_figure
from aims.chart_marks import REMARK_COLOUR, SHIFT_COLOUR, TREND_COLOUR
from aims.charts import CROWDED, THREAD
from aims.cut_bars import cut_in_words
from aims.findings import remaining
from aims.reports.highlight import AimReport
from aims.reports.report_words import chart_alternative
from aims.reports.slides import chart_data
from aims.reports.slides.chart_data import Drawing, Scale, decided_drawing, scale_of, waiting_drawing, with_remarks
from aims.reports.slides.tables import describe
from aims.reports.slides.text import LANGUAGE, printable
from pace_site.look.words import british_date

SMALL = Pt(9)
PLOT_TOP, PLOT_HEIGHT = 0.11, 0.46  # of the height of the chart, alike in both
LEGEND_TOP = 0.79  # below the labels of the axis, however many rows it has
MOST_NAMED_BARS = 12
FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet
MARKERS = {
    chart_data.MET: (XL_MARKER_STYLE.CIRCLE, plain_figure.MET, True),
    chart_data.MISSED: (XL_MARKER_STYLE.X, plain_figure.MISSED, False),
    chart_data.SHIFT: (XL_MARKER_STYLE.CIRCLE, SHIFT_COLOUR, False),
    chart_data.TREND: (XL_MARKER_STYLE.SQUARE, TREND_COLOUR, False),
}
LINES = {
    chart_data.THREAD: (THREAD, 0.75, None),
    chart_data.MEDIAN: (plain_figure.INK, 1.75, None),
    chart_data.EXTENDED: (plain_figure.INK, 1.75, MSO_LINE.DASH),
    chart_data.LIMIT: (plain_figure.OVERDUE, 1.5, MSO_LINE.DASH),
}


def fill_charts(left: ChartPlaceholder, right: ChartPlaceholder, aim: AimReport) -> bool:
    """Put the charts of an aim into their places, over both where there is only one; False without anything to draw."""
    bars = waiting_drawing(aim)
    corners = remaining(aim.content.now.outcomes)
    points = decided_drawing(aim)
    has_left, has_right = bool(corners) or points is not None, bars is not None
    for place, is_drawn in ((left, has_left), (right, has_right)):
        if not is_drawn:
            place.element.getparent().remove(place.element)
    if has_left != has_right:
        _widen(left if has_left else right, left.left, Emu(right.left + right.width - left.left))
    if corners:
        _burn_down(left, aim, corners)
    elif points is not None:
        scale = scale_of(points, bars, cut_at=aim.cut_at)
        _run_chart(left, aim, with_remarks(points, aim, scale), scale)
    if bars is not None:
        _bars(right, aim, bars, scale_of(points, bars, cut_at=aim.cut_at))
    return has_left or has_right


def _widen(place: ChartPlaceholder, left: Emu, width: Emu) -> None:
    top, height = place.top, place.height
    place.left, place.top, place.width, place.height = left, top, width, height


def _run_chart(place: ChartPlaceholder, aim: AimReport, drawing: Drawing, scale: Scale) -> None:
    frame = place.insert_chart(XL_CHART_TYPE.LINE_MARKERS, _data(drawing))
    describe(frame, name="Run chart", alternative=chart_alternative(aim, top=scale.top))
    chart = frame.chart
    crowded = len(drawing.categories) > CROWDED
    for series, drawn in zip(chart.plots[0].series, drawing.series, strict=True):
        series.smooth = False
        if drawn.kind == chart_data.REMARK:
            _remarks(series)
        elif drawn.kind in LINES:
            _line(series, *LINES[drawn.kind])
            series.marker.style = XL_MARKER_STYLE.NONE
            if len(drawing.categories) == 1 and drawn.kind != chart_data.THREAD:
                _mark(
                    series, XL_MARKER_STYLE.DASH, LINES[drawn.kind][0], filled=True, size=20
                )  # no line through one point
        else:
            series.format.line.fill.background()
            style, colour, filled = MARKERS[drawn.kind]
            size = 11 if drawn.kind in (chart_data.SHIFT, chart_data.TREND) else 7
            _mark(series, style, colour, filled=filled, size=size - 2 if crowded else size)
    hidden = [number for number, each in enumerate(drawing.series) if each.kind in (chart_data.THREAD,)]
    _finish(chart, drawing.title, hidden=hidden)
    _weeks(chart, scale)
    _every_label(chart.category_axis)


def _remarks(series) -> None:
    """A dotted upright line from the top of the chart down to its axis."""
    series.format.line.fill.background()
    _mark(series, XL_MARKER_STYLE.DIAMOND, REMARK_COLOUR, filled=True, size=6)
    drop = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errDir val="y"/><c:errBarType val="minus"/><c:errValType val="percentage"/>'
        f'<c:noEndCap val="1"/><c:val val="100"/><c:spPr><a:ln w="{Pt(1)}"><a:solidFill>'
        f'<a:srgbClr val="{_rgb(REMARK_COLOUR)}"/></a:solidFill><a:prstDash val="sysDot"/></a:ln></c:spPr></c:errBars>'
    )
    series._element.find(qn("c:cat")).addprevious(drop)


def _bars(place: ChartPlaceholder, aim: AimReport, drawing: Drawing, scale: Scale) -> None:
    frame = place.insert_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, _data(drawing))
    describe(frame, name="Still waiting", alternative=_bars_in_words(aim, drawing, scale))
    chart = frame.chart
    plot = chart.plots[0]
    plot.overlap, plot.gap_width = 100, 30 if len(drawing.categories) <= CROWDED else 0
    for series, drawn in zip(list(plot.series), drawing.series, strict=True):
        if drawn.kind == chart_data.LIMIT:
            continue
        series.invert_if_negative = False
        fill = series.format.fill
        if drawn.kind == chart_data.OVERDUE:
            fill.solid()
            fill.fore_color.rgb = _rgb(plain_figure.OVERDUE)
        else:
            fill.patterned()
            fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
            fill.fore_color.rgb, fill.back_color.rgb = _rgb(plain_figure.INK), _rgb(plain_figure.WAITING)
        series.format.line.color.rgb = _rgb(plain_figure.INK)
        series.format.line.width = Pt(0.5)
        for number in (place for place, value in enumerate(drawn.values) if value and value > scale.top):
            _tell_cut(series.points[number].data_label, on_dark=drawn.kind == chart_data.OVERDUE)
    if drawing.series[-1].kind == chart_data.LIMIT:
        _last_as_line(chart, single=len(drawing.categories) == 1)
    is_cut = aim.cut_at is not None
    _finish(chart, drawing.title.replace("Weeks waited", f"Weeks, cut at {scale.top}") if is_cut else drawing.title)
    _weeks(chart, scale)
    if len(drawing.categories) > MOST_NAMED_BARS:
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    else:
        _upright(chart.category_axis)


def _burn_down(place: ChartPlaceholder, aim: AimReport, corners: list[tuple[date, int]]) -> None:
    """How many of the backlog still wait from day to day, as steps, with the deadline."""
    deadline = aim.content.definition.deadline
    data = XyChartData(number_format="General")
    falling = data.add_series("Still waiting")
    last = None
    for day, left in corners:
        if last not in (None, left):
            falling.add_data_point(_serial(day), last)
        falling.add_data_point(_serial(day), left)
        last = left
    limit = data.add_series(f"Deadline {british_date(deadline)}")
    for height in (0, corners[0][1]):
        limit.add_data_point(_serial(deadline), height)
    frame = place.insert_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data)
    describe(frame, name="Burn-down", alternative=chart_alternative(aim))
    chart = frame.chart
    for series, (colour, width, dash) in zip(
        chart.plots[0].series,
        ((plain_figure.INK, 2.25, None), (plain_figure.OVERDUE, 1.5, MSO_LINE.DASH)),
        strict=True,
    ):
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.NONE
        _line(series, colour, width, dash)
    _finish(chart, f"Still waiting, of {corners[0][1]:,} in the backlog")
    scale = scale_of(Drawing("", (), (chart_data.Series("", "", (float(corners[0][1]),)),)))
    _axis(chart.value_axis, top=scale.top, step=scale.step)
    days = [day for day, _left in corners] + [deadline]
    first, end = _serial(min(days)), _serial(max(days))
    axis = chart.category_axis
    axis.has_major_gridlines = False
    axis.minimum_scale, axis.maximum_scale = first, max(end, first + 1)
    axis.major_unit = max((end - first) // 4, 1)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "mmm yyyy", False


def _tell_cut(label, *, on_dark: bool) -> None:
    """A bar that goes beyond the axis is cut by it; it keeps its value, and tells it."""
    label.position = XL_LABEL_POSITION.INSIDE_BASE
    label.font.size, label.font.bold = Pt(7), True
    label.font.color.rgb = _rgb("#FFFFFF" if on_dark else plain_figure.INK)
    whole = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="0" sourceLinked="0"/>')
    label._dLbl.find(qn("c:txPr")).addprevious(whole)


def _bars_in_words(aim: AimReport, drawing: Drawing, scale: Scale) -> str:
    longest = max(value for series in drawing.series for value in series.values if value is not None)
    counts = {
        each.name: sum(value is not None for value in each.values)
        for each in drawing.series
        if each.kind != chart_data.LIMIT
    }
    parts = ", ".join(f"{count} {name.lower()}" for name, count in counts.items())
    highest = f"The highest is {longest:.1f} weeks."
    if aim.cut_at is not None:
        highest += f" {cut_in_words(scale.top)}"
    return f"Bars of {aim.title}: weeks waited, longest first. {drawing.title}: {parts}. {highest}"


def _data(drawing: Drawing) -> CategoryChartData:
    data = CategoryChartData(number_format="General")
    data.categories = [printable(each) for each in drawing.categories]
    for series in drawing.series:
        data.add_series(printable(series.name), series.values)
    return data


def _line(series, colour: str, width: float, dash) -> None:
    line = series.format.line
    line.color.rgb, line.width = _rgb(colour), Pt(width)
    if dash is not None:
        line.dash_style = dash


def _mark(series, style, colour: str, *, filled: bool, size: int) -> None:
    marker = series.marker
    marker.style, marker.size = style, size
    if filled:
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = _rgb(colour)
    else:
        marker.format.fill.background()
    marker.format.line.color.rgb = _rgb(colour)
    marker.format.line.width = Pt(1.5)


def _finish(chart: Chart, title: str, *, hidden: list[int] | None = None) -> None:
    """Title, legend, language and the place of the plot, alike in every chart."""
    chart.font.size, chart.font.color.rgb = SMALL, _rgb(plain_figure.INK)
    chart.has_title = True
    chart.chart_title.include_in_layout = False
    run = chart.chart_title.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold = title, SMALL, True
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.legend.font.size = Pt(7)
    _place_legend(chart)
    for number in reversed(hidden or []):
        entry = f'<c:legendEntry {nsdecls("c")}><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>'
        chart.legend._element.find(qn("c:legendPos")).addnext(parse_xml(entry))
    space = chart._chartSpace
    plot = space.find(qn("c:chart")).find(qn("c:plotArea"))
    for old in plot.findall(qn("c:layout")):
        plot.remove(old)
    sizes = "".join(
        f'<c:{name} val="{value}"/>'
        for name, value in (("xMode", "edge"), ("yMode", "edge"), ("x", 0.1), ("y", PLOT_TOP), ("w", 0.87),
                            ("h", PLOT_HEIGHT))
    )  # fmt: skip
    layout = (
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/>{sizes}</c:manualLayout></c:layout>'
    )
    plot.insert(0, parse_xml(layout))
    language = parse_xml(f'<c:lang {nsdecls("c")} val="{LANGUAGE}"/>')
    before = space.find(qn("c:date1904"))
    if before is None:
        space.insert(0, language)
    else:
        before.addnext(language)
    for element in space.iter(qn("a:rPr"), qn("a:defRPr"), qn("a:endParaRPr")):
        element.set("lang", LANGUAGE)


def _place_legend(chart: Chart) -> None:
    """Below the labels of the axis: on its own a legend of many rows grows up over them."""
    legend = chart.legend._element
    for old in legend.findall(qn("c:layout")):
        legend.remove(old)
    sizes = "".join(
        f'<c:{name} val="{value}"/>'
        for name, value in (("xMode", "edge"), ("yMode", "edge"), ("x", 0.02), ("y", LEGEND_TOP), ("w", 0.96),
                            ("h", 0.99 - LEGEND_TOP))
    )  # fmt: skip
    layout = parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{sizes}</c:manualLayout></c:layout>")
    legend.find(qn("c:overlay")).addprevious(layout)


def _weeks(chart: Chart, scale: Scale) -> None:
    _axis(chart.value_axis, top=scale.top, step=scale.step)
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.format.line.color.rgb = _rgb(plain_figure.INK)


def _axis(axis, *, top: int, step: int) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, top, step
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _rgb(plain_figure.GRID)
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False


def _every_label(axis) -> None:
    """Those that are named, upright; most have no name."""
    label, mark = (parse_xml(f'<{name} {nsdecls("c")} val="1"/>') for name in ("c:tickLblSkip", "c:tickMarkSkip"))
    for element in (label, mark):
        axis._element.find(qn("c:noMultiLvlLbl")).addprevious(element)
    axis.major_tick_mark = XL_TICK_MARK.NONE
    _upright(axis)


def _upright(axis) -> None:
    """Labels that run upwards, which are wider than the places they name."""
    axis.tick_labels.font.size = Pt(7)
    axis._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "-5400000")


def _last_as_line(chart: Chart, *, single: bool) -> None:
    """Draw the last series of a column chart as a line on the same axes; python-pptx itself combines no two kinds."""
    plot = chart._chartSpace.find(qn("c:chart")).find(qn("c:plotArea"))
    bars = plot.find(qn("c:barChart"))
    series = bars.findall(qn("c:ser"))[-1]
    bars.remove(series)
    for none in series.findall(qn("c:invertIfNegative")):
        series.remove(none)
    axes = "".join(f'<c:axId val="{each.get("val")}"/>' for each in bars.findall(qn("c:axId")))
    line = parse_xml(
        f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'<c:marker val="1"/>{axes}</c:lineChart>'
    )
    line.find(qn("c:varyColors")).addnext(series)
    bars.addnext(line)
    drawn = chart.plots[1].series[0]
    colour, width, dash = LINES[chart_data.LIMIT]
    _line(drawn, colour, width, dash)
    drawn.marker.style = XL_MARKER_STYLE.NONE
    if single:
        _mark(drawn, XL_MARKER_STYLE.DASH, colour, filled=True, size=20)
    drawn.smooth = False


def _serial(day: date) -> int:
    """A day as spreadsheets count it."""
    return (day - FIRST_DAY).days


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
