"""The report as an Excel workbook: of one aim, summary with native charts, outcomes and definitions."""

from xlsxwriter.worksheet import Worksheet

from aims.reports.content import ReportContent, counts
from aims.reports.highlight import Highlight
from aims.reports.native_charts import SHEET as CHART_DATA
from aims.reports.native_charts import NativeCharts
from aims.reports.report_words import told_parts
from aims.reports.sheets import HOW_COUNTED, MARKING, MEANING_WIDTH, Lines, Sheets
from aims.reports.workbook_of_all import workbook_of_all
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.look.words import british_date


def workbook(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    """Return the file; several aims have a summary of all and a sheet for each."""
    if len(report.aims) > 1:
        return workbook_of_all(report, progress)
    progress.step(f"Writing the sheets of {report.aims[0].code}.")
    return _workbook_of_one(report)


def _workbook_of_one(report: Highlight) -> bytes:
    content = report.aims[0].content
    sheets = Sheets(f"Aim {content.definition.code} as at {british_date(content.as_at)}")
    summary, outcomes, definitions, chart_data = (
        sheets.book.add_worksheet(name) for name in ("Summary", "Outcomes", "Definitions", CHART_DATA)
    )
    chart_data.set_column(0, 15, 18)
    chart_data.freeze_panes(1, 0)
    lines = _write_summary(sheets, summary, content, sheets.charts(chart_data, content), read=report.read)
    for heading, sentences in told_parts(report):
        sheets.write_lines(lines, heading, sentences)
    sheets.write_outcomes(outcomes, [content])
    _write_definitions(sheets, definitions, content)
    return sheets.to_bytes()


def _write_summary(
    sheets: Sheets, sheet: Worksheet, content: ReportContent, charts: NativeCharts, *, read: str
) -> Lines:
    """Write the figures with their charts beside them; return the lines below."""
    sheets.set_up_figures(sheet)
    sheet.write_string(0, 0, f"{content.definition.code}: {content.definition.title}", sheets.title)
    lines = Lines(sheet, first=1)
    for notice in filter(None, (*content.notices, read, MARKING)):
        lines.text(notice)
    lines.skip()
    sheets.write_facts(
        lines,
        (
            ("Authority", content.authority),
            ("Figures count", content.covers),
            ("As at", content.as_at),
            ("Target", content.target),
            ("Limit", content.limit),
            ("Verdict", content.verdict),
        ),
    )
    charts_from = lines.row
    sheets.write_judged(lines, content)
    sheets.place_charts(sheet, charts, row=charts_from)
    lines.skip()
    return lines


def _write_definitions(sheets: Sheets, sheet: Worksheet, content: ReportContent) -> None:
    definition = content.definition
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, MEANING_WIDTH + 10)
    sheet.set_column(2, 2, 14)
    sheet.write_string(0, 0, f"Definitions of {definition.code}", sheets.title)
    lines = Lines(sheet, first=2)
    sheets.write_aim(lines, definition)
    sheets.write_block(lines, "How it is counted", [("", sentence) for sentence in HOW_COUNTED])
    sheets.write_block(lines, "What the figures mean", [(each.label, each.meaning) for each in counts(content.now)])
    sheets.write_columns(lines)
