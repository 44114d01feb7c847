"""What must never be false of tests of change is refused by the database itself, and a state follows from the rest."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from improvement.models import ChangeIdea, ChildInCycle, PdsaCycle, TestOfChange
from tests.builders import authority, child, person
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_cycle, a_test, an_idea

pytestmark = pytest.mark.django_db

WHOLE = PLAN | DO | STUDY | ACT


@pytest.fixture
def cycle():
    """A cycle with its four steps, of which each case breaks one thing."""
    test = a_test()
    test.cycles.all().delete()
    return a_cycle(test, **WHOLE)


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"number": 0}, "cycle_numbers_start_at_one"),
        ({"scale": "planet"}, "cycle_scale_is_known"),
        (
            {"planned_start": date(2026, 3, 2), "planned_end": date(2026, 3, 1)},
            "cycle_planned_end_after_start",
        ),
        ({"questions": []}, "cycle_do_needs_prediction_and_data"),
        ({"data_items": []}, "cycle_do_needs_prediction_and_data"),
        ({"ended_on": date(2026, 3, 1)}, "cycle_ends_after_it_started"),
        ({"results": ""}, "cycle_act_needs_study"),
        ({"comparison": ""}, "cycle_act_needs_study"),
        ({"what_happened": ""}, "cycle_study_follows_do"),
        ({"decided_on": date(2026, 3, 19)}, "cycle_decision_has_day_and_reason"),
        ({"decided_on": None}, "cycle_decision_has_day_and_reason"),
        ({"decision_reason": ""}, "cycle_decision_has_day_and_reason"),
        ({"decision": ""}, "cycle_decision_has_day_and_reason"),
        ({"decision": "postpone"}, "cycle_decision_has_day_and_reason"),
    ],
)
def test_a_cycle_cannot_be_stored_against_its_order(cycle, broken, constraint):
    for name, value in broken.items():
        setattr(cycle, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        cycle.save()


@pytest.mark.parametrize(
    ("filled", "constraint"),
    [
        ({"ended_on": date(2026, 3, 20)}, "cycle_ends_after_it_started"),
        ({"what_happened": "It was used"}, "cycle_do_has_a_start"),
        ({"observations": "It was long"}, "cycle_do_has_a_start"),
        ({"as_planned": False}, "cycle_do_has_a_start"),
        ({"children_said": "Good"}, "cycle_study_follows_do"),
        ({"learned": "Much"}, "cycle_study_follows_do"),
        ({"next_step": "Ask the other team"}, "cycle_decision_has_day_and_reason"),
    ],
)
def test_a_step_is_not_filled_in_before_the_one_it_follows(filled, constraint):
    test = a_test()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        a_cycle(test, 2, **PLAN, **filled)


def test_study_waits_for_the_end_of_do():
    test = a_test()
    begun = PLAN | DO | {"ended_on": None}
    with pytest.raises(IntegrityError, match="cycle_study_follows_do"), transaction.atomic():
        a_cycle(test, 2, **begun, results="Four of five")


def test_two_cycles_of_a_test_have_two_numbers():
    test = a_test()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_cycle(test, 1)
    a_cycle(a_test(), 2)


def test_a_child_takes_part_in_a_cycle_once():
    cycle = a_test().last_cycle
    row = child()
    ChildInCycle.objects.create(cycle=cycle, child=row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChildInCycle.objects.create(cycle=cycle, child=row)


@pytest.mark.parametrize(
    "broken",
    [
        {"title": ""},
        {"withdrawn_on": date(2026, 5, 1)},
        {"withdrawn_reason": "Nobody had time"},
        {"withdrawn_on": date(2026, 5, 1), "withdrawn_reason": "Nobody had time"},
    ],
)
def test_a_test_of_change_has_a_title_and_is_withdrawn_by_somebody_for_a_reason(broken):
    test = a_test()
    with pytest.raises(IntegrityError), transaction.atomic():
        TestOfChange.objects.filter(pk=test.pk).update(**broken)


@pytest.mark.parametrize(
    "broken",
    [
        {"title": ""},
        {"national_aim": 5},
        {"national_aim": 0},
        {"retired_on": date(2026, 5, 1)},
        {"retired_reason": "x"},
    ],
)
def test_an_idea_has_a_title_an_aim_of_the_four_and_is_retired_for_a_reason(broken):
    idea = an_idea()
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeIdea.objects.filter(pk=idea.pk).update(**broken)


def test_an_idea_of_the_library_is_taken_once_by_each_authority():
    an_idea(library_key="two-week-meeting")
    an_idea(library_key="two-week-meeting", organisation=authority("S12000033"))
    an_idea(library_key="")
    an_idea(library_key="")
    with pytest.raises(IntegrityError), transaction.atomic():
        an_idea(library_key="two-week-meeting")


def test_a_test_with_cycles_and_an_idea_with_tests_stay():
    idea = an_idea()
    test = a_test(idea=idea)
    with pytest.raises(ProtectedError):
        test.delete()
    with pytest.raises(ProtectedError):
        idea.delete()


@pytest.mark.parametrize(
    ("filled", "state"),
    [
        ({}, "planning"),
        ({"objective": "Try", "data_items": PLAN["data_items"]}, "planning"),
        ({"questions": PLAN["questions"]}, "planning"),
        ({"questions": [{"question": "Why?", "prediction": "", "came_true": ""}], "data_items": ["x"]}, "planning"),
        (PLAN, "planned"),
        (PLAN | {"started_on": date(2026, 3, 2)}, "doing"),
        (PLAN | DO | {"ended_on": None}, "doing"),
        (PLAN | DO | {"what_happened": ""}, "doing"),
        (PLAN | DO, "studying"),
        (PLAN | DO | {"results": "Four"}, "studying"),
        (PLAN | DO | {"comparison": "As predicted"}, "studying"),
        (PLAN | DO | STUDY, "deciding"),
        (WHOLE, "complete"),
    ],
)
def test_the_state_of_a_cycle_follows_from_what_is_filled_in(filled, state):
    assert PdsaCycle(**filled).state == state


@pytest.mark.parametrize(
    ("filled", "state"),
    [
        ({}, "planning"),
        (PLAN, "planned"),
        (PLAN | {"started_on": date(2026, 3, 2)}, "doing"),
        (PLAN | DO, "studying"),
        (PLAN | DO | STUDY, "deciding"),
        (WHOLE | {"decision": "adapt"}, "next_cycle"),
        (WHOLE | {"decision": "scale_up"}, "next_cycle"),
        (WHOLE | {"decision": "adopt"}, "adopted"),
        (WHOLE | {"decision": "abandon"}, "abandoned"),
    ],
)
def test_the_state_of_a_test_is_that_of_its_last_cycle(filled, state):
    test = a_test(cycles=3)
    PdsaCycle.objects.filter(test=test, number=3).update(**filled)
    assert TestOfChange.objects.get(pk=test.pk).state == state


def test_a_withdrawn_test_is_withdrawn_however_far_it_came():
    test = a_test()
    PdsaCycle.objects.filter(test=test).update(**WHOLE | {"decision": "adopt"})
    test.withdrawn_on, test.withdrawn_reason, test.withdrawn_by = date(2026, 5, 1), "Not ours", person()
    assert test.state == "withdrawn"
    assert test.has_ended
