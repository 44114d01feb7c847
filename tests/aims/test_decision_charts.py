"""The figure of the time to decision: what its lines, band and ticks stand for."""

import pytest

from aims.decision_charts import DrawnGroup, still_waiting_figure
from aims.time_to_decision import kaplan_meier

WAITS = [(14, True), (21, False), (28, True), (42, False)]


def group(waits, *, name="All children", ticks=(), until=None):
    curve = kaplan_meier(waits)
    return DrawnGroup(name, curve, ticks, curve.days[-1] if until is None else until)


def drawn(*groups, limit_days=None):
    return still_waiting_figure(list(groups), limit_days=limit_days, limit="6 weeks").figure


def trace(figure, name):
    (found,) = (each for each in figure["data"] if each["name"] == name)
    return found


def test_the_line_starts_with_everybody_and_falls_with_each_decision_in_weeks():
    line = trace(drawn(group(WAITS)), "All children")
    assert (line["x"], line["y"]) == ([0, 2, 4, 6], [100, 75, 37.5, 37.5])
    assert line["line"]["shape"] == "hv"


def test_hovering_says_the_share_and_its_interval():
    line = trace(drawn(group(WAITS)), "All children")
    assert line["text"][1] == "2.0 weeks: 75 % still waiting (13 to 96)"


def test_the_band_holds_the_line():
    figure = drawn(group(WAITS))
    upper, lower = (each for each in figure["data"] if each["name"] == "95 % interval")
    line = trace(figure, "All children")
    assert lower["fill"] == "tonexty"
    assert all(low <= share <= high for low, share, high in zip(lower["y"], line["y"], upper["y"], strict=True))


def test_the_band_ends_where_nobody_waits_any_more():
    figure = drawn(group([(14, True), (28, True)]))
    upper, lower = (each for each in figure["data"] if each["name"] == "95 % interval")
    assert (upper["x"], lower["x"]) == ([0, 2, 4], [0, 2, 4])
    assert trace(figure, "All children")["y"][-1] == 0


def test_ticks_lie_on_the_line_where_somebody_was_last_seen_waiting():
    ticks = trace(drawn(group(WAITS, ticks={21, 42})), "Still waiting or left")
    assert (ticks["x"], ticks["y"]) == ([3, 6], [75, 37.5])


def test_the_limit_is_a_line_across_and_without_a_limit_there_is_none():
    assert trace(drawn(group(WAITS), limit_days=42), "Limit 6 weeks")["x"] == [6, 6]
    assert not [each for each in drawn(group(WAITS))["data"] if each["name"].startswith("Limit")]


def test_two_groups_differ_by_more_than_colour():
    figure = drawn(group(WAITS, name="Before"), group(WAITS, name="Since"))
    assert trace(figure, "Before")["line"]["dash"] != trace(figure, "Since")["line"]["dash"]


def test_the_line_ends_where_it_is_told_to():
    assert trace(drawn(group(WAITS, until=35)), "All children")["x"][-1] == 5


@pytest.mark.parametrize("waits", [[(0, True)], [(0, False), (0, True)]])
def test_decisions_on_the_first_day_can_be_drawn(waits):
    assert trace(drawn(group(waits)), "All children")["x"][:2] == [0, 0]
