"""The words for figures: states, verdicts, how ripe a cohort is, and why a clock ended (`domain.md` 4)."""

from aims.compliance import MATURE, MATURING, TOO_EARLY, Compliance, Measured
from milestones.catalogue import BY_CODE, label_of
from milestones.clocks.spells import AGE_18, AT_HOME_END
from milestones.clocks.starts import ADM_REFUSED, PLAN_CHANGED
from milestones.clocks.states import State
from pace_site.look.words import british_date, percent

STATE_LABELS = {
    State.MET: "Met",
    State.MISSED: "Missed",
    State.OVERDUE: "Overdue",
    State.WAITING: "Waiting in time",
    State.EXITED: "Left in time",
    State.UNKNOWN: "Unknown",
}
STATE_LABELS_WITHOUT_LIMIT = STATE_LABELS | {State.MET: "Decided", State.WAITING: "Waiting", State.EXITED: "Left"}
STATE_MEANINGS = {
    State.MET: "Decided on or before the due date.",
    State.MISSED: "Decided after the due date, or left undecided after it.",
    State.OVERDUE: "Still waiting, and the due date has passed.",
    State.WAITING: "Still waiting, and the due date has not passed.",
    State.EXITED: "Left, or the plan changed, before a decision and while still in time; in no percentage.",
    State.UNKNOWN: "Cannot be placed, for want of an exact date or a placement; in no other figure.",
}
# Without a limit nobody can be in time or late.
STATE_MEANINGS_WITHOUT_LIMIT = STATE_MEANINGS | {
    State.MET: "Decided; no limit is set, so this says nothing of being in time.",
    State.WAITING: "Still waiting; no limit is set.",
    State.EXITED: "Left, or the plan changed, before a decision.",
}
VERDICTS = {
    "no_target": "No target is set.",
    "no_data": "No data: nobody has been decided and nobody is overdue.",
    "too_early": "Too early to say.",
    "on_course": "On course for the target.",
    "off_course": "Off course for the target.",
    "met": "The target was met.",
    "not_met": "The target was not met.",
}
FINAL = ("met", "not_met")
PART_OF_THE_AUTHORITY = "The target is the whole authority's: these figures are of a part of it, and not judged by it."
_END_LABELS = {
    AGE_18: "Turned 18",
    AT_HOME_END: label_of("AT_HOME_CSO_END"),
    PLAN_CHANGED: "Plan changed",
    ADM_REFUSED: "Refused by the agency decision maker",
}


def exit_in_words(exit_reason: str) -> str:
    """Why a clock ended without its stop event; empty when it did not."""
    if exit_reason in BY_CODE:
        return label_of(exit_reason)
    return _END_LABELS[exit_reason] if exit_reason else ""


def verdict_in_words(measured: Measured) -> str:
    """What the figures say of the target, with the percentage that decides where it is none of those shown."""
    return " ".join(filter(None, [VERDICTS[measured.verdict], _counted_as_not_met(measured)]))


def judged_in_words(measured: Measured) -> str:
    """The figures that an aim was judged on, where they are none of those shown; empty for any other."""
    if measured.verdict not in FINAL or measured.at_by_date is None:
        return _counted_as_not_met(measured)
    judged = measured.at_by_date
    return _counted_as_not_met(measured) or (
        f"On that day {judged.met:,} of {judged.decided_or_overdue:,} decided, overdue or left undecided were in time, "
        f"{percent(judged.pct_decided_or_overdue)}."
    )


def _counted_as_not_met(measured: Measured) -> str:
    """The judgement of a deadline on which some still waited; empty for any other."""
    judged = measured.judged
    waiting = judged.counts[State.WAITING]
    if measured.verdict not in FINAL or judged.definition.deadline is None or not waiting:
        return ""
    return (
        f"On the deadline whoever still waits counts as not met: {judged.met:,} of "
        f"{judged.decided_or_overdue + waiting:,}, {percent(judged.pct_worst)}."
    )


def maturity_in_words(compliance: Compliance) -> str:
    """How far the cohort can be judged, with the day on which a first child could be late (`domain.md` 4.6)."""
    definition = compliance.definition
    if not definition.has_claim:
        return "Draft: no limit is set, so nobody can be late yet."
    if compliance.maturity == TOO_EARLY:
        if compliance.first_due is None:
            return "Too early: no child is in the cohort yet."
        return f"Too early: no child could be late before {british_date(compliance.first_due)}."
    if compliance.maturity == MATURING:
        waiting = compliance.counts[State.WAITING]
        if not waiting:
            return "Maturing: nobody is waiting in time now, and others may still start."
        return f"Maturing: the figures can still change, {waiting:,} still waiting in time."
    if compliance.maturity != MATURE:
        raise ValueError(f"There are no words for the maturity {compliance.maturity!r}.")
    if definition.by_date is not None:
        return f"Mature: the by-date of {british_date(definition.by_date)} is reached."
    return "Mature: nobody is waiting in time any more."
