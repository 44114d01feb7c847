"""The chance of a decision within some more days: the cumulative incidence of those who still wait."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.time_to_decision import Wait, chances_within, cumulative_incidence, kaplan_meier, reweighted_chances_within

ENDS = ("decided", "left")
waits_from_the_start = st.lists(
    st.builds(Wait, days=st.integers(0, 25), ended=st.sampled_from([*ENDS, None])), min_size=1, max_size=30
)


def chance(waits, span, of="decided"):
    (found,) = chances_within(waits, [span], of=[of])
    return found[of]


def test_half_of_those_who_still_wait_are_decided_next():
    waits = [Wait(5, "decided"), Wait(10, "decided"), Wait(20, "decided")]
    assert chance(waits, (5, 10)) == pytest.approx(1 / 2)


def test_the_day_reached_is_over_and_the_last_day_counts():
    waits = [Wait(5, "decided"), Wait(20)]
    assert chance(waits, (5, 20)) == 0
    assert chance(waits, (4, 5)) == pytest.approx(1 / 2)


def test_who_leaves_is_no_longer_there_to_be_decided():
    waits = [Wait(3, "left"), Wait(6, "decided")]
    assert chance(waits, (0, 6)) == pytest.approx(1 / 2)
    assert chance(waits, (0, 6), of="left") == pytest.approx(1 / 2)


def test_no_time_left_is_no_chance():
    assert chance([Wait(5, "decided")], (7, 7)) == 0
    assert chance([Wait(5, "decided")], (7, 3)) == 0


def test_days_that_nobody_was_seen_to_wait_bring_nobody_a_decision():
    assert chance([Wait(5, "decided")], (10, 30)) == 0


def test_who_was_counted_only_after_some_days_does_not_make_those_days_look_slow():
    early = [Wait(2, "decided"), Wait(10)]
    late = [Wait(30, unseen=9)] * 8
    assert chance(early + late, (0, 5)) == pytest.approx(1 / 2)
    assert chance(early + [Wait(30)] * 8, (0, 5)) == pytest.approx(1 / 10)


@settings(deadline=None)
@given(waits_from_the_start, st.integers(0, 25), st.integers(0, 30))
def test_it_is_the_increase_of_the_cumulative_incidence_among_those_who_still_wait(waits, so_far, more):
    pairs = [(wait.days, wait.ended) for wait in waits]
    left_waiting = kaplan_meier([(days, end is not None) for days, end in pairs]).share_at(so_far)
    if not left_waiting:
        return
    for of in ENDS:
        curve = cumulative_incidence(pairs, of=of)
        increase = (curve.share_at(so_far + more) - curve.share_at(so_far)) / left_waiting
        assert chance(waits, (so_far, so_far + more), of) == pytest.approx(increase, abs=1e-9)


@settings(deadline=None)
@given(waits_from_the_start)
def test_the_chances_of_all_ends_never_exceed_one(waits):
    for each in chances_within(waits, [(0, 10), (3, 25)], of=ENDS):
        assert -1e-12 <= sum(each.values()) <= 1 + 1e-12


def test_weighted_anew_the_chances_scatter_about_the_estimate_by_its_own_error():
    waits = [Wait(5, "decided")] * 60 + [Wait(5, "left")] * 40 + [Wait(9)] * 100
    (found,) = reweighted_chances_within(waits, [(0, 5)], of=["decided"], draws=4000, random=np.random.default_rng(1))
    assert found["decided"].mean() == pytest.approx(0.3, abs=0.003)
    # The Bayesian bootstrap of a share of n has the variance p (1 - p) / (n + 1).
    assert found["decided"].std() == pytest.approx((0.3 * 0.7 / 201) ** 0.5, rel=0.05)


def test_weighted_anew_by_the_same_seed_the_chances_are_the_same_in_whatever_order_the_waits_come():
    waits = [Wait(3, "decided"), Wait(4, "left"), Wait(6, "decided"), Wait(8)]

    def drawn(order):
        random = np.random.default_rng(7)
        return reweighted_chances_within(order, [(0, 7)], of=["decided"], draws=50, random=random)[0]["decided"]

    assert (drawn(waits) == drawn(waits[::-1])).all()
