"""One aim as an Excel workbook: summary with native charts, outcomes, definitions. Values only, no formulas."""

import math
from collections.abc import Iterable
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from aims.compliance import Compliance
from aims.definition_words import definition_in_words
from aims.figure_words import maturity_in_words
from aims.reports.columns import COLUMNS, Value
from aims.reports.content import ReportContent, counts, percentages
from aims.reports.highlight import Highlight
from aims.reports.native_charts import SHEET as CHART_DATA
from aims.reports.native_charts import NativeCharts
from pace_site.look.words import british_date

MARKING = "OFFICIAL-SENSITIVE. Children are shown by pseudonym; small numbers can still identify a child."
HOW_COUNTED = (
    "Both percentages are rounded half up to two decimals and compared with the target unrounded.",
    "A day is in time when it is not after the due date. Weeks are days divided by seven, to one decimal, for showing "
    "only: dates are compared.",
    "Months are calendar months, held at the end of a shorter month: 31 August and 6 months is 28 February, or 29 in a "
    "leap year. A part of a month is that part of 30 days, rounded half up: 7.5 months are 7 months and 15 days.",
    "Figures as at a day are what had happened up to that day, by what is known when the file is made.",
)
MEANING_WIDTH = 100  # characters to a line of the definitions
LINE_HEIGHT = 15  # points
# Text is text: what a person typed is never read as a formula or a link.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(report: Highlight) -> bytes:
    """Return the file."""
    return _Report(report.aims[0].content).to_bytes()


class _Report:
    """Writes one workbook, sheet by sheet."""

    def __init__(self, content: ReportContent):
        self.content = content
        self.file = BytesIO()
        self.book = Workbook(self.file, OPTIONS)
        self.book.set_properties({"title": f"Aim {content.definition.code} as at {british_date(content.as_at)}"})
        add = self.book.add_format
        self.title = add({"bold": True, "font_size": 16})
        self.heading = add({"bold": True, "font_size": 12, "top": 1, "top_color": "#9AA5B1"})
        self.label = add({"bold": True, "valign": "top"})
        self.words = add({"text_wrap": True, "align": "left", "valign": "top", "indent": 1})
        self.header = add({"bold": True, "bottom": 1, "bg_color": "#E6ECF2"})
        self.day = add({"num_format": "d mmmm yyyy", "align": "left"})
        self.percent = add({"num_format": '0.00" %"', "align": "right", "valign": "top"})
        self.number = add({"num_format": "0", "align": "right", "valign": "top"})

    def to_bytes(self) -> bytes:
        summary, outcomes, definitions, chart_data = (
            self.book.add_worksheet(name) for name in ("Summary", "Outcomes", "Definitions", CHART_DATA)
        )
        chart_data.set_column(0, 15, 18)
        chart_data.freeze_panes(1, 0)
        charts = NativeCharts(self.book, chart_data, self.content, header_format=self.header, date_format=self.day)
        self.write_summary(summary, charts)
        self.write_outcomes(outcomes)
        self.write_definitions(definitions)
        for sheet in (summary, outcomes, definitions, chart_data):
            _set_up_print(sheet)
        self.book.close()
        return self.file.getvalue()

    def write_summary(self, sheet: Worksheet, charts: NativeCharts) -> None:
        content = self.content
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 18)
        sheet.set_column(2, 2, 84)
        sheet.set_column(3, 3, 3)
        sheet.write_string(0, 0, f"{content.definition.code}: {content.definition.title}", self.title)
        lines = Lines(sheet, first=1)
        for notice in (*content.notices, MARKING):
            lines.text(notice)
        lines.skip()
        for label, value in (
            ("Authority", content.authority),
            ("Figures count", content.covers),
            ("As at", content.as_at),
            ("Target", content.target),
            ("Limit", content.limit),
            ("Verdict", content.verdict),
        ):
            sheet.write_string(lines.row, 0, label, self.label)
            self.write_value(sheet, lines.row, 1, value)
            lines.skip()
        charts_from = lines.row
        self.write_figures(lines, content.now, f"As at {british_date(content.as_at)}")
        if content.measured.at_by_date is not None:
            by_date = content.measured.at_by_date
            self.write_figures(lines, by_date, f"Judged as at {british_date(by_date.as_at)}, the by-date")
        self.place_charts(sheet, charts, row=charts_from)

    def write_figures(self, lines: "Lines", compliance: Compliance, heading: str) -> None:
        sheet = lines.sheet
        lines.skip()
        for column, words in enumerate((heading, "", "")):
            sheet.write_string(lines.row, column, words, self.heading)
        lines.skip()
        sheet.write_string(lines.row, 0, "Maturity", self.label)
        sheet.write_string(lines.row, 1, maturity_in_words(compliance))
        lines.skip()
        if compliance.definition.has_claim:
            for each in percentages(compliance):
                sheet.write_string(lines.row, 0, each.label, self.label)
                if each.value is not None:
                    sheet.write_number(lines.row, 1, each.value, self.percent)
                sheet.write_string(lines.row, 2, each.words, self.words)
                lines.skip()
        for each in counts(compliance):
            sheet.write_string(lines.row, 0, each.label, self.label)
            sheet.write_number(lines.row, 1, each.value, self.number)
            sheet.write_string(lines.row, 2, each.meaning, self.words)
            lines.skip()

    def place_charts(self, sheet: Worksheet, charts: NativeCharts, *, row: int) -> None:
        """Place the charts to the right of the figures, each under the sentence that says what it shows."""
        for chart, sentence in charts.drawn():
            sheet.write_string(row, 4, sentence)
            if chart is not None:
                sheet.insert_chart(row + 1, 4, chart, {"description": sentence, "object_position": 3})
                row += 21
            row += 2

    def write_outcomes(self, sheet: Worksheet) -> None:
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(COLUMNS):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.name, self.header)
        for row, outcome in enumerate(self.content.rows, start=1):
            for number, column in enumerate(COLUMNS):
                self.write_value(sheet, row, number, column.value(outcome))
        sheet.autofilter(0, 0, len(self.content.rows), len(COLUMNS) - 1)

    def write_definitions(self, sheet: Worksheet) -> None:
        definition = self.content.definition
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, MEANING_WIDTH + 10)
        sheet.set_column(2, 2, 14)
        sheet.write_string(0, 0, f"Definitions of {definition.code}", self.title)
        lines = Lines(sheet, first=2)
        self.write_block(lines, "The aim", [("In its own words", definition.text or definition.title)])
        self.write_block(lines, "How it is measured", definition_in_words(definition))
        self.write_block(lines, "How it is counted", [("", sentence) for sentence in HOW_COUNTED])
        self.write_block(
            lines, "What the figures mean", [(each.label, each.meaning) for each in counts(self.content.now)]
        )
        for column, words in enumerate(("Column of Outcomes", "Meaning", "Unit")):
            sheet.write_string(lines.row, column, words, self.header)
        lines.skip()
        for column in COLUMNS:
            sheet.write_string(lines.row, 0, column.name, self.label)
            sheet.write_string(lines.row, 1, column.meaning, self.words)
            sheet.write_string(lines.row, 2, column.unit)
            lines.skip()

    def write_block(self, lines: "Lines", heading: str, pairs: Iterable[tuple[str, str]]) -> None:
        for column, words in enumerate((heading, "")):
            lines.sheet.write_string(lines.row, column, words, self.heading)
        lines.skip()
        for label, words in pairs:
            lines.sheet.set_row(lines.row, LINE_HEIGHT * math.ceil(len(words) / MEANING_WIDTH))
            lines.sheet.write_string(lines.row, 0, label, self.label)
            lines.sheet.write_string(lines.row, 1, words, self.words)
            lines.skip()
        lines.skip()

    def write_value(self, sheet: Worksheet, row: int, column: int, value: Value) -> None:
        """Write dates as dates, numbers as numbers, and everything else as text."""
        if value is None:
            return
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, value)


class Lines:
    """The next free row of a sheet that is written downwards."""

    def __init__(self, sheet: Worksheet, *, first: int):
        self.sheet, self.row = sheet, first

    def text(self, words: str) -> None:
        self.sheet.write_string(self.row, 0, words)
        self.row += 1

    def skip(self) -> None:
        self.row += 1


def _set_up_print(sheet: Worksheet) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&LOFFICIAL-SENSITIVE&CPage &P of &N")
