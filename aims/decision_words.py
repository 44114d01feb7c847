"""The words for the time to decision and for what an aim can still become."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from aims.definition import AT_HOME_2Y, AimDefinition
from aims.prospect import DRAWS, Prospect
from aims.time_to_decision import CumulativeIncidence, LogRank, SurvivalCurve
from milestones.catalogue import ADM_APPROVED, ALIASES
from pace_site.look.words import british_date, children, percent, weeks_number

STARTED = {
    "ACCOM_START": "who became accommodated",
    "AT_HOME_CSO_START": "who came to be looked after at home",
    AT_HOME_2Y: "who came to be at home for so long",
    "PERM_REC": "who were recommended for permanence",
    ADM_APPROVED: "whose plan was approved",
    "PANEL_PRESENTED": "who were presented to panel",
}
STOPPED = {
    "PERM_REC": "had a recommendation",
    "PERM_DECISION": "had a decision",
    "PANEL_PRESENTED": "were presented to panel",
    "COURT_LODGED": "had the application lodged in court",
    "ORDER_GRANTED": "had the order granted",
}


def started_words(definition: AimDefinition) -> str:
    """ "who became accommodated", to follow "the children"."""
    return STARTED.get(ALIASES.get(definition.start_event, definition.start_event), "whose clock started")


def stopped_words(definition: AimDefinition) -> str:
    """ "had a recommendation", to follow "half of the children"."""
    if len(definition.stop_event) > 1:
        return "were decided"
    (stop,) = definition.stop_event
    return STOPPED.get(ALIASES.get(stop, stop), "were decided")


def median_words(curve: SurvivalCurve) -> str:
    """ "within 41.0 weeks (95 % interval 36.0 to 47.0)"; the median must be there."""
    median = curve.median
    within = f"within {weeks_number(median.day)} weeks"
    if median.lower is None:
        return f"{within} (all on one day, so no interval can be given)"
    if median.upper is None:
        return f"{within} (95 % interval {weeks_number(median.lower)} or more)"
    return f"{within} (95 % interval {weeks_number(median.lower)} to {weeks_number(median.upper)})"


def share_with_interval(share: float, lower: float | None, upper: float | None) -> str:
    """ "48 % (40 to 56)", from shares of 1."""
    shown = percent(Fraction(share) * 100)
    return shown if lower is None else f"{shown} ({whole_percent(lower)} to {whole_percent(upper)})"


def incidence_at(curve: CumulativeIncidence, day: float) -> str:
    step = curve.step_at(day)
    return "0 %" if step is None else share_with_interval(step.share, step.lower, step.upper)


def waiting_at(curve: SurvivalCurve, day: float) -> str:
    step = curve.step_at(day)
    return "100 %" if step is None else share_with_interval(step.share, step.lower, step.upper)


def whole_percent(share: float) -> str:
    return percent(Fraction(share) * 100).removesuffix(" %")


def difference_words(found: LogRank | None) -> str:
    """How likely the difference between two curves is by chance alone; empty when nothing can be said."""
    if found is None:
        return ""
    times = f"about {round(100 * found.chance)} of 100" if found.chance >= 0.015 else "fewer than 2 of 100"
    return (
        f"With no change at all, {times} such comparisons would show a difference as large as this (log-rank test). "
        "The test does not say what made the difference."
    )


def beside_target(percentage: Fraction | None, target: Fraction | None) -> str:
    """A percentage that falls short of the target never shows the target's own number."""
    if percentage is None:
        return "no data"
    shown = percent(percentage)
    if target is None or percentage >= target or shown != percent(target):
        return shown
    exact = Decimal(percentage.numerator) / Decimal(percentage.denominator)
    return f"{exact.quantize(Decimal('0.01'), ROUND_FLOOR)} %"


def prospect_heading(found: Prospect) -> str:
    """The one thing to know about what the aim can still become."""
    waiting = len(found.candidates)
    by_date = british_date(found.final_day)
    if found.best is None:
        return "Nobody counts in the percentage yet, and nobody waits"
    if found.target is None:
        worst = "no data" if found.worst is None else percent(found.worst)
        return f"By {by_date}: at worst {worst}, at best {percent(found.best)}"
    target = percent(found.target)
    if found.is_certain:
        return f"Those counted so far reach the target of {target}, whatever becomes of those still waiting"
    if found.is_impossible:
        best = beside_target(found.best, found.target)
        return f"Those counted so far can no longer reach the target of {target}: at best {best}"
    if waiting == found.needed:
        everybody = "The one child" if waiting == 1 else f"All {waiting:,} children"
        return f"{everybody} still waiting must be decided in time to reach {target}"
    must = "1 must" if found.needed == 1 else f"{found.needed:,} must"
    return f"Of the {waiting:,} children still waiting in time, {must} be decided in time to reach {target}"


def which_must(found: Prospect) -> str:
    """Which children make up the number needed: those who fall due first help most."""
    if not found.needed:
        return ""
    first = sum(candidate.may_count_against for candidate in found.candidates)
    later = len(found.candidates) - first
    by_date = british_date(found.final_day)
    if not later or not first:
        return f"Any {found.needed:,} will do." if found.needed < len(found.candidates) else ""
    if found.needed <= first:
        return (
            f"Any {found.needed:,} of the {first:,} who fall due before {by_date} will do. Those due later help less: "
            "undecided, they would not count against the aim."
        )
    both = "Both of those" if first == 2 else f"All {first:,}" if first > 1 else "The one"
    return (
        f"{both} who fall{'s' if first == 1 else ''} due before {by_date}, and {found.needed - first:,} of the others."
    )


def expected_words(found: Prospect) -> str:
    """The expected result in one sentence, or why none is given; empty when nobody waits."""
    if not found.candidates:
        return ""
    expected = found.expected
    if expected is None:
        return "Too few have been decided so far to say what to expect if the pace holds."
    waiting = children(len(found.candidates))
    ends, lower, upper = (Fraction(share) for share in (expected.percentage, expected.lower, expected.upper))
    sentence = (
        f"If the pace so far holds, about {_count(expected.decided_of_waiting)} of the {waiting} still waiting will be "
        f"decided in time and the aim will end at about {percent(ends)} "
        f"(95 % interval {percent(lower).removesuffix(' %')} to {percent(upper)})."
    )
    if expected.reaches_target is not None and not found.is_certain and not found.is_impossible:
        sentence += f" {_times(expected.reaches_target)} simulated endings reach the target."
    return sentence


def unseen_words(found: Prospect) -> str:
    """A caution where the pace is not known for as long as some may still wait."""
    if found.expected is None or not found.expected.is_beyond_seen:
        return ""
    return (
        "Nobody in this aim has been followed for as long as some of these children may still wait: decisions that "
        "late are not foreseen, and the true result may be better."
    )


def _times(share: float) -> str:
    times = round(share * DRAWS)
    return f"None of {DRAWS:,}" if times == 0 else f"{times:,} of {DRAWS:,}"


def _count(number: float) -> str:
    """1.4, 12: one decimal where it matters."""
    return f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:,.0f}"
