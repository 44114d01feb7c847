"""Several aims as one Excel workbook: a summary of all, a sheet for each with its charts, and what lies behind them."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from aims.compliance import two_decimals
from aims.figure_words import STATE_LABELS
from aims.reports.columns import Value
from aims.reports.content import counts
from aims.reports.highlight import AimReport, Highlight
from aims.reports.native_charts import COLUMNS_OF_AN_AIM
from aims.reports.native_charts import SHEET as CHART_DATA
from aims.reports.report_words import report_heading, told_parts
from aims.reports.sheets import HOW_COUNTED, MARKING, MEANING_WIDTH, Lines, Sheets
from milestones.clocks.states import State
from pace_site.long_work.progress import UNWATCHED, Progress

SUMMARY, OUTCOMES, DEFINITIONS, QUALITY = "Summary", "Outcomes", "Definitions", "Data quality"
LONGEST_NAME = 31  # characters in the name of a sheet
NOT_IN_NAMES = set("[]:*?/\\'")
RESERVED = ("history", *(name.lower() for name in (SUMMARY, OUTCOMES, DEFINITIONS, QUALITY, CHART_DATA)))
LONG = ("Title", "What it says")
PERCENTAGES = ("In time, of those decided", "In time, of those decided or overdue")
OVERVIEW = (
    ("Aim", 30),
    (LONG[0], 56),
    ("Status", 18),
    ("Target", 17),
    ("Limit", 22),
    ("By-date", 20),
    (PERCENTAGES[0], 14),
    (PERCENTAGES[1], 14),
    ("Clocks", 9),
    *((STATE_LABELS[state], 9) for state in State),
    (LONG[1], 60),
)


def workbook_of_all(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    """Return the file."""
    sheets = Sheets(report.title)
    names = sheet_names([aim.code for aim in report.aims])
    summary = sheets.book.add_worksheet(SUMMARY)
    of_aims = [sheets.book.add_worksheet(name) for name in names]
    outcomes, definitions, quality, chart_data = (
        sheets.book.add_worksheet(name) for name in (OUTCOMES, DEFINITIONS, QUALITY, CHART_DATA)
    )
    _write_summary(sheets, summary, report)
    chart_data.freeze_panes(2, 0)
    chart_data.set_column(0, len(report.aims) * (COLUMNS_OF_AN_AIM + 1), 18)
    for number, (sheet, aim) in enumerate(zip(of_aims, report.aims, strict=True)):
        progress.step(f"Writing the sheets of {aim.code}.")
        column = number * (COLUMNS_OF_AN_AIM + 1)
        chart_data.write_string(0, column, aim.code, sheets.label)
        charts = sheets.charts(chart_data, aim.content, row=1, column=column)
        row = _write_aim(sheets, sheet, aim)
        sheets.place_charts(sheet, charts, row=row)
    sheets.write_outcomes(outcomes, [aim.content for aim in report.aims], with_aim=True)
    _write_definitions(sheets, definitions, report.aims)
    _write_quality(sheets, quality, report)
    return sheets.to_bytes()


def sheet_names(codes: Sequence[str]) -> list[str]:
    """A name for the sheet of each aim: its code without what Excel forbids, cut, and unlike every other name."""
    names: list[str] = []
    taken = set(RESERVED)
    for code in codes:
        plain = "".join("-" if each in NOT_IN_NAMES or not each.isprintable() else each for each in code).strip()
        name, number = plain[:LONGEST_NAME] or "Aim", 1
        while name.lower() in taken:
            number += 1
            ending = f" ({number})"
            name = f"{plain[: LONGEST_NAME - len(ending)]}{ending}"
        taken.add(name.lower())
        names.append(name)
    return names


def _write_summary(sheets: Sheets, sheet: Worksheet, report: Highlight) -> None:
    """All aims in one table; what must be known before it stands above and stays in sight with its header."""
    sheet.hide_gridlines(2)
    for column, (_words, width) in enumerate(OVERVIEW):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, report_heading(report), sheets.title)
    lines = Lines(sheet, first=1)
    for sentence in (report.period, report.status, *report.notices, MARKING):
        lines.text(sentence)
    for column, (words, _width) in enumerate(OVERVIEW):
        sheet.write_string(lines.row, column, words, sheets.wrapped_header)
    sheet.set_row(lines.row, 45)
    lines.skip()
    sheet.freeze_panes(lines.row, 1)
    for aim in report.aims:
        for column, value in enumerate(_overview(aim)):
            _write_cell(sheets, sheet, lines.row, column, value)
        lines.skip()
    lines.skip()
    for heading, sentences in told_parts(report):
        for label, sentence in zip([heading, *[""] * len(sentences)], sentences, strict=False):
            sheet.write_string(lines.row, 0, label, sheets.label)
            sheet.write_string(lines.row, 1, sentence)
            lines.skip()


def _write_cell(sheets: Sheets, sheet: Worksheet, row: int, column: int, value: Value) -> None:
    words = OVERVIEW[column][0]
    if words in PERCENTAGES and value is not None:
        sheet.write_number(row, column, value, sheets.percent)
    elif words in LONG:
        sheet.write_string(row, column, value, sheets.words)
    else:
        sheets.write_value(sheet, row, column, value)


def _overview(aim: AimReport) -> list[Value]:
    content, definition, figures = aim.content, aim.content.definition, aim.content.now
    shown = [figures.pct_decided, figures.pct_decided_or_overdue] if definition.has_claim else [None, None]
    return [
        aim.code,
        definition.title,
        aim.status.value,
        content.target,
        content.limit,
        definition.by_date,
        *(two_decimals(each) for each in shown),
        figures.outcomes.clock_count,
        *(figures.counts[state] for state in State),
        aim.headline,
    ]


def _write_aim(sheets: Sheets, sheet: Worksheet, aim: AimReport) -> int:
    """One aim: how it stands, its figures and findings. Return the row beside which its charts begin."""
    content = aim.content
    sheets.set_up_figures(sheet)
    sheet.write_string(0, 0, aim.title, sheets.title)
    sheet.freeze_panes(1, 0)
    lines = Lines(sheet, first=1)
    for sentence in filter(None, (aim.headline, content.claim)):
        lines.text(sentence)
    lines.skip()
    sheets.write_facts(
        lines,
        (
            ("As at", content.as_at),
            ("Status", aim.status_line),
            ("Target", content.target),
            ("Limit", content.limit),
            ("Verdict", content.verdict),
        ),
    )
    charts_from = lines.row
    sheets.write_judged(lines, content)
    lines.skip()
    for heading, sentences in (
        ("What the chart says", (aim.chart_summary, *aim.findings)),
        ("Change since the last report", aim.change),
        ("Can we still make it?", aim.prospect),
        ("Risks", aim.risks),
    ):
        if sentences:
            sheets.write_lines(lines, heading, sentences)
    return charts_from


def _write_definitions(sheets: Sheets, sheet: Worksheet, aims: Sequence[AimReport]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, MEANING_WIDTH + 10)
    sheet.set_column(2, 2, 14)
    sheet.write_string(0, 0, "Definitions", sheets.title)
    sheet.freeze_panes(1, 0)
    lines = Lines(sheet, first=2)
    for aim in aims:
        sheets.write_aim(lines, aim.content.definition, heading=aim.title)
    sheets.write_block(lines, "How it is counted", [("", sentence) for sentence in HOW_COUNTED])
    for aim in aims:
        meanings = [(each.label, each.meaning) for each in counts(aim.content.now)]
        sheets.write_block(lines, f"What the figures of {aim.code} mean", meanings)
    sheets.write_columns(lines)


def _write_quality(sheets: Sheets, sheet: Worksheet, report: Highlight) -> None:
    """What stands in no figure, aim by aim, with its number and why."""
    headers = (("Aim", 20), ("Cannot be placed", 18), ("Excluded", 14), ("Left in time", 14), ("Note", 110))
    sheet.freeze_panes(1, 0)
    for column, (words, width) in enumerate(headers):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words, sheets.header)
    row = 1
    for aim in report.aims:
        found = aim.content.now.counts
        numbers = (found[State.UNKNOWN], found["excluded"], found[State.EXITED])
        for number, note in enumerate(aim.quality or ("Every clock is placed, and none is left out.",)):
            values = (aim.code, *(numbers if number == 0 else (None, None, None)), note)
            for column, value in enumerate(values):
                sheets.write_value(sheet, row, column, value)
            row += 1
    for notice in report.notices:
        sheet.write_string(row + 1, 0, notice)
        row += 1
