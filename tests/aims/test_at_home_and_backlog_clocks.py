"""Children at home on a supervision order, and backlog aims with one deadline (`design.md` 3, `domain.md` 4.8, 4.9)."""

from datetime import date

import pytest

from milestones.clocks.states import State
from tests.aims.storytelling import accommodated, aim, child, event, foster, home, looked_after, order, recommended


def at_home(start: str, *parts, end: str | None = None, **more):
    return child(looked_after(start, end), home(start, end), order("CSO", start, end), *parts, **more)


def national_1(**changes):
    return aim(
        **{"start_event": "AT_HOME_CSO_START", "stop_event": ["PLAN_REVIEW_2Y"], "limit": "24 months", **changes}
    )


def moray_1(**changes):
    plain = {
        "kind": "deadline",
        "start_event": "AT_HOME_2Y",
        "stop_event": ["AT_HOME_AUDIT"],
        "limit": None,
        "threshold": "24 months",
        "strict": True,
        "from_date": "2018-06-01",
        "by_date": "2018-09-30",
        "deadline": "2018-09-30",
    }
    return aim(**{**plain, **changes})


class TestAtHomeSpells:
    def test_the_clock_starts_on_the_later_of_placement_and_order(self, clock):
        history = child(looked_after("2018-01-01"), home("2018-01-01"), order("CSO", "2018-02-01"))
        assert clock(national_1(), history, as_at="2018-04-01").start == date(2018, 2, 1)

    @pytest.mark.parametrize("code", ["ICSO", "CSO_SECURE", "S25"])
    def test_another_measure_is_no_supervision_order_at_home(self, clocks, code):
        history = child(looked_after("2018-01-01"), home("2018-01-01"), order(code, "2018-01-01"))
        assert clocks(national_1(), history, as_at="2018-04-01") == ()

    def test_an_order_that_follows_within_one_day_continues_the_spell(self, clocks):
        history = child(
            looked_after("2018-01-01"),
            home("2018-01-01"),
            order("CSO", "2018-01-01", "2018-02-01"),
            order("CSO", "2018-02-02"),
        )
        assert [row.start for row in clocks(national_1(), history, as_at="2018-04-01")] == [date(2018, 1, 1)]

    def test_an_order_that_follows_two_days_later_begins_a_new_spell(self, clocks):
        history = child(
            looked_after("2018-01-01"),
            home("2018-01-01"),
            order("CSO", "2018-01-01", "2018-02-01"),
            order("CSO", "2018-02-03"),
        )
        rows = clocks(national_1(), history, as_at="2018-04-01")
        assert [row.start for row in rows] == [date(2018, 1, 1), date(2018, 2, 3)]

    def test_a_home_placement_that_follows_another_within_one_day_continues_the_spell(self, clocks):
        history = child(
            looked_after("2018-01-01"),
            home("2018-01-01", "2018-02-01"),
            home("2018-02-02"),
            order("CSO", "2018-01-01"),
        )
        assert len(clocks(national_1(), history, as_at="2018-04-01")) == 1

    def test_being_accommodated_ends_the_spell(self, clock):
        history = child(
            looked_after("2018-01-01"),
            home("2018-01-01", "2018-03-01"),
            foster("2018-03-01"),
            order("CSO", "2018-01-01"),
        )
        row = clock(national_1(), history, as_at="2018-04-01")
        assert (row.state, row.exit, row.exit_reason) == (State.EXITED, date(2018, 3, 1), "AT_HOME_END")

    def test_the_end_of_the_order_ends_the_spell(self, clock):
        history = child(looked_after("2018-01-01"), home("2018-01-01"), order("CSO", "2018-01-01", "2018-03-01"))
        assert clock(national_1(), history, as_at="2018-04-01").exit == date(2018, 3, 1)

    def test_a_recorded_return_home_does_not_end_the_time_at_home(self, clock):
        history = at_home("2018-01-01", event("RETURN_HOME", "2018-01-01"))
        assert clock(national_1(), history, as_at="2018-04-01").state is State.WAITING

    def test_a_review_of_the_plan_stops_the_clock(self, clock):
        history = at_home("2016-01-01", event("PLAN_REVIEW_2Y", "2018-01-01"))
        row = clock(national_1(), history, as_at="2018-04-01")
        assert (row.state, row.due) == (State.MET, date(2018, 1, 1))


class TestTwoYearsAtHome:
    def test_more_than_two_years_begins_the_day_after_two_years(self, clock):
        row = clock(moray_1(), at_home("2016-06-01"), as_at="2018-07-01")
        assert (row.start, row.due, row.state) == (date(2018, 6, 2), date(2018, 9, 30), State.WAITING)

    def test_for_two_years_begins_on_the_day(self, clock):
        assert clock(moray_1(strict=False), at_home("2016-06-01"), as_at="2018-07-01").start == date(2018, 6, 1)

    def test_who_left_home_before_two_years_has_no_clock(self, clocks):
        assert clocks(moray_1(), at_home("2016-06-01", end="2018-06-01"), as_at="2018-07-01") == ()

    def test_the_rolling_population_takes_who_is_over_on_any_day_of_the_window(self, clocks):
        histories = [
            at_home("2015-01-01", ref="LONG-OVER"),
            at_home("2016-09-29", ref="LAST-DAY"),
            at_home("2016-09-30", ref="TOO-LATE"),
            at_home("2015-01-01", end="2018-05-31", ref="GONE-BEFORE"),
        ]
        rows = clocks(moray_1(), *histories, as_at="2018-12-01")
        assert [row.child_ref for row in rows] == ["LONG-OVER", "LAST-DAY"]

    def test_the_snapshot_population_takes_who_is_over_on_the_from_date_only(self, clocks):
        histories = [at_home("2016-05-31", ref="OVER"), at_home("2016-06-01", ref="NEXT-DAY")]
        rows = clocks(moray_1(population="snapshot"), *histories, as_at="2018-12-01")
        assert [row.child_ref for row in rows] == ["OVER"]

    def test_an_audit_after_the_deadline_is_missed(self, clock):
        history = at_home("2015-01-01", event("AT_HOME_AUDIT", "2018-10-01"))
        assert clock(moray_1(), history, as_at="2018-12-01").state is State.MISSED


class TestBacklog:
    DEFINITION = {
        "kind": "deadline",
        "limit": None,
        "deadline": "2017-10-31",
        "before_date": "2017-04-01",
        "by_date": "2017-10-31",
    }

    def backlog(self):
        return aim(**self.DEFINITION)

    def test_who_was_accommodated_before_the_date_is_due_at_the_deadline(self, clock):
        row = clock(self.backlog(), accommodated("2017-03-31"), as_at="2017-10-31")
        assert (row.state, row.due) == (State.WAITING, date(2017, 10, 31))

    def test_after_the_deadline_they_are_overdue(self, clock):
        assert clock(self.backlog(), accommodated("2017-03-31"), as_at="2017-11-01").state is State.OVERDUE

    def test_who_was_accommodated_on_the_date_is_no_backlog(self, clocks):
        assert clocks(self.backlog(), accommodated("2017-04-01"), as_at="2017-11-01") == ()

    def test_who_was_decided_before_the_date_is_no_backlog(self, clocks):
        history = accommodated("2016-01-01", recommended("2017-03-31"))
        assert clocks(self.backlog(), history, as_at="2017-11-01") == ()

    def test_who_was_decided_on_the_date_counts(self, clock):
        history = accommodated("2016-01-01", recommended("2017-04-01"))
        assert clock(self.backlog(), history, as_at="2017-11-01").state is State.MET

    def test_who_left_before_the_date_is_no_backlog(self, clocks):
        assert clocks(self.backlog(), accommodated("2016-01-01", left="2017-03-31"), as_at="2017-11-01") == ()

    def test_who_came_from_another_authority_after_the_date_is_no_backlog(self, clocks):
        arrival = event("LA_TRANSFER_IN", "2017-05-01", first_accommodated_on=date(2016, 1, 1))
        assert clocks(self.backlog(), accommodated("2017-05-01", arrival), as_at="2017-11-01") == ()
