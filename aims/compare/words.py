"""What a comparison says, in sentences that claim no more than it knows."""

from decimal import Decimal
from fractions import Fraction

from aims.compare.chance import BOTH_TAILS, TOGETHER
from aims.compare.comparison import FEWEST_DUE, Comparison, GroupFigures, Place
from aims.compare.wilson import CONFIDENCE, Interval
from aims.findings import decided_in_order
from pace_site.look.words import count_of, percent, weeks

SIDES = {Place.BELOW: "below", Place.ABOVE: "above"}


def heading(found: Comparison) -> str:
    """The finding in one sentence; groups are named in their fixed order."""
    one, many = found.dimension.one, found.dimension.many
    if not found.groups:
        return "No child is in this aim's cohort"
    if len(found.groups) == 1:
        (only,) = found.groups
        if not only.group.is_known:
            return f"Of no clock here is the {one} known"
        if not only.group.is_one:
            return f"The {many} are too small to be shown apart"
        return f"All clocks here are of one {one}, {only.group.name}: there is nothing to compare"
    if not found.has_claim:
        return f"No limit is set, so no {one} can be early or late: the charts show how long it took"
    if not found.judged:
        return f"Too few clocks are due to compare the {many}"
    if found.apart:
        return _apart(found)
    if len(found.judged) == 1:
        (only,) = found.judged
        return f"Only one {one} can be judged, and chance alone could make its difference: {only.group.name}"
    if found.spreads_together:
        return (
            f"Taken together, {len(found.judged)} {many} differ by more than chance would make them, though none lies "
            "apart by itself"
        )
    those = f"the {len(found.judged)} {many}"
    if len(found.judged) < len(found.groups):
        those += " that can be judged"
    return f"The differences between {those} are no larger than chance would make them"


def _apart(found: Comparison) -> str:
    named = ", ".join(f"{each.group.name} {SIDES[each.place]}" for each in found.apart)
    if len(found.apart) == 1:
        (only,) = found.apart
        return (
            f"One {found.dimension.one} lies {SIDES[only.place]} the others by more than chance would make: "
            f"{only.group.name}"
        )
    return (
        f"{len(found.apart)} of {len(found.judged)} {found.dimension.many} lie apart from the others by more than "
        f"chance would make: {named}"
    )


def findings(found: Comparison) -> list[str]:
    """A sentence for each group that lies apart, for those that are too small, and for what no finding means."""
    said = [_told(each) for each in found.apart]
    if found.judged and not found.apart and not found.spreads_together:
        said.append("That does not show that there is no difference: with few clocks only a large one would show.")
    small = [each.group.name for each in found.groups if each.is_small and each.group.is_one]
    if small and found.has_claim and len(found.groups) > 1:
        have = count_of(len(small), f"{found.dimension.one} has", f"{found.dimension.many} have")
        said.append(f"{have} fewer than {FEWEST_DUE} clocks due, too few to judge: {', '.join(small)}.")
    return said


def _told(each: GroupFigures) -> str:
    fewest, most = (percent(Fraction(100 * end, each.due)) for end in (each.limits.fewest, each.limits.most))
    beyond = f"below {fewest}" if each.place is Place.BELOW else f"above {most}"
    return (
        f"{each.group.name}: {each.met:,} of {each.due:,} in time, {percent(each.percentage)}, against "
        f"{percent(each.of_others)} of all the others. Chance alone would hardly go {beyond}."
    )


def basis(found: Comparison) -> list[str]:
    """How the groups are judged, how many comparisons that makes, and what to beware of."""
    said = [found.dimension.note]
    if not found.judged:
        return said
    made = count_of(len(found.judged), "comparison", "comparisons")
    together = ""
    if found.looks_together:
        together = (
            f" The {found.dimension.many} are also looked at together: they differ when chance alone would spread them "
            "so far less than once in a hundred times."
        )
    wrong = _at_most(BOTH_TAILS * len(found.judged) + (TOGETHER if found.looks_together else 0))
    one = found.dimension.one
    said.append(
        f"Each {one} with at least {FEWEST_DUE} clocks due is compared with all the others together, and none is "
        f"ranked: {made}. A {one} lies apart when chance alone would take it so far to that side less than once in a "
        f"thousand times (99.8 % limits, exact).{together} The chance that any of this shows a difference where there "
        f"is none is at most {wrong}."
    )
    average = round((1 - CONFIDENCE) * len(found.judged), 1)
    missing = found.missing_the_whole
    misses = (
        f"Here {len(missing)} do not reach the line of the whole ({', '.join(each.group.name for each in missing)}), "
        "which is no finding by itself."
        if missing
        else "Here every one reaches the line of the whole."
    )
    said.append(
        "The intervals are Wilson's at 95 %: one in twenty such intervals misses by chance alone, of these "
        f"{len(found.judged)} about {average}. {misses}"
    )
    if not all(each.group.is_known for each in found.groups):
        said.append(
            f"The clocks whose {one} is not known count in the whole, but are not among the others, and are not judged."
        )
    said.append(
        "Brothers and sisters are often decided together, so that chance reaches further than these limits. Groups "
        "differ in their children as well as in the work: a difference says where to ask, not why."
    )
    return said


def whole_words(found: Comparison) -> str:
    """49 %, 28 of 57 decided or overdue; empty without a limit."""
    if not found.has_claim:
        return ""
    if not found.whole["due"]:
        return f"{percent(None)}: nobody has been decided or is overdue"
    return f"{percent(found.percentage)}, {found.whole['met']:,} of {found.whole['due']:,} decided or overdue"


def interval_words(interval: Interval | None) -> str:
    """48 % to 74 %; empty where nothing is due."""
    if interval is None:
        return ""
    return f"{percent(_share(interval.low))} to {percent(_share(interval.high))}"


def chance_words(each: GroupFigures) -> str:
    """What chance alone would make of a group as large, as percentages."""
    if each.limits is None:
        return ""
    fewest, most = (percent(Fraction(100 * end, each.due)) for end in (each.limits.fewest, each.limits.most))
    return f"{fewest} to {most}"


def chart_words(each: GroupFigures, *, has_claim: bool) -> str:
    """One group's small chart in words."""
    decided = len(decided_in_order(each.group.rows))
    said = "Nobody decided"
    if decided == 1:
        said = f"1 decided, after {weeks(each.group.median_days)}"
    elif decided:
        said = f"{decided:,} decided, half of them within {weeks(each.group.median_days)}"
    overdue = each.counts["overdue"]
    waiting = each.counts["waiting"] + overdue
    if not waiting:
        return f"{said}; nobody still waiting."
    late = f", {overdue:,} of them overdue" if overdue else ", none of them overdue" if has_claim else ""
    return f"{said}; {waiting:,} still waiting{late}."


def _share(part: float) -> Fraction:
    return 100 * Fraction(part)


def _at_most(chance: float) -> str:
    """A chance as per cent to one decimal, never more than certain."""
    return f"{min(100 * Decimal(str(round(chance, 6))), Decimal(100)).normalize():f} %"
