"""What a comparison finds, what it declines to judge, and what it says of either."""

from datetime import date
from itertools import count

import numpy as np
import pandas as pd
import pytest

from aims.compare.comparison import Place, compare
from aims.compare.dimensions import DIMENSIONS, Labels
from aims.compare.drawing import common_scale, interval_bar, small_chart
from aims.compare.groups import SMALLER_GROUPS, groups_of, pooled
from aims.compare.words import basis, chart_words, findings, heading
from aims.outcomes import Outcomes
from milestones.clocks.days import OPEN
from milestones.clocks.limits import to_day
from tests.aims.storytelling import aim

TEAM, ROUTE = DIMENSIONS["team"], DIMENSIONS["route"]
LIMIT, START = 182, to_day(date(2020, 1, 6))


def clocks_of(definition=None, **teams):
    """Outcomes and labels of some teams, each told as "7 met 3 overdue"; `nobody` is no team at all."""
    definition = definition or aim()
    numbers, rows, labels = count(), [], []
    for name, told in teams.items():
        words = told.split()
        for many, state in zip(words[::2], words[1::2], strict=True):
            for _ in range(int(many)):
                rows.append(_row(state.upper(), next(numbers), limited=definition.limit is not None))
                labels.append("" if name == "nobody" else name)
    columns = ["child", "state", "route", "start", "due", "stop", "exit", "exit_reason", "days", "waited", "left"]
    frame = pd.DataFrame(rows, columns=columns).rename(columns={"left": "left_undecided"})
    children = pd.DataFrame(
        {
            "id": range(len(rows)),
            "code": [f"P-{n:04d}" for n in range(len(rows))],
            "local_ref": [f"R{n:04d}" for n in range(len(rows))],
            "family": 0,
        }
    )
    outcomes = Outcomes(definition, date(2021, 6, 1), frame, children, (), ())
    names = {name: name.capitalize() for name in teams if name != "nobody"}
    return outcomes, Labels(np.array(labels, dtype=object), names)


def _row(state, number, *, limited):
    days = {"MET": 100, "MISSED": 300}.get(state)
    waited = {"OVERDUE": 400, "WAITING": 60}.get(state, days)
    stop = OPEN if days is None else START + number % 7 + days
    due = START + number % 7 + LIMIT if limited else OPEN
    start = START + number % 7
    return (number, state, "", start, due, stop, OPEN, "", days or 0, waited, False)


def compared(definition=None, *, by=TEAM, fewest=None, **teams):
    outcomes, labels = clocks_of(definition, **teams)
    groups = groups_of(outcomes, by, labels)
    return compare(outcomes, by, groups if fewest is None else pooled(groups, fewest=fewest))


def places(found):
    return {each.group.name: each.place for each in found.groups}


def test_a_team_beyond_what_chance_would_make_lies_below_the_others():
    found = compared(north="12 met 28 overdue", south="29 met 11 overdue", west="30 met 10 missed")

    assert places(found) == {"North": Place.BELOW, "South": Place.AMONG, "West": Place.AMONG}
    assert heading(found) == "One team lies below the others by more than chance would make: North"
    assert findings(found)[0].startswith("North: 12 of 40 in time, 30 %, against 74 % of all the others.")


def test_several_teams_apart_are_named_in_their_fixed_order_and_not_by_percentage():
    found = compared(north="38 met 2 overdue", south="5 met 35 overdue", west="25 met 15 missed")
    assert heading(found) == (
        "2 of 3 teams lie apart from the others by more than chance would make: North above, South below"
    )


def test_differences_that_chance_would_make_are_called_so_and_not_called_nothing():
    found = compared(north="12 met 8 overdue", south="15 met 5 overdue")

    assert heading(found) == "The differences between the 2 teams are no larger than chance would make them"
    assert findings(found) == [
        "That does not show that there is no difference: with few clocks only a large one would show."
    ]


def test_of_a_team_with_few_clocks_nothing_is_claimed_however_far_it_lies():
    found = compared(north="9 overdue", south="60 met", west="60 met")

    assert places(found)["North"] is Place.NOT_JUDGED
    assert "1 team has fewer than 10 clocks due, too few to judge: North." in findings(found)
    assert "North" not in heading(found)


def test_ten_clocks_due_are_enough_to_be_judged():
    assert places(compared(north="10 overdue", south="60 met"))["North"] is Place.BELOW


def test_a_team_is_not_judged_beside_others_with_too_few_clocks():
    found = compared(north="30 met", south="9 overdue")
    assert not found.judged
    assert heading(found) == "Too few clocks are due to compare the teams"


def test_those_still_waiting_in_time_are_not_due():
    found = compared(north="9 met 50 waiting", south="30 met")
    assert places(found)["North"] is Place.NOT_JUDGED


def test_what_is_not_known_is_in_the_whole_and_neither_judged_nor_among_the_others():
    found = compared(by=ROUTE, nobody="40 overdue", north="20 met", south="20 met")

    assert [each.group.name for each in found.groups] == ["North", "South", "No route yet"]
    assert {each.place for each in found.groups} == {Place.AMONG, Place.NOT_JUDGED}
    assert found.groups[0].others == (20, 20)
    assert found.percentage == 50
    assert any("route is not known count in the whole" in sentence for sentence in basis(found))


def test_the_page_says_how_many_comparisons_it_made_and_how_often_they_err():
    said = " ".join(basis(compared(north="12 met 8 overdue", south="15 met 5 overdue", west="14 met 6 overdue")))

    assert "3 comparisons" in said
    assert "The chance that any of this shows a difference where there is none is at most 1.6 %" in said
    assert "one in twenty such intervals misses by chance alone, of these 3 about 0.2" in said


def test_many_teams_a_little_apart_are_found_together_though_none_is_by_itself():
    slow = {f"slow{n}": "7 met 13 overdue" for n in range(6)}
    quick = {f"quick{n}": "15 met 5 overdue" for n in range(6)}
    found = compared(**slow, **quick)

    assert not found.apart
    assert heading(found) == (
        "Taken together, 12 teams differ by more than chance would make them, though none lies apart by itself"
    )
    assert not findings(found)


def test_an_interval_that_misses_the_whole_is_told_and_is_no_finding():
    found = compared(north="24 met 16 overdue", south="100 met 20 overdue", west="100 met 20 missed")

    assert [each.group.name for each in found.missing_the_whole] == ["North"]
    assert not found.apart
    assert any("(North), which is no finding by itself" in sentence for sentence in basis(found))


@pytest.mark.parametrize(
    ("teams", "said"),
    [
        ({}, "No child is in this aim's cohort"),
        ({"north": "30 met"}, "All clocks here are of one team, North: there is nothing to compare"),
        (
            {"north": "12 met 8 overdue", "south": "9 met", "west": "8 met 1 overdue"},
            "Only one team can be judged, and chance alone could make its difference: North",
        ),
        ({"nobody": "30 met"}, "Of no clock here is the team known"),
        (
            {"north": "14 met 6 overdue", "south": "20 met", "west": "3 met"},
            "The differences between the 2 teams that can be judged are no larger than chance would make them",
        ),
    ],
)
def test_where_there_is_nothing_or_little_to_compare_the_heading_says_so(teams, said):
    assert heading(compared(**teams)) == said


def test_without_a_limit_no_percentage_and_no_finding_is_made():
    draft = aim(limit=None, target_pct=None, status="draft")
    found = compared(draft, north="20 met 5 waiting", south="20 met")

    assert found.percentage is None
    assert not found.judged
    assert "%" not in heading(found) + " ".join(findings(found) + basis(found))
    assert interval_bar(found.groups[0], found) is None


def test_whoever_opens_no_child_sees_small_groups_together():
    found = compared(fewest=5, east="3 met", north="20 met", south="4 met", west="5 met")
    assert [(each.group.name, each.counts["all"]) for each in found.groups] == [
        ("North", 20),
        ("West", 5),
        ("Smaller groups together", 7),
    ]


def test_a_pool_that_is_itself_too_small_takes_in_the_smallest_of_the_others():
    found = compared(fewest=5, north="20 met", south="4 met", west="6 met")
    assert [(each.group.key, each.counts["all"]) for each in found.groups] == [("north", 20), (SMALLER_GROUPS, 10)]


@pytest.mark.parametrize(
    ("teams", "sizes"),
    [
        ({"north": "9 met", "south": "1 met"}, [10]),
        ({"north": "2 met", "south": "3 met"}, [5]),
        ({"north": "9 met", "nobody": "4 met", "south": "7 met"}, [9, 11]),
    ],
)
def test_no_group_smaller_than_five_can_be_told_from_what_is_shown(teams, sizes):
    assert [each.counts["all"] for each in compared(fewest=5, **teams).groups] == sizes


def test_the_pool_is_never_judged():
    teams = {f"t{n}": "4 overdue" for n in range(6)}
    found = compared(fewest=5, north="30 met", **teams)
    assert found.groups[-1].counts["due"] == 24
    assert found.groups[-1].place is Place.NOT_JUDGED
    assert heading(found).startswith("One team lies above the others")


def test_all_charts_have_one_scale_and_an_overdue_wait_a_longer_stroke():
    found = compared(north="3 met 1 overdue", south="2 met 1 waiting")
    scale = common_scale(found.groups, limit_days=LIMIT)
    north, south = (small_chart(each, scale, limit_days=LIMIT) for each in found.groups)

    assert scale.top_weeks >= 400 / 7
    assert north.limit == south.limit
    assert north.dots[0].y == south.dots[0].y  # both took 100 days
    assert north.ticks[0].end > south.ticks[0].end
    assert north.ticks[0].y < south.ticks[0].y < scale.y(0)


def test_waits_of_the_same_length_are_drawn_once():
    found = compared(north="1 met 5 overdue 3 waiting", south="1 met")
    scale = common_scale(found.groups, limit_days=LIMIT)
    ticks = small_chart(found.groups[0], scale, limit_days=LIMIT).ticks
    assert [tick.overdue for tick in ticks] == [True, False]


def test_of_many_decisions_the_latest_are_drawn_and_the_median_is_that_of_all():
    found = compared(north="70 met", south="2 met")
    scale = common_scale(found.groups, limit_days=LIMIT)
    chart = small_chart(found.groups[0], scale, limit_days=LIMIT)

    assert (len(chart.dots), chart.left_out) == (60, 10)
    assert chart.median == scale.y(100)
    assert [dot.x for dot in chart.dots] == sorted(dot.x for dot in chart.dots)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("3 met 2 overdue 1 waiting", "3 decided, half of them within 14.3 weeks; 3 still waiting, 2 of them overdue."),
        ("1 met", "1 decided, after 14.3 weeks; nobody still waiting."),
        ("2 waiting", "Nobody decided; 2 still waiting, none of them overdue."),
    ],
)
def test_a_small_chart_is_told_in_words(told, said):
    (only,) = compared(north=told).groups
    assert chart_words(only, has_claim=True) == said
