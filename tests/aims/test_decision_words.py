"""The words for the time to decision and for what an aim can still become."""

from fractions import Fraction

import pytest

from aims.decision_words import (
    beside_target,
    difference_words,
    median_words,
    prospect_heading,
    started_words,
    stopped_words,
    which_must,
)
from aims.prospect import prospect
from aims.time_to_decision import LogRank, kaplan_meier
from tests.aims.storytelling import aim, court_aim, panel_aim
from tests.aims.test_prospect import DECIDED_IN_TIME, DUE_AFTER, DUE_BEFORE, OVERDUE, figures_of, outlook, timed


def curve(*weeks: int):
    """Children decided after so many weeks; a negative number of weeks still waits."""
    return kaplan_meier([(7 * abs(week), week > 0) for week in weeks])


def test_a_median_has_its_interval_in_weeks():
    assert median_words(curve(*range(1, 13))) == "within 6.5 weeks (95 % interval 2.0 to 10.0)"


def test_an_interval_without_an_upper_end_says_or_more():
    assert median_words(curve(1, 2, 3, 4, 5, -6, -6, -6, -6, 7)) == "within 6.0 weeks (95 % interval 1.0 or more)"


def test_a_median_of_children_all_decided_on_one_day_has_no_interval():
    assert median_words(curve(3, 3, 3)) == "within 3.0 weeks (all on one day, so no interval can be given)"


@pytest.mark.parametrize(
    ("definition", "started", "stopped"),
    [
        (aim(), "who became accommodated", "had a recommendation"),
        (aim(stop_event=["PLAN_AGREED"]), "who became accommodated", "had a recommendation"),
        (aim(stop_event=["PERM_REC", "PERM_DECISION"]), "who became accommodated", "were decided"),
        (panel_aim(), "who were recommended for permanence", "were presented to panel"),
        (court_aim(), "whose plan was approved", "had the application lodged in court"),
        (aim(start_event="LEGAL_ADVICE_REQ", stop_event=["LEGAL_ADVICE_REC"]), "whose clock started", "were decided"),
    ],
)
def test_an_aim_s_events_are_said_as_what_happened_to_children(definition, started, stopped):
    assert (started_words(definition), stopped_words(definition)) == (started, stopped)


@pytest.mark.parametrize(
    ("chance", "times"), [(0.0653, "about 7 of 100"), (0.5, "about 50 of 100"), (0.014, "fewer than 2 of 100")]
)
def test_a_difference_is_set_beside_what_chance_alone_would_show(chance, times):
    assert f"With no change at all, {times} such comparisons" in difference_words(LogRank(1.0, chance))


def test_groups_that_cannot_be_compared_are_not():
    assert difference_words(None) == ""


@pytest.mark.parametrize(
    ("percentage", "target", "shown"),
    [
        (Fraction(7496, 100), 75, "74.96 %"),
        (Fraction(749999, 10000), 75, "74.99 %"),
        (Fraction(75), 75, "75 %"),
        (Fraction(744, 10), 75, "74 %"),
        (Fraction(7496, 100), None, "75 %"),
        (None, 75, "no data"),
    ],
)
def test_a_percentage_short_of_the_target_does_not_look_like_it(percentage, target, shown):
    assert beside_target(percentage, None if target is None else Fraction(target)) == shown


@pytest.mark.parametrize(
    ("clocks", "heading", "which"),
    [
        ([DUE_BEFORE] * 4, "Of the 4 children still waiting in time, 3 must be decided in time", "Any 3 will do."),
        ([DUE_BEFORE], "The one child still waiting must be decided in time", ""),
        ([OVERDUE, *[DUE_BEFORE] * 3], "All 3 children still waiting must be decided in time", ""),
        (
            [OVERDUE, DUE_BEFORE, *[DUE_AFTER] * 3],
            "Of the 4 children still waiting in time, 3 must be decided in time",
            "The one who falls due before 6 July 2020, and 2 of the others.",
        ),
        (
            [OVERDUE, *[DUE_BEFORE] * 2, *[DUE_AFTER] * 3],
            "Of the 5 children still waiting in time, 3 must be decided in time",
            "Both of those who fall due before 6 July 2020, and 1 of the others.",
        ),
        ([DECIDED_IN_TIME], "Those counted so far reach the target of 75 %", ""),
        ([OVERDUE, DUE_BEFORE], "Those counted so far can no longer reach the target of 75 %: at best 50 %", ""),
        ([(100, None, 20)], "Nobody counts in the percentage yet, and nobody waits", ""),
    ],
)
def test_the_heading_says_what_it_takes_and_of_whom(clocks, heading, which):
    found = outlook(*clocks)
    assert prospect_heading(found).startswith(heading)
    assert which_must(found) == which


def test_without_a_target_the_heading_gives_the_bounds():
    without = prospect(figures_of(timed(target_pct=None), [OVERDUE, DUE_BEFORE]))
    assert prospect_heading(without) == "By 6 July 2020: at worst 0 %, at best 50 %"
    nobody_yet = prospect(figures_of(timed(target_pct=None), [DUE_AFTER]))
    assert prospect_heading(nobody_yet) == "By 6 July 2020: at worst no data, at best 100 %"
