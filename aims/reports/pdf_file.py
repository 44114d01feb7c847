"""The highlight report as PDF, exported as PDF/UA-1: tagged, titled, every chart with its text alternative."""

from pathlib import Path
from typing import Any

from aims.outcomes import Outcome
from aims.reports.highlight import STANDARD, AimReport, Highlight
from aims.reports.printed_charts import chart_svg
from aims.reports.told import Barrier, ToldTest
from milestones.clocks.states import State
from pace_site.look.typesetting import typeset
from pace_site.look.words import british_date, count_of, days_left, percent, weeks_number

TEMPLATE = Path(__file__).parent / "typeset" / "highlight.typ"


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
        "heading": f"PACE highlight report: {report.authority}",
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


def barrier_line(barrier: Barrier) -> str:
    asked = f" Leaders are asked: {barrier.asked}" if barrier.asked else ""
    return f"{barrier.text} (since {british_date(barrier.raised_on)}).{asked}"


def test_line(test: ToldTest) -> str:
    learned = f" Learned: {test.learned}" if test.learned else ""
    return f"{test.title}: {test.state}.{learned}"


def _aim(aim: AimReport) -> dict[str, Any]:
    figures = aim.content.now
    shown = [
        {"label": each.label, "value": value, "words": each.words}
        for each, value in zip(
            aim.percentages, (percent(figures.pct_decided), percent(figures.pct_decided_or_overdue)), strict=False
        )
    ]
    counts = figures.counts
    left_out = aim.waits_left_out
    return {
        "code": aim.code,
        "name": aim.content.definition.title,
        "title": aim.title,
        "headline": aim.headline,
        "target": aim.target,
        "status": aim.status.value,
        "status_line": aim.status_line,
        "claim": aim.content.claim,
        "figures": shown,
        "of_decided": shown[0]["value"] if shown else "–",
        "of_due": shown[1]["value"] if shown else "–",
        "overdue": f"{counts[State.OVERDUE]:,}",
        "counts": _counts(aim),
        "maturity": aim.maturity,
        "alt": f"Chart of {aim.title}. {aim.chart_summary} {' '.join(aim.findings)}",
        "chart_summary": aim.chart_summary,
        "findings": list(aim.findings),
        "change": list(aim.change),
        "prospect": list(aim.prospect),
        "waits": [_wait(row, aim) for row in aim.waits],
        "waits_left_out": f"{count_of(left_out, 'more waits', 'more wait')} less long." if left_out else "",
        "tests": [test_line(each) for each in aim.told.tests],
        "barriers": [barrier_line(each) for each in aim.told.barriers],
        "risks": list(aim.risks),
        "quality": list(aim.quality),
        "definition": [[heading, sentence] for heading, sentence in aim.definition],
    }


def _counts(aim: AimReport) -> str:
    counts = aim.content.now.counts
    if not aim.content.definition.has_claim:
        return f"{counts[State.WAITING]:,} waiting, {counts[State.MET]:,} decided."
    return (
        f"{counts[State.MET]:,} met, {counts[State.MISSED]:,} missed, {counts[State.OVERDUE]:,} overdue, "
        f"{counts[State.WAITING]:,} waiting in time."
    )


def _wait(row: Outcome, aim: AimReport) -> dict[str, str]:
    due = "no limit" if row.due is None else f"{british_date(row.due)}, {days_left(row.due, aim.content.as_at)}"
    return {
        "child": row.child_code,
        "since": british_date(row.start),
        "weeks": str(weeks_number(row.waited)),
        "due": due,
    }
