"""What the values of a measure say: months, baselines, limits and charts."""

from datetime import date
from decimal import Decimal

import pytest

from improvement.actions.measures import (
    change_measure,
)
from improvement.measured.drawing import measure_figure
from improvement.models import PdsaCycle
from improvement.remarks import remarks_of
from tests.improvement.builders import DO, PLAN, a_test
from tests.improvement.measure_builders import judged, type_months

pytestmark = pytest.mark.django_db


def test_a_month_without_a_value_is_a_gap(champion, measure):
    type_months(measure, [5, None, 6], by=champion)
    found = judged(measure, by=champion)
    assert [value and int(value) for value in found.values] == [50, None, 60]
    assert "1 month without a value is skipped" in found.basis


def test_months_after_the_day_are_not_there_yet(champion, measure):
    type_months(measure, [5, 6, 7], by=champion)
    assert judged(measure, by=champion, as_at=date(2024, 2, 28)).latest == "50 % in January 2024 (5 of 10)"
    assert judged(measure, by=champion, as_at=date(2024, 2, 29)).latest == "60 % in February 2024 (6 of 10)"
    assert judged(measure, by=champion, as_at=date(2023, 12, 31)).heading == "No value yet."


def test_too_few_months_claim_nothing(champion, measure):
    type_months(measure, [5, 6, 7], by=champion)
    assert judged(measure, by=champion).findings[0] == (
        "Only 2 points can be used, and at least 10 are needed: no rule is applied."
    )


def test_a_shift_against_the_baseline_is_said_in_words_of_the_measure(lead, champion, measure):
    change_measure(measure, {"baseline_points": 10, "target": Decimal(80)}, edition=1, by=lead)
    type_months(measure, [5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 9, 9, 8, 9, 9, 9], by=champion)
    measure.refresh_from_db()
    found = judged(measure, by=champion)
    assert found.findings[0].startswith("The last 7 months were all higher than the baseline median of 50 %: a shift;")
    assert found.heading == ("90 % in April 2025 (9 of 10); the median is 50 % and the target 80 %: reached.")


def test_a_baseline_until_a_day_takes_the_months_that_were_over_by_it(lead, champion, measure):
    change_measure(measure, {"baseline_until": date(2024, 3, 30)}, edition=1, by=lead)
    type_months(measure, [2, 4, 9, 9], by=champion)
    measure.refresh_from_db()
    found = judged(measure, by=champion)
    assert (found.baseline, found.chart.median) == (2, 30)


def test_a_month_outside_the_limits_of_a_p_chart_is_named(champion, measure):
    type_months(measure, [5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 0], by=champion)
    found = judged(measure, by=champion)
    assert "0 % in April 2025 (0 of 10) lies outside the limits: lower than chance explains." in found.findings
    assert any(finding.startswith("Where nothing changes, ") for finding in found.findings)


def test_without_limits_the_chart_is_a_run_chart_alone(lead, champion, measure):
    change_measure(measure, {"chart": "run"}, edition=1, by=lead)
    type_months(measure, [5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 0], by=champion)
    measure.refresh_from_db()
    found = judged(measure, by=champion)
    assert found.limits is None
    names = {trace.get("name") for trace in measure_figure(found).figure["data"]}
    assert "Limits of chance" not in names


def test_the_chart_shows_median_limits_target_and_cycles(lead, champion, measure):
    change_measure(measure, {"target": Decimal(80)}, edition=1, by=lead)
    type_months(measure, [5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 4], by=champion)
    test = a_test(aim=measure.aim)
    PdsaCycle.objects.filter(test=test).update(**PLAN, **DO | {"started_on": date(2024, 6, 3), "ended_on": None})
    measure.refresh_from_db()
    found = judged(measure, by=champion, remarks={measure.aim_id: remarks_of(measure.aim)})
    figure = measure_figure(found).figure
    names = [trace.get("name") for trace in figure["data"]]
    assert {"Limits of chance", "Median 50 %", "Target 80 %", "Month"} <= set(names)
    assert figure["layout"]["shapes"][0]["x0"] == "2024-06-03"
    early = judged(measure, by=champion, as_at=date(2024, 5, 31), remarks={measure.aim_id: remarks_of(measure.aim)})
    assert early.remarks == []
