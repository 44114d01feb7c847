"""Percentages, maturity and verdicts (`domain.md` 4.4 and 4.6)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from aims.compliance import two_decimals
from tests.aims.storytelling import accommodated, aim, recommended


def decided(count: int, *, late: int = 0, prefix: str = "D"):
    on_time = [accommodated("2018-01-01", recommended("2018-03-01"), ref=f"{prefix}{n}") for n in range(count)]
    tardy = [accommodated("2018-01-01", recommended("2018-08-01"), ref=f"{prefix}L{n}") for n in range(late)]
    return [*on_time, *tardy]


def test_both_percentages_come_from_the_counts(measure_children):
    overdue = [accommodated("2018-01-01", ref=f"O{n}") for n in range(4)]
    waiting = [accommodated("2018-06-01", ref=f"W{n}") for n in range(7)]
    now = measure_children(aim(), *decided(20, late=1), *overdue, *waiting, as_at="2018-11-01").now
    assert (now.pct_decided, now.pct_decided_or_overdue) == (Fraction(2000, 21), 80)
    assert (now.pct_worst, now.pct_best) == (Fraction(125, 2), Fraction(675, 8))


def test_nobody_to_count_is_no_data_and_never_nought_or_a_hundred_percent(measure_children):
    now = measure_children(aim(), as_at="2018-11-01").now
    assert (now.pct_decided, now.pct_decided_or_overdue, now.pct_worst, now.pct_best) == (None, None, None, None)
    assert now.verdict == "no_data"


def test_a_child_who_left_undecided_counts_in_the_stricter_percentage_only(measure_children):
    left = accommodated("2018-01-01", left="2018-08-01", ref="LEFT")
    now = measure_children(aim(), *decided(1), left, as_at="2018-11-01").now
    assert (now.pct_decided, now.pct_decided_or_overdue) == (100, 50)
    assert now.counts["left_undecided"] == 1


def test_a_child_counts_once_a_spell_and_a_family_once(measure_children):
    siblings = [accommodated("2018-01-01", ref=f"S{n}", family="F1") for n in range(2)]
    alone = [accommodated("2018-01-01", ref=f"A{n}") for n in range(2)]
    outcomes = measure_children(aim(), *siblings, *alone, as_at="2018-03-01").now.outcomes
    assert (outcomes.clock_count, outcomes.child_count, outcomes.family_count) == (4, 4, 3)


def test_a_draft_without_a_limit_claims_no_percentage(measure_children):
    now = measure_children(aim(limit="X", target_pct="X"), *decided(2), as_at="2018-11-01").now
    assert (now.pct_decided, now.pct_best, now.verdict) == (None, None, "no_target")
    assert [row.days for row in now.outcomes.rows] == [59, 59]


class TestMaturity:
    CASES = [
        ("2018-07-01", "too_early"),
        ("2018-07-02", "maturing"),
        ("2018-12-30", "maturing"),
        ("2018-12-31", "mature"),
    ]

    @pytest.mark.parametrize(("as_at", "maturity"), CASES)
    def test_it_ripens_with_the_first_due_date_and_the_by_date(self, measure_children, as_at, maturity):
        definition = aim(from_date="2018-01-01", by_date="2018-12-31")
        assert measure_children(definition, *decided(1), as_at=as_at).now.maturity == maturity

    def test_a_rolling_aim_is_mature_when_nobody_waits_in_time(self, measure_children):
        definition = aim(from_date="2018-01-01")
        assert measure_children(definition, *decided(1), as_at="2018-08-01").now.maturity == "mature"


class TestVerdict:
    def verdict(self, measure_children, *histories, as_at, **changes):
        definition = aim(from_date="2018-01-01", by_date="2018-12-31", **changes)
        return measure_children(definition, *histories, as_at=as_at).verdict

    def test_too_early_before_any_child_could_be_late(self, measure_children):
        assert self.verdict(measure_children, *decided(1), as_at="2018-06-01") == "too_early"

    def test_on_and_off_course_before_the_by_date(self, measure_children):
        assert self.verdict(measure_children, *decided(4, late=1), as_at="2018-10-01") == "on_course"
        assert self.verdict(measure_children, *decided(3, late=1, prefix="E"), as_at="2018-10-01", target_pct=90) == (
            "off_course"
        )

    def test_the_target_is_compared_unrounded(self, measure_children):
        # 79.6 % would round to the target of 80 %.
        assert self.verdict(measure_children, *decided(39, late=10), as_at="2018-12-31") == "not_met"

    def test_after_the_by_date_the_aim_is_judged_as_at_the_by_date(self, measure_children):
        waiting = accommodated("2018-08-01", ref="W")
        definition = aim(from_date="2018-01-01", by_date="2018-12-31")
        measured = measure_children(definition, *decided(4), waiting, as_at="2019-06-01")
        assert (measured.now.counts["OVERDUE"], measured.at_by_date.counts["WAITING"]) == (1, 1)
        assert measured.verdict == "met"

    @pytest.mark.parametrize("as_at", ["2018-12-31", "2019-03-01"])
    def test_a_backlog_is_not_met_while_somebody_still_waits_on_the_deadline(self, measure_children, as_at):
        backlog = aim(
            kind="deadline",
            limit=None,
            before_date="2018-02-01",
            deadline="2018-12-31",
            by_date="2018-12-31",
            target_pct=100,
        )
        waiting = accommodated("2018-01-01", ref="W")
        assert measure_children(backlog, *decided(4, late=0), waiting, as_at=as_at).verdict == "not_met"

    def test_there_is_no_second_figure_until_the_by_date_has_passed(self, measure_children):
        definition = aim(from_date="2018-01-01", by_date="2018-12-31")
        assert measure_children(definition, *decided(1), as_at="2018-12-31").at_by_date is None


@pytest.mark.parametrize(
    ("exact", "shown"), [(Fraction(2000, 21), 95.24), (Fraction(675, 8), 84.38), (Fraction(1, 200), 0.01), (None, None)]
)
def test_percentages_round_half_up_to_two_decimals(exact, shown):
    assert two_decimals(exact) == shown


def test_an_outcome_depends_only_on_what_happened_up_to_the_day(measure_children):
    history = accommodated("2018-01-01", recommended("2018-08-01"), left="2018-09-01")
    measured = measure_children(aim(), history, as_at="2018-12-31").now.outcomes
    assert measured.rows[0].stop == date(2018, 1, 1) + timedelta(days=212)
