"""The charts of a report as SVG, drawn by matplotlib from the same points and judgement as the chart on the screen.

Text stays text and shapes differ as well as colours, so that a black-and-white print can be read.
"""

import math
from collections.abc import Sequence
from io import BytesIO

from aims.chart_marks import MEDIAN_COLOUR, SHIFT_COLOUR, TREND_COLOUR, shortened
from aims.charts import MOST_BARS, MOST_POINTS, THREAD, month_ticks
from aims.cut_bars import is_cut
from aims.findings import remaining, still_waiting
from aims.outcomes import Outcome
from aims.plain_figure import GRID, INK, MET, MISSED, OVERDUE, WAITING, in_weeks
from aims.reports.highlight import AimReport
from milestones.clocks.states import State
from pace_site.look.words import british_date, weeks

SIZE = (7.2, 3.1)  # inches: the width of the page between its margins
MONTH_LABELS = 7
LOOKS = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "svg.fonttype": "none",
    "svg.hashsalt": "pace",  # the same figures give the same file
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.5,
}


def chart_svg(report: AimReport) -> bytes | None:
    """The chart of one aim, or None where there is no clock to draw."""
    from matplotlib import rc_context  # slow to import, and only reports draw with it
    from matplotlib.figure import Figure

    with rc_context(LOOKS):
        figure = Figure(figsize=SIZE, layout="constrained")
        drawn = _burn_down(figure, report) if report.content.definition.is_backlog else _run_chart(figure, report)
        if not drawn:
            return None
        sheet = BytesIO()
        figure.savefig(sheet, format="svg", metadata={"Date": None, "Title": report.title})
    return sheet.getvalue()


def _run_chart(figure, report: AimReport) -> bool:
    """Dots of the decided on the left, bars of those still waiting on the right, on one scale of weeks."""
    decided = report.judged.points[-MOST_POINTS:]
    waiting = still_waiting(report.content.now.outcomes.rows)
    bars = waiting[:MOST_BARS]
    if not decided and not bars:
        return False
    share = min(max(len(decided) / (len(decided) + len(bars)), 0.35), 0.65) if decided and bars else 1
    parts = [part for part, shown in ((_draw_dots, decided), (_draw_bars, bars)) if shown]
    widths = [share, 1 - share] if len(parts) == 2 else [1]
    axes = figure.subplots(1, len(parts), sharey=True, squeeze=False, width_ratios=widths)[0]
    for part, axis in zip(parts, axes, strict=True):
        part(axis, report, decided if part is _draw_dots else bars)
        _plain(axis)
    if len(parts) == 2:
        axes[1].tick_params(left=False)
    if bars:
        axes[-1].set_title(f"Still waiting ({len(waiting):,}), longest first", fontsize=8)
    axes[0].set_ylabel("Weeks")
    top = report.cut_at
    axes[0].set_ylim(bottom=0, top=top)
    if top is not None:
        _cut(axes[-1], bars, top)
    _legend(figure, axes)
    return True


def _cut(axis, bars: Sequence[Outcome], top: int) -> None:
    """Mark the bars that go beyond the axis: a gap across each, and its weeks as a number."""
    for place, row in enumerate(bars, 1):
        if is_cut(row, top):
            axis.plot([place - 0.5, place + 0.5], [top * 0.6, top * 0.64], color="white", linewidth=2, zorder=3)
            axis.text(
                place,
                top * 0.98,
                f"{in_weeks(row.waited):.0f}",
                rotation=90,
                ha="center",
                va="top",
                fontsize=7 if len(bars) <= MONTH_LABELS * 4 else 5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
                zorder=4,
            )
    axis.set_title(f"{axis.get_title()}\ncut at {top}, with their weeks", fontsize=8)


def _draw_dots(axis, report: AimReport, points: Sequence[Outcome]) -> None:
    judged = report.judged
    skipped = len(judged.points) - len(points)
    places = range(1, len(points) + 1)
    axis.plot(places, [in_weeks(row.days) for row in points], color=THREAD, linewidth=0.6, zorder=1)
    has_claim = report.content.definition.has_claim
    kinds = [(State.MET, "Decided in time" if has_claim else "Decided", MET, "o")]
    if has_claim:
        kinds.append((State.MISSED, "Decided late", MISSED, "X"))
    size = 18 if len(points) <= 40 else 8
    for state, name, colour, marker in kinds:
        placed = [(place, in_weeks(row.days)) for place, row in zip(places, points, strict=True) if row.state == state]
        if placed:
            axis.scatter(*zip(*placed, strict=True), color=colour, marker=marker, s=size, label=name, zorder=3)
    for name, found, colour, marker in (
        ("Shift", judged.chart.shift_points, SHIFT_COLOUR, "o"),
        ("Trend", judged.chart.trend_points, TREND_COLOUR, "s"),
    ):
        ringed = [(place - skipped + 1, in_weeks(judged.points[place].days)) for place in found if place >= skipped]
        if ringed:
            axis.scatter(
                *zip(*ringed, strict=True),
                facecolors="none",
                edgecolors=colour,
                marker=marker,
                s=size * 4,
                linewidths=1,
                label=name,
                zorder=2,
            )
    _medians(axis, report, skipped)
    _limit(axis, points)
    for remark in judged.remarks:
        if remark.place >= skipped:
            axis.axvline(remark.place - skipped, color=INK, linewidth=0.7, linestyle=":", zorder=1)
            axis.annotate(
                shortened(remark.label),
                (remark.place - skipped, 1),
                xycoords=("data", "axes fraction"),
                xytext=(2, -2),
                textcoords="offset points",
                rotation=90,
                va="top",
                fontsize=6,
                color=INK,
            )
    axis.set_title("Decided, in order of decision", fontsize=8)
    ticks = month_ticks(points, most=MONTH_LABELS, line_break="\n")
    axis.set_xticks([place for place, _label in ticks], [label for _place, label in ticks])
    axis.set_xlim(0, len(points) + 1)


def _medians(axis, report: AimReport, skipped: int) -> None:
    """Solid over the points a median was taken from, dashed where it is extended."""
    named = set()
    for phase in report.judged.chart.phases:
        if phase.median is None or phase.stop <= skipped:
            continue
        first, last = max(phase.start - skipped, 0), phase.stop - skipped
        own = min(max(phase.start + phase.baseline - skipped, first), last)
        name = f"Median {weeks(phase.median)}"
        height = in_weeks(float(phase.median))
        for begin, end, style in ((first, own, "-"), (own, last, "--")):
            if end > begin:
                label = None if name in named else name
                axis.plot([begin + 0.5, end + 0.5], [height] * 2, color=MEDIAN_COLOUR, ls=style, label=label, zorder=2)
                named.add(name)


def _draw_bars(axis, report: AimReport, bars: Sequence[Outcome]) -> None:
    in_time = "Waiting in time" if report.content.definition.has_claim else "Waiting"
    for state, name, colour, hatch in (
        (State.OVERDUE, "Overdue", OVERDUE, ""),
        (State.WAITING, in_time, WAITING, "//"),
    ):
        placed = [(place, in_weeks(row.waited)) for place, row in enumerate(bars, 1) if row.state == state]
        if placed:
            axis.bar(
                *zip(*placed, strict=True),
                color=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.4,
                width=0.8,
                label=name,
            )
    _limit(axis, bars)
    axis.set_xlim(0, max(len(bars), 5) + 1)
    axis.set_xticks([])


def _limit(axis, rows: Sequence[Outcome]) -> None:
    """Each clock at its own limit: calendar months differ by days, and no dot in time may lie above its line."""
    allowed = [in_weeks((row.due - row.start).days) for row in rows if row.due]
    if len(allowed) == len(rows) and "Limit" not in axis.get_legend_handles_labels()[1]:
        places = [0.5, *(place + 0.5 for place in range(1, len(rows) + 1))]
        axis.step(places, [allowed[0], *allowed], color=OVERDUE, linestyle=(0, (4, 2)), linewidth=1, label="Limit")


def _burn_down(figure, report: AimReport) -> bool:
    from matplotlib.dates import DateFormatter, MonthLocator

    corners = remaining(report.content.now.outcomes)
    if not corners:
        return False
    axis = figure.subplots()
    axis.step([day for day, _left in corners], [left for _day, left in corners], where="post", color=INK)
    deadline = report.content.definition.deadline
    axis.axvline(deadline, color=OVERDUE, linestyle=(0, (4, 2)), label=f"Deadline {british_date(deadline)}")
    axis.set_ylabel("Children still waiting")
    axis.set_ylim(bottom=0)
    axis.yaxis.get_major_locator().set_params(integer=True)
    months = (corners[-1][0] - corners[0][0]).days / 30
    axis.xaxis.set_major_locator(MonthLocator(interval=max(1, math.ceil(months / MONTH_LABELS))))
    axis.xaxis.set_major_formatter(DateFormatter("%B %Y"))
    _plain(axis)
    _legend(figure, [axis])
    return True


def _plain(axis) -> None:
    axis.grid(axis="y", color=GRID, linewidth=0.6)
    axis.set_axisbelow(True)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def _legend(figure, axes) -> None:
    handles = {}
    for axis in axes:
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=4, frameon=False, fontsize=7)
