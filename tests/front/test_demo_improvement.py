"""The demo's year of improvement work: every kind of it, in order, of no child by name, and nothing after its day."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from improvement.models import (
    Action,
    Barrier,
    ChangeIdea,
    ChildInCycle,
    DriverDiagram,
    Measure,
    MeasureValue,
    Meeting,
    PdsaCycle,
    Programme,
    ProgressScore,
    TestOfChange,
)
from improvement.models.tests_of_change import Scale
from improvement.sharing.export import improvement_of
from improvement.sharing.files import as_text, read_text
from pace_site.accounts.models import Organisation
from pace_site.front.fiction.demo import BRAEBURN, GLENMORE
from pace_site.front.fiction.recipe import DEFAULT_AS_AT
from pace_site.front.fiction.removal import remove_authority
from tests.front.test_demo import run_demo

pytestmark = pytest.mark.django_db
HAPPENED = {
    ChangeIdea: ("retired_on",),
    TestOfChange: ("begun_on", "withdrawn_on"),
    PdsaCycle: ("started_on", "ended_on", "decided_on"),
    MeasureValue: ("month",),
    Programme: ("starts_on",),
    ProgressScore: ("month",),
    Barrier: ("raised_on", "resolved_on"),
    Meeting: ("on", "closed_on"),
    Action: ("done_on",),
}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """One demo for all the tests of this file that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        run_demo(children=120)
        yield Organisation.objects.get(code=BRAEBURN.code)
        transaction.set_rollback(True)


def days_of(model, name):
    return {day for day in model._base_manager.values_list(name, flat=True) if day is not None}


def test_the_story_has_a_test_in_every_stage_of_growing_scale(made):
    states = {test.title: (test.state, len(test.ramp)) for test in TestOfChange.objects.filter(authority=made)}
    assert sorted(states.values()) == [
        ("abandoned", 2),
        ("adopted", 4),
        ("doing", 2),
        ("doing", 4),
        ("planned", 3),
    ]
    for test in TestOfChange.objects.filter(authority=made):
        sizes = [Scale.values.index(cycle.scale) for cycle in test.ramp]
        assert sizes == sorted(sizes)
        for before, after in zip(test.ramp, test.ramp[1:], strict=False):
            assert after.started_on is None or before.decided_on <= after.started_on
    adopted = TestOfChange.objects.get(authority=made, implementation__isnull=False)
    assert adopted.implementation.missing == []


def test_the_theory_links_ideas_that_are_tested_to_the_second_national_aim(made):
    diagram = DriverDiagram.objects.get(authority=made, aim__code="NAT-2")
    tested = set(TestOfChange.objects.filter(authority=made, aim__code="NAT-2").values_list("idea__title", flat=True))
    linked = set(ChangeIdea.objects.filter(drivers__diagram=diagram).values_list("title", flat=True))
    assert tested < linked
    assert diagram.versions.count() > 1


def test_the_programme_moves_from_one_to_three_and_meets_every_four_weeks(made):
    scores = list(
        ProgressScore.objects.filter(programme__authority=made).order_by("month").values_list("score", flat=True)
    )
    assert (scores[0], scores[-1], len(scores)) == (1, 3, 12)
    assert scores == sorted(scores)
    days = list(Meeting.objects.filter(authority=made).order_by("on").values_list("on", flat=True))
    assert len(days) == 10
    assert {after - before for before, after in zip(days, days[1:], strict=False)} == {timedelta(weeks=4)}
    assert {meeting.state for meeting in Meeting.objects.filter(authority=made)} == {"closed"}
    still_open = Action.objects.filter(meeting__authority=made, done_on=None)
    assert [action.due_on < DEFAULT_AS_AT for action in still_open] == [True, False]
    assert Barrier.objects.filter(authority=made, resolved_on=None).count() == 1
    assert Barrier.objects.filter(authority=made).count() == 2


def test_the_measurement_plan_has_two_computed_measures_and_one_that_is_typed(made):
    measures = Measure.objects.filter(authority=made, aim__code="NAT-2")
    assert sorted(measure.is_computed for measure in measures) == [False, True, True]
    assert MeasureValue.objects.filter(measure__authority=made).count() == 10


def test_children_are_in_cycles_that_began_shortly_after_they_were_accommodated(made):
    rows = list(ChildInCycle.objects.filter(cycle__test__authority=made).select_related("cycle", "child"))
    assert len(rows) >= 10
    for row in rows:
        starts = row.child.episodes.values_list("start", flat=True)
        assert any(timedelta(0) <= row.cycle.started_on - start < timedelta(weeks=6) for start in starts)


def test_nothing_of_it_happened_after_the_last_day_of_the_data(made):
    for model, names in HAPPENED.items():
        for name in names:
            assert max(days_of(model, name), default=DEFAULT_AS_AT) <= DEFAULT_AS_AT, (model, name)
    begun = days_of(TestOfChange, "begun_on")
    assert min(begun) > DEFAULT_AS_AT - timedelta(days=400)


def test_another_day_moves_the_whole_story(db):
    last = date(2026, 3, 31)
    run_demo("--renew", "--as-at", last.isoformat())
    for model, names in HAPPENED.items():
        for name in names:
            assert max(days_of(model, name), default=last) <= last, (model, name)
    assert max(days_of(PdsaCycle, "started_on")) > last - timedelta(weeks=8)


def test_it_names_no_child_and_can_be_shared_as_it_is(made):
    shared = improvement_of(made, made_on=DEFAULT_AS_AT)
    assert shared.left_out == []
    assert len(read_text(as_text(shared.document, form="yaml"), form="yaml", file="file")["tests"]) == 5


def test_the_smaller_authority_has_yet_to_begin(made):
    assert not TestOfChange.objects.filter(authority__code=GLENMORE.code).exists()


def test_it_goes_with_its_authority(db):
    run_demo()
    remove_authority(Organisation.objects.get(code=BRAEBURN.code))
    for model in (*HAPPENED, DriverDiagram, Measure, ChildInCycle):
        assert not model._base_manager.exists(), model
