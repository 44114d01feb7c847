"""The page of a cycle: steps are filled in one after another, nothing typed is lost, and no child is named."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from improvement.models import ChildInCycle, Implementation, PdsaCycle
from pace_site.accounts.roles import Role
from tests.builders import authority, child, person, team
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_test
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db

STEP_FIELDS = {
    "plan": {"step": "plan", "scale": "team", "objective": "See", "data_items": "Meetings\nMinutes"},
    "do": {"step": "do", "started_on": "2026-03-02", "ended_on": "2026-03-20", "what_happened": "It was used"},
    "study": {"step": "study", "results": "Four", "comparison": "As predicted", "came_true_0": "yes"},
    "act": {"step": "act", "decision": "adapt", "decision_reason": "Too long", "decided_on": "2026-03-25"},
}


@pytest.fixture
def lead(client):
    user = person(Role.PRACTITIONER)
    client.force_login(user)
    return user


@pytest.fixture
def cycle(lead):
    return a_test(lead=lead).last_cycle


def filled(cycle, **values):
    PdsaCycle.objects.filter(pk=cycle.pk).update(**values)
    return PdsaCycle.objects.get(pk=cycle.pk)


def save(client, cycle, step, **changed):
    cycle.refresh_from_db()
    return client.post(cycle.get_absolute_url(), {**STEP_FIELDS[step], "edition": cycle.edition, **changed})


def test_a_cycle_is_filled_in_step_by_step_and_each_opens_the_next(client, cycle):
    page = client.get(cycle.get_absolute_url())
    assert page.context["form"].step == "plan"
    for step, after in (("plan", "do"), ("do", "study"), ("study", "act")):
        more = {"question_0": "Is it used?", "prediction_0": "Yes"} if step == "plan" else {}
        answer = save(client, cycle, step, **more)
        assert answer.status_code == 302, answer.context["form"].errors
        assert client.get(answer.url).context["form"].step == after
    answer = save(client, cycle, "act")
    page = client.get(answer.url)
    assert page.context["form"] is None
    cycle.refresh_from_db()
    assert (cycle.state, cycle.scale, cycle.data_items) == ("complete", "team", ["Meetings", "Minutes"])
    assert cycle.questions == [{"question": "Is it used?", "prediction": "Yes", "came_true": "yes"}]
    said = text_of(page)
    assert "Plan cycle 2" in said
    assert "Too long" in said


def test_a_step_that_may_not_be_filled_in_yet_says_what_is_missing_and_shows_no_form(client, cycle):
    for step, words in (("do", "predict the answer"), ("study", "under Do"), ("act", "under Study")):
        page = client.get(cycle.get_absolute_url(), {"step": step})
        assert page.context["form"] is None
        assert words in text_of(page)


def test_what_is_sent_too_early_comes_back_with_the_reason(client, cycle):
    page = save(client, cycle, "do")
    assert page.status_code == 200
    assert page.context["form"].errors["__all__"]
    assert 'value="2026-03-02"' in page.content.decode()
    assert "It was used" in page.content.decode()


def test_a_refusal_stands_at_its_field_with_what_was_typed(client, cycle):
    filled(cycle, **PLAN)
    page = save(client, cycle, "do", ended_on="2026-03-01")
    assert list(page.context["form"].errors) == ["ended_on"]
    assert "It was used" in page.content.decode()
    for wrong in ("31/02/2026", "0026-03-01"):
        page = save(client, cycle, "do", started_on=wrong)
        assert list(page.context["form"].errors) == ["started_on"]


def test_after_the_start_the_predictions_are_read_and_not_typed(client, cycle):
    cycle = filled(cycle, **PLAN | DO)
    page = client.get(cycle.get_absolute_url(), {"step": "plan"})
    assert "its questions and predictions stand" in text_of(page)
    assert not page.context["form"].rows
    answer = save(client, cycle, "plan", question_0="Other?", prediction_0="No")
    assert answer.status_code == 302
    cycle.refresh_from_db()
    assert cycle.questions == PLAN["questions"]
    assert cycle.objective == "See"


def test_rows_for_questions_grow_with_what_is_there_up_to_a_bound(client, cycle):
    asked = [{"question": f"Question {n}?", "prediction": "Yes", "came_true": ""} for n in range(5)]
    cycle = filled(cycle, questions=asked)
    assert len(client.get(cycle.get_absolute_url()).context["form"].rows) == 7
    rows = {f"question_{n}": "Why?" for n in range(99)}
    page = save(client, cycle, "plan", **rows)
    assert page.status_code == 302
    cycle.refresh_from_db()
    assert len(cycle.questions) == 20


def test_who_was_overtaken_sees_both_versions_and_saves_theirs_over_it(client, cycle):
    filled(cycle, objective="Their words", edition=2)
    page = client.post(cycle.get_absolute_url(), {**STEP_FIELDS["plan"], "edition": 1, "question_0": "My question?"})
    assert page.status_code == 200
    said = text_of(page)
    assert "Somebody else changed this while you were typing" in said
    assert "Their words" in said
    assert "My question?" in said
    assert PdsaCycle.objects.get(pk=cycle.pk).objective == "Their words"
    typed = {field.html_name: field.value() for field in page.context["form"] if field.value() is not None}
    answer = client.post(cycle.get_absolute_url(), typed | {"step": "plan"})
    assert answer.status_code == 302
    cycle.refresh_from_db()
    assert (cycle.objective, cycle.questions[0]["question"], cycle.edition) == ("See", "My question?", 3)


def test_predictions_typed_while_somebody_began_the_cycle_are_shown_though_they_come_too_late(client, cycle):
    filled(cycle, **PLAN | {"started_on": DO["started_on"]}, edition=2)
    sent = {"edition": 1, "question_0": "My late question?", "prediction_0": "My late answer"}
    page = client.post(cycle.get_absolute_url(), STEP_FIELDS["plan"] | sent)
    assert "My late question? Prediction: My late answer" in text_of(page)


def test_a_child_whom_somebody_added_meanwhile_is_shown_before_it_is_taken_out(client, cycle):
    ChildInCycle.objects.create(cycle=cycle, child=child(of_team=team(), code="P-1001"))
    theirs = child(of_team=team("Team South"), code="P-2002")
    ChildInCycle.objects.create(cycle=cycle, child=theirs)
    filled(cycle, edition=2)
    page = client.post(cycle.get_absolute_url(), STEP_FIELDS["plan"] | {"edition": 1})
    assert ("Children in it", "P-1001", "nothing") in page.context["differences"]
    assert cycle.children.count() == 2
    page = client.post(cycle.get_absolute_url(), STEP_FIELDS["plan"] | {"edition": 1, "children": "P-1001"})
    assert "Children in it" not in [label for label, _now, _typed in page.context["differences"]]


@pytest.mark.parametrize("step", ["do", "study", "act"])
def test_every_step_shows_both_versions(client, cycle, step):
    before = {"do": PLAN, "study": PLAN | DO, "act": PLAN | DO | STUDY}[step]
    filled(cycle, **before, edition=2)
    page = client.post(cycle.get_absolute_url(), {**STEP_FIELDS[step], "edition": 1})
    assert page.context["collided"]
    assert page.context["differences"]


def test_what_was_typed_before_the_session_ended_comes_back(client, cycle, lead):
    mark = re.search(r'name="typed_by" value="([^"]+)"', client.get(cycle.get_absolute_url()).content.decode())[1]
    client.logout()
    sent = {**STEP_FIELDS["plan"], "edition": 1, "typed_by": mark, "objective": "An hour's writing"}
    assert "/accounts/login/" in client.post(cycle.get_absolute_url(), sent).url
    session = client.session
    kept = session["kept_form"]
    client.force_login(lead)
    session = client.session
    session["kept_form"] = kept
    session.save()
    page = client.get(cycle.get_absolute_url())
    assert "An hour&#x27;s writing" in page.content.decode()
    assert page.context["kept"]
    assert not PdsaCycle.objects.get(pk=cycle.pk).objective


def test_the_next_cycle_is_opened_once(client, cycle):
    filled(cycle, **PLAN | DO | STUDY | ACT)
    answer = client.post(cycle.get_absolute_url(), {"what": "next"})
    assert answer.url == cycle.get_absolute_url().replace("cycles/1", "cycles/2")
    again = client.post(cycle.get_absolute_url(), {"what": "next"}, follow=True)
    assert "Cycle 2 is still open" in text_of(again)
    assert cycle.test.cycles.count() == 2
    page = client.get(answer.url)
    assert "Cycle 1 ended with" not in text_of(page)
    filled(cycle, next_step="Ask the north team")
    assert "Ask the north team" in text_of(client.get(answer.url))


def test_children_are_typed_as_pseudonyms_of_ones_own_scope(client, cycle):
    mine, theirs = child(of_team=team(), code="P-1001"), child(of_team=team("Team South"), code="P-2002")
    for wrong in ("P-2002", "P-9999", "Given Family"):
        page = save(client, cycle, "plan", children=f"P-1001, {wrong}")
        assert "children" in page.context["form"].errors
    assert save(client, cycle, "plan", children="p-1001; P-1001").status_code == 302
    assert list(cycle.children.all()) == [mine]
    ChildInCycle.objects.create(cycle=cycle, child=theirs)
    page = client.get(cycle.get_absolute_url(), {"step": "plan"})
    assert page.context["form"]["children"].value() == "P-1001"
    assert "1 more whom you may not open is in it" in text_of(page)
    assert "P-2002" not in page.content.decode()
    assert save(client, cycle, "plan", children="").status_code == 302
    assert list(cycle.children.all()) == [theirs]


def test_a_child_of_another_authority_is_no_child_here(client, cycle):
    child(organisation=authority("S12000033"), code="P-3003")
    page = save(client, cycle, "plan", children="P-3003")
    assert "P-3003 is not the pseudonym of a child whom you may open." in str(page.context["form"].errors)


@pytest.mark.parametrize(
    ("role", "codes", "words"),
    [
        (Role.PACE_LEAD, {"P-1001", "P-2002"}, ""),
        (Role.CHAMPION, {"P-1001", "P-2002"}, ""),
        (Role.PRACTITIONER, {"P-1001"}, "and 1 more whom you may not open"),
        (Role.IRO, set(), "2 children"),
        (Role.SENIOR_LEADER, set(), "2 children"),
    ],
)
def test_each_role_sees_the_children_it_may_open_by_pseudonym_and_the_rest_as_a_number(client, role, codes, words):
    cycle = filled(a_test(lead=person(Role.PACE_LEAD)).last_cycle, **PLAN)
    rows = [
        child(of_team=team(), code="P-1001", name=("Morag", "Baird")),
        child(of_team=team("Team South"), code="P-2002", name=("Calum", "Reid")),
    ]
    for row in rows:
        ChildInCycle.objects.create(cycle=cycle, child=row)
    user = person(role)
    cycle.test.members.add(user)
    client.force_login(user)
    page = client.get(cycle.get_absolute_url(), {"step": "act"})
    assert {code for code in ("P-1001", "P-2002") if code in page.content.decode()} == codes
    assert words in text_of(page)
    for name in ("Morag", "Baird", "Calum", "Reid", rows[0].local_ref, "2015"):
        assert name not in page.content.decode()


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CHAMPION, Role.SENIOR_LEADER])
def test_who_is_not_in_a_test_reads_it_and_writes_nothing(client, role):
    cycle = filled(a_test().last_cycle, **PLAN)
    client.force_login(person(role))
    page = client.get(cycle.get_absolute_url(), {"step": "do"})
    assert page.context["form"] is None
    assert '<form method="post" action="/improvement' not in page.content.decode()
    assert save(client, cycle, "do").status_code == 403
    assert client.post(cycle.get_absolute_url(), {"what": "next"}).status_code == 403
    assert PdsaCycle.objects.get(pk=cycle.pk).edition == 1


def test_a_withdrawn_test_is_read_and_not_written(client, cycle, lead):
    type(cycle.test).objects.update(withdrawn_on=timezone.localdate(), withdrawn_reason="Not ours", withdrawn_by=lead)
    page = client.get(cycle.get_absolute_url(), {"step": "plan"})
    assert page.context["form"] is None
    assert "Not ours" in text_of(page)
    page = save(client, cycle, "plan")
    assert "withdrawn" in str(page.context["form"].errors)


@pytest.mark.parametrize("address", ["/improvement/tests/{test}/cycles/2/", "/improvement/tests/999999/cycles/1/"])
def test_what_is_not_there_is_not_found(client, cycle, address):
    assert client.get(address.format(test=cycle.test_id)).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"step": "dance"}])
def test_a_step_that_there_is_not_is_not_found(client, cycle, sent):
    assert client.post(cycle.get_absolute_url(), sent).status_code == 404
    assert client.get(cycle.get_absolute_url(), {"step": "dance"}).status_code == 404


def test_a_test_of_another_authority_is_not_found(client, lead):
    elsewhere = a_test(lead=person(Role.PACE_LEAD, organisation=authority("S12000033"))).last_cycle
    assert client.get(elsewhere.get_absolute_url()).status_code == 404
    assert save(client, elsewhere, "plan").status_code == 404


def test_an_adopted_cycle_leads_to_its_implementation_record(client, cycle):
    filled(cycle, **PLAN | DO | STUDY)
    save(client, cycle, "act", decision="adopt")
    record = Implementation.objects.get()
    assert record.get_absolute_url() in client.get(cycle.get_absolute_url()).content.decode()


def test_the_page_asks_as_much_for_many_children_as_for_three(client, cycle):
    def asked(count):
        for _each in range(count):
            ChildInCycle.objects.create(cycle=cycle, child=child(of_team=team()))
        client.get(cycle.get_absolute_url())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(cycle.get_absolute_url()).status_code == 200
        return len(queries)

    assert asked(3) == asked(27)
