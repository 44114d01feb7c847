"""What changed since the last report: what happened, and what corrections made of what that report said.

A report keeps the figures it showed. Measured again as at its day, by today's records, they tell the two apart.
"""

from collections.abc import Mapping
from typing import Any

from aims.compliance import Compliance
from aims.reports.frozen_clocks import Corrected
from milestones.clocks.states import State
from pace_site.look.words import british_date, count_of

COUNTED = (
    (State.MET, "met"),
    (State.MISSED, "missed"),
    (State.OVERDUE, "overdue"),
    (State.WAITING, "waiting in time"),
)
PERCENTAGES = (("pct_decided", "in time, of those decided"), ("pct_decided_or_overdue", "of those decided or overdue"))


def changes(
    said: Mapping[str, Any],
    *,
    said_by: int,
    then: Compliance,
    now: Compliance,
    by: int,
    corrected: Corrected | None = None,
) -> tuple[str, ...]:
    """Sentences about one aim.

    `said` are the figures as the last report showed them (in the shape of `measure_aims`), `then` those of the same day
    by today's records and its version of the aim, `now` the aim today; `said_by` and `by` number the two versions.
    `corrected` counts the clocks that were, None where the last report did not keep them.
    """
    day = british_date(then.as_at)
    sentences = [_moved(said, now)]
    counts_corrected = _corrected(said, then)
    if counts_corrected:
        sentences.append(f"Corrections since then have changed what was reported as at {day}: {counts_corrected}.")
    if corrected is not None and corrected.total:
        sentences.append(_clocks_corrected(corrected, day))
    if said_by != by:
        sentences.append(
            f"The aim is defined anew: version {said_by} then, version {by} now. The two reports do not count the same."
        )
    return tuple(sentences)


def _moved(said: Mapping[str, Any], now: Compliance) -> str:
    moved = [
        f"{label} {before:,} then, {after:,} now"
        for state, label in COUNTED
        if (before := said["counts"][state.value]) != (after := now.counts[state])
    ]
    shown = now.to_json()
    moved += [
        f"{label} {_percent(said[name])} then, {_percent(shown[name])} now"
        for name, label in PERCENTAGES
        if said[name] != shown[name]
    ]
    if not moved:
        return "No figure has changed."
    return f"{'; '.join(moved)}.".capitalize()


def _corrected(said: Mapping[str, Any], then: Compliance) -> str:
    """What the last report would say today of its own day, where that differs."""
    return "; ".join(
        f"{label} {before:,} as reported, {after:,} by today's records"
        for state, label in COUNTED
        if (before := said["counts"][state.value]) != (after := then.counts[state])
    )


def _clocks_corrected(corrected: Corrected, day: str) -> str:
    """Said also where every count stayed as it was: two corrections can cancel out."""
    parts = [
        f"{number:,} {words if number > 1 else word}"
        for number, word, words in (
            (corrected.otherwise, "reads otherwise now", "read otherwise now"),
            (corrected.added, "was added", "were added"),
            (corrected.taken_away, "was taken away", "were taken away"),
        )
        if number
    ]
    outcomes = count_of(corrected.total, "outcome was", "outcomes were")
    return f"Since then {outcomes} corrected, of those up to {day}: {', '.join(parts)}."


def _percent(value: float | None) -> str:
    return "no data" if value is None else f"{value:g} %"
