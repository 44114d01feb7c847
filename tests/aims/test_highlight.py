"""The highlight report: status in words, and what it says of an aim, whatever the format."""

from datetime import date

import pytest

from aims.compliance import Measured
from aims.reports.content import report_content
from aims.reports.highlight import AimReport, Highlight
from aims.reports.status import Status, status_of, worst
from aims.reports.told import Told, ToldOfAim, ToldTest
from tests.aims.made_up_clocks import figures_of
from tests.aims.storytelling import aim

AS_AT = date(2020, 6, 1)
IN_TIME, LATE, OVERDUE = (100, 30, None), (100, 80, None), (100, None, None)
QUICKLY, NOTHING_SAID = (10, 3, None), ToldOfAim()
WAITING, LEFT, DUE_SOON = (10, None, None), (60, None, 40), (50, None, None)


def report_of(*clocks, told: ToldOfAim = NOTHING_SAID, as_at=AS_AT, is_part=False, **changes) -> AimReport:
    definition = aim(**{"limit": "10 weeks", "by_date": "2020-12-31", "target_pct": 75, **changes})
    measured = Measured(now=figures_of(definition, clocks, as_at=as_at), at_by_date=None)
    content = report_content(
        measured,
        authority="Braeburn",
        fictional=True,
        covers="every child of Braeburn",
        is_part=is_part,
        last_extract_on=None,
        visible=frozenset(range(len(clocks))),
    )
    return AimReport(content, None, told)


def whole(*reports: AimReport, **more) -> Highlight:
    return Highlight("Braeburn", True, "every child of Braeburn", AS_AT, tuple(reports), **more)


def test_an_aim_below_its_target_that_can_still_reach_it_is_at_risk():
    assert status_of(report_of(IN_TIME, LATE, *[WAITING] * 6).content.measured) == Status.AT_RISK


def test_an_aim_that_can_no_longer_reach_its_target_is_off_track():
    assert status_of(report_of(IN_TIME, LATE, LATE, LATE, WAITING).content.measured) == Status.OFF_TRACK


def test_an_aim_without_a_by_date_below_its_target_is_at_risk():
    assert status_of(report_of(IN_TIME, LATE, by_date=None).content.measured) == Status.AT_RISK


def test_without_a_by_date_a_target_beyond_those_counted_so_far_is_not_said_to_be_in_reach():
    report = report_of(IN_TIME, LATE, LATE, WAITING, by_date=None)  # at best 2 of 4
    assert report.status_line == (
        "At risk: below the target today, and those counted so far cannot reach it; no by-date is set, and children "
        "who start later will count too."
    )
    # At best 3 of 4.
    within = report_of(IN_TIME, LATE, WAITING, WAITING, by_date=None)
    assert within.status_line == (
        "At risk: below the target today, and it can still be reached by those counted so far."
    )


@pytest.mark.parametrize(
    ("clocks", "changes", "status"),
    [
        ([IN_TIME], {}, Status.ON_TRACK),
        ([IN_TIME], {"by_date": "2020-06-01"}, Status.MET),
        ([LATE], {"by_date": "2020-06-01"}, Status.NOT_MET),
        ([IN_TIME], {"target_pct": None}, Status.NO_TARGET),
        ([QUICKLY], {"from_date": "2020-05-01"}, Status.TOO_EARLY),
        ([LEFT, WAITING], {"from_date": "2020-01-01"}, Status.NO_DATA),
    ],
)
def test_every_other_verdict_has_its_status(clocks, changes, status):
    assert status_of(report_of(*clocks, **changes).content.measured) == status


def test_the_overall_status_is_that_of_the_worst_aim_of_which_anything_can_be_said():
    assert worst([Status.MET, Status.AT_RISK, Status.TOO_EARLY]) == Status.AT_RISK
    assert worst([Status.TOO_EARLY, Status.NO_TARGET]) is None


def test_the_status_counts_the_aims_of_each():
    report = whole(report_of(IN_TIME), report_of(IN_TIME), report_of(LATE, WAITING, WAITING, WAITING, WAITING))
    assert report.status == "At risk overall, as the aim that stands worst. Of 3 aims: 1 at risk, 2 on track."


def test_nothing_is_claimed_of_aims_that_say_nothing():
    report = whole(report_of(IN_TIME, target_pct=None))
    assert report.status == "Nothing can be said yet. Of 1 aim: 1 no target set."


def test_who_falls_due_within_four_weeks_is_a_risk():
    assert report_of(DUE_SOON, WAITING).risks == ("1 child still waiting in time falls due by 29 June 2020.",)
    assert report_of(WAITING).risks == ()


def test_the_quality_of_the_data_says_who_left():
    assert report_of(LEFT).quality == (
        "1 clock ended in time without a decision, because the child left or the plan changed.",
    )


def test_only_the_ten_longest_waits_are_listed():
    report = report_of(*[(100 + number, None, None) for number in range(12)])
    assert [row.waited for row in report.waits] == [111, 110, 109, 108, 107, 106, 105, 104, 103, 102]
    assert report.waits_left_out == 2


def test_children_who_may_not_be_listed_are_not_among_the_waits():
    content = report_of(OVERDUE, WAITING).content
    closed = report_content(
        content.measured,
        authority="Braeburn",
        fictional=False,
        covers="all",
        is_part=False,
        last_extract_on=None,
        visible=frozenset({1}),
    )
    assert [row.child_code for row in AimReport(closed).waits] == ["P-001"]


def test_can_we_still_make_it_is_said_before_the_by_date_only():
    assert report_of(IN_TIME, WAITING, WAITING).prospect[0].endswith("to reach 75 %.")
    assert report_of(IN_TIME, WAITING, by_date=None).prospect == ()


def test_what_is_said_of_an_aim_is_found_by_its_code():
    told = Told({"TEST": ToldOfAim((ToldTest("Agenda", "adopted", "It helps"),))})
    assert told.of("TEST").tests[0].title == "Agenda"
    assert told.of("OTHER") == ToldOfAim()


def test_each_notice_is_said_once_for_all_aims():
    report = whole(report_of(IN_TIME), report_of(LATE))
    assert report.notices == (
        "Figures count every child of Braeburn.",
        "A clock is one time that a child began to wait for what an aim counts; a child can have more than one.",
        "Fictional authority: no child in this report exists.",
    )


def test_the_file_is_named_after_the_aim_or_the_report_and_the_day():
    assert whole(report_of(IN_TIME)).file_stem == "TEST_2020-06-01"
    assert whole(report_of(IN_TIME), report_of(LATE)).file_stem == "highlight_2020-06-01"


def test_the_period_names_the_last_report():
    assert whole(report_of(IN_TIME)).period == "As at 1 June 2020; no report was issued before."
    since = whole(report_of(IN_TIME), since=date(2020, 3, 1)).period
    assert since == "As at 1 June 2020; the last report was as at 1 March 2020."


def judged_on(by_date, *clocks, as_at=AS_AT, **changes) -> AimReport:
    """A report of made-up clocks after, or on, the by-date of their aim; clocks are told as on that day."""
    definition = aim(**{"limit": "10 weeks", "by_date": by_date.isoformat(), "target_pct": 75, **changes})
    late = (as_at - by_date).days
    measured = Measured(
        now=figures_of(definition, [(ago + late, *rest) for ago, *rest in clocks], as_at=as_at),
        at_by_date=figures_of(definition, clocks, as_at=by_date) if late else None,
    )
    content = report_content(
        measured,
        authority="Braeburn",
        fictional=True,
        covers="every child of Braeburn",
        is_part=False,
        last_extract_on=None,
        visible=frozenset(),
    )
    return AimReport(content)


DEADLINE = {"kind": "deadline", "limit": None, "deadline": "2020-03-31", "before_date": "2019-12-01"}


def test_an_aim_past_its_by_date_tells_the_figures_that_it_was_judged_on():
    # On the day one in time and one waiting in time; since then that one is overdue, and the figures shown are others.
    report = judged_on(date(2020, 3, 31), IN_TIME, WAITING, as_at=date(2020, 6, 30))
    assert report.percentages[1].words.startswith("1 in time of 2 ")
    assert report.status_line == (
        "Met: the by-date has passed and the target was reached. Judged as at 31 March 2020. "
        "On that day 1 of 1 decided, overdue or left undecided were in time, 100 %."
    )


@pytest.mark.parametrize("as_at", [date(2020, 3, 31), date(2020, 6, 30)])
def test_an_aim_with_a_deadline_tells_that_whoever_still_waited_counts_as_not_met(as_at):
    report = judged_on(date(2020, 3, 31), IN_TIME, IN_TIME, OVERDUE, as_at=as_at, **DEADLINE)
    assert report.status_line.startswith("Not met: ")
    assert report.status_line.endswith("On the deadline whoever still waits counts as not met: 2 of 3, 67 %.")
    target = dict(report.definition)["Target"]
    assert target.endswith("Judged as at 31 March 2020, when whoever still waits counts as not met.")


@pytest.mark.parametrize("clocks", [[IN_TIME], [LATE], [LATE, WAITING, WAITING]])
def test_a_part_of_the_authority_has_no_status_and_is_told_why(clocks):
    report = report_of(*clocks, is_part=True)
    why = "the target is the whole authority's, and these figures are of a part of it"
    assert report.status_line == f"Not judged: {why}."
    assert "not judged by it" in report.content.verdict
    assert report.prospect == ()
    assert whole(report, report).status == (
        "No overall status: targets are the whole authority's, and these figures are of a part of it. "
        "Of 2 aims: 2 not judged."
    )


def test_a_part_is_not_judged_after_the_by_date_either():
    report = report_of(LATE, is_part=True, by_date="2020-06-01")
    assert report.status is Status.NOT_JUDGED
    assert "Judged as at" not in report.content.verdict


def test_a_part_without_a_target_is_told_that_there_is_none():
    assert report_of(IN_TIME, is_part=True, target_pct=None).status is Status.NO_TARGET


def test_a_report_of_a_part_claims_nothing_of_earlier_reports():
    assert whole(report_of(IN_TIME, is_part=True)).period == "As at 1 June 2020."
