"""Spells away from home, their exits and their stops: each clause of `design.md` 3 with a child that breaks only it."""

from datetime import date

import pytest

from milestones.clocks.states import State
from tests.aims.storytelling import (
    accommodated,
    aim,
    child,
    event,
    foster,
    home,
    looked_after,
    placed,
    recommended,
)

# 26 weeks from 1 January 2018 is 2 July 2018.
DUE = "2018-07-02"


class TestStates:
    def test_a_recommendation_on_the_due_day_is_met(self, clock):
        row = clock(aim(), accommodated("2018-01-01", recommended(DUE)), as_at="2018-12-31")
        assert (row.state, row.due, row.days) == (State.MET, date(2018, 7, 2), 182)

    def test_a_recommendation_a_day_later_is_missed(self, clock):
        row = clock(aim(), accommodated("2018-01-01", recommended("2018-07-03")), as_at="2018-12-31")
        assert (row.state, row.left_undecided) == (State.MISSED, False)

    def test_a_child_waits_in_time_on_the_due_day(self, clock):
        assert clock(aim(), accommodated("2018-01-01"), as_at=DUE).state is State.WAITING

    def test_a_child_is_overdue_the_day_after(self, clock):
        row = clock(aim(), accommodated("2018-01-01"), as_at="2018-07-03")
        assert (row.state, row.waited) == (State.OVERDUE, 183)

    def test_a_child_who_leaves_on_the_due_day_has_exited_in_time(self, clock):
        row = clock(aim(), accommodated("2018-01-01", left=DUE), as_at="2018-12-31")
        assert (row.state, row.exit_reason) == (State.EXITED, "LAC_END")

    def test_a_child_who_leaves_undecided_after_the_limit_counts_as_missed(self, clock):
        row = clock(aim(), accommodated("2018-01-01", left="2018-07-03"), as_at="2018-12-31")
        assert (row.state, row.left_undecided) == (State.MISSED, True)

    def test_leaving_late_never_improves_an_overdue_child(self, measure_children):
        history = accommodated("2018-01-01", left="2018-09-01")
        figures = measure_children(aim(), history, as_at="2018-12-31").now
        assert (figures.decided, figures.decided_or_overdue, figures.met) == (0, 1, 0)

    def test_what_happens_after_the_day_asked_is_not_known_yet(self, clock):
        history = accommodated("2018-01-01", recommended("2018-05-01"), left="2018-06-01")
        row = clock(aim(), history, as_at="2018-04-30")
        assert (row.state, row.stop, row.exit) == (State.WAITING, None, None)

    def test_a_child_accommodated_after_the_day_asked_has_no_clock(self, clocks):
        assert clocks(aim(), accommodated("2018-01-02"), as_at="2018-01-01") == ()


class TestSpells:
    def test_a_move_between_foster_and_residential_care_does_not_restart_the_clock(self, clock):
        history = child(looked_after("2018-01-01"), foster("2018-01-01", "2018-03-01"), placed("RES_LA", "2018-03-01"))
        assert clock(aim(), history, as_at="2018-04-01").start == date(2018, 1, 1)

    def test_a_gap_between_placements_does_not_end_the_spell(self, clock):
        history = child(looked_after("2018-01-01"), foster("2018-01-01", "2018-02-01"), foster("2018-03-01"))
        assert clock(aim(), history, as_at="2018-04-01").start == date(2018, 1, 1)

    def test_the_clock_starts_with_the_first_placement_away_and_not_with_the_episode(self, clock):
        history = child(looked_after("2018-01-01"), home("2018-01-01", "2018-02-01"), foster("2018-02-01"))
        assert clock(aim(), history, as_at="2018-04-01").start == date(2018, 2, 1)

    def test_a_short_break_never_starts_a_clock(self, clocks):
        history = child(looked_after("2018-01-01"), home("2018-01-01"), foster("2018-02-01", short_break=True))
        assert clocks(aim(), history, as_at="2018-04-01") == ()

    def test_a_short_break_at_home_does_not_end_the_spell(self, clock):
        history = child(
            looked_after("2018-01-01"),
            foster("2018-01-01"),
            home("2018-02-01", "2018-02-03", short_break=True),
        )
        assert clock(aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_a_placement_at_home_ends_the_spell(self, clock):
        history = child(looked_after("2018-01-01"), foster("2018-01-01", "2018-03-01"), home("2018-03-01"))
        row = clock(aim(), history, as_at="2018-04-01")
        assert (row.state, row.exit, row.exit_reason) == (State.EXITED, date(2018, 3, 1), "RETURN_HOME")

    def test_a_recorded_return_home_counts_like_a_placement_at_home(self, clock):
        history = accommodated("2018-01-01", event("RETURN_HOME", "2018-03-01"))
        row = clock(aim(), history, as_at="2018-04-01")
        assert (row.exit, row.exit_reason) == (date(2018, 3, 1), "RETURN_HOME")

    def test_a_return_home_without_its_exact_day_ends_nothing(self, clock):
        history = accommodated("2018-01-01", event("RETURN_HOME", "2018-03-01", precision="month"))
        assert clock(aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_coming_back_after_a_return_home_is_a_new_spell_with_a_new_clock(self, clocks):
        history = child(
            looked_after("2018-01-01"),
            foster("2018-01-01", "2018-02-01"),
            home("2018-02-01", "2018-03-01"),
            foster("2018-03-01"),
        )
        rows = clocks(aim(), history, as_at="2018-04-01")
        assert [row.start for row in rows] == [date(2018, 1, 1), date(2018, 3, 1)]

    def test_a_new_episode_is_a_new_spell_even_without_a_day_between(self, clocks):
        history = child(
            looked_after("2018-01-01", "2018-02-01"),
            looked_after("2018-02-01"),
            foster("2018-01-01", "2018-02-01"),
            foster("2018-02-01"),
        )
        rows = clocks(aim(), history, as_at="2018-04-01")
        assert [(row.start, row.exit_reason) for row in rows] == [(date(2018, 1, 1), "LAC_END"), (date(2018, 2, 1), "")]

    def test_a_placement_dated_a_day_before_its_episode_still_starts_the_clock_with_the_episode(self, clock):
        history = child(looked_after("2018-01-02"), foster("2018-01-01"))
        assert clock(aim(), history, as_at="2018-04-01").start == date(2018, 1, 2)

    def test_the_first_accommodation_ever_is_the_only_clock_when_the_aim_says_so(self, clocks):
        history = child(
            looked_after("2017-01-01", "2017-02-01"),
            foster("2017-01-01", "2017-02-01"),
            looked_after("2018-01-01"),
            foster("2018-01-01"),
        )
        rows = clocks(aim(accommodation_basis="first_ever"), history, as_at="2018-04-01")
        assert [row.start for row in rows] == [date(2017, 1, 1)]


class TestExits:
    @pytest.mark.parametrize("kind", ["LA_TRANSFER_OUT", "DEATH"])
    def test_a_transfer_out_or_a_death_ends_the_clock(self, clock, kind):
        row = clock(aim(), accommodated("2018-01-01", event(kind, "2018-03-01")), as_at="2018-04-01")
        assert (row.state, row.exit, row.exit_reason) == (State.EXITED, date(2018, 3, 1), kind)

    def test_a_transfer_out_of_an_earlier_spell_does_not_end_a_later_one(self, clocks):
        history = child(
            looked_after("2017-01-01", "2017-03-01"),
            foster("2017-01-01", "2017-03-01"),
            event("LA_TRANSFER_OUT", "2017-03-01"),
            looked_after("2018-01-01"),
            foster("2018-01-01"),
        )
        assert clocks(aim(), history, as_at="2018-04-01")[1].state is State.WAITING

    def test_the_eighteenth_birthday_ends_the_clock(self, clock):
        row = clock(aim(), accommodated("2018-01-01", born="2000-03-01"), as_at="2018-04-01")
        assert (row.exit, row.exit_reason, row.tells_birthday) == (date(2018, 3, 1), "AGE_18", True)

    def test_the_birthday_of_a_leapling_is_the_first_of_march_in_a_common_year(self, clock):
        row = clock(aim(), accommodated("2017-12-01", born="2000-02-29"), as_at="2018-04-01")
        assert row.exit == date(2018, 3, 1)

    def test_the_first_of_two_exits_counts(self, clock):
        history = accommodated("2018-01-01", event("LA_TRANSFER_OUT", "2018-02-01"), left="2018-03-01")
        assert clock(aim(), history, as_at="2018-04-01").exit_reason == "LA_TRANSFER_OUT"

    @pytest.mark.parametrize(("rule", "state"), [("count_as_met", State.MET), ("count_as_missed", State.MISSED)])
    def test_the_exit_rule_of_the_aim_decides_how_an_exit_in_time_counts(self, clock, rule, state):
        row = clock(aim(exit_rule=rule), accommodated("2018-01-01", left="2018-03-01"), as_at="2018-04-01")
        assert row.state is state


class TestStops:
    def test_a_recommendation_on_the_day_of_leaving_still_counts(self, clock):
        history = accommodated("2018-01-01", recommended("2018-03-01", "HOME"), left="2018-03-01")
        row = clock(aim(), history, as_at="2018-04-01")
        assert (row.state, row.exit) == (State.MET, None)

    def test_a_recommendation_after_leaving_does_not_count(self, clock):
        history = accommodated("2018-01-01", recommended("2018-03-02"), left="2018-03-01")
        assert clock(aim(), history, as_at="2018-04-01").state is State.EXITED

    def test_a_recommendation_of_an_earlier_spell_never_counts_for_a_later_one(self, clocks):
        history = child(
            looked_after("2018-01-01"),
            foster("2018-01-01", "2018-02-01"),
            recommended("2018-01-15"),
            home("2018-02-01", "2018-03-01"),
            foster("2018-03-01"),
        )
        assert [row.state for row in clocks(aim(), history, as_at="2018-04-01")] == [State.MET, State.WAITING]

    def test_the_earliest_recommendation_counts_whatever_its_route(self, clock):
        history = accommodated("2018-01-01", recommended("2018-05-01", "PO"), recommended("2018-04-01", "HOME"))
        assert clock(aim(), history, as_at="2018-12-31").stop == date(2018, 4, 1)

    def test_a_void_recommendation_stops_nothing(self, clock):
        history = accommodated("2018-01-01", recommended("2018-03-01", void=True))
        assert clock(aim(), history, as_at="2018-04-01").state is State.WAITING

    @pytest.mark.parametrize(("on", "precision"), [("2018-03-01", "month"), (None, "unknown")])
    def test_an_inexact_date_stops_nothing(self, clock, on, precision):
        history = accommodated("2018-01-01", event("PERM_REC", on, route="PO", precision=precision))
        assert clock(aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_any_of_several_stop_events_counts_the_earliest_first(self, clock):
        history = accommodated("2018-01-01", recommended("2018-05-01"), event("PERM_DECISION", "2018-04-01"))
        assert clock(aim(stop_event=["PERM_REC", "PERM_DECISION"]), history, as_at="2018-12-31").stop == date(
            2018, 4, 1
        )

    def test_an_event_that_the_aim_does_not_name_stops_nothing(self, clock):
        history = accommodated("2018-01-01", event("PERM_DECISION", "2018-04-01"))
        assert clock(aim(), history, as_at="2018-05-01").state is State.WAITING

    def test_plan_agreed_means_the_recommendation(self, clock):
        history = accommodated("2018-01-01", recommended("2018-03-01"))
        assert clock(aim(stop_event=["PLAN_AGREED"]), history, as_at="2018-04-01").state is State.MET

    def test_a_deferral_by_the_agency_decision_maker_is_no_decision(self, clock):
        history = accommodated("2018-01-01", event("ADM_DECISION", "2018-03-01", outcome="deferred"))
        assert clock(aim(stop_event=["ADM_DECISION"]), history, as_at="2018-04-01").state is State.WAITING

    def test_going_home_may_be_the_decision_where_the_aim_names_it(self, clock):
        history = child(looked_after("2018-01-01"), foster("2018-01-01", "2018-03-01"), home("2018-03-01"))
        row = clock(aim(stop_event=["PERM_REC", "RETURN_HOME"]), history, as_at="2018-04-01")
        assert (row.state, row.stop) == (State.MET, date(2018, 3, 1))


class TestRecommendationsBeforeBirth:
    def test_a_flagged_one_stops_an_infants_clock_with_no_days(self, clock):
        history = accommodated("2018-01-01", recommended("2017-01-01", pre_birth=True), born="2017-12-31")
        row = clock(aim(), history, as_at="2018-04-01")
        assert (row.state, row.stop, row.days) == (State.MET, date(2017, 1, 1), 0)

    def test_one_of_280_days_before_counts_without_a_flag(self, clock):
        history = accommodated("2018-01-01", recommended("2017-03-27"), born="2017-12-31")
        assert clock(aim(), history, as_at="2018-04-01").state is State.MET

    def test_one_of_281_days_before_does_not(self, clock):
        history = accommodated("2018-01-01", recommended("2017-03-26"), born="2017-12-31")
        assert clock(aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_a_child_accommodated_on_the_first_birthday_is_no_infant(self, clock):
        history = accommodated("2018-01-01", recommended("2017-12-01", pre_birth=True), born="2017-01-01")
        assert clock(aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_one_made_inside_an_earlier_spell_belongs_to_that_spell(self, clocks):
        history = child(
            looked_after("2017-10-01"),
            foster("2017-10-01", "2017-11-01"),
            recommended("2017-10-15"),
            home("2017-11-01", "2018-01-01"),
            foster("2018-01-01"),
            born="2017-09-30",
        )
        assert [row.state for row in clocks(aim(), history, as_at="2018-04-01")] == [State.MET, State.WAITING]


class TestCohort:
    def test_the_from_date_is_the_first_day_of_the_cohort(self, clocks):
        histories = [accommodated("2018-01-01", ref="ON"), accommodated("2017-12-31", ref="BEFORE")]
        rows = clocks(aim(from_date="2018-01-01"), *histories, as_at="2018-04-01")
        assert [row.child_ref for row in rows] == ["ON"]

    def test_under_twelve_means_before_the_twelfth_birthday_on_the_day_of_the_start(self, clocks):
        histories = [
            accommodated("2018-01-01", born="2006-01-01", ref="TWELVE"),
            accommodated("2018-01-01", born="2006-01-02", ref="ELEVEN"),
        ]
        rows = clocks(aim(age_max_exclusive=12), *histories, as_at="2018-04-01")
        assert [row.child_ref for row in rows] == ["ELEVEN"]

    def test_the_lowest_age_is_reached_on_the_birthday(self, clocks):
        histories = [
            accommodated("2018-01-01", born="2006-01-01", ref="TWELVE"),
            accommodated("2018-01-01", born="2006-01-02", ref="ELEVEN"),
        ]
        rows = clocks(aim(age_min=12), *histories, as_at="2018-04-01")
        assert [row.child_ref for row in rows] == ["TWELVE"]

    def test_the_latest_route_up_to_the_day_says_the_pathway_in_any_spell(self, measure_children):
        history = accommodated("2018-01-01", recommended("2018-02-01", "PO"), recommended("2018-03-01", "KINSHIP"))
        excluding = aim(pathways_excluded=["KINSHIP"])
        before = measure_children(excluding, history, as_at="2018-02-28")
        after = before.now.outcomes  # the same child, not yet on the kinship pathway
        assert (len(after.excluded), after.clock_count) == (0, 1)

    def test_a_child_on_an_excluded_pathway_is_counted_as_excluded(self, measure_children):
        history = accommodated("2018-01-01", recommended("2018-02-01", "PO"), recommended("2018-03-01", "KINSHIP"))
        found = measure_children(aim(pathways_excluded=["KINSHIP"]), history, as_at="2018-03-01").now.outcomes
        assert (len(found.excluded), found.clock_count) == (1, 0)

    def test_a_kinship_placement_is_the_kinship_pathway_when_no_route_is_recorded(self, measure_children):
        history = child(looked_after("2018-01-01"), foster("2018-01-01", "2018-02-01"), placed("KIN", "2018-02-01"))
        found = measure_children(aim(pathways_excluded=["KINSHIP"]), history, as_at="2018-03-01").now.outcomes
        assert len(found.excluded) == 1

    def test_an_excluded_placement_is_the_latest_one(self, measure_children):
        history = child(looked_after("2018-01-01"), placed("KIN", "2018-01-01", "2018-02-01"), foster("2018-02-01"))
        found = measure_children(aim(placements_excluded=["KIN"]), history, as_at="2018-03-01").now.outcomes
        assert found.excluded == ()


class TestClocksThatCannotBePlaced:
    def test_an_open_episode_without_any_placement_is_unknown(self, measure_children):
        found = measure_children(aim(), child(looked_after("2018-01-01")), as_at="2018-03-01").now
        assert (found.counts["UNKNOWN"], found.outcomes.clock_count) == (1, 0)

    def test_an_ended_episode_without_any_placement_is_not(self, measure_children):
        found = measure_children(aim(), child(looked_after("2018-01-01", "2018-02-01")), as_at="2018-03-01").now
        assert found.counts["UNKNOWN"] == 0

    def test_a_missing_birth_date_is_unknown_under_an_age_filter_only(self, measure_children, authority):
        history = accommodated("2018-01-01", born=None)
        found = measure_children(aim(age_max_exclusive=12), history, as_at="2018-03-01").now
        assert (found.counts["UNKNOWN"], found.counts["WAITING"]) == (1, 0)

    def test_without_an_age_filter_a_missing_birth_date_does_not_matter(self, clock):
        assert clock(aim(), accommodated("2018-01-01", born=None), as_at="2018-03-01").state is State.WAITING

    def test_a_child_who_came_from_another_authority_keeps_the_first_accommodation(self, clock):
        arrival = event("LA_TRANSFER_IN", "2018-01-01", first_accommodated_on=date(2017, 6, 1))
        assert clock(aim(), accommodated("2018-01-01", arrival), as_at="2018-03-01").start == date(2017, 6, 1)

    def test_a_transfer_in_without_the_first_accommodation_is_unknown(self, measure_children):
        history = accommodated("2018-01-01", event("LA_TRANSFER_IN", "2018-01-01"))
        found = measure_children(aim(), history, as_at="2018-03-01").now
        assert (found.counts["UNKNOWN"], found.outcomes.clock_count) == (1, 0)
