"""Charts that Excel itself draws from the sheet of chart data: run chart or burn-down, and the still-waiting bars.

Texts of people never become chart titles: XlsxWriter reads one such as "=Sheet1!$A$1" as a reference.
"""

import math
from functools import cached_property

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from aims.charts import MOST_POINTS
from aims.cut_bars import cut_in_words, top_of
from aims.reports.content import ReportContent
from milestones.clocks.states import State
from pace_site.look.words import british_date

SHEET = "Chart data"
SIZE = {"width": 860, "height": 400}
PLOT_AREA = {"x": 0.08, "y": 0.13, "width": 0.89, "height": 0.56}  # alike in both, so that heights can be compared
GRIDLINES = {"visible": True, "line": {"color": "#D8DEE6", "width": 0.75}}
INK, BLUE, AMBER, RED = "#3B4252", "#1F5A8A", "#B45309", "#A3242B"

DECIDED_HEADER = ("Child", "Decided on", "Month", "Weeks to decision", "Median", "Limit in weeks")
WAITING_HEADER = ("Child", "Weeks waited, in time", "Weeks waited, overdue", "Limit in weeks")
BACKLOG_HEADER = ("Day", "Still waiting", "Deadline on", "Deadline")
FIRST_WAITING_COLUMN = len(DECIDED_HEADER) + 1
FIRST_BACKLOG_COLUMN = FIRST_WAITING_COLUMN + len(WAITING_HEADER) + 1
COLUMNS_OF_AN_AIM = FIRST_BACKLOG_COLUMN + len(BACKLOG_HEADER)


class NativeCharts:
    """Writes the points to a sheet of their own and draws both charts from it."""

    def __init__(
        self,
        book: Workbook,
        sheet: Worksheet,
        content: ReportContent,
        *,
        header_format,
        date_format,
        row: int = 0,
        column: int = 0,
    ):
        self.book, self.sheet, self.content = book, sheet, content
        self.row, self.column = row, column  # where the header begins
        self.decided = content.decided[-MOST_POINTS:]
        self.waiting = content.still_waiting[:MOST_POINTS]
        self._write_decided(header_format, date_format)
        self._write_waiting(header_format)
        if content.burn_down:
            self._write_backlog(header_format, date_format)

    def drawn(self) -> tuple[tuple[Chart | None, str], ...]:
        """Each chart, None where there is nothing to draw, with the sentence that says what it shows."""
        bars = (self.waiting_chart(), self.waiting_in_words)
        if self.content.definition.is_backlog:
            return ((self.burn_down_chart(), self.burn_down_in_words), bars)
        return ((self.run_chart(), self.decided_in_words), bars)

    @cached_property
    def cut_at(self) -> int | None:
        """The weeks at which the axis ends and longer bars are cut; None where nothing is."""
        limits = [point.allowed for point in (*self.decided, *self.waiting) if point.allowed is not None]
        return top_of([point.weeks for point in self.decided], [point.weeks for point in self.waiting], limits)

    @property
    def highest(self) -> int:
        """The top of the y axis of both charts, in weeks."""
        if self.cut_at is not None:
            return self.cut_at
        points = (*self.decided, *self.waiting)
        return 10 * math.ceil(max((max(point.weeks, point.allowed or 0) for point in points), default=10) / 10 + 0.1)

    @property
    def decided_in_words(self) -> str:
        """What the run chart shows; also its text alternative."""
        total = len(self.content.decided)
        if not total:
            return "No run chart: nobody has been decided yet."
        late = sum(point.state == State.MISSED for point in self.content.decided)
        words = f"Run chart: weeks to decision of {total} clocks, in order of the day of decision. "
        words += f"Median {self.content.median_weeks} weeks"
        words += f"; {late} decided after the due date." if self.content.definition.has_claim else "."
        return words + _only_some(len(self.decided), total, "latest")

    @property
    def burn_down_in_words(self) -> str:
        """What the burn-down shows; also its text alternative."""
        steps = self.content.burn_down
        if not steps:
            return "No burn-down: no child is in the backlog."
        (first_day, at_first), (last_day, at_last) = steps[0], steps[-1]
        return (
            f"Burn-down of the backlog: {at_first} waited on {british_date(first_day)}, {at_last} still wait on "
            f"{british_date(last_day)}. The deadline is {british_date(self.content.definition.deadline)}."
        )

    @property
    def waiting_in_words(self) -> str:
        """What the bars show; also their text alternative."""
        everyone = self.content.still_waiting
        if not everyone:
            return "No bars: nobody is still waiting."
        overdue = sum(point.state == State.OVERDUE for point in everyone)
        words = f"Bars: weeks waited until {british_date(self.content.as_at)} by {len(everyone)} still waiting, "
        words += f"longest wait first. The longest wait is {everyone[0].weeks} weeks"
        words += f"; {overdue} overdue." if self.content.definition.has_claim else "."
        if self.cut_at is not None:
            words += f" {cut_in_words(self.cut_at)}"
        return words + _only_some(len(self.waiting), len(everyone), "longest")

    def run_chart(self) -> Chart | None:
        """One dot per clock that stopped, with the median and, where there is one, the limit."""
        if not self.decided:
            return None
        chart = self.book.add_chart({"type": "line"})
        last = len(self.decided)
        chart.add_series(
            self._series(3, last, categories=2)
            | {
                "line": {"color": INK, "width": 1},
                "marker": {"type": "circle", "size": 6, "fill": {"color": BLUE}, "border": {"color": BLUE}},
            }
        )
        chart.add_series(
            self._series(4, last, categories=2) | {"line": {"color": BLUE, "width": 1.5, "dash_type": "dash"}}
        )
        if self.content.definition.has_claim:
            chart.add_series(self._series(5, last, categories=2) | {"line": {"color": RED, "width": 2.25}})
        self._finish(chart, title="Weeks to decision, in order of the day of decision", x_axis="Month of decision")
        return chart

    def burn_down_chart(self) -> Chart | None:
        """How many of the backlog still wait, day by day, against the deadline (`domain.md` 4.8)."""
        steps = self.content.burn_down
        if not steps:
            return None
        chart = self.book.add_chart({"type": "scatter", "subtype": "straight"})
        first = FIRST_BACKLOG_COLUMN
        chart.add_series(self._series(first + 1, len(steps), categories=first) | {"line": {"color": BLUE, "width": 2}})
        chart.add_series(
            self._series(first + 3, 2, categories=first + 2) | {"line": {"color": RED, "dash_type": "dash"}}
        )
        self._finish(chart, title="Children of the backlog still waiting", x_axis="Day")
        chart.set_x_axis({"name": "Day", "num_format": "d mmm yyyy", "num_font": {"rotation": -45, "size": 8}})
        chart.set_y_axis({"name": "Children", "min": 0, "num_format": "0", "major_gridlines": GRIDLINES})
        return chart

    def waiting_chart(self) -> Chart | None:
        """One bar per clock that still runs; those overdue are hatched."""
        if not self.waiting:
            return None
        chart = self.book.add_chart({"type": "column"})
        first, last = FIRST_WAITING_COLUMN, len(self.waiting)
        chart.add_series(
            self._series(first + 1, last, categories=first)
            | {"fill": {"color": BLUE}, "border": {"color": BLUE}, "overlap": 100, "gap": 40}
            | self._weeks_of_cut("#FFFFFF")
        )
        if self.content.definition.has_claim:
            hatched = {"pattern": "wide_upward_diagonal", "fg_color": AMBER, "bg_color": "#FFFFFF"}
            chart.add_series(
                self._series(first + 2, last, categories=first)
                | {"pattern": hatched, "border": {"color": AMBER}}
                | self._weeks_of_cut(INK)
            )
            limit = self.book.add_chart({"type": "line"})
            limit.add_series(self._series(first + 3, last, categories=first) | {"line": {"color": RED, "width": 2.25}})
            chart.combine(limit)
        self._finish(chart, title="Weeks waited by those still waiting, longest first", x_axis="Child")
        return chart

    def _series(self, column: int, last_row: int, *, categories: int) -> dict:
        return {
            "name": [SHEET, self.row, self.column + column],
            "categories": self._cells(categories, last_row),
            "values": self._cells(column, last_row),
        }

    def _weeks_of_cut(self, colour: str) -> dict:
        """The weeks of each bar, at its foot, where some are cut."""
        if self.cut_at is None:
            return {}
        font = {"size": 8, "bold": True, "color": colour, "rotation": -90}
        return {"data_labels": {"value": True, "position": "inside_base", "num_format": "0", "font": font}}

    def _cells(self, column: int, last_row: int) -> list:
        column += self.column
        return [SHEET, self.row + 1, column, self.row + last_row, column]

    def _finish(self, chart: Chart, *, title: str, x_axis: str) -> None:
        chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}, "overlay": False})
        chart.set_y_axis(
            {"name": "Weeks", "min": 0, "max": self.highest, "num_format": "0", "major_gridlines": GRIDLINES}
        )
        chart.set_x_axis({"name": x_axis, "num_font": {"rotation": -90, "size": 8}, "label_position": "low"})
        chart.set_legend({"position": "bottom"})
        chart.set_plotarea({"layout": PLOT_AREA})
        chart.set_size(SIZE)

    def _write_decided(self, header_format, date_format) -> None:
        sheet, first = self.sheet, self.column
        sheet.write_row(self.row, first, DECIDED_HEADER, header_format)
        for number, point in enumerate(self.decided, start=self.row + 1):
            sheet.write_string(number, first, point.child)
            sheet.write_datetime(number, first + 1, point.ended, date_format)
            sheet.write_string(number, first + 2, f"{point.ended:%b %Y}")
            sheet.write_number(number, first + 3, point.weeks)
            sheet.write_number(number, first + 4, self.content.median_weeks)
            if point.allowed is not None:
                sheet.write_number(number, first + 5, point.allowed)

    def _write_waiting(self, header_format) -> None:
        sheet, first = self.sheet, self.column + FIRST_WAITING_COLUMN
        sheet.write_row(self.row, first, WAITING_HEADER, header_format)
        if not self.content.definition.has_claim:
            sheet.write_string(self.row, first + 1, "Weeks waited", header_format)  # without a limit nobody is in time
        for number, point in enumerate(self.waiting, start=self.row + 1):
            sheet.write_string(number, first, point.child)
            sheet.write_number(number, first + (2 if point.state == State.OVERDUE else 1), point.weeks)
            if point.allowed is not None:
                sheet.write_number(number, first + 3, point.allowed)

    def _write_backlog(self, header_format, date_format) -> None:
        sheet, first, steps = self.sheet, self.column + FIRST_BACKLOG_COLUMN, self.content.burn_down
        sheet.write_row(self.row, first, BACKLOG_HEADER, header_format)
        for number, (day, waiting) in enumerate(steps, start=self.row + 1):
            sheet.write_datetime(number, first, day, date_format)
            sheet.write_number(number, first + 1, waiting)
        for number, height in enumerate((0, steps[0][1]), start=self.row + 1):
            sheet.write_datetime(number, first + 2, self.content.definition.deadline, date_format)
            sheet.write_number(number, first + 3, height)


def _only_some(shown: int, total: int, which: str) -> str:
    return f" The chart draws the {shown} {which}." if shown < total else ""
