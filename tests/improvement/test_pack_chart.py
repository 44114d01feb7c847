"""The small run chart of a pack: kept as numbers, drawn when it is read."""

import json
from datetime import date, timedelta

import pytest

from aims.judged_chart import judge
from aims.models import ChartSettings
from improvement import pack_chart
from improvement.pack_chart import BOTTOM, LEFT, RIGHT, TOP, chart_of, draw
from tests.aims.stored_histories import measured
from tests.aims.storytelling import accommodated, aim, recommended
from tests.builders import authority

pytestmark = pytest.mark.django_db
FIRST = date(2019, 1, 7)


def charted(*weeks, limit="30 weeks"):
    """The chart of children decided week by week, each after so many weeks."""
    histories = []
    for number, took in enumerate(weeks):
        end = FIRST + timedelta(weeks=60 + number)
        begun = end - timedelta(weeks=took)
        histories.append(accommodated(begun.isoformat(), recommended(end.isoformat()), ref=f"C{number:03}"))
    figures = measured(aim(limit=limit), histories, as_at=date(2026, 1, 1), authority=authority()).now
    return chart_of(figures, judge(figures.outcomes, ChartSettings(), [], []))


def test_each_decision_is_a_mark_at_its_weeks_and_a_late_one_a_cross():
    chart = charted(20, 40, 30)
    drawing = draw(json.loads(json.dumps(chart)))
    assert [(mark.is_late, mark.is_ringed) for mark in drawing.marks] == [(False, False), (True, False), (False, False)]
    assert [words for _y, words in drawing.ticks] == ["0", "25", "50"]
    assert drawing.marks[0].y == BOTTOM - (BOTTOM - TOP) * 20 / 50
    assert drawing.limit == drawing.marks[2].y == drawing.medians[0][2]
    assert (drawing.first, drawing.last) == ("2 March 2020", "16 March 2020")
    assert drawing.key == (
        "Each mark is a decision, in weeks; a cross is late; the line is the median, 30.0 weeks at the end; "
        "the dashes are the limit."
    )


def test_a_shift_is_ringed_and_only_the_latest_decisions_are_drawn(monkeypatch):
    monkeypatch.setattr(pack_chart, "MOST_DOTS", 8)
    drawing = draw(charted(*[40] * 7, *[10] * 7))
    assert [mark.is_ringed for mark in drawing.marks] == [True] * 8
    assert [mark.is_late for mark in drawing.marks] == [True] + [False] * 7
    assert all(LEFT <= mark.x <= RIGHT and TOP <= mark.y <= BOTTOM for mark in drawing.marks)
    assert "a ring marks a shift or a trend" in drawing.key


def test_a_chart_says_nothing_by_which_a_child_is_known():
    chart = charted(20, 40)
    assert set(chart) == {"days", "late", "signals", "medians", "limit", "first", "last"}
    assert "C00" not in json.dumps(chart)


def test_one_decision_is_no_chart():
    assert charted(20) is None


def test_a_backlog_shows_how_many_are_left():
    drawing = draw({"left": [[0, 40], [100, 10], [200, 10]], "first": "1 May 2020", "last": "17 November 2020"})
    assert drawing.thread == f"M{LEFT},33.2H{(LEFT + RIGHT) / 2}V102.8H{float(RIGHT)}V102.8"
    assert drawing.key == "The line is how many children still wait."
    assert drawing.marks == []
