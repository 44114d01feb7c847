"""What an aim's figures say, in sentences and in the order of a chart; the findings come first on every page."""

from collections.abc import Iterable
from datetime import date
from statistics import median, median_low

import numpy as np

from aims.compliance import Compliance
from aims.definition import AimDefinition
from aims.outcomes import Outcome, Outcomes
from milestones.clocks.days import OPEN
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from pace_site.look.words import british_date, children, percent, weeks

FEW_POINTS = 10


def headline(figures: Compliance) -> str:
    """The one sentence that a Champions' Group should not miss."""
    definition, counts = figures.definition, figures.counts
    overdue, waiting = counts[State.OVERDUE], counts[State.WAITING]
    if not figures.outcomes.clock_count:
        return "No child is in this aim's cohort"
    if not definition.has_claim:
        return f"{children(waiting)} waiting; no limit is set yet, so nobody can be late"
    if overdue and definition.limit is not None:
        verb = "has" if overdue == 1 else "have"
        return f"{children(overdue)} {verb} waited longer than {definition.limit}"
    if overdue:
        return f"{children(overdue)} still waiting after {british_date(definition.deadline)}"
    if waiting:
        return f"Nobody is overdue; {children(waiting)} still waiting in time"
    return "Nobody is waiting"


def percentage_lines(figures: Compliance) -> list[tuple[str, str, str]]:
    """Both published percentages: (selection key of the denominator, percentage, counts in words)."""
    if not figures.definition.has_claim:
        return []
    of_decided, of_due = "nobody has been decided", "nobody has been decided or is overdue"
    if figures.decided:
        of_decided = f"{figures.met:,} of {figures.decided:,} decided were in time"
    if figures.decided_or_overdue:
        of_due = f"{figures.met:,} of {figures.decided_or_overdue:,}, when those overdue or gone undecided count too"
    return [
        ("decided", percent(figures.pct_decided), of_decided),
        ("due", percent(figures.pct_decided_or_overdue), of_due),
    ]


def decided_in_order(rows: Iterable[Outcome]) -> list[Outcome]:
    """The clocks that stopped, in the order in which they did; two on one day are two, by pseudonym (`spc.md`)."""
    return sorted((row for row in rows if row.days is not None), key=lambda row: (row.stop, row.child_code, row.start))


def still_waiting(rows: Iterable[Outcome]) -> list[Outcome]:
    """The clocks that still run, longest wait first."""
    running = (row for row in rows if row.state in (State.OVERDUE, State.WAITING))
    return sorted(running, key=lambda row: (-row.waited, row.child_code))


def median_days(rows: Iterable[Outcome]) -> float | None:
    """Median days from start to stop of the clocks that stopped, None without any."""
    days = [row.days for row in rows if row.days is not None]
    return median(days) if days else None


def limit_in_days(definition: AimDefinition, rows: Iterable[Outcome]) -> int | None:
    """The limit in days, for a chart with one line; calendar months differ, and the line stands at the middle one."""
    allowed = [] if definition.limit is None else [(row.due - row.start).days for row in rows]
    return median_low(allowed) if allowed else None


def remaining(outcomes: Outcomes) -> list[tuple[date, int]]:
    """How many of a backlog still wait: on its reference day, after each end, and on the as-at date if any do."""
    definition = outcomes.definition
    if not definition.is_backlog or not outcomes.clock_count or outcomes.as_at < definition.before_date:
        return []
    left = outcomes.clock_count
    corners = [(definition.before_date, left)]
    ends = np.minimum(outcomes.frame["stop"].to_numpy(), outcomes.frame["exit"].to_numpy())
    for day, ended in zip(*map(np.ndarray.tolist, np.unique(ends[ends < OPEN], return_counts=True)), strict=True):
        left -= ended
        corners.append((from_day(day), left))
    return [*corners, (outcomes.as_at, left)] if left else corners


def chart_summary(figures: Compliance) -> str:
    """The run chart and its still-waiting bars, in words."""
    middle = figures.outcomes.decided.median_days
    decided = len(figures.outcomes.decided)
    sentences = []
    if middle is not None:
        sentences.append(f"{decided:,} decided; half of them within {weeks(middle)}.")
    else:
        sentences.append("Nobody has been decided yet.")
    waiting = figures.outcomes.running
    if waiting:
        sentences.append(f"{children(len(waiting))} still waiting, the longest for {weeks(waiting[0].waited)}.")
    else:
        sentences.append("Nobody is still waiting.")
    return " ".join(sentences)


def burn_down_summary(figures: Compliance) -> str:
    """The burn-down of a backlog, in words."""
    corners = remaining(figures.outcomes)
    if not corners:
        return "Nobody was waiting on the reference day."
    (since, whole), (until, left) = corners[0], corners[-1]
    began = f"{children(whole)} waited on {british_date(since)}"
    if not left:
        return f"{began}; since {british_date(until)} none of them does."
    return f"{began}; {left:,} of them still {'waits' if left == 1 else 'wait'} on {british_date(until)}."


def extract_age(last_extract_on: date | None, *, as_at: date) -> str:
    """How old the last extract is, when the day asked for lies after it; else empty."""
    if last_extract_on is None or as_at <= last_extract_on:
        return ""
    return (
        f"The last extract is of {british_date(last_extract_on)}: of what happened since, only what was recorded by "
        "hand is counted."
    )


def target_line(figures: Compliance) -> str:
    """Target, limit and by-date in words."""
    definition = figures.definition
    target = "No target set" if definition.target_pct is None else f"Target {percent(definition.target_pct)}"
    if definition.limit is not None:
        target += f" within {definition.limit}" if definition.target_pct is not None else f"; limit {definition.limit}"
    elif definition.deadline is not None:
        target += f" by {british_date(definition.deadline)}"
    if definition.by_date is not None and definition.deadline is None:
        target += f", judged on {british_date(definition.by_date)}"
    return target
