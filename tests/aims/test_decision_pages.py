"""Time to decision and "Can we still make it?" on an aim's page: what they say, of whom, and to whom."""

import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.models import Child
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.builders import person, team

AS_AT = "2020-06-01"
MONDAY = date(2019, 1, 7)


def on(monday: date, weeks: float) -> str:
    return (monday + timedelta(days=round(7 * weeks))).isoformat()


def decided(number: int, weeks: float, *, since: date = MONDAY, ref: str = "D"):
    return accommodated(since.isoformat(), recommended(on(since, weeks)), ref=f"{ref}{number:02d}")


SLOW = [decided(number, 20 + number) for number in range(12)]  # 20 to 31 weeks
QUICK = [decided(number, 8 + number, since=date(2019, 7, 1), ref="Q") for number in range(12)]  # 8 to 19 weeks
OVERDUE = [accommodated("2019-09-02", ref=f"O{number}") for number in range(3)]
WAITING = [accommodated("2020-03-02", ref=f"W{number}") for number in range(4)]
LATER = [accommodated("2020-05-04", ref="LATER")]


def section(response, name: str) -> str:
    """The words of one section of the page."""
    body = response.content.decode()
    found = re.search(rf'<(section|figure)[^>]*id="{name}".*?</\1>', body, flags=re.S)
    if not found:
        return ""
    said = re.sub(r"<script.*?</script>", " ", found[0], flags=re.S)
    return re.sub(r" ([;:.,])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", said).split()))


def figure(response) -> dict:
    found = re.search(r'<script id="time-to-decision-figure"[^>]*>(.*?)</script>', response.content.decode(), re.S)
    return json.loads(found[1])


def test_the_median_stands_in_a_sentence_with_its_interval(see):
    said = section(see(SLOW), "time-to-decision")
    assert "Half of the 12 children who became accommodated had a recommendation within 25.5 weeks" in said
    assert "(95 % interval 21.0 to 29.0)" in said


def test_before_and_since_a_day_are_two_sentences_and_two_lines(see):
    response = see(SLOW + QUICK, split="2019-04-01")
    said = section(response, "time-to-decision")
    assert "who became accommodated before 1 April 2019 had a recommendation within 25.5 weeks" in said
    assert "who became accommodated since then had a recommendation within 13.5 weeks" in said
    assert "fewer than 2 of 100 such comparisons would show a difference as large as this" in said
    names = [trace["name"] for trace in figure(response)["data"]]
    assert {"Started before 1 April 2019", "Started since 1 April 2019", "Limit 26 weeks"} <= set(names)


def test_children_are_divided_by_the_day_on_which_their_clock_started(see):
    response = see(SLOW + QUICK, split="2019-07-01")
    assert [group.curve.count for group in response.context["time_to_decision"].groups] == [12, 12]
    assert [group.curve.count for group in see([], split="2019-07-02").context["time_to_decision"].groups] == [24]


def test_the_first_remark_that_divides_the_children_does_so_unless_told_otherwise(see):
    remarks = [("2018-01-01", "Before anybody"), ("2019-04-01", "New form"), ("2019-05-01", "Second")]
    said = section(see(SLOW + QUICK, annotations=remarks), "time-to-decision")
    assert "1 April 2019, New form" in said
    undivided = see([], split="none").context["time_to_decision"]
    assert len(undivided.groups) == 1
    # A remark of the future divides nothing yet.
    assert len(see([], as_at="2019-03-04").context["prospect"].candidates) == 12


@pytest.mark.parametrize(
    ("split", "told"),
    [
        ("2019-02-31", "This is not a date: the children are not divided."),
        ("0001-01-01", "This date is out of range: the children are not divided."),
        ("2018-01-01", "Nobody started before 1 January 2018: the children are not divided."),
        ("2020-01-01", "Nobody started since 1 January 2020: the children are not divided."),
    ],
)
def test_a_day_that_divides_nobody_is_told_and_one_line_is_drawn(see, split, told):
    response = see(SLOW, split=split)
    assert told in section(response, "time-to-decision")
    assert len(response.context["time_to_decision"].groups) == 1


def test_few_decisions_make_no_median(see):
    said = section(see(SLOW[:9] + WAITING), "time-to-decision")
    assert "Of the 13 children who became accommodated, 9 had a recommendation: too few for a median." in said
    assert "Half" not in said


def test_while_more_than_half_wait_that_is_said_and_no_median(see):
    said = section(see(SLOW + [accommodated("2019-02-04", ref=f"O{n}") for n in range(20)]), "time-to-decision")
    assert "fewer than half had a recommendation so far: 38 %" in said


def test_those_who_left_are_said_to_be_counted_until_they_left(see):
    left = [accommodated("2019-01-07", ref=f"L{number}", left="2019-06-03") for number in range(3)]
    said = section(see(SLOW + left), "time-to-decision")
    assert "Had none of the 15 children who became accommodated left, half would have been decided within" in said
    assert re.search(r"as 3 left undecided, \d+ % had a recommendation by then and 80 % in all\.", said)
    assert "15 clocks, 12 decided, 3 left undecided" in said


def test_a_long_wait_after_the_last_decision_is_told_and_not_drawn(see):
    response = see([*SLOW, accommodated("2019-01-07", ref="LONG")])
    # The last decision was after 31 weeks; a quarter more is 38.75.
    assert max(x for trace in figure(response)["data"] for x in trace["x"]) == 39
    said = section(response, "time-to-decision")
    assert "1 clock ran on beyond the 39 weeks drawn; nobody was decided so late." in said
    assert "nobody was decided so late" not in section(see([], as_at="2019-09-02"), "time-to-decision")


def test_where_most_leave_the_median_is_not_told_as_if_half_had_been_decided(see):
    left = [accommodated("2019-01-07", ref=f"L{number:02d}", left="2019-03-04") for number in range(20)]
    said = section(see(SLOW + left), "time-to-decision")
    assert "Had none of the 32 children who became accommodated left, half would have been decided within" in said
    assert "as 20 left undecided, 19 % had a recommendation by then and 38 % in all." in said
    assert "Half of" not in said


def test_the_share_within_the_limit_stands_beside_those_who_left_before_it(see):
    left = [accommodated("2019-01-07", ref=f"L{number:02d}", left="2019-03-04") for number in range(8)]
    said = section(see(SLOW + left), "time-to-decision")
    # 7 of 20 by week 26, and 8 of 20 left.
    assert (
        "35 % (16 to 55) had a recommendation within 26 weeks and 40 % (19 to 60) had left undecided by then." in said
    )


def test_nothing_is_said_of_the_limit_before_anybody_has_been_followed_so_long(see):
    quick = [decided(number, 2 + number, since=date(2020, 3, 2), ref="N") for number in range(12)]
    said = section(see(quick + WAITING, as_at="2020-05-18"), "time-to-decision")
    assert "Nobody who became accommodated has been followed for 26 weeks yet." in said


def test_a_backlog_has_no_time_to_decision_for_its_children_are_there_because_they_waited(see):
    backlog = aim(kind="deadline", limit=None, deadline="2020-10-05", before_date="2019-03-04")
    assert see(SLOW, definition=backlog).context["time_to_decision"] is None


def test_a_draft_shows_the_time_to_decision_and_promises_nothing(see):
    response = see(SLOW, definition=aim(limit=None, target_pct=None, status="draft"))
    assert "within 25.5 weeks" in section(response, "time-to-decision")
    assert section(response, "prospect") == ""


def test_an_aim_says_how_many_must_be_decided_and_lists_them_by_due_date(see):
    response = see(QUICK + OVERDUE + WAITING + LATER)
    said = section(response, "prospect")
    # 12 met and 3 overdue: 12 of 19 at worst, 16 of 19 when the four due before the by-date are decided.
    assert "Of the 5 children still waiting in time, 3 must be decided in time to reach 75 %." in said
    assert "Any 3 of the 4 who fall due before 5 October 2020 will do." in said
    assert "63 % at worst 85 % at best" in said
    assert re.findall(r"P-\w+", said) == ["P-W0", "P-W1", "P-W2", "P-W3", "P-LATER"]
    assert "31 August 2020 91 days left 13.0 weeks counts against the aim" in said
    assert "2 November 2020 154 days left 4.0 weeks not counted" in said


def test_the_list_leads_to_the_children_as_at_the_same_day(see):
    response = see(QUICK + WAITING)
    assert f'{reverse("child", kwargs={"code": "P-W0"})}?as_at={AS_AT}"' in response.content.decode()


def test_a_target_out_of_reach_is_said_to_be(see):
    said = section(see(SLOW + OVERDUE + WAITING), "prospect")
    assert "Those counted so far can no longer reach the target of 75 %: at best 58 %." in said


def test_a_target_that_cannot_be_missed_is_said_to_be_reached(see):
    said = section(see(QUICK + WAITING[:1]), "prospect")
    assert "Those counted so far reach the target of 75 %, whatever becomes of those still waiting." in said
    assert "simulated endings" not in said.split("How the expected")[0]


def test_a_percentage_short_of_the_target_never_shows_the_targets_number(see):
    # 12 of 16 at best: 75 %, of a target of 75.2 %.
    definition = aim(by_date="2020-10-05", target_pct=75.2)
    said = section(see(QUICK + [decided(n, 40, ref="Y") for n in range(4)], definition=definition), "prospect")
    assert "can no longer reach the target of 75 %: at best 75.00 %" in said


def test_the_expected_result_says_how_it_was_found(see):
    said = section(see(QUICK + OVERDUE + WAITING), "prospect")
    assert re.search(r"If the pace so far holds, about [\d.]+ of the 4 children still waiting will be decided", said)
    assert re.search(r"\(95 % interval \d+ to \d+ %\)", said)
    assert re.search(r"[\d,]+ of 1,000 simulated endings reach the target", said)
    assert "Bayesian bootstrap" in said


def test_few_decisions_give_no_expectation(see):
    said = section(see(QUICK[:9] + WAITING), "prospect")
    assert "Too few have been decided so far to say what to expect if the pace holds." in said
    assert "simulated" not in said


def test_later_children_are_said_not_to_be_counted(see):
    assert "Children whose clock starts after 1 June 2020 are not counted here" in section(see(QUICK), "prospect")


@pytest.mark.parametrize("as_at", ["2020-10-05", "2020-12-01"])
def test_from_its_by_date_on_an_aim_cannot_be_made_any_more_only_judged(see, as_at):
    assert section(see(QUICK + WAITING, as_at=as_at), "prospect") == ""


def test_a_senior_leader_sees_the_figures_and_no_child(see):
    response = see(QUICK + OVERDUE + WAITING, Role.SENIOR_LEADER)
    assert "3 must be decided in time" in section(response, "prospect")
    assert "19 children who became accommodated" in section(response, "time-to-decision")
    assert "P-" not in response.content.decode()


def test_a_part_of_the_authority_is_not_judged_by_the_target_of_the_whole(see):
    store(WAITING, authority=person().organisation)
    Child.objects.filter(local_ref__in=["W0", "W1"]).update(team=team("Team North"))
    response = see(QUICK, Role.TEAM_MANAGER)
    assert response.context["prospect"] is None
    assert "these figures are of a part of it, and not judged by it" in response.content.decode()
    assert see([], Role.PACE_LEAD).context["prospect"] is not None


def test_when_a_child_turned_18_is_nowhere_to_be_read(see):
    left_at_18 = accommodated("2019-01-07", ref="ADULT", born="2001-09-13")  # 18 after 35.6 weeks
    response = see(SLOW + [left_at_18], split="none")
    (row,) = (row for row in response.context["card"].now.outcomes.rows if row.child_ref == "ADULT")
    assert row.tells_birthday
    told = round(row.waited / 7, 2)
    drawn = [number for trace in figure(response)["data"] for number in trace["x"]]
    assert told == 35.57
    assert told not in drawn
    assert max(drawn) == 31
    assert "1 left undecided" in section(response, "time-to-decision")


def test_what_is_said_is_as_at_the_day_asked_for(see):
    early = see(SLOW, as_at="2019-07-01")
    assert "Of the 12 children who became accommodated, 6 had a recommendation" in section(early, "time-to-decision")
    assert "still waiting in time" in section(early, "prospect")


def test_the_form_keeps_the_day_of_the_page(see):
    body = see(SLOW).content.decode()
    form = re.search(r'<form method="get" action="#time-to-decision".*?</form>', body, re.S)[0]
    assert f'<input type="hidden" name="as_at" value="{AS_AT}">' in form


def test_the_page_takes_as_many_queries_for_many_children_as_for_few(see, authority):
    who = person(Role.PACE_LEAD)
    see(SLOW[:2], who=who, annotations=[("2019-04-01", "New form")])
    with CaptureQueriesContext(connection) as for_few:
        see([], who=who)
    store(SLOW[2:] + QUICK + OVERDUE + WAITING + LATER, authority=authority)
    with CaptureQueriesContext(connection) as for_many:
        see([], who=who)
    assert len(for_many) == len(for_few)
