"""What all aims of an authority say together: the sentence at the head of the pages that show every one of them."""

from collections.abc import Sequence

from aims.compliance import Measured
from milestones.clocks.states import State
from pace_site.look.words import children, count_of

# Verdicts as they are counted, in the order of the sentence; whatever has no target is in none of them.
GROUPS = (
    ({"met"}, "was met", "were met"),
    ({"not_met"}, "was not met", "were not met"),
    ({"on_course"}, "is on course", "are on course"),
    ({"off_course"}, "is off course", "are off course"),
    ({"too_early", "no_data"}, "cannot be judged yet", "cannot be judged yet"),
)


def headline_of_all(aims: Sequence[Measured], *, is_part: bool, counts_children: bool) -> str:
    """How many aims reach their target, and how many children are overdue; empty without an aim.

    `is_part`: figures of a part of the authority, whose targets are not judged by it. Only with `counts_children` is a
    child counted once over all aims: how far two aims speak of the same children is told to nobody who may not open
    them, nor to a room. Without it everything said can be read off the figures of the single aims.
    """
    if not aims:
        return ""
    parts = [] if is_part else [_targets([each.verdict for each in aims])]
    parts.append(_overdue(aims, counts_children=counts_children))
    said = "; ".join(filter(None, parts))
    return said[0].upper() + said[1:]


def _targets(verdicts: Sequence[str]) -> str:
    """ "Of 9 aims with a target, 1 was met and 8 are off course"; empty where none has one."""
    counted = [
        (sum(verdict in group for verdict in verdicts), one, many)
        for group, one, many in GROUPS
        if not group.isdisjoint(verdicts)
    ]
    whole = sum(count for count, _one, _many in counted)
    if not whole:
        return ""
    if len(counted) == 1:
        _count, one, many = counted[0]
        which = {1: "the one aim", 2: "both aims"}.get(whole, f"all {whole} aims")
        return f"{which} with a target {one if whole == 1 else many}"
    *before, last = (f"{count} {one if count == 1 else many}" for count, one, many in counted)
    return f"of {whole} aims with a target, {', '.join(before)} and {last}"


def _overdue(aims: Sequence[Measured], *, counts_children: bool) -> str:
    claiming = [each.now for each in aims if each.now.definition.has_claim]
    if not claiming:
        return "no limit is set yet, so nobody can be late"
    late = [figures.outcomes for figures in claiming if figures.counts[State.OVERDUE]]
    if not late:
        return "nobody is overdue"
    if not counts_children:
        return f"children are overdue for {count_of(len(late), 'aim', 'aims')}"
    who = set[int]().union(*(outcomes.child_ids(State.OVERDUE) for outcomes in late))
    overdue = f"{children(len(who))} {'is' if len(who) == 1 else 'are'} overdue"
    return overdue if len(claiming) == 1 else f"{overdue} for one aim or more"
