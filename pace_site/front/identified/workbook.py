"""Children by name as an Excel workbook: the list, and a sheet on what the file is and how it is kept.

Who took it and when stands at the top of both sheets, where it stays while one scrolls, and on every printed page.
"""

from datetime import date
from io import BytesIO
from textwrap import wrap

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from aims.reports.columns import Value
from aims.reports.sheets import OPTIONS
from pace_site.front.identified.asking import KEEPING
from pace_site.front.identified.mark import MARKING, Mark
from pace_site.front.identified.named_list import NamedList

CHILDREN, ABOUT = "Children", "About this file"
HEADER_ROW = 2  # under the mark and the title
FACT_WIDTH = 100  # characters to a line of what the file is
LINE_HEIGHT = 15  # points


def workbook(listed: NamedList, *, mark: Mark, purpose: str, reason: str) -> bytes:
    """Return the file. Every word in it is text: nothing is read as a formula or a link."""
    file = BytesIO()
    book = Workbook(file, OPTIONS)
    book.set_properties(
        {
            "title": f"{listed.title}, by name",
            "subject": MARKING,
            "author": f"{mark.name}, {mark.email}",
            "keywords": mark.numbered,
            "comments": mark.line,
        }
    )
    formats = {
        "mark": book.add_format({"bold": True, "font_color": "#A30000"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "header": book.add_format({"bold": True, "bottom": 1, "bg_color": "#E6ECF2", "text_wrap": True}),
        "day": book.add_format({"num_format": "d mmmm yyyy", "align": "left", "valign": "top"}),
        "number": book.add_format({"align": "left", "valign": "top"}),
        "words": book.add_format({"text_wrap": True, "valign": "top"}),
        "label": book.add_format({"bold": True, "valign": "top"}),
    }
    children, about = book.add_worksheet(CHILDREN), book.add_worksheet(ABOUT)
    for sheet in (children, about):
        _mark(sheet, mark, title=listed.title, formats=formats)
    _write_children(children, listed, formats)
    _write_about(about, [*listed.facts, ("Purpose", purpose), ("Reason given", reason)], formats)
    book.close()
    return file.getvalue()


def _mark(sheet: Worksheet, mark: Mark, *, title: str, formats: dict) -> None:
    sheet.write_string(0, 0, mark.line, formats["mark"])
    sheet.write_string(1, 0, title, formats["title"])
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEADER_ROW)
    # Excel reads an ampersand here as the beginning of a code.
    sheet.set_header(f"&L{MARKING}&R{mark.numbered}")
    sheet.set_footer(f"&L{mark.exported.replace('&', 'and')}&RPage &P of &N")


def _write_children(sheet: Worksheet, listed: NamedList, formats: dict) -> None:
    for place, column in enumerate(listed.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEADER_ROW, place, column.heading, formats["header"])
    for line, row in enumerate(listed.rows, start=HEADER_ROW + 1):
        # Not every program makes a row as high as its words when it opens the file.
        lines = (_lines(value, column.width) for value, column in zip(row, listed.columns, strict=True))
        sheet.set_row(line, LINE_HEIGHT * max(lines))
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, place, value, formats["day"])
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value, formats["number"])
            elif value is not None:
                sheet.write_string(line, place, value, formats["words"])
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(listed.rows), len(listed.columns) - 1)


def _write_about(sheet: Worksheet, facts: list[tuple[str, str]], formats: dict) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, FACT_WIDTH)
    for place, heading in enumerate(("What", "In words")):
        sheet.write_string(HEADER_ROW, place, heading, formats["header"])
    kept = [("How to keep it" if number == 0 else "", words) for number, words in enumerate(KEEPING)]
    for line, (label, words) in enumerate([*facts, *kept], start=HEADER_ROW + 1):
        sheet.set_row(line, LINE_HEIGHT * _lines(words, FACT_WIDTH))
        sheet.write_string(line, 0, label, formats["label"])
        sheet.write_string(line, 1, words, formats["words"])
    sheet.freeze_panes(HEADER_ROW + 1, 0)


def _lines(value: Value, width: int) -> int:
    """How many lines of a column so many characters wide the words take."""
    if not isinstance(value, str):
        return 1
    return max(1, sum(len(wrap(part, width)) or 1 for part in value.splitlines()))
