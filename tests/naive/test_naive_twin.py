"""The naive twin against what was worked out by hand: `domain.md` 4.1 and 4.10, the acceptance data, single rules."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from aims.definition import AimDefinition
from milestones.clocks.limits import Limit
from tests.naive.dates import birthday, last_day_in_time
from tests.naive.extracts import read_histories
from tests.naive.histories import ChildHistory, Episode, Event, Legal, Placement
from tests.naive.outcomes import naive_outcomes

ACCEPTANCE = Path(__file__).parents[1] / "acceptance"


def day(text):
    return date.fromisoformat(text)


def aim(**fields):
    return AimDefinition.from_mapping({"code": "X-1", "title": "An aim", **fields})


def accommodated(*events, start="2018-07-02", end=None, ref="A", placement="FOST_LA", **more):
    """A child in one placement for the whole of one episode."""
    stay = (day(start), day(end) if end else None)
    return ChildHistory(
        ref=ref, episodes=(Episode(*stay),), placements=(Placement(*stay, placement),), events=events, **more
    )


def event(kind, on, **more):
    return Event(kind, day(on), **more)


def told(definition, *children, as_at):
    """Each row in short: child, state, start, stop, exit."""
    result = naive_outcomes(definition, list(children), day(as_at))
    return [
        (row.child_ref, row.state, str(row.start), row.stop and str(row.stop), row.exit and str(row.exit))
        for row in result.rows
    ]


# Date arithmetic


@pytest.mark.parametrize(
    ("start", "limit", "last"),
    [
        ("2018-07-02", "26 weeks", "2018-12-31"),
        ("2024-08-31", "6 months", "2025-02-28"),
        ("2024-02-29", "24 months", "2026-02-28"),
        ("2024-02-29", "2 years", "2026-02-28"),
        ("2017-11-01", "7.5 months", "2018-06-16"),
        ("2024-02-12", "3 months", "2024-05-12"),
        ("2024-05-10", "6 months", "2024-11-10"),
        ("2024-03-01", "14 days", "2024-03-15"),
        ("2024-03-15", "14 weeks", "2024-06-21"),
        ("2019-02-01", "30 weeks", "2019-08-30"),
        # Friday 22 December 2017, then Christmas, Boxing Day, 1 and 2 January.
        ("2017-12-22", "5 working_days", "2018-01-04"),
        # A Saturday counts from the Friday before.
        ("2024-06-08", "3 working_days", "2024-06-12"),
    ],
)
def test_the_last_day_in_time_is_that_worked_out_by_hand(start, limit, last):
    assert last_day_in_time(day(start), Limit.parse(limit)) == day(last)


@pytest.mark.parametrize(
    ("born", "age", "on"),
    [
        ("2004-02-29", 12, "2016-02-29"),
        ("2004-02-29", 18, "2022-03-01"),
        ("2004-02-28", 18, "2022-02-28"),
    ],
)
def test_a_birthday_on_29_february_is_1_march_of_a_common_year(born, age, on):
    assert birthday(day(born), age) == day(on)


@pytest.mark.parametrize(("strict", "first_day"), [(False, "2018-06-01"), (True, "2018-06-02")])
def test_more_than_two_years_at_home_begins_a_day_after_two_years(strict, first_day):
    at_home = ChildHistory(
        ref="A",
        episodes=(Episode(day("2016-06-01")),),
        placements=(Placement(day("2016-06-01"), type="HOME_PARENT"),),
        legal=(Legal(day("2016-06-01")),),
    )
    definition = aim(start_event="AT_HOME_2Y", stop_event="AT_HOME_AUDIT", strict=strict)
    assert told(definition, at_home, as_at=first_day) == [("A", "WAITING", first_day, None, None)]
    the_day_before = str(date.fromordinal(day(first_day).toordinal() - 1))
    assert told(definition, at_home, as_at=the_day_before) == []


# Worked vectors and acceptance data


def test_children_a_to_g_come_out_as_in_the_worked_vectors():
    ppm = "PPM_DECISION"
    children = [
        accommodated(event(ppm, "2018-12-31"), ref="A", start="2018-07-02"),
        accommodated(event(ppm, "2019-01-01"), ref="B", start="2018-07-02"),
        accommodated(ref="C", start="2018-07-16"),
        accommodated(ref="D", start="2018-08-20"),
        accommodated(event(ppm, "2018-10-01"), ref="E", start="2018-06-29"),
        accommodated(event(ppm, "2018-11-12"), ref="F", start="2018-09-03"),
        accommodated(ref="G", start="2018-07-09", end="2018-12-01"),
    ]
    definition = aim(start_event="ACCOM_START", stop_event=ppm, limit="26 weeks", from_date="2018-07-02")
    rows = naive_outcomes(definition, children, day("2019-01-31")).rows
    assert [(row.child_ref, row.state, row.days, str(row.due)) for row in rows] == [
        ("A", "MET", 182, "2018-12-31"),
        ("B", "MISSED", 183, "2018-12-31"),
        ("G", "EXITED", None, "2019-01-07"),
        ("C", "OVERDUE", None, "2019-01-14"),
        ("D", "WAITING", None, "2019-02-18"),
        ("F", "MET", 70, "2019-03-04"),
    ]


def acceptance_aims():
    for folder in sorted(path.name for path in ACCEPTANCE.iterdir() if path.is_dir()):
        expected = json.loads((ACCEPTANCE / folder / "expected.json").read_text(encoding="utf-8"))
        for figures in expected["aims"]:
            yield pytest.param(folder, expected["as_at"], figures, id=figures["code"])


@pytest.mark.parametrize(("folder", "as_at", "expected"), list(acceptance_aims()))
def test_the_acceptance_data_come_out_as_expected(folder, as_at, expected):
    (data,) = [
        each
        for each in yaml.safe_load((ACCEPTANCE / folder / "aims.yaml").read_text(encoding="utf-8"))
        if each["code"] == expected["code"]
    ]
    children = read_histories(ACCEPTANCE / folder)
    result = naive_outcomes(AimDefinition.from_mapping(data), children, day(as_at))
    rows = [
        {
            "child_ref": row.child_ref,
            "state": row.state,
            "start": str(row.start),
            "due": str(row.due),
            "stop": row.stop and str(row.stop),
            "exit": row.exit and str(row.exit),
            "days": row.days,
        }
        for row in result.rows
    ]
    assert rows == expected["outcomes"]
    counts = Counter(row.state for row in result.rows)
    counts["UNKNOWN"] = result.unknown
    counts["excluded"] = result.excluded
    counts["left_undecided"] = sum(row.left_undecided for row in result.rows)
    assert {name: counts[name] for name in expected["counts"]} == expected["counts"]
    family_of = {child.ref: child.family for child in children}
    refs = {row.child_ref for row in result.rows}
    assert (len(result.rows), len(refs), len({family_of[ref] for ref in refs})) == (
        expected["clocks"],
        expected["children"],
        expected["families"],
    )


# Single rules


TO_RECOMMENDATION = {"start_event": "ACCOM_START", "stop_event": "PERM_REC", "limit": "26 weeks"}
TO_PANEL = {"start_event": "PERM_REC", "stop_event": "PANEL_PRESENTED", "limit": "12 weeks"}
TO_COURT = {"start_event": "ADM_APPROVED", "stop_event": "COURT_LODGED", "limit": "14 weeks"}


def test_a_placement_from_before_the_episode_begins_the_spell_with_the_episode():
    child = ChildHistory(ref="A", episodes=(Episode(day("2018-07-02")),), placements=(Placement(day("2018-06-25")),))
    assert told(aim(**TO_RECOMMENDATION), child, as_at="2018-08-01") == [("A", "WAITING", "2018-07-02", None, None)]


def test_a_recorded_return_home_ends_the_spell_and_a_later_placement_begins_another():
    child = ChildHistory(
        ref="A",
        episodes=(Episode(day("2018-07-02")),),
        placements=(Placement(day("2018-07-02"), day("2018-07-20")), Placement(day("2018-09-01"))),
        events=(event("RETURN_HOME", "2018-08-01"),),
    )
    assert told(aim(**TO_RECOMMENDATION), child, as_at="2018-10-01") == [
        ("A", "EXITED", "2018-07-02", None, "2018-08-01"),
        ("A", "WAITING", "2018-09-01", None, None),
    ]


def test_a_short_break_begins_no_spell():
    child = ChildHistory(
        ref="A",
        episodes=(Episode(day("2018-07-02")),),
        placements=(Placement(day("2018-07-02"), short_break=True),),
    )
    result = naive_outcomes(aim(**TO_RECOMMENDATION), [child], day("2018-10-01"))
    assert (result.rows, result.unknown) == ([], 0)


def test_an_open_episode_without_any_placement_is_unknown():
    child = ChildHistory(ref="A", episodes=(Episode(day("2018-07-02")),))
    result = naive_outcomes(aim(**TO_RECOMMENDATION), [child], day("2018-10-01"))
    assert (result.rows, result.unknown) == ([], 1)


@pytest.mark.parametrize(
    ("recommended", "flagged", "state"),
    [
        ("2017-10-27", False, "MET"),  # 280 days before
        ("2017-10-26", False, "WAITING"),  # 281 days before
        ("2017-10-26", True, "MET"),
    ],
)
def test_a_recommendation_before_birth_stops_the_clock_of_a_baby(recommended, flagged, state):
    baby = accommodated(event("PERM_REC", recommended, pre_birth=flagged), start="2018-08-03", born=day("2018-08-01"))
    (row,) = naive_outcomes(aim(**TO_RECOMMENDATION), [baby], day("2018-10-01")).rows
    assert row.state == state
    assert row.days == (0 if state == "MET" else None)


def test_a_blank_route_re_affirms_the_plan_and_another_route_changes_it():
    child = accommodated(
        event("PERM_REC", "2018-08-01", route="PO"),
        event("PERM_REC", "2018-08-10"),
        event("PERM_REC", "2018-09-01", route="POA"),
    )
    assert told(aim(**TO_PANEL), child, as_at="2018-10-01") == [
        ("A", "EXITED", "2018-08-01", None, "2018-09-01"),
        ("A", "WAITING", "2018-09-01", None, None),
    ]


def test_on_one_day_the_recommendation_is_taken_before_the_decision():
    child = accommodated(
        event("ADM_DECISION", "2018-08-01", route="PO", outcome="approved"),
        event("ADM_DECISION", "2018-09-01", outcome="approved"),
        event("PERM_REC", "2018-09-01", route="POA"),
    )
    rows = naive_outcomes(aim(**TO_COURT), [child], day("2018-10-01")).rows
    assert [(str(row.start), row.route, row.state) for row in rows] == [
        ("2018-08-01", "PO", "EXITED"),
        ("2018-09-01", "POA", "WAITING"),
    ]


@pytest.mark.parametrize(("outcome", "state"), [("refused", "EXITED"), ("deferred", "WAITING"), ("", "WAITING")])
def test_only_a_refusal_ends_an_approved_plan(outcome, state):
    child = accommodated(
        event("ADM_DECISION", "2018-08-01", route="PO", outcome="approved"),
        event("ADM_DECISION", "2018-09-01", route="PO", outcome=outcome),
    )
    for rule in ("exclude", "count_as_met", "count_as_missed"):
        (row,) = naive_outcomes(aim(**TO_COURT, exit_rule=rule), [child], day("2018-10-01")).rows
        assert row.state == state


@pytest.mark.parametrize(
    ("rule", "state", "left_undecided"),
    [("exclude", "EXITED", False), ("count_as_met", "MET", False), ("count_as_missed", "MISSED", True)],
)
def test_the_exit_rule_says_what_becomes_of_a_child_who_left_in_time(rule, state, left_undecided):
    child = accommodated(end="2018-09-01")
    (row,) = naive_outcomes(aim(**TO_RECOMMENDATION, exit_rule=rule), [child], day("2018-10-01")).rows
    assert (row.state, row.left_undecided, row.stop) == (state, left_undecided, None)


def test_a_transfer_in_keeps_the_original_start_or_is_unknown():
    known = accommodated(event("LA_TRANSFER_IN", "2018-07-02", first_accommodated_on=day("2018-05-01")), ref="KNOWN")
    not_known = accommodated(event("LA_TRANSFER_IN", "2018-07-02"), ref="NOT")
    result = naive_outcomes(aim(**TO_RECOMMENDATION), [known, not_known], day("2018-10-01"))
    assert [(row.child_ref, row.start) for row in result.rows] == [("KNOWN", day("2018-05-01"))]
    assert result.unknown == 1


def test_of_two_transfers_in_on_one_day_the_last_recorded_is_believed():
    transfers = [
        event("LA_TRANSFER_IN", "2018-07-02", first_accommodated_on=day("2018-05-01")),
        event("LA_TRANSFER_IN", "2018-07-02"),
    ]
    unknown, known = accommodated(*transfers, ref="UNKNOWN"), accommodated(*reversed(transfers), ref="KNOWN")
    result = naive_outcomes(aim(**TO_RECOMMENDATION), [unknown, known], day("2018-10-01"))
    assert ([row.child_ref for row in result.rows], result.unknown) == (["KNOWN"], 1)


@pytest.mark.parametrize(("left", "stop"), [("2018-07-31", None), ("2018-08-01", "2018-08-01")])
def test_who_was_transferred_out_before_returned_home_from_elsewhere(left, stop):
    child = ChildHistory(
        ref="A",
        episodes=(Episode(day("2018-07-02")),),
        placements=(Placement(day("2018-07-02")), Placement(day("2018-08-01"), type="HOME_PARENT")),
        legal=(Legal(day("2018-07-02")),),
        events=(event("LA_TRANSFER_OUT", left),),
    )
    definition = aim(start_event="AT_HOME_CSO_START", stop_event="RETURN_HOME")
    (row,) = naive_outcomes(definition, [child], day("2018-10-01")).rows
    assert (row.stop and str(row.stop)) == stop


def test_a_plan_agreed_before_birth_counts_like_a_recommendation():
    baby = accommodated(event("PERM_REC", "2018-07-27"), start="2018-08-03", born=day("2018-08-01"))
    definition = aim(start_event="ACCOM_START", stop_event="PLAN_AGREED", limit="26 weeks")
    assert told(definition, baby, as_at="2018-10-01") == [("A", "MET", "2018-08-03", "2018-07-27", None)]


def test_without_a_from_date_too_the_threshold_must_be_reached_by_the_deadline():
    child = ChildHistory(
        ref="A",
        episodes=(Episode(day("2018-01-01")),),
        placements=(Placement(day("2018-01-01"), type="HOME_PARENT"),),
        legal=(Legal(day("2018-01-01")),),
    )
    late, in_time = (
        aim(
            start_event="AT_HOME_2Y",
            threshold="3 months",
            stop_event="AT_HOME_AUDIT",
            kind="deadline",
            deadline=deadline,
        )
        for deadline in ("2018-03-31", "2018-04-01")
    )
    assert told(late, child, as_at="2018-06-01") == []
    assert told(in_time, child, as_at="2018-06-01") == [("A", "OVERDUE", "2018-04-01", None, None)]


def test_the_backlog_is_who_was_waiting_on_the_reference_day():
    definition = aim(
        kind="deadline",
        start_event="ACCOM_START",
        stop_event="PERM_REC",
        deadline="2018-10-31",
        before_date="2018-08-01",
    )
    children = [
        accommodated(ref="A"),
        accommodated(ref="B", start="2018-08-01"),
        accommodated(ref="C", end="2018-07-31"),
        accommodated(event("PERM_REC", "2018-07-31"), ref="D"),
        accommodated(event("PERM_REC", "2018-08-01"), ref="E"),
    ]
    assert told(definition, *children, as_at="2018-11-01") == [
        ("A", "OVERDUE", "2018-07-02", None, None),
        ("E", "MET", "2018-07-02", "2018-08-01", None),
    ]


def test_kinship_by_placement_counts_only_while_no_route_was_said():
    definition = aim(**TO_RECOMMENDATION, pathways_excluded=["KINSHIP"])
    by_placement = accommodated(placement="KIN")
    said_otherwise = accommodated(event("PPM_DECISION", "2018-08-01", route="PO"), placement="KIN")
    found = [naive_outcomes(definition, [child], day("2018-10-01")) for child in (by_placement, said_otherwise)]
    assert [(len(result.rows), result.excluded) for result in found] == [(0, 1), (1, 0)]


def test_orders_a_day_apart_are_one_spell_at_home():
    child = ChildHistory(
        ref="A",
        episodes=(Episode(day("2018-01-01")),),
        placements=(Placement(day("2018-01-01"), type="HOME_PARENT"),),
        legal=(
            Legal(day("2018-02-01"), day("2018-03-01")),
            Legal(day("2018-03-02"), day("2018-04-01")),
            Legal(day("2018-04-03")),
        ),
    )
    definition = aim(start_event="AT_HOME_CSO_START", stop_event="AT_HOME_AUDIT", limit="1 years")
    assert told(definition, child, as_at="2018-06-01") == [
        ("A", "EXITED", "2018-02-01", None, "2018-04-01"),
        ("A", "WAITING", "2018-04-03", None, None),
    ]
