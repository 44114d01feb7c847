"""The status of an aim, and of all aims together, as leaders read it (`domain.md` 6.8)."""

from collections.abc import Iterable
from enum import StrEnum

from aims.compliance import Measured
from aims.prospect import prospect


class Status(StrEnum):
    """Worst first; those of which nothing can be said come last."""

    OFF_TRACK = "Off track"
    NOT_MET = "Not met"
    AT_RISK = "At risk"
    ON_TRACK = "On track"
    MET = "Met"
    TOO_EARLY = "Too early to say"
    NO_DATA = "No data yet"
    NO_TARGET = "No target set"
    NOT_JUDGED = "Not judged"


SAYS_NOTHING = frozenset({Status.TOO_EARLY, Status.NO_DATA, Status.NO_TARGET, Status.NOT_JUDGED})
_BY_VERDICT = {
    "met": Status.MET,
    "not_met": Status.NOT_MET,
    "on_course": Status.ON_TRACK,
    "too_early": Status.TOO_EARLY,
    "no_data": Status.NO_DATA,
    "no_target": Status.NO_TARGET,
}
MEANINGS = {
    Status.OFF_TRACK: "the target can no longer be reached by those counted so far",
    Status.NOT_MET: "the by-date has passed and the target was missed",
    Status.AT_RISK: "below the target today, and it can still be reached by those counted so far",
    Status.ON_TRACK: "at or above the target today",
    Status.MET: "the by-date has passed and the target was reached",
    Status.TOO_EARLY: "no child could yet be late",
    Status.NO_DATA: "nobody has been decided and nobody is overdue",
    Status.NO_TARGET: "the council has set none",
    Status.NOT_JUDGED: "the target is the whole authority's, and these figures are of a part of it",
}


def status_of(measured: Measured) -> Status:
    """The verdict of the aim and, below the target, whether it can still be reached by its by-date."""
    if measured.verdict != "off_course":
        return _BY_VERDICT[measured.verdict]
    found = prospect(measured.now)
    return Status.OFF_TRACK if found is not None and found.is_impossible else Status.AT_RISK


def meaning_of(measured: Measured) -> str:
    """What the status means.

    An aim without a by-date is never lost: who starts later counts as well. What those counted so far can still reach
    is said by itself.
    """
    status = status_of(measured)
    target, best = measured.now.definition.target_pct, measured.now.pct_best
    if status is Status.AT_RISK and measured.now.definition.by_date is None and best < target:
        return (
            "below the target today, and those counted so far cannot reach it; no by-date is set, and children who "
            "start later will count too"
        )
    return MEANINGS[status]


def worst(statuses: Iterable[Status]) -> Status | None:
    """The status of several aims: that of the worst of which anything can be said; None without one."""
    order = list(Status)
    said = [status for status in statuses if status not in SAYS_NOTHING]
    return min(said, key=order.index) if said else None
