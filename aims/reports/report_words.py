"""Wording that every format of the report shares, so that a page and a slide say the same."""

from typing import Any

from aims.cut_bars import cut_in_words
from aims.outcomes import Outcome
from aims.reports.highlight import STANDARD, AimReport, Highlight
from aims.reports.told import Barrier, ToldTest
from milestones.clocks.states import State
from pace_site.look.words import british_date, closed_children, count_of, days_left, percent, weeks_number

NO_PERCENTAGE = "–"
WAIT_KEYS = ("child", "since", "weeks", "due")


def barrier_line(barrier: Barrier) -> str:
    asked = f" Leaders are asked: {barrier.asked}" if barrier.asked else ""
    return f"{barrier.text} (since {british_date(barrier.raised_on)}).{asked}"


def test_line(test: ToldTest) -> str:
    learned = f" Learned: {test.learned}" if test.learned else ""
    return f"{test.title}: {test.state}.{learned}"


def report_heading(report: Highlight) -> str:
    return f"PACE highlight report: {report.authority}"


def told_parts(report: Highlight) -> list[tuple[str, list[str]]]:
    """What people say beside the figures, by heading; headings without anything said are left out."""
    parts = [
        ("Decisions", list(report.decisions)),
        ("Barriers for leaders", [barrier_line(each) for each in report.told.barriers]),
        ("Plan for the next period", list(report.told.next_period)),
        *((f"Tests of change of {aim.code}", [test_line(each) for each in aim.told.tests]) for aim in report.aims),
        *((f"Barriers of {aim.code}", [barrier_line(each) for each in aim.told.barriers]) for aim in report.aims),
    ]
    return [(heading, sentences) for heading, sentences in parts if sentences]


def percentage_rows(aim: AimReport) -> list[tuple[str, str, str]]:
    """Both published percentages as label, whole number and counts in words; none for an aim that may claim none."""
    figures = aim.content.now
    values = (percent(figures.pct_decided), percent(figures.pct_decided_or_overdue))
    return [(each.label, value, each.words) for each, value in zip(aim.percentages, values, strict=False)]


def counts_line(aim: AimReport) -> str:
    counts = aim.content.now.counts
    if not aim.content.definition.has_claim:
        return f"{counts[State.WAITING]:,} waiting, {counts[State.MET]:,} decided."
    return (
        f"{counts[State.MET]:,} met, {counts[State.MISSED]:,} missed, {counts[State.OVERDUE]:,} overdue, "
        f"{counts[State.WAITING]:,} waiting in time."
    )


def chart_alternative(aim: AimReport, *, top: int | None = None) -> str:
    """What the chart shows, for those who cannot see it; `top` is where its axis ends, if not where bars are cut."""
    cut = "" if aim.cut_at is None else f"{cut_in_words(top or aim.cut_at)} "
    return f"Chart of {aim.title}. {aim.chart_summary} {cut}{' '.join(aim.findings)}"


def overview_row(aim: AimReport) -> tuple[str, str, str, str, str, str]:
    """An aim in the table of all: code, title, status, both percentages, overdue."""
    values = [value for _label, value, _words in percentage_rows(aim)] or [NO_PERCENTAGE, NO_PERCENTAGE]
    overdue = f"{aim.content.now.counts[State.OVERDUE]:,}"
    return (aim.code, aim.content.definition.title, aim.status.value, *values, overdue)


def wait_row(row: Outcome, aim: AimReport) -> tuple[str, str, str, str]:
    """One of the longest waits: pseudonym, since when, weeks, and how long is left."""
    due = "no limit" if row.due is None else f"{british_date(row.due)}, {days_left(row.due, aim.content.as_at)}"
    return row.child_code, british_date(row.start), str(weeks_number(row.waited)), due


def waits_left_out_line(aim: AimReport) -> str:
    left_out, closed = aim.waits_left_out, aim.content.waiting_unnamed
    said = [f"{count_of(left_out, 'more waits', 'more wait')} less long."] if left_out else []
    said += [f"Not named here, and waiting too: {closed_children(closed)}."] if closed else []
    return " ".join(said)


def remarks_lines(aim: AimReport) -> list[str]:
    """What is remarked on the chart, with its day."""
    return [f"{british_date(each.on)}: {each.label}" for each in (aim.judged.remarks if aim.judged else ())]


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
        "decisions": list(report.decisions),
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
