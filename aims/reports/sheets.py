"""What every sheet of a workbook of the report is written with: formats, blocks of figures, lists, charts.

Values only: nothing that a person typed, and no pseudonym, is ever read as a formula or a link.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from aims.compliance import Compliance
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.figure_words import maturity_in_words
from aims.reports.columns import COLUMNS, Value
from aims.reports.content import ReportContent, counts, percentages
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
# Text is text: what a person typed is never read as a formula or a link. XlsxWriter puts the sheets together in
# temporary files, which it removes: in memory a list of 160,000 clocks takes half as much again.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Sheets:
    """A workbook in the making, with its formats."""

    def __init__(self, title: str, *, marking: str = "OFFICIAL-SENSITIVE"):
        self.file, self.marking = BytesIO(), marking
        self.book = Workbook(self.file, OPTIONS)
        self.book.set_properties({"title": title})
        add = self.book.add_format
        self.title = add({"bold": True, "font_size": 16})
        self.heading = add({"bold": True, "font_size": 12, "top": 1, "top_color": "#9AA5B1"})
        self.label = add({"bold": True, "valign": "top"})
        self.words = add({"text_wrap": True, "align": "left", "valign": "top", "indent": 1})
        self.header = add({"bold": True, "bottom": 1, "bg_color": "#E6ECF2"})
        self.wrapped_header = add(
            {"bold": True, "bottom": 1, "bg_color": "#E6ECF2", "text_wrap": True, "valign": "top"}
        )
        self.day = add({"num_format": "d mmmm yyyy", "align": "left"})
        self.percent = add({"num_format": '0.00" %"', "align": "right", "valign": "top"})
        self.number = add({"num_format": "0", "align": "right", "valign": "top"})

    def to_bytes(self) -> bytes:
        """Close the workbook and return it."""
        for sheet in self.book.worksheets():
            _set_up_print(sheet, marking=self.marking)
        self.book.close()
        return self.file.getvalue()

    def charts(self, sheet: Worksheet, content: ReportContent, *, row: int = 0, column: int = 0) -> NativeCharts:
        """Write the points of one aim to the sheet of chart data, its header at this cell."""
        return NativeCharts(
            self.book, sheet, content, header_format=self.header, date_format=self.day, row=row, column=column
        )

    def set_up_figures(self, sheet: Worksheet) -> None:
        """Columns for a label, a figure and its words; charts stand to the right of them."""
        sheet.hide_gridlines(2)
        for column, width in enumerate((34, 18, 84, 3)):
            sheet.set_column(column, column, width)

    def write_facts(self, lines: "Lines", facts: Iterable[tuple[str, Value]]) -> None:
        """One label and its value to a line."""
        for label, value in facts:
            lines.sheet.write_string(lines.row, 0, label, self.label)
            self.write_value(lines.sheet, lines.row, 1, value)
            lines.skip()

    def write_judged(self, lines: "Lines", content: ReportContent) -> None:
        """The figures as at the day asked and, once the by-date has passed, as at that."""
        self.write_figures(lines, content.now, f"As at {british_date(content.as_at)}")
        by_date = content.measured.at_by_date
        if by_date is not None:
            judged = "As at" if content.is_not_judged else "Judged as at"
            self.write_figures(lines, by_date, f"{judged} {british_date(by_date.as_at)}, the by-date")

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

    def write_outcomes(self, sheet: Worksheet, contents: Sequence[ReportContent], *, with_aim: bool = False) -> None:
        """One line per clock, under a fixed header; `with_aim` each begins with the code of its aim."""
        names = ["aim"] * with_aim + [column.name for column in COLUMNS]
        widths = [14] * with_aim + [column.width for column in COLUMNS]
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        for number, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, name, self.header)
        last = 0
        for content in contents:
            for outcome in content.rows:
                last += 1
                values = [content.definition.code] * with_aim + [column.value(outcome) for column in COLUMNS]
                for number, value in enumerate(values):
                    self.write_value(sheet, last, number, value)
        sheet.autofilter(0, 0, last, len(names) - 1)

    def write_lines(self, lines: "Lines", heading: str, sentences: Iterable[str]) -> None:
        """Sentences under a heading, over the width of the figures."""
        for column, words in enumerate((heading, "", "")):
            lines.sheet.write_string(lines.row, column, words, self.heading)
        lines.skip()
        for sentence in sentences:
            lines.text(sentence)

    def write_columns(self, lines: "Lines") -> None:
        """What each column of the outcomes means."""
        for column, words in enumerate(("Column of Outcomes", "Meaning", "Unit")):
            lines.sheet.write_string(lines.row, column, words, self.header)
        lines.skip()
        for column in COLUMNS:
            lines.sheet.write_string(lines.row, 0, column.name, self.label)
            lines.sheet.write_string(lines.row, 1, column.meaning, self.words)
            lines.sheet.write_string(lines.row, 2, column.unit)
            lines.skip()

    def write_aim(self, lines: "Lines", definition: AimDefinition, *, heading: str = "The aim") -> None:
        """The aim in its own words, and how it is measured."""
        self.write_block(lines, heading, [("In its own words", definition.text or definition.title)])
        self.write_block(lines, "How it is measured", definition_in_words(definition))

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


def _set_up_print(sheet: Worksheet, *, marking: str) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{marking}&CPage &P of &N")
