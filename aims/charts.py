"""The PACE run chart with its still-waiting bars, and the burn-down of a backlog, as plotly figures.

Left: one dot per clock decided, in the order in which the process ended. Right: one bar per child still waiting,
longest first, on the same scale of weeks. This draws; the outcomes and `findings` compute (`domain.md` 5.1, 4.8).
"""

from collections.abc import Mapping, Sequence
from datetime import date

from aims.chart_marks import median_lines, remark_lines, signal_marks
from aims.chart_words import burn_down_in_words, run_chart_in_words
from aims.compliance import Compliance
from aims.cut_bars import axis_top, is_cut
from aims.findings import remaining
from aims.judged_chart import JudgedChart
from aims.outcomes import Outcome
from aims.plain_figure import (
    GRID,
    INK,
    MET,
    MISSED,
    OVERDUE,
    TICKS,
    WAITING,
    DrawnChart,
    checked,
    in_weeks,
    plain_layout,
    plain_line,
)
from milestones.clocks.states import State
from pace_site.look.words import british_date, weeks

# More dots or bars than this cannot be told apart (`design.md` 7).
MOST_POINTS, MOST_BARS = 200, 60
# As many months as stand side by side where the dots take two thirds of the width or more.
MONTH_LABELS, MONTH_LABELS_NARROW = 8, 4
CROWDED = 40  # more dots than this are drawn smaller, more bars without outline and gap
THREAD = "#b8c2cc"
FEW_BARS = 8  # so few are wide enough for a number that lies
FEWEST_BAR_PLACES = 5  # so that one bar is not as wide as the chart


def drawn_clocks(figures: Compliance, *, whole: bool = False) -> tuple[Sequence[Outcome], Sequence[Outcome]]:
    """The clocks that a run chart shows: dots in their order, and bars, the longest first."""
    decided, waiting = figures.outcomes.decided, figures.outcomes.running
    return (decided[:], waiting[:]) if whole else (decided[-MOST_POINTS:], waiting[:MOST_BARS])


def run_chart_figure(
    figures: Compliance, judged: JudgedChart, *, links: Mapping[str, str], whole: bool = False
) -> DrawnChart | None:
    """Draw an aim's chart; `links` leads from pseudonym to address, and without a link no pseudonym is shown.

    Shows the latest 200 points and the longest 60 waits unless `whole`; None when there is nothing to draw.
    """
    decided = judged.points
    waiting = figures.outcomes.running
    if not decided and not waiting:
        return None
    points, bars = drawn_clocks(figures, whole=whole)
    skipped = len(decided) - len(points)
    has_claim = figures.definition.has_claim
    traces = []
    if figures.definition.limit is not None:
        traces += _limit_lines(points, bars, f"Limit {figures.definition.limit}")
    traces += _thread(points) + median_lines(judged, skipped=skipped) + signal_marks(judged, skipped=skipped)
    traces += _dots(points, links, has_claim=has_claim) + _bars(bars, links, has_claim=has_claim)
    top = axis_top(points, bars)
    cut = "" if top is None else f", cut at {top}"
    wide = ("Decided, in order of decision", f"Still waiting ({len(waiting):,}), longest first{cut}")
    narrow = ("Decided", f"Waiting ({len(waiting):,}){cut}")
    figure = {
        "data": traces,
        "layout": _layout(points, bars, captions=wide, month_labels=MONTH_LABELS, is_narrow=False),
        "narrow": _layout(points, bars, captions=narrow, month_labels=MONTH_LABELS_NARROW, is_narrow=True),
    }
    shapes, labels, narrow_labels = remark_lines(judged, skipped=skipped, most=len(points))
    for layout, shown in (("layout", labels), ("narrow", narrow_labels)):
        figure[layout]["shapes"] = shapes
        figure[layout]["annotations"] += shown
    if top is not None:
        for layout in ("layout", "narrow"):
            figure[layout]["yaxis"] |= {"range": [0, top]}
            figure[layout]["annotations"] += _weeks_of_cut(bars, top, is_narrow=layout == "narrow")
    return DrawnChart(
        figure=checked(figure),
        told=run_chart_in_words(figures, judged, points=points, bars=bars),
        points=len(points),
        all_points=len(decided),
        bars=len(bars),
        all_bars=len(waiting),
        cut_at=top,
    )


def burn_down_figure(figures: Compliance) -> DrawnChart | None:
    """Draw how many of a backlog still wait from day to day, with its deadline; None without a backlog."""
    corners = remaining(figures.outcomes)
    if not corners:
        return None
    deadline = figures.definition.deadline
    most = corners[0][1]
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "Still waiting",
            "x": [day.isoformat() for day, _left in corners],
            "y": [left for _day, left in corners],
            "text": [f"{left:,} still waiting, {british_date(day)}" for day, left in corners],
            "hoverinfo": "text",
            "line": {"color": INK, "width": 2.5, "shape": "hv"},
        },
        plain_line(
            [deadline.isoformat()] * 2,
            [0, most],
            name=f"Deadline {british_date(deadline)}",
            colour=OVERDUE,
            dash="dash",
        ),
    ]
    axes = {
        "xaxis": {"type": "date", "showgrid": False, "fixedrange": True, "tickformat": "%b<br>%Y", "nticks": 10}
        | TICKS,
        "yaxis": {
            "title": {"text": "Children"},
            "rangemode": "tozero",
            "gridcolor": GRID,
            "fixedrange": True,
            "tickformat": ",d",
        },
    }
    narrow_axes = axes | {"xaxis": axes["xaxis"] | {"nticks": 4}}
    figure = {
        "data": traces,
        "layout": _sheet(is_narrow=False) | axes,
        "narrow": _sheet(is_narrow=True) | narrow_axes,
    }
    return DrawnChart(figure=checked(figure), told=burn_down_in_words(figures), points=most, all_points=most)


def _thread(points: Sequence[Outcome]) -> list[dict]:
    """A thin line from dot to dot, along which runs are seen."""
    if len(points) < 2:
        return []
    places = list(range(1, len(points) + 1))
    line = plain_line(places, [in_weeks(row.days) for row in points], name="", colour=THREAD, dash="solid")
    line["line"]["width"] = 1
    return [line | {"showlegend": False}]


def _dots(points: Sequence[Outcome], links: Mapping[str, str], *, has_claim: bool) -> list[dict]:
    kinds = [(State.MET, "Decided in time" if has_claim else "Decided", MET, "circle")]
    if has_claim:
        kinds.append((State.MISSED, "Decided late", MISSED, "x"))
    traces = []
    for state, name, colour, symbol in kinds:
        placed = [(place, row) for place, row in enumerate(points, 1) if row.state == state]
        if placed:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [place for place, _row in placed],
                    "y": [in_weeks(row.days) for _place, row in placed],
                    "marker": {"color": colour, "symbol": symbol, "size": 9 if len(points) <= CROWDED else 6},
                    "text": [
                        _hover(row, links, f"decided {british_date(row.stop)}", row.days) for _place, row in placed
                    ],
                    "hoverinfo": "text",
                    "customdata": [links.get(row.child_code, "") for _place, row in placed],
                }
            )
    return traces


def _bars(bars: Sequence[Outcome], links: Mapping[str, str], *, has_claim: bool) -> list[dict]:
    in_time = "Waiting in time" if has_claim else "Waiting"
    traces = []
    for state, name, colour, pattern in (
        (State.OVERDUE, "Overdue", OVERDUE, ""),
        (State.WAITING, in_time, WAITING, "/"),
    ):
        placed = [(place, row) for place, row in enumerate(bars, 1) if row.state == state]
        if placed:
            traces.append(
                {
                    "type": "bar",
                    "name": name,
                    "xaxis": "x2",
                    "yaxis": "y",
                    "x": [place for place, _row in placed],
                    "y": [in_weeks(row.waited) for _place, row in placed],
                    "marker": {
                        "color": colour,
                        "line": {"color": INK, "width": 1 if len(bars) <= CROWDED else 0},
                        "pattern": {
                            "shape": pattern,
                            "fgcolor": INK,
                            "fillmode": "overlay",
                            "size": 6,
                            "solidity": 0.2,
                        },
                    },
                    "text": [_hover(row, links, _due_words(row), row.waited) for _place, row in placed],
                    "textposition": "none",
                    "hoverinfo": "text",
                    "customdata": [links.get(row.child_code, "") for _place, row in placed],
                }
            )
    return traces


def _weeks_of_cut(bars: Sequence[Outcome], top: int, *, is_narrow: bool) -> list[dict]:
    """The weeks of each bar that goes beyond the axis, at its upper end; upright where the bars are narrow."""
    return [
        {
            "xref": "x2",
            "yref": "y",
            "x": place,
            "y": top,
            "yanchor": "top",
            "text": f"{in_weeks(row.waited):.0f}",
            "textangle": 0 if len(bars) <= FEW_BARS and not is_narrow else -90,
            "showarrow": False,
            "bgcolor": "#ffffff",
            "font": {"size": 11 if len(bars) <= CROWDED else 8},
        }
        for place, row in enumerate(bars, 1)
        if is_cut(row, top)
    ]


def _limit_lines(points: Sequence[Outcome], bars: Sequence[Outcome], name: str) -> list[dict]:
    """The limit over the dots and over the bars.

    Each clock at its own: calendar months differ by days, and no dot in time may lie above its line.
    """
    lines = []
    for rows, axis in ((points, "x"), (bars, "x2")):
        if rows:
            allowed = [in_weeks((row.due - row.start).days) for row in rows]
            places = list(range(1, len(rows) + 1))
            x, y = [0, *places, _places(rows, axis)], [allowed[0], *allowed, allowed[-1]]
            if len(set(allowed)) == 1:
                x, y = [x[0], x[-1]], [y[0], y[-1]]
            line = plain_line(x, y, name=name, colour=OVERDUE, dash="dash")
            line["line"]["shape"] = "hvh"
            lines.append(line | {"xaxis": axis, "legendgroup": "limit", "showlegend": not lines})
    return lines


def _layout(
    points: Sequence[Outcome], bars: Sequence[Outcome], *, captions: tuple[str, str], month_labels: int, is_narrow: bool
) -> dict:
    share = len(points) / (len(points) + len(bars))
    split = min(max(share, 0.35), 0.65) if points and bars else share
    ticks = month_ticks(points, most=max(int(month_labels * min(1.5 * split, 1)), 2))
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True}
    over_dots, over_bars = captions
    return _sheet(is_narrow=is_narrow) | {
        "bargap": 0.25 if len(bars) <= CROWDED else 0,
        "barmode": "overlay",
        "xaxis": {
            **plain,
            "domain": [0, max(split - 0.02, 0.01)],
            "range": [0, _places(points, "x")],
            "tickmode": "array",
            "tickvals": [place for place, _label in ticks],
            "ticktext": [label for _place, label in ticks],
            "tickangle": 0,
            **TICKS,
            "visible": bool(points),
        },
        "xaxis2": {
            **plain,
            "domain": [min(split + 0.02, 0.99), 1] if points else [0, 1],
            "range": [0, _places(bars, "x2")],
            "visible": False,
        },
        "yaxis": {
            "title": {"text": "Weeks"},
            "rangemode": "tozero",
            "gridcolor": GRID,
            "fixedrange": True,
            "zeroline": True,
        },
        "annotations": [
            # From the outer edges inwards, so that neither is cut off.
            *([_caption(over_dots, 0, "left")] if points else []),
            *([_caption(over_bars, 1, "right") if points else _caption(over_bars, 0, "left")] if bars else []),
        ],
    }


def _sheet(*, is_narrow: bool) -> dict:
    """A bare layout with room for captions above and a legend below two rows of months."""
    return plain_layout(is_narrow=is_narrow) | {
        "margin": {"l": 44 if is_narrow else 52, "r": 12, "t": 34, "b": 84},
        "legend": {"orientation": "h", "y": -0.26 if is_narrow else -0.18, "yanchor": "top", "x": 0},
    }


def _places(rows: Sequence[Outcome], axis: str) -> int:
    """Where the axis ends."""
    return len(rows) + 1 if axis == "x" else max(len(rows), FEWEST_BAR_PLACES) + 1


def _caption(text: str, x: float, xanchor: str) -> dict:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": 1.0,
        "xanchor": xanchor,
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"size": 13},
    }


def month_ticks(points: Sequence[Outcome], *, most: int, line_break: str = "<br>") -> list[tuple[int, str]]:
    """Where the month of the decision changes, thinned so that the labels do not touch."""
    gap = max(1, -(-len(points) // most))
    kept: list[tuple[int, str]] = []
    last: date | None = None
    for place, row in enumerate(points, 1):
        month = row.stop.replace(day=1)
        if month != last and (not kept or place - kept[-1][0] >= gap):
            kept.append((place, f"{month:%b}{line_break}{month.year}"))
        last = month
    return kept


def _hover(row: Outcome, links: Mapping[str, str], what: str, days: int) -> str:
    who = f"{row.child_code}: " if row.child_code in links else ""
    before = " (before accommodation)" if row.stop is not None and row.stop < row.start else ""
    return f"{who}{weeks(days)}, {what}{before}"


def _due_words(row: Outcome) -> str:
    return "no limit set" if row.due is None else f"due {british_date(row.due)}"
