"""What a chart shows, in the words that stand for it where it is not seen: what is drawn, the latest, and who waits.

What follows from it (its findings) and a table of its points stand beside each chart; these words do not repeat them.
"""

from collections.abc import Sequence
from typing import Protocol

from aims.compliance import Compliance
from aims.findings import burn_down_summary
from aims.judged_chart import JudgedChart
from aims.outcomes import Outcome
from aims.time_to_decision import SurvivalCurve
from milestones.clocks.states import State
from pace_site.look.words import british_date, children, count_of, percent, weeks


class NamedCurve(Protocol):
    """A curve of those still waiting, followed to a last day."""

    name: str
    curve: SurvivalCurve
    until: int


def run_chart_in_words(
    figures: Compliance, judged: JudgedChart, *, points: Sequence[Outcome], bars: Sequence[Outcome]
) -> str:
    """The run chart with its still-waiting bars; `points` and `bars` are those drawn."""
    if not points:
        waits = _bars_in_words(figures, bars)
        return f"Bar chart of waits, longest first. {waits[0].upper()}{waits[1:]}"
    decisions = count_of(len(points), "decision", "decisions")
    if len(points) < len(judged.points):
        decisions = f"the latest {len(points):,} of {len(judged.points):,} decisions"
    limit = figures.definition.limit
    medians = [f"the median of {weeks(phase.median)}" for phase in judged.chart.phases if phase.median is not None]
    lines = ([f"the limit of {limit}"] if limit is not None else []) + medians
    said = [f"Run chart: the weeks of {decisions}, in their order{_with(lines)}."]
    late = sum(row.state == State.MISSED for row in points)
    if figures.definition.has_claim:
        said.append(f"{late:,} of them came late." if late else "None of them came late.")
    last = points[-1]
    said.append(f"The latest, in {last.stop:%B %Y}, took {weeks(last.days)}.")
    shifts = sum(len(phase.shifts) for phase in judged.chart.phases)
    trends = len(judged.chart.trends)
    marked = [count_of(count, one, f"{one}s") for count, one in ((shifts, "shift"), (trends, "trend")) if count]
    if marked:
        said.append(f"{' and '.join(marked)} {'is' if shifts + trends == 1 else 'are'} marked.")
    if bars:
        said.append(f"Beside it, longest first: {_bars_in_words(figures, bars)}")
    return " ".join(said)


def burn_down_in_words(figures: Compliance) -> str:
    deadline = british_date(figures.definition.deadline)
    line = f"A line that falls as children of the backlog are decided or leave; the deadline of {deadline} is marked."
    return f"{line} {burn_down_summary(figures)}"


def curves_in_words(groups: Sequence[NamedCurve], *, limit: str) -> str:
    """The curves of those still waiting: where each is at half, and where it ends."""
    lines = "A falling line" if len(groups) == 1 else "Falling lines"
    beside = f", with the limit of {limit}" if limit else ""
    said = [f"{lines}: the share still waiting by the weeks since the start{beside}."]
    for group in groups:
        median, steps = group.curve.median, group.curve.steps
        half = "not half decided" if median is None else f"half decided by {weeks(median.day)}"
        left = percent(round(100 * (steps[-1].share if steps else 1), 6))
        said.append(f"{group.name}: {half}, {left} still waiting after {weeks(group.until)}.")
    return " ".join(said)


def _bars_in_words(figures: Compliance, bars: Sequence[Outcome]) -> str:
    overdue = sum(row.state == State.OVERDUE for row in bars)
    in_time = len(bars) - overdue
    who = f"a bar for each of {children(len(bars))} still waiting"
    if len(bars) == 1:
        who = "a bar for the one child still waiting"
    if figures.definition.has_claim and overdue and in_time:
        who += f", {overdue:,} overdue and {in_time:,} in time"
    elif figures.definition.has_claim:
        who += ", overdue" if overdue else ", in time"
    if len(bars) == 1:
        return f"{who}, for {weeks(bars[0].waited)}."
    return f"{who}, from {weeks(bars[0].waited)} down to {weeks(bars[-1].waited)}."


def _with(lines: Sequence[str]) -> str:
    return f", with {' and '.join(lines)}" if lines else ""
