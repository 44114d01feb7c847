"""The run chart of an aim, judged: its findings in words, its medians and its remarks."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from aims.charts import run_chart_figure
from aims.judged_chart import judge
from aims.models import ChartSettings, Phase
from tests.aims.storytelling import accommodated, aim, recommended

BEFORE = [40, 35, 52, 38, 44, 30, 47, 41, 36, 50, 33, 45]
AFTER = [28, 26, 24, 30, 22, 25, 27, 20]
FIRST = date(2024, 1, 1)
AS_AT = "2026-06-01"


@dataclass(frozen=True)
class Remark:
    on: date
    label: str
    link: str = ""
    until: date | None = None


@pytest.fixture
def judged(measure_children):
    """Judge children whose decisions came a week apart, after so many weeks each."""

    def run(weeks, *, phases=(), remarks=(), **settings):
        histories = []
        for number, took in enumerate(weeks):
            end = FIRST + timedelta(weeks=60 + number)
            histories.append(
                accommodated(
                    (end - timedelta(weeks=took)).isoformat(), recommended(end.isoformat()), ref=f"C{number:02}"
                )
            )
        measured = measure_children(aim(limit="30 weeks"), *histories, as_at=AS_AT)
        return measured.now, judge(measured.now.outcomes, ChartSettings(**settings), list(phases), list(remarks))

    return run


def decided_on(number: int) -> date:
    return FIRST + timedelta(weeks=60 + number)


def test_the_worked_chart_says_what_it_found(judged):
    _now, chart = judged(BEFORE + AFTER, baseline=12)
    (finding,) = chart.findings
    assert finding.startswith(
        "The last 8 children were all quicker than the baseline median of 40.5 weeks: a shift; about 1 chart in "
    )


def test_a_shift_that_is_over_is_told_with_its_days(judged):
    _now, chart = judged([*BEFORE, *AFTER, 60, 61], baseline=12)
    assert chart.findings[0].startswith("8 children in a row (")


def test_without_a_signal_nothing_is_claimed(judged):
    _now, chart = judged(BEFORE)
    assert chart.findings == [
        ("No rule finds a signal. That does not show that nothing has changed: it may be too new to tell.")
    ]


def test_too_few_points_claim_nothing_and_say_so(judged):
    _now, chart = judged(BEFORE[:8])
    assert chart.findings == ["Only 8 points can be used, and at least 10 are needed: no rule is applied."]


def test_a_new_median_begins_with_the_first_decision_on_or_after_its_day(judged):
    phase = Phase(starts_on=decided_on(12) - timedelta(days=3), reason="Weekly tracking")
    _now, chart = judged(BEFORE + AFTER, baseline=12, phases=[phase])
    assert [each.median / 7 for each in chart.chart.phases] == [40.5, 25.5]
    assert "Weekly tracking" in chart.basis


def test_a_phase_after_the_day_of_the_page_is_not_there_yet(judged):
    phase = Phase(starts_on=date(2026, 7, 1), reason="Later")
    _now, chart = judged(BEFORE + AFTER, phases=[phase])
    assert len(chart.chart.phases) == 1


def test_signal_points_are_marked_by_shape_and_medians_by_dash(judged):
    now, chart = judged(BEFORE + AFTER, baseline=12)
    figure = run_chart_figure(now, chart, links={}).figure
    by_name = {}
    for trace in figure["data"]:
        by_name.setdefault(trace["name"], []).append(trace)
    (shift,) = by_name["Shift"]
    assert (shift["marker"]["symbol"], shift["x"]) == ("circle-open", list(range(13, 21)))
    assert [line["line"]["dash"] for line in by_name["Median 40.5 weeks"]] == ["solid", "dash"]


def test_a_remark_stands_between_the_decisions_before_and_after_it(judged):
    now, chart = judged(BEFORE, remarks=[Remark(decided_on(5), "Test of change"), Remark(date(2027, 1, 1), "Later")])
    (marked,) = chart.remarks
    assert marked.place == 5.5
    figure = run_chart_figure(now, chart, links={}).figure
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [5.5]
    assert [note["text"] for note in figure["layout"]["annotations"]][-1] == "Test of change"


def test_the_other_rules_have_no_trend(judged):
    _now, chart = judged([*BEFORE, 31, 30, 29, 28, 27, 26], rules="anhoej")
    assert "trend" not in " ".join(chart.findings)
    assert chart.basis.startswith("Rules: longest run and crossings")
