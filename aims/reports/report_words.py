"""Wording that every format of the report shares, so that a page and a slide say the same."""

from aims.outcomes import Outcome
from aims.reports.highlight import AimReport, Highlight
from aims.reports.told import Barrier, ToldTest
from milestones.clocks.states import State
from pace_site.look.words import british_date, count_of, days_left, percent, weeks_number

NO_PERCENTAGE = "–"


def barrier_line(barrier: Barrier) -> str:
    asked = f" Leaders are asked: {barrier.asked}" if barrier.asked else ""
    return f"{barrier.text} (since {british_date(barrier.raised_on)}).{asked}"


def test_line(test: ToldTest) -> str:
    learned = f" Learned: {test.learned}" if test.learned else ""
    return f"{test.title}: {test.state}.{learned}"


def report_heading(report: Highlight) -> str:
    return f"PACE highlight report: {report.authority}"


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


def chart_alternative(aim: AimReport) -> str:
    """What the chart shows, for those who cannot see it."""
    return f"Chart of {aim.title}. {aim.chart_summary} {' '.join(aim.findings)}"


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
    left_out = aim.waits_left_out
    return f"{count_of(left_out, 'more waits', 'more wait')} less long." if left_out else ""


def remarks_lines(aim: AimReport) -> list[str]:
    """What is remarked on the chart, with its day."""
    return [f"{british_date(each.on)}: {each.label}" for each in (aim.judged.remarks if aim.judged else ())]
