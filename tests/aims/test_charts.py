"""The charts of an aim: what each dot, bar and line stands for."""

from datetime import date, timedelta

import pytest

from aims.charts import MOST_BARS, MOST_POINTS, burn_down_figure, run_chart_figure
from aims.judged_chart import judge
from aims.models import ChartSettings
from tests.aims.storytelling import accommodated, aim, recommended

LINKS = {}


@pytest.fixture
def drawn(measure_children):
    """The run chart of an aim over some children as at a day."""

    def run(*histories, as_at, definition=None, links=LINKS, whole=False, settings=None, phases=(), remarks=()):
        measured = measure_children(definition or aim(), *histories, as_at=as_at)
        judged = judge(measured.now.outcomes, settings or ChartSettings(), phases, remarks)
        return run_chart_figure(measured.now, judged, links=links, whole=whole)

    return run


@pytest.fixture
def burnt_down(measure_children):
    """The burn-down of a backlog of children accommodated before April 2017, due by the end of October."""

    def run(*histories, as_at):
        backlog = aim(kind="deadline", limit=None, deadline="2017-10-31", before_date="2017-04-01")
        return burn_down_figure(measure_children(backlog, *histories, as_at=as_at).now)

    return run


def trace(chart, name):
    (found,) = (each for each in chart.figure["data"] if each["name"].startswith(name))
    return found


def names(chart):
    return [each["name"] for each in chart.figure["data"]]


def decided(started, on, **more):
    return accommodated(started, recommended(on), **more)


def test_dots_stand_in_the_order_in_which_the_process_ended_and_not_began(drawn):
    chart = drawn(
        decided("2019-01-07", "2019-07-01", ref="BEGAN-FIRST"),
        decided("2019-03-04", "2019-04-15", ref="ENDED-FIRST"),
        as_at="2019-12-01",
    )
    assert trace(chart, "Decided in time")["x"] == [1, 2]
    assert trace(chart, "Decided in time")["y"] == [6.0, 25.0]


def test_two_children_decided_on_one_day_are_two_dots_in_the_order_of_their_pseudonyms(drawn):
    chart = drawn(
        decided("2019-01-07", "2019-06-03", ref="B"), decided("2019-02-04", "2019-06-03", ref="A"), as_at="2019-12-01"
    )
    assert trace(chart, "Decided in time")["x"] == [1, 2]
    assert trace(chart, "Decided in time")["y"] == [17.0, 21.0]


def test_met_and_missed_differ_by_shape_as_well_as_colour(drawn):
    chart = drawn(
        decided("2019-01-07", "2019-06-03", ref="A"), decided("2019-01-07", "2019-12-02", ref="B"), as_at="2019-12-31"
    )
    met, missed = trace(chart, "Decided in time")["marker"], trace(chart, "Decided late")["marker"]
    assert met["symbol"] != missed["symbol"]
    assert met["color"] != missed["color"]


def test_overdue_and_waiting_bars_differ_by_pattern_as_well_as_colour(drawn):
    chart = drawn(accommodated("2019-01-07", ref="A"), accommodated("2019-11-04", ref="B"), as_at="2019-12-02")
    overdue, waiting = trace(chart, "Overdue")["marker"], trace(chart, "Waiting in time")["marker"]
    assert overdue["pattern"]["shape"] != waiting["pattern"]["shape"]
    assert overdue["color"] != waiting["color"]


def test_bars_stand_on_the_scale_of_the_dots_longest_wait_first(drawn):
    chart = drawn(
        accommodated("2019-11-04", ref="SHORT"),
        accommodated("2019-01-07", ref="LONG"),
        accommodated("2019-09-02", ref="MIDDLE"),
        decided("2019-01-07", "2019-06-03", ref="DECIDED"),
        as_at="2019-12-02",
    )
    assert (trace(chart, "Overdue")["x"], trace(chart, "Overdue")["y"]) == ([1], [47.0])
    assert (trace(chart, "Waiting")["x"], trace(chart, "Waiting")["y"]) == ([2, 3], [13.0, 4.0])
    assert trace(chart, "Overdue")["yaxis"] == "y"
    assert "yaxis2" not in chart.figure["layout"]


@pytest.mark.parametrize(("weeks_waited", "top"), [(78, None), (79, 39)])
def test_a_bar_longer_than_three_times_dots_and_limit_is_cut_and_bears_its_weeks(drawn, weeks_waited, top):
    since = date(2019, 12, 2) - timedelta(weeks=weeks_waited)
    chart = drawn(
        accommodated(since.isoformat(), ref="LONG"),
        accommodated("2019-11-04", ref="SHORT"),
        decided("2019-01-07", "2019-06-03", ref="DECIDED"),  # 21 weeks, and the limit is 26
        as_at="2019-12-02",
    )
    assert chart.cut_at == top
    assert trace(chart, "Overdue")["y"] == [weeks_waited]  # the figure keeps the wait itself
    for layout in ("layout", "narrow"):
        axis, notes = chart.figure[layout]["yaxis"], chart.figure[layout]["annotations"]
        assert axis.get("range") == (None if top is None else [0, top])
        told = [(each["x"], each["text"]) for each in notes if each["xref"] == "x2"]
        assert told == ([] if top is None else [(1, "79")])
        assert any("cut at 39" in each["text"] for each in notes) == (top is not None)


def test_without_a_dot_beside_it_no_bar_is_cut(drawn):
    assert drawn(accommodated("2017-01-02", ref="LONG"), as_at="2019-12-02").cut_at is None


def test_a_child_who_left_is_neither_dot_nor_bar(drawn):
    assert drawn(accommodated("2019-01-07", left="2019-12-01"), as_at="2019-12-31") is None


def test_the_median_line_is_the_exact_median_of_the_days(drawn):
    chart = drawn(
        decided("2019-01-07", "2019-03-04", ref="A"),  # 56 days
        decided("2019-01-07", "2019-03-11", ref="B"),  # 63 days
        as_at="2019-12-01",
    )
    assert trace(chart, "Median")["y"] == [8.5, 8.5]
    assert trace(chart, "Median")["name"] == "Median 8.5 weeks"


def test_a_limit_in_weeks_is_one_level_line(drawn):
    chart = drawn(decided("2019-01-07", "2019-03-04"), as_at="2019-12-01")
    assert trace(chart, "Limit 26 weeks")["y"] == [26.0, 26.0]


def test_a_dot_decided_on_its_last_day_lies_on_the_line_of_a_limit_in_months(drawn):
    chart = drawn(
        decided("2019-01-31", "2019-02-28", ref="FEBRUARY"),
        decided("2019-03-01", "2019-04-01", ref="MARCH"),
        definition=aim(limit="1 months"),
        as_at="2019-12-01",
    )
    dots = trace(chart, "Decided in time")
    limit = dict(zip(trace(chart, "Limit")["x"], trace(chart, "Limit")["y"], strict=True))
    assert dots["y"] == [limit[place] for place in dots["x"]] == [4.0, 4.43]


def test_a_draft_without_a_limit_draws_durations_and_the_median_and_nobody_late(drawn):
    draft = aim(limit=None, target_pct=None, status="draft")
    chart = drawn(
        decided("2019-01-07", "2019-12-02", ref="A"), accommodated("2018-01-01"), definition=draft, as_at="2019-12-31"
    )
    assert names(chart) == ["Median 47.0 weeks", "Decided", "Waiting"]


def test_no_pseudonym_is_drawn_without_a_link(drawn):
    children = [decided("2019-01-07", "2019-06-03", ref="A"), accommodated("2019-09-02", ref="B")]
    assert "P-" not in str(drawn(*children, as_at="2019-12-02").figure)


def test_a_dot_and_a_bar_carry_the_address_of_their_child(drawn):
    chart = drawn(
        decided("2019-01-07", "2019-06-03", ref="A"),
        accommodated("2019-09-02", ref="B"),
        links={"P-A": "/children/P-A/", "P-B": "/children/P-B/"},
        as_at="2019-12-02",
    )
    assert trace(chart, "Decided in time")["customdata"] == ["/children/P-A/"]
    assert trace(chart, "Decided in time")["text"] == ["P-A: 21.0 weeks, decided 3 June 2019"]
    assert trace(chart, "Waiting")["customdata"] == ["/children/P-B/"]
    assert trace(chart, "Waiting")["text"] == ["P-B: 13.0 weeks, due 2 March 2020"]


def test_only_the_latest_decisions_and_the_longest_waits_are_drawn_until_all_are_asked_for(drawn):
    days = [f"2019-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 21)]
    children = [decided("2018-12-03", day, ref=f"D{day}") for day in days]
    children += [accommodated(day, ref=f"W{day}") for day in days[: MOST_BARS + 1]]
    chart = drawn(*children, as_at="2019-12-31")

    assert (chart.points, chart.all_points) == (MOST_POINTS, len(days))
    assert (chart.bars, chart.all_bars) == (MOST_BARS, MOST_BARS + 1)
    assert not chart.is_whole
    last = trace(chart, "Decided late")
    assert last["x"][-1] == MOST_POINTS
    assert last["text"][-1].endswith("decided 20 December 2019")


def test_all_are_drawn_when_asked_for(drawn):
    children = [accommodated("2019-09-02", ref=f"W{number}") for number in range(MOST_BARS + 1)]
    chart = drawn(*children, as_at="2019-12-31", whole=True)
    assert chart.bars == MOST_BARS + 1
    assert chart.is_whole


def test_month_labels_keep_clear_of_each_other(drawn):
    children = [decided("2018-12-03", f"2019-{month:02d}-11", ref=f"C{month}") for month in range(1, 13)]
    narrow = drawn(*children, as_at="2019-12-31").figure["narrow"]["xaxis"]
    assert narrow["tickvals"] == [1, 4, 7, 10]
    assert narrow["ticktext"] == ["Jan<br>2019", "Apr<br>2019", "Jul<br>2019", "Oct<br>2019"]


def test_a_backlog_burns_down_as_children_are_decided_or_leave(burnt_down):
    chart = burnt_down(
        accommodated("2017-01-09", recommended("2017-06-05"), ref="DECIDED"),
        accommodated("2017-01-09", ref="LEFT", left="2017-07-03"),
        accommodated("2017-01-09", ref="WAITS"),
        as_at="2017-12-01",
    )
    line = trace(chart, "Still waiting")
    assert list(zip(line["x"], line["y"], strict=True)) == [
        ("2017-04-01", 3),
        ("2017-06-05", 2),
        ("2017-07-03", 1),
        ("2017-12-01", 1),
    ]
    assert trace(chart, "Deadline 31 October 2017")["x"] == ["2017-10-31", "2017-10-31"]


def test_the_burn_down_ends_when_nobody_waits_any_more(burnt_down):
    chart = burnt_down(accommodated("2017-01-09", recommended("2017-06-05")), as_at="2019-12-01")
    assert trace(chart, "Still waiting")["x"][-1] == "2017-06-05"


def test_an_empty_backlog_is_not_drawn(burnt_down):
    assert burnt_down(accommodated("2017-05-01"), as_at="2017-12-01") is None


def test_whoever_does_not_see_the_chart_is_told_what_is_drawn_the_latest_and_who_waits(drawn, burnt_down):
    chart = drawn(
        decided("2019-01-07", "2019-03-04", ref="IN-TIME"),
        decided("2019-01-07", "2019-09-02", ref="LATE"),
        accommodated("2019-03-04", ref="OVERDUE"),
        accommodated("2019-11-04", ref="WAITING"),
        as_at="2019-12-02",
    )
    assert chart.told == (
        "Run chart: the weeks of 2 decisions, in their order, with the limit of 26 weeks and the median of 21.0 weeks. "
        "1 of them came late. The latest, in September 2019, took 34.0 weeks. Beside it, longest first: a bar for each "
        "of 2 children still waiting, 1 overdue and 1 in time, from 39.0 weeks down to 4.0 weeks."
    )
    backlog = burnt_down(accommodated("2017-03-06"), as_at="2017-06-01").told
    assert backlog.endswith(
        "the deadline of 31 October 2017 is marked. 1 child waited on 1 April 2017; 1 of them still waits on "
        "1 June 2017."
    )
