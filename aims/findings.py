"""What an aim's figures say, in sentences; the findings come first on every page."""

from collections.abc import Sequence
from statistics import median

from aims.compliance import Compliance
from aims.outcomes import Outcome
from milestones.clocks.states import State
from pace_site.look.words import british_date, children, percent, weeks

FEW_POINTS = 10


def headline(figures: Compliance) -> str:
    """The one sentence that a Champions' Group should not miss."""
    definition, counts = figures.definition, figures.counts
    overdue, waiting = counts[State.OVERDUE], counts[State.WAITING]
    if not definition.has_claim:
        return f"{children(waiting)} waiting; no limit is set yet, so nobody can be late"
    if overdue and definition.limit is not None:
        verb = "has" if overdue == 1 else "have"
        return f"{children(overdue)} {verb} waited longer than {definition.limit}"
    if overdue:
        return f"{children(overdue)} still waiting after {british_date(definition.deadline)}"
    if waiting:
        return f"Nobody is overdue; {children(waiting)} still waiting in time"
    return "Nobody is waiting" if figures.outcomes.clock_count else "No child is in this aim's cohort"


def percentage_lines(figures: Compliance) -> list[tuple[str, str, str]]:
    """Both published percentages: (selection key of the denominator, percentage, counts in words)."""
    if not figures.definition.has_claim:
        return []
    return [
        ("decided", percent(figures.pct_decided), f"{figures.met:,} of {figures.decided:,} decided were in time"),
        (
            "due",
            percent(figures.pct_decided_or_overdue),
            f"{figures.met:,} of {figures.decided_or_overdue:,}, when those overdue or gone undecided count too",
        ),
    ]


def median_days(rows: Sequence[Outcome]) -> float | None:
    """Median days from start to stop of the clocks that stopped, None without any."""
    days = [row.days for row in rows if row.days is not None]
    return median(days) if days else None


def chart_summary(figures: Compliance) -> str:
    """The run chart and its still-waiting bars, in words."""
    decided = [row for row in figures.outcomes.rows if row.days is not None]
    waiting = figures.outcomes.of_state(State.WAITING, State.OVERDUE)
    sentences = []
    if decided:
        middle = weeks(round(median_days(decided)))
        sentences.append(f"{children(len(decided))} decided; half of them within {middle}.")
        if len(decided) < FEW_POINTS:
            sentences.append(f"Fewer than {FEW_POINTS} points are too few to say more.")
    else:
        sentences.append("Nobody has been decided yet.")
    if waiting:
        longest = max(waiting, key=lambda row: row.waited)
        sentences.append(f"{children(len(waiting))} still waiting, the longest for {weeks(longest.waited)}.")
    else:
        sentences.append("Nobody is still waiting.")
    return " ".join(sentences)


def target_line(figures: Compliance) -> str:
    """Target, limit and by-date in words."""
    definition = figures.definition
    target = "No target set" if definition.target_pct is None else f"Target {percent(definition.target_pct)}"
    if definition.limit is not None:
        target += f" within {definition.limit}"
    elif definition.deadline is not None:
        target += f" by {british_date(definition.deadline)}"
    if definition.by_date is not None and definition.deadline is None:
        target += f", judged on {british_date(definition.by_date)}"
    return target
