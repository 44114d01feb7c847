"""The highlight report as PDF, exported as PDF/UA-1: tagged, titled, every chart with its text alternative."""

from pathlib import Path
from typing import Any

from aims.reports.highlight import STANDARD, AimReport, Highlight
from aims.reports.printed_charts import chart_svg
from aims.reports.report_words import (
    barrier_line,
    chart_alternative,
    counts_line,
    overview_row,
    percentage_rows,
    report_heading,
    test_line,
    wait_row,
    waits_left_out_line,
)
from pace_site.look.typesetting import typeset

TEMPLATE = Path(__file__).parent / "typeset" / "highlight.typ"
WAIT_KEYS = ("child", "since", "weeks", "due")


def pdf_file(report: Highlight) -> bytes:
    """Typeset the report."""
    words = report_words(report)
    for aim, said in zip(report.aims, words["aims"], strict=True):
        chart = chart_svg(aim)
        said["chart"] = "" if chart is None else chart.decode()
    return typeset(TEMPLATE, words)


def report_words(report: Highlight) -> dict[str, Any]:
    """All words and figures of the report as they are shown, in the shape of JSON."""
    return {
        "title": report.title,
        "heading": report_heading(report),
        "authority": report.authority,
        "marking": STANDARD + (f". Made by {report.made_by}" if report.made_by else ""),
        "period": report.period,
        "status": report.status,
        "notices": list(report.notices),
        "decisions": list(report.told.decisions),
        "barriers": [barrier_line(each) for each in report.told.barriers],
        "next_period": list(report.told.next_period),
        "aims": [_aim(aim) for aim in report.aims],
    }


def _aim(aim: AimReport) -> dict[str, Any]:
    _code, _title, _status, of_decided, of_due, overdue = overview_row(aim)
    return {
        "code": aim.code,
        "name": aim.content.definition.title,
        "title": aim.title,
        "headline": aim.headline,
        "target": aim.target,
        "status": aim.status.value,
        "status_line": aim.status_line,
        "claim": aim.content.claim,
        "figures": [dict(zip(("label", "value", "words"), row, strict=True)) for row in percentage_rows(aim)],
        "of_decided": of_decided,
        "of_due": of_due,
        "overdue": overdue,
        "counts": counts_line(aim),
        "maturity": aim.maturity,
        "alt": chart_alternative(aim),
        "chart_summary": aim.chart_summary,
        "findings": list(aim.findings),
        "change": list(aim.change),
        "prospect": list(aim.prospect),
        "waits": [dict(zip(WAIT_KEYS, wait_row(row, aim), strict=True)) for row in aim.waits],
        "waits_left_out": waits_left_out_line(aim),
        "tests": [test_line(each) for each in aim.told.tests],
        "barriers": [barrier_line(each) for each in aim.told.barriers],
        "risks": list(aim.risks),
        "quality": list(aim.quality),
        "definition": [[heading, sentence] for heading, sentence in aim.definition],
    }
