"""Clocks that start with a route: recommendations, planning meetings and approved plans (`design.md` 3)."""

from datetime import date

from milestones.clocks.states import State
from tests.aims.storytelling import accommodated, adm, aim, court_aim, event, panel_aim, recommended


def presented(on: str):
    return event("PANEL_PRESENTED", on)


def lodged(on: str):
    return event("COURT_LODGED", on)


class TestPanelClocks:
    def test_the_clock_runs_from_the_recommendation_to_the_panel(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), presented("2018-03-01"))
        row = clock(panel_aim(), history, as_at="2018-12-31")
        assert (row.state, row.start, row.days, row.route) == (State.MET, date(2018, 2, 1), 28, "PO")

    def test_the_same_route_affirmed_again_does_not_restart_the_clock(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), recommended("2018-03-01"))
        assert clock(panel_aim(), history, as_at="2018-04-01").start == date(2018, 2, 1)

    def test_another_route_away_from_home_restarts_it_from_its_own_date(self, clocks):
        history = accommodated("2018-01-01", recommended("2018-02-01"), recommended("2018-03-01", "ADOPT"))
        rows = clocks(panel_aim(), history, as_at="2018-04-01")
        assert [(row.route, row.state, row.exit_reason) for row in rows] == [
            ("PO", State.EXITED, "PLAN_CHANGED"),
            ("ADOPT", State.WAITING, ""),
        ]

    def test_a_plan_to_go_home_closes_the_clock_in_time(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), recommended("2018-03-01", "HOME"))
        row = clock(panel_aim(), history, as_at="2018-04-01")
        assert (row.state, row.exit) == (State.EXITED, date(2018, 3, 1))

    def test_a_plan_changed_after_the_limit_leaves_the_clock_missed(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), recommended("2018-09-01", "HOME"))
        row = clock(panel_aim(), history, as_at="2018-12-31")
        assert (row.state, row.left_undecided) == (State.MISSED, True)

    def test_a_panel_on_the_day_the_plan_changed_still_counts(self, clock):
        history = accommodated(
            "2018-01-01", recommended("2018-02-01"), recommended("2018-03-01", "HOME"), presented("2018-03-01")
        )
        assert clock(panel_aim(), history, as_at="2018-04-01").state is State.MET

    def test_a_recommendation_without_a_route_re_affirms_the_one_before(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), recommended("2018-03-01", ""))
        row = clock(panel_aim(), history, as_at="2018-04-01")
        assert (row.state, row.start) == (State.WAITING, date(2018, 2, 1))

    def test_a_void_recommendation_starts_and_ends_nothing(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), recommended("2018-03-01", "HOME", void=True))
        assert clock(panel_aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_a_recommendation_outside_any_spell_starts_no_clock(self, clocks):
        history = accommodated("2018-01-01", recommended("2017-12-31"))
        assert clocks(panel_aim(), history, as_at="2018-04-01") == ()

    def test_a_return_home_ends_the_clock(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), event("RETURN_HOME", "2018-03-01"))
        assert clock(panel_aim(), history, as_at="2018-04-01").exit_reason == "RETURN_HOME"

    def test_the_routes_of_the_aim_pick_clocks_by_their_own_route(self, clocks):
        history = accommodated("2018-01-01", recommended("2018-02-01", "KINSHIP"))
        assert clocks(panel_aim(), history, as_at="2018-04-01") == ()

    def test_a_recommendation_known_by_month_only_is_unknown(self, measure_children):
        history = accommodated("2018-01-01", recommended("2018-02-01", precision="month"))
        found = measure_children(panel_aim(), history, as_at="2018-04-01").now
        assert (found.counts["UNKNOWN"], found.outcomes.clock_count) == (1, 0)

    def test_a_recommendation_by_month_before_the_from_date_is_outside_the_cohort(self, measure_children):
        history = accommodated("2018-01-01", recommended("2018-02-01", precision="month"))
        found = measure_children(panel_aim(from_date="2018-03-01"), history, as_at="2018-04-01").now
        assert found.counts["UNKNOWN"] == 0

    def test_a_changed_plan_is_not_a_child_who_left_whatever_the_exit_rule(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01"), recommended("2018-03-01", "HOME"))
        row = clock(panel_aim(exit_rule="count_as_met"), history, as_at="2018-04-01")
        assert row.state is State.EXITED

    def test_a_planning_meetings_decision_runs_like_a_recommendation(self, clocks):
        history = accommodated(
            "2018-01-01",
            event("PPM_DECISION", "2018-02-01", route="PO"),
            event("PPM_DECISION", "2018-03-01", route="ADOPT"),
        )
        rows = clocks(panel_aim(start_event="PPM_DECISION"), history, as_at="2018-04-01")
        assert [row.route for row in rows] == ["PO", "ADOPT"]


class TestCourtClocks:
    def test_the_clock_runs_from_the_approval_to_the_application(self, clock):
        history = accommodated("2018-01-01", adm("2018-03-01"), lodged("2018-05-01"))
        row = clock(court_aim(), history, as_at="2018-12-31")
        assert (row.state, row.days) == (State.MET, 61)

    def test_a_refusal_on_its_own_starts_no_clock(self, clocks):
        assert clocks(court_aim(), accommodated("2018-01-01", adm("2018-03-01", "refused")), as_at="2018-04-01") == ()

    def test_a_later_refusal_ends_the_clock(self, clock):
        history = accommodated("2018-01-01", adm("2018-03-01"), adm("2018-03-20", "refused"))
        row = clock(court_aim(), history, as_at="2018-04-01")
        assert (row.state, row.exit_reason) == (State.EXITED, "ADM_REFUSED")

    def test_a_deferral_changes_nothing(self, clock):
        history = accommodated("2018-01-01", adm("2018-03-01"), adm("2018-03-20", "deferred"))
        assert clock(court_aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_an_approval_after_a_refusal_starts_a_new_clock(self, clocks):
        history = accommodated("2018-01-01", adm("2018-03-01"), adm("2018-03-20", "refused"), adm("2018-03-25"))
        rows = clocks(court_aim(), history, as_at="2018-04-01")
        assert [(row.start, row.state) for row in rows] == [
            (date(2018, 3, 1), State.EXITED),
            (date(2018, 3, 25), State.WAITING),
        ]

    def test_the_same_plan_approved_again_does_not_restart_the_clock(self, clock):
        history = accommodated("2018-01-01", adm("2018-03-01"), adm("2018-03-20"))
        assert clock(court_aim(), history, as_at="2018-04-01").start == date(2018, 3, 1)

    def test_a_later_recommendation_of_another_route_ends_the_clock(self, clock):
        history = accommodated(
            "2018-01-01", recommended("2018-02-01"), adm("2018-03-01"), recommended("2018-03-20", "HOME")
        )
        row = clock(court_aim(), history, as_at="2018-04-01")
        assert (row.state, row.exit_reason) == (State.EXITED, "PLAN_CHANGED")

    def test_a_later_recommendation_of_the_same_route_changes_nothing(self, clock):
        history = accommodated("2018-01-01", adm("2018-03-01"), recommended("2018-03-20", "PO"))
        assert clock(court_aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_on_one_day_the_recommendation_comes_before_the_decision(self, clock):
        # Recorded the other way round: the recommendation must not end the approval of the same day.
        history = accommodated("2018-01-01", adm("2018-03-01", route="POA"), recommended("2018-03-01", "PO"))
        assert clock(court_aim(), history, as_at="2018-04-01").state is State.WAITING

    def test_an_approval_without_a_route_approves_what_was_recommended(self, clock):
        history = accommodated("2018-01-01", recommended("2018-02-01", "POA"), adm("2018-03-01", route=""))
        assert clock(court_aim(), history, as_at="2018-04-01").route == "POA"

    def test_direct_adoption_is_no_clock_of_the_council(self, clocks):
        assert (
            clocks(court_aim(), accommodated("2018-01-01", adm("2018-03-01", route="ADOPT")), as_at="2018-04-01") == ()
        )

    def test_an_approval_known_by_month_only_is_unknown(self, measure_children):
        history = accommodated("2018-01-01", adm("2018-03-01", precision="month"))
        assert measure_children(court_aim(), history, as_at="2018-04-01").now.counts["UNKNOWN"] == 1

    def test_a_refusal_known_by_month_only_is_no_unknown_start(self, measure_children):
        history = accommodated("2018-01-01", adm("2018-03-01", "refused", precision="month"))
        assert measure_children(court_aim(), history, as_at="2018-04-01").now.counts["UNKNOWN"] == 0


class TestOtherStarts:
    def test_another_event_starts_one_clock_a_spell_with_its_first_date(self, clock):
        history = accommodated("2018-01-01", presented("2018-03-01"), presented("2018-02-01"), adm("2018-03-10"))
        definition = aim(start_event="PANEL_PRESENTED", stop_event=["ADM_DECISION"], limit="14 days")
        row = clock(definition, history, as_at="2018-04-01")
        assert (row.start, row.days, row.state) == (date(2018, 2, 1), 37, State.MISSED)
