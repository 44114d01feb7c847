"""An aim by the month in which clocks fell due: what is counted where, and what the months say."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.by_month import by_month
from aims.by_month.words import findings, heading, notes
from milestones.clocks.states import State
from pace_site.accounts.roles import Role
from tests.aims.made_up_clocks import figures_of
from tests.aims.storytelling import accommodated, aim, recommended

AS_AT = date(2020, 6, 30)
WEEKS_10 = 70


def due_on(day: str, *, stop: int | None = None, exits: int | None = None):
    """A clock of ten weeks that falls due on a day, decided or left so many days after its start."""
    return ((AS_AT - date.fromisoformat(day)).days + WEEKS_10, stop, exits)


def months_of(*clocks, as_at=AS_AT, **changes):
    moved = [(ago - (AS_AT - as_at).days, stop, exits) for ago, stop, exits in clocks]
    return by_month(figures_of(aim(limit="10 weeks", **changes), moved, as_at=as_at))


def counted(monthly):
    return [(month.key, month.due, month.met) for month in monthly.months]


IN_TIME, LATE = {"stop": 30}, {"stop": 75}


def test_a_clock_counts_in_the_month_of_its_due_date_whenever_it_was_decided():
    found = months_of(due_on("2020-03-31", **LATE), due_on("2020-03-01", **IN_TIME))
    assert counted(found)[0] == ("2020-03", 2, 1)


def test_whoever_still_waits_after_the_due_date_counts_as_not_met():
    assert counted(months_of(due_on("2020-05-10"), due_on("2020-05-11", **IN_TIME)))[0] == ("2020-05", 2, 1)


def test_whoever_left_undecided_after_the_due_date_counts_as_not_met():
    assert counted(months_of(due_on("2020-05-10", exits=80)))[0] == ("2020-05", 1, 0)


def test_whoever_left_in_time_is_not_counted():
    assert counted(months_of(due_on("2020-05-10", exits=20), due_on("2020-05-11", **IN_TIME)))[0] == ("2020-05", 1, 1)


def test_a_month_in_which_nothing_fell_due_is_kept_as_a_gap():
    found = months_of(due_on("2020-03-10", **IN_TIME), due_on("2020-05-10", **IN_TIME))
    assert counted(found) == [("2020-03", 1, 1), ("2020-04", 0, 0), ("2020-05", 1, 1), ("2020-06", 0, 0)]
    assert found.chart.points[1] is None


def test_a_month_that_is_not_over_is_not_drawn_even_if_some_are_decided_already():
    found = months_of(due_on("2020-05-10", **IN_TIME), due_on("2020-06-20", **IN_TIME), as_at=date(2020, 6, 29))
    assert (counted(found)[-1][0], found.pending) == ("2020-05", 1)


def test_on_its_last_day_a_month_is_over_once_nobody_can_still_be_in_time():
    assert counted(months_of(due_on("2020-06-20", **IN_TIME)))[-1][0] == "2020-06"


def test_on_its_last_day_a_month_is_not_over_while_somebody_is_due_that_day():
    found = months_of(due_on("2020-05-10", **IN_TIME), due_on("2020-06-30"))
    assert counted(found)[-1][0] == "2020-05"


@pytest.mark.parametrize(
    "changes",
    [{"limit": None}, {"kind": "deadline", "limit": None, "deadline": "2020-05-01"}],
    ids=["no limit", "one deadline"],
)
def test_an_aim_without_due_dates_of_its_own_has_no_months(changes):
    figures = figures_of(aim(**{"limit": "10 weeks", **changes}), [due_on("2020-05-10", **IN_TIME)], as_at=AS_AT)
    assert by_month(figures) is None


def test_an_aim_of_which_no_month_is_over_has_no_months():
    assert months_of(due_on("2020-07-20")) is None


@settings(deadline=None, max_examples=150)
@given(
    clocks=st.lists(
        st.tuples(st.integers(0, 900), st.none() | st.integers(0, 200), st.none() | st.integers(0, 200)), max_size=40
    ),
    as_at=st.dates(date(2019, 12, 25), date(2020, 3, 5)),
)
def test_the_months_are_what_somebody_counting_by_hand_would_find(clocks, as_at):
    figures = figures_of(aim(limit="10 weeks"), clocks, as_at=as_at)
    found = by_month(figures)
    rows = figures.outcomes.rows
    next_day = as_at + timedelta(days=1)
    settled = not any(row.state == State.WAITING and row.due == as_at for row in rows)
    border = (next_day if settled else as_at).replace(day=1)
    due, met = Counter(), Counter()
    for row in rows:
        if row.due < border and row.state in (State.MET, State.MISSED, State.OVERDUE):
            due[row.due.strftime("%Y-%m")] += 1
            met[row.due.strftime("%Y-%m")] += row.state == State.MET
    told = {} if found is None else {month.key: (month.due, month.met) for month in found.months if month.due}
    assert told == {key: (count, met[key]) for key, count in due.items()}
    if found is not None:
        assert found.pending == figures.decided_or_overdue - sum(due.values())


def steady(months: int, *, due: int = 10, met: int = 6, first: date = date(2018, 1, 10)):
    """So many months with the same share met."""
    clocks = []
    for place in range(months):
        day = date(first.year + (first.month - 1 + place) // 12, (first.month - 1 + place) % 12 + 1, 10).isoformat()
        clocks += [due_on(day, **(IN_TIME if number < met else LATE)) for number in range(due)]
    return clocks


def test_the_heading_sets_the_last_month_beside_all():
    found = months_of(*steady(12), due_on("2020-05-10", **IN_TIME))
    assert heading(found) == (
        "The one clock that fell due in May 2020 was met; since January 2018 it was 73 of 121 (60 %)."
    )


def test_without_a_month_outside_nothing_is_claimed():
    assert findings(months_of(*steady(12), target_pct=None)) == [
        "No month lies outside its limits. That does not show that nothing has changed."
    ]


def test_months_too_small_to_lie_outside_are_counted():
    found = months_of(*steady(12), *steady(2, due=2, met=1, first=date(2019, 1, 10)), target_pct=None)
    assert findings(found) == [
        "No month lies outside its limits; 2 months have so few clocks that none could. "
        "That does not show that nothing has changed."
    ]


def test_a_month_outside_its_limits_is_named_with_how_often_chance_does_so():
    bad = [due_on("2019-06-10", **LATE)] * 10
    said = findings(months_of(*steady(12, met=9), *bad, target_pct=None))
    assert said[0] == "In June 2019, 0 of 10 were met (0 %): fewer than chance explains about the mean of 83 %."
    assert re.fullmatch(
        r"Where nothing changes, about 1 chart in \d+ of these months shows as much by chance\.", said[1]
    )


def test_limits_of_fewer_than_twelve_months_are_provisional():
    said = findings(months_of(*steady(11), target_pct=None))
    assert said[-1] == "Only 11 months with clocks due: with fewer than 12 the limits are provisional."


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (
            60,
            "All these months together make 60 % (95 % interval 56 to 64 %): they do not tell whether the target of "
            "60 % is reached.",
        ),
        (70, "All these months together make 60 % (95 % interval 56 to 64 %), below the target of 70 %."),
        (50, "All these months together make 60 % (95 % interval 56 to 64 %), above the target of 50 %."),
    ],
)
def test_all_months_together_are_set_beside_the_target(target, words):
    assert findings(months_of(*steady(12, due=40, met=24), target_pct=target))[-1] == words


@pytest.mark.parametrize(("met", "which"), [(10, "every clock was met"), (0, "no clock was met")])
def test_where_nothing_varies_nothing_is_judged(met, which):
    assert findings(months_of(*steady(12, met=met))) == [f"In every month {which}: there is nothing to judge."]


def test_the_reader_is_told_of_small_months_and_of_what_is_not_counted_yet():
    found = months_of(due_on("2020-05-10", **IN_TIME), due_on("2020-07-20", **IN_TIME))
    assert "Hollow points are of fewer than 5 clocks" in notes(found)[0]
    assert notes(found)[1].startswith("1 clock has been met or missed already")


def test_the_mean_is_exact():
    assert months_of(*steady(3, due=3, met=1)).mean == Fraction(100, 3)


# The page


def decided(number: int, days: int, start: date):
    stop = (start + timedelta(days=days)).isoformat()
    return accommodated(start.isoformat(), recommended(stop), ref=f"{start:%m%d}{number}")


MARCH = [decided(number, 20 + 100 * number, date(2019, 3, 4)) for number in range(3)]  # due 2 September 2019; two met


def test_each_count_of_the_table_leads_to_exactly_those_clocks(see, client):
    page = see([*MARCH, *(decided(n, 30, date(2019, 5, 6)) for n in range(4))]).content.decode()
    links = re.findall(r'href="([^"]*due=2019-09[^"]*)">(\d+)<', page)
    assert [count for _href, count in links] == ["3", "2"]
    for href, count in links:
        listed = client.get(href.replace("&amp;", "&")).content.decode()
        assert f"<h1>{count} " in listed
        assert "due in September 2019" in listed
        assert listed.split("<tbody>")[1].split("</tbody>")[0].count("<tr") == int(count)


def test_who_opens_no_child_sees_counts_without_links(see):
    page = see(MARCH, Role.SENIOR_LEADER).content.decode()
    assert "By the month in which they fell due" in page
    assert "due=2019-09" not in page


def test_remarks_stand_on_the_months_too(see):
    page = see(MARCH, annotations=[(date(2019, 9, 10), "A new agenda")]).content.decode()
    figure = json.loads(re.search(r'id="by-month-figure"[^>]*>(.*?)</script>', page, flags=re.S)[1])
    assert [each["text"] for each in figure["layout"]["annotations"]] == ["A new agenda"]
    assert figure["layout"]["shapes"][0]["x0"] == "2019-09-10"


@pytest.mark.parametrize("asked", ["2019-13", "x", "2019-9-1", "٢٠١٩-09"])
def test_a_list_for_no_month_is_not_found(see, client, asked):
    see(MARCH)
    response = client.get(reverse("aim_children", kwargs={"code": "TEST"}), {"show": "due", "due": asked})
    assert response.status_code == 404
