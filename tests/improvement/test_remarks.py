"""Cycles as remarks on the charts of their aim, and what a test waits for."""

from datetime import date

import pytest

from aims.judged_chart import judge_aim
from improvement.models import Implementation, PdsaCycle, TestOfChange
from improvement.next_steps import next_step_of
from improvement.remarks import remarks_of
from tests.aims.stored_histories import measured
from tests.aims.storytelling import aim as definition
from tests.builders import authority, person
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_cycle, a_test, an_aim

pytestmark = pytest.mark.django_db

WHOLE = PLAN | DO | STUDY | ACT


def test_a_cycle_is_a_remark_from_the_day_it_began(django_assert_num_queries):
    test = a_test(cycles=3)
    PdsaCycle.objects.filter(test=test, number=2).delete()
    a_cycle(test, 2, **PLAN, started_on=date(2026, 4, 1), scale="team")
    a_test(aim=an_aim("AIM-2"), cycles=2)
    with django_assert_num_queries(1):
        remarks = remarks_of(test.aim)
    assert [(each.on, each.until, each.label) for each in remarks] == [
        (date(2026, 3, 2), date(2026, 3, 20), "Cycle 1: 72-hour agenda, one child"),
        (date(2026, 4, 1), None, "Cycle 2: 72-hour agenda, one team"),
    ]
    assert remarks[0].link == f"/improvement/tests/{test.pk}/cycles/1/"
    assert (remarks[0].test_id, remarks[0].test_title) == (test.pk, "72-hour agenda")


def test_a_cycle_that_is_only_planned_is_no_remark():
    test = a_test()
    a_cycle(test, 2, **PLAN, planned_start=date(2026, 3, 2))
    assert remarks_of(test.aim) == []


def test_remarks_are_chosen_by_test_and_stay_when_it_is_withdrawn():
    one = a_test(cycles=2)
    other = a_test(cycles=2, lead=one.lead, title="Tea")
    TestOfChange.objects.filter(pk=other.pk).update(
        withdrawn_on=date(2026, 5, 1), withdrawn_reason="No", withdrawn_by=one.lead
    )
    assert len(remarks_of(one.aim)) == 2
    assert [each.test_id for each in remarks_of(one.aim, of_tests=[other.pk])] == [other.pk]


def test_a_chart_takes_the_remarks():
    test = a_test(cycles=2)
    outcomes = measured(definition(code="CHART"), [], as_at=date(2026, 6, 1), authority=authority()).now.outcomes
    judged = judge_aim(test.aim, outcomes, remarks=remarks_of(test.aim))
    assert [each.link for each in judged.remarks] == [f"/improvement/tests/{test.pk}/cycles/1/"]


def waiting(filled, **more):
    test = a_test(**more)
    PdsaCycle.objects.filter(pk=test.last_cycle.pk).update(**filled)
    return next_step_of(TestOfChange.objects.get(pk=test.pk))


@pytest.mark.parametrize(
    ("filled", "words", "due"),
    [
        ({"planned_start": date(2026, 3, 1)}, "Finish the plan of cycle 1", date(2026, 3, 1)),
        (PLAN | {"planned_start": date(2026, 3, 1)}, "Begin cycle 1", date(2026, 3, 1)),
        (
            PLAN | {"started_on": date(2026, 3, 2), "planned_end": date(2026, 3, 9)},
            "End cycle 1 and say what happened",
            date(2026, 3, 9),
        ),
        (PLAN | DO, "Study cycle 1", None),
        (PLAN | DO | STUDY, "Decide what follows from cycle 1", None),
        (WHOLE, "Plan cycle 2", None),
    ],
)
def test_a_test_waits_for_the_step_after_the_last(filled, words, due):
    step = waiting(filled)
    assert (step.words, step.due) == (words, due)


def test_an_abandoned_or_withdrawn_test_waits_for_nothing():
    assert waiting(WHOLE | {"decision": "abandon"}) is None
    user = person()
    assert waiting(PLAN, withdrawn_on=date(2026, 3, 1), withdrawn_reason="No", withdrawn_by=user) is None


def test_an_adopted_test_waits_for_its_record_and_then_for_its_review():
    test = a_test()
    PdsaCycle.objects.filter(test=test).update(**WHOLE | {"decision": "adopt"})
    owner = person()
    row = Implementation.objects.create(test=test, owner=owner, training="Half a day")
    step = next_step_of(TestOfChange.objects.get(pk=test.pk))
    assert (step.words, step.who) == ("Say in its record: a written procedure", owner)
    row.procedure, row.measure, row.review_on = "Here", "Meetings", date(2027, 1, 5)
    row.save()
    step = next_step_of(TestOfChange.objects.get(pk=test.pk))
    assert (step.words, step.due) == ("Review whether the change still holds", date(2027, 1, 5))
    assert step.is_overdue(date(2027, 1, 6))
    assert not step.is_overdue(date(2027, 1, 5))
