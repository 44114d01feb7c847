"""The four steps of a cycle come in their order, and what follows from one is the beginning of the next."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from improvement.actions.cycles import decide, open_next_cycle, plan_cycle, record_do, record_study
from improvement.actions.implementations import change_implementation
from improvement.editions import Collision
from improvement.models import Implementation, PdsaCycle
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person, team
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_test
from tests.improvement.refusals import refused

pytestmark = pytest.mark.django_db

PLANNED = {"questions": [("Is it used?", "At 4 of 5 meetings")], "data_items": ["Meetings with it"]}
DECISION = {"decision": "adapt", "decision_reason": "It was too long"}


@pytest.fixture
def lead():
    return person(Role.PRACTITIONER)


@pytest.fixture
def cycle(lead):
    return a_test(lead=lead).last_cycle


def filled(cycle, **values):
    PdsaCycle.objects.filter(pk=cycle.pk).update(**values)
    cycle.refresh_from_db()
    return cycle


def run_through(cycle, by, **decision):
    """Fill in a whole cycle."""
    plan_cycle(cycle, PLANNED, edition=cycle.edition, by=by)
    record_do(cycle, DO, edition=cycle.edition, by=by)
    record_study(cycle, STUDY, edition=cycle.edition, by=by)
    decide(cycle, DECISION | decision, edition=cycle.edition, by=by)


def test_a_cycle_goes_through_its_four_steps(cycle, lead):
    run_through(cycle, lead)
    cycle.refresh_from_db()
    assert cycle.state == "complete"
    assert cycle.questions == [{"question": "Is it used?", "prediction": "At 4 of 5 meetings", "came_true": ""}]
    assert cycle.decided_on == timezone.localdate()


def test_each_step_leaves_its_line_in_the_trail(cycle, lead):
    run_through(cycle, lead)
    entries = AuditEntry.objects.filter(record_type="pdsacycle", record_id=str(cycle.pk), actor=lead.email)
    assert [
        set(entry.after) & {"data_items", "started_on", "results", "decision"} for entry in entries.order_by("pk")
    ] == [
        {"data_items"},
        {"started_on"},
        {"results"},
        {"decision"},
    ]


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ({"questions": []}, "predict the answer"),
        ({"questions": [{"question": "Is it used?", "prediction": "", "came_true": ""}]}, "predict the answer"),
        ({"data_items": []}, "at least one thing that will be collected"),
    ],
)
def test_nothing_is_done_before_a_prediction_and_something_to_collect(cycle, lead, left_out, words):
    filled(cycle, **PLAN | left_out)
    with pytest.raises(ValidationError, match=words):
        record_do(cycle, {"started_on": date(2026, 3, 2)}, edition=1, by=lead)
    filled(cycle, **PLAN)
    assert record_do(cycle, {"started_on": date(2026, 3, 2)}, edition=1, by=lead)


@pytest.mark.parametrize("left_out", [{"ended_on": None}, {"what_happened": ""}])
def test_nothing_is_studied_before_it_is_said_what_happened_and_when_it_ended(cycle, lead, left_out):
    filled(cycle, **PLAN | DO | left_out)
    with refused():
        record_study(cycle, STUDY, edition=1, by=lead)
    filled(cycle, **DO)
    assert record_study(cycle, STUDY, edition=1, by=lead)


@pytest.mark.parametrize("left_out", ["results", "comparison"])
def test_nothing_is_decided_before_it_was_studied(cycle, lead, left_out):
    filled(cycle, **PLAN | DO | STUDY | {left_out: ""})
    with refused():
        decide(cycle, DECISION, edition=1, by=lead)
    filled(cycle, **STUDY)
    assert decide(cycle, DECISION, edition=1, by=lead)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"started_on": None, "ended_on": None}, "started_on"),
        ({"ended_on": date(2026, 3, 1)}, "ended_on"),
        ({"started_on": date(2026, 3, 5), "ended_on": date(2026, 4, 2)}, "ended_on"),
        ({"started_on": date(2026, 4, 2), "ended_on": None}, "started_on"),
    ],
)
def test_days_of_do_are_in_order_and_not_to_come(cycle, lead, said, field):
    filled(cycle, **PLAN)
    with refused(field):
        record_do(cycle, DO | said, edition=1, by=lead, as_on=date(2026, 4, 1))
    assert record_do(cycle, DO, edition=1, by=lead, as_on=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"decision": ""}, "decision"),
        ({"decision": "postpone"}, "decision"),
        ({"decision_reason": "  "}, "decision_reason"),
        ({"decided_on": date(2026, 3, 19)}, "decided_on"),
        ({"decided_on": date(2026, 4, 2)}, "decided_on"),
    ],
)
def test_a_decision_is_one_of_four_with_a_reason_and_a_day(cycle, lead, said, field):
    filled(cycle, **PLAN | DO | STUDY)
    with refused(field):
        decide(cycle, ACT | said, edition=1, by=lead, as_on=date(2026, 4, 1))
    assert decide(cycle, ACT, edition=1, by=lead, as_on=date(2026, 4, 1))


def test_a_plan_ends_after_it_begins(cycle, lead):
    with refused("planned_end"):
        plan_cycle(cycle, {"planned_start": date(2026, 3, 2), "planned_end": date(2026, 3, 1)}, edition=1, by=lead)
    plan_cycle(cycle, {"planned_start": date(2026, 3, 2)}, edition=1, by=lead)
    with refused("planned_end"):
        plan_cycle(cycle, {"planned_end": date(2026, 3, 1)}, edition=2, by=lead)


def test_a_prediction_stands_once_the_cycle_has_begun(cycle, lead):
    filled(cycle, **PLAN | {"started_on": date(2026, 3, 2)})
    same = [("Is it used?", "At 4 of 5 meetings")]
    with refused("questions"):
        plan_cycle(cycle, {"questions": [("Is it used?", "At 3 of 5 meetings")]}, edition=1, by=lead)
    with refused("data_items"):
        plan_cycle(cycle, {"data_items": [" "]}, edition=1, by=lead)
    assert plan_cycle(cycle, {"questions": same, "where": "Two teams"}, edition=1, by=lead)
    assert cycle.where == "Two teams"


def test_a_prediction_needs_its_question_and_an_empty_row_is_left_out(cycle, lead):
    with refused("questions"):
        plan_cycle(cycle, {"questions": [("", "At 4 of 5")]}, edition=1, by=lead)
    plan_cycle(cycle, {"questions": [("", " "), ("Why?", "")], "data_items": ["", "Time"]}, edition=1, by=lead)
    assert [each["question"] for each in cycle.questions] == ["Why?"]
    assert cycle.data_items == ["Time"]


def test_what_was_built_upon_is_not_emptied(cycle, lead):
    filled(cycle, **PLAN | DO | STUDY | ACT)
    with refused("what_happened"):
        record_do(cycle, {"what_happened": ""}, edition=1, by=lead)
    with refused("ended_on"):
        record_do(cycle, {"ended_on": None}, edition=1, by=lead)
    with refused("ended_on"):
        record_do(cycle, {"ended_on": date(2026, 3, 26)}, edition=1, by=lead)
    with refused("results"):
        record_study(cycle, {"results": ""}, edition=1, by=lead)
    with refused("comparison"):
        record_study(cycle, {"comparison": ""}, edition=1, by=lead)
    assert record_study(cycle, {"results": "Four of six"}, edition=1, by=lead)


def test_each_prediction_is_compared_with_what_came(cycle, lead):
    filled(cycle, **PLAN | DO)
    record_study(cycle, STUDY | {"came_true": ["partly"]}, edition=1, by=lead)
    assert PdsaCycle.objects.get(pk=cycle.pk).questions[0]["came_true"] == "partly"
    with pytest.raises(ValueError, match="one finding for each question"):
        record_study(cycle, {"came_true": []}, edition=2, by=lead)
    with pytest.raises(ValueError, match="of those offered"):
        record_study(cycle, {"came_true": ["perhaps"]}, edition=2, by=lead)


@pytest.mark.parametrize(("decision", "scale"), [("adapt", "child"), ("scale_up", "worker")])
def test_the_next_cycle_is_prefilled_from_the_last_but_predicts_anew(cycle, lead, decision, scale):
    plan_cycle(cycle, {"objective": "See", "where": "North", "who": "Two workers"}, edition=1, by=lead)
    run_through(cycle, lead, decision=decision)
    following = open_next_cycle(cycle.test, by=lead)
    assert (following.number, following.scale, following.state) == (2, scale, "planning")
    assert (following.objective, following.where, following.who) == ("See", "North", "Two workers")
    assert following.data_items == ["Meetings with it"]
    assert following.questions == [{"question": "Is it used?", "prediction": "", "came_true": ""}]
    assert following.started_on is None
    assert not following.results


def test_the_largest_scale_grows_no_further(cycle, lead):
    filled(cycle, **PLAN | DO | STUDY | ACT | {"scale": "all", "decision": "scale_up"})
    assert open_next_cycle(cycle.test, by=lead).scale == "all"


@pytest.mark.parametrize("decision", ["adopt", "abandon"])
def test_no_cycle_follows_the_end_of_a_test(cycle, lead, decision):
    run_through(cycle, lead, decision=decision)
    with pytest.raises(ValidationError, match="ended the test"):
        open_next_cycle(cycle.test, by=lead)


def test_no_cycle_follows_one_that_is_open(cycle, lead):
    with pytest.raises(ValidationError, match="Cycle 1 is still open"):
        open_next_cycle(cycle.test, by=lead)


def test_a_decision_stands_once_a_cycle_follows_from_it_but_its_words_may_be_put_right(cycle, lead):
    run_through(cycle, lead)
    open_next_cycle(cycle.test, by=lead)
    with refused("decision"):
        decide(cycle, {"decision": "adopt"}, edition=cycle.edition, by=lead)
    assert decide(cycle, {"decision_reason": "It was far too long"}, edition=cycle.edition, by=lead)


def test_an_adopted_test_opens_its_implementation_record_once(cycle, lead):
    run_through(cycle, lead, decision="adopt")
    record = Implementation.objects.get(test=cycle.test)
    assert record.owner == lead
    change_implementation(record, {"training": "Half a day each"}, edition=1, by=lead)
    decide(cycle, {"decision": "adapt"}, edition=cycle.edition, by=lead)
    decide(cycle, {"decision": "adopt"}, edition=cycle.edition, by=lead)
    assert Implementation.objects.get(test=cycle.test).training == "Half a day each"


@pytest.mark.parametrize("decision", ["adapt", "scale_up", "abandon"])
def test_no_other_decision_opens_an_implementation_record(cycle, lead, decision):
    run_through(cycle, lead, decision=decision)
    assert not Implementation.objects.exists()


def test_an_implementation_is_written_only_while_its_test_stands_as_adopted(cycle, lead):
    run_through(cycle, lead, decision="adopt")
    decide(cycle, {"decision": "abandon"}, edition=cycle.edition, by=lead)
    with pytest.raises(ValidationError, match="not adopted any more"):
        change_implementation(Implementation.objects.get(), {"training": "None"}, edition=1, by=lead)


def test_an_implementation_is_owned_by_somebody_of_the_authority_and_says_what_it_lacks(cycle, lead):
    run_through(cycle, lead, decision="adopt")
    record = Implementation.objects.get()
    assert record.missing == [
        "training",
        "a written procedure",
        "the measure that holds the gain",
        "a day to review it",
    ]
    elsewhere = person(Role.PRACTITIONER, of_team=team("West", organisation=authority("S12000033")))
    with refused("owner"):
        change_implementation(record, {"owner": elsewhere}, edition=1, by=lead)
    said = {"training": "a", "procedure": "b", "measure": "c", "review_on": date(2027, 3, 1)}
    change_implementation(record, said, edition=1, by=lead)
    record.refresh_from_db()
    assert record.missing == []


@pytest.mark.parametrize(
    ("action", "said", "before"),
    [
        (plan_cycle, {"where": "North"}, {}),
        (record_do, DO, PLAN),
        (record_study, STUDY, PLAN | DO),
        (decide, DECISION, PLAN | DO | STUDY),
    ],
)
def test_who_was_overtaken_is_told_and_writes_nothing(cycle, lead, action, said, before):
    filled(cycle, **before, edition=2)
    with pytest.raises(Collision) as overtaken:
        action(cycle, said, edition=1, by=lead)
    assert overtaken.value.current == cycle
    after = PdsaCycle.objects.get(pk=cycle.pk)
    assert all(getattr(after, name) != value for name, value in said.items())


@pytest.mark.parametrize("action", [plan_cycle, record_do, record_study, decide])
def test_nothing_is_written_into_a_withdrawn_test(cycle, lead, action):
    filled(cycle, **PLAN | DO | STUDY)
    type(cycle.test).objects.update(withdrawn_on=date(2026, 4, 1), withdrawn_reason="Not ours", withdrawn_by=lead)
    with pytest.raises(ValidationError, match="withdrawn"):
        action(cycle, {}, edition=1, by=lead)
    with pytest.raises(ValidationError, match="withdrawn"):
        open_next_cycle(cycle.test, by=lead)


def test_saying_the_same_again_changes_nothing(cycle, lead):
    plan_cycle(cycle, PLANNED, edition=1, by=lead)
    entries = AuditEntry.objects.count()
    assert not plan_cycle(cycle, PLANNED, edition=2, by=lead)
    assert AuditEntry.objects.count() == entries
    assert PdsaCycle.objects.get(pk=cycle.pk).edition == 2


def test_a_step_takes_only_its_own_fields(cycle, lead):
    with pytest.raises(ValueError, match="Plan has no results"):
        plan_cycle(cycle, {"results": "Good"}, edition=1, by=lead)


def test_children_come_into_a_cycle_from_the_scope_of_who_puts_them_there(cycle, lead):
    mine = child(of_team=team())
    theirs = child(of_team=team("Team South"))
    with refused("children"):
        plan_cycle(cycle, {}, children=[mine, theirs], edition=1, by=lead)
    assert not cycle.children.exists()
    assert plan_cycle(cycle, {}, children=[mine], edition=1, by=lead)
    assert list(cycle.children.all()) == [mine]
    assert cycle.edition == 2


def test_who_takes_out_their_children_leaves_those_of_others_in(cycle, lead):
    mine, theirs = child(of_team=team()), child(of_team=team("Team South"))
    plan_cycle(cycle, {}, children=[mine, theirs], edition=1, by=person(Role.PACE_LEAD))
    plan_cycle(cycle, {}, children=[], edition=2, by=lead)
    assert list(cycle.children.all()) == [theirs]


def test_the_trail_of_a_child_tells_in_which_cycles_it_took_part(cycle, lead):
    mine = child(of_team=team())
    plan_cycle(cycle, {}, children=[mine], edition=1, by=lead)
    plan_cycle(cycle, {}, children=[], edition=2, by=lead)
    entries = AuditEntry.objects.filter(child_code=mine.code, record_type="pdsacycle").order_by("pk")
    assert [entry.after for entry in entries] == [{"takes_part": True}, {"takes_part": False}]


@pytest.mark.parametrize("action", [plan_cycle, record_do, record_study, decide])
def test_who_is_not_in_a_test_writes_nothing_into_it(cycle, action):
    with pytest.raises(PermissionDenied):
        action(cycle, {}, edition=1, by=person(Role.PRACTITIONER))


def test_a_plan_has_a_known_scale_and_a_bounded_number_of_questions(cycle, lead):
    with refused("scale"):
        plan_cycle(cycle, {"scale": "planet"}, edition=1, by=lead)
    with refused("questions"):
        plan_cycle(cycle, {"questions": [("Why?", "")] * 21}, edition=1, by=lead)
    with refused("data_items"):
        plan_cycle(cycle, {"data_items": ["Time"] * 21}, edition=1, by=lead)
    assert plan_cycle(cycle, {"questions": [("Why?", "")] * 20, "data_items": ["Time"] * 20}, edition=1, by=lead)


def test_an_end_yet_to_come_is_refused_on_the_day_itself(cycle, lead):
    filled(cycle, **PLAN)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with refused("ended_on"):
        record_do(cycle, {"started_on": date(2026, 3, 2), "ended_on": tomorrow}, edition=1, by=lead)


@pytest.mark.parametrize(
    ("action", "said", "before", "field"),
    [
        (plan_cycle, {"who": "Morag Baird"}, {}, "who"),
        (plan_cycle, {"questions": [("Will Morag Baird come?", "Yes")]}, {}, "questions"),
        (plan_cycle, {"data_items": ["What Morag Baird says"]}, {}, "data_items"),
        (record_do, DO | {"observations": "Morag Baird came"}, PLAN, "observations"),
        (record_study, STUDY | {"children_said": "Morag Baird: good"}, PLAN | DO, "children_said"),
        (decide, DECISION | {"next_step": "Ask Morag Baird"}, PLAN | DO | STUDY, "next_step"),
    ],
)
def test_no_step_names_a_child(cycle, lead, action, said, before, field):
    child(of_team=team(), name=("Morag", "Baird"))
    filled(cycle, **before)
    with refused(field):
        action(cycle, said, edition=1, by=lead)


def test_an_implementation_names_no_child(cycle, lead):
    child(of_team=team(), name=("Morag", "Baird"))
    run_through(cycle, lead, decision="adopt")
    with refused("procedure"):
        change_implementation(Implementation.objects.get(), {"procedure": "As for Morag Baird"}, edition=1, by=lead)
