"""The sentence that all aims make together, and when it counts a child once over several of them."""

from aims.aims_together import headline_of_all
from aims.compliance import Measured
from tests.aims.made_up_clocks import AS_AT, figures_of
from tests.aims.storytelling import aim

IN_TIME, LATE, OVERDUE, WAITING = (100, 30, None), (100, 80, None), (100, None, None), (10, None, None)


def measured(*clocks, judged_on="2020-12-31", **changes) -> Measured:
    """An aim of made-up clocks; the first of each aim is the same child."""
    definition = aim(**{"limit": "10 weeks", "by_date": judged_on, "target_pct": 75, **changes})
    return Measured(now=figures_of(definition, clocks), at_by_date=None)


def said_of(*aims, is_part=False, counts_children=True) -> str:
    return headline_of_all(aims, is_part=is_part, counts_children=counts_children)


def test_it_counts_the_aims_by_what_became_of_their_targets_and_the_children_once():
    judged = AS_AT.isoformat()
    aims = [
        measured(IN_TIME, judged_on=judged),
        measured(OVERDUE, LATE, judged_on=judged),
        measured(OVERDUE, OVERDUE),
        measured(IN_TIME),
        measured(WAITING),
        measured(WAITING, limit="X", target_pct="X", judged_on="X"),
    ]
    targets = (
        "Of 5 aims with a target, 1 was met, 1 was not met, 1 is on course, 1 is off course and 1 cannot be judged yet"
    )
    assert said_of(*aims) == f"{targets}; 2 children are overdue for one aim or more"


def test_whoever_may_not_open_the_children_is_not_told_how_far_two_aims_speak_of_the_same():
    same, others = measured(OVERDUE), measured(WAITING, OVERDUE)
    together = [said_of(measured(OVERDUE), each, counts_children=False) for each in (same, others)]
    assert together == ["Both aims with a target are off course; children are overdue for 2 aims"] * 2


def test_targets_of_the_authority_are_not_judged_by_a_part_of_it():
    assert said_of(measured(OVERDUE), is_part=True) == "1 child is overdue"
    assert said_of(measured(WAITING), is_part=True) == "Nobody is overdue"


def test_without_a_limit_nobody_can_be_late():
    assert said_of(measured(WAITING, limit="X", target_pct="X")) == "No limit is set yet, so nobody can be late"
    assert said_of() == ""
