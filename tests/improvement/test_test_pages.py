"""The pages of tests of change and ideas."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from improvement.actions.change_ideas import take_from_library
from improvement.change_idea_library import library_ideas
from improvement.models import ChangeIdea, Implementation, PdsaCycle, TestOfChange
from pace_site.accounts.roles import Role
from tests.builders import authority, child, person, team
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_test, an_aim, an_idea
from tests.page_reading import text_of, typed

pytestmark = pytest.mark.django_db

LIST = "/improvement/"
IDEAS = "/improvement/ideas/"
ADOPTED = PLAN | DO | STUDY | ACT | {"decision": "adopt"}


@pytest.fixture
def lead(client):
    user = person(Role.PRACTITIONER)
    client.force_login(user)
    return user


def last(test, **filled):
    PdsaCycle.objects.filter(pk=test.last_cycle.pk).update(**filled)
    return test


def edit(test):
    return reverse("test_edit", kwargs={"pk": test.pk})


def test_tests_stand_under_their_aims_with_state_next_step_and_people(client, lead):
    champion = person(Role.CHAMPION)
    yesterday = timezone.localdate() - timedelta(days=1)
    last(a_test(lead=lead, members=(champion,), cycles=2), **PLAN, planned_start=yesterday)
    last(a_test(lead=lead, title="Old agenda"), **ADOPTED | {"decision": "abandon"})
    an_aim("AIM-2")
    an_aim("AIM-3", status="draft")
    said = text_of(client.get(LIST))
    assert "1 test of change goes on, 1 with a step overdue" in said
    assert "Planned cycle 2, one child Begin cycle 2, by" in said
    assert f"{lead} leads, {champion}" in said
    assert "1 ended: adopted, abandoned or withdrawn" in said
    assert "1 aim without a test of change AIM-2: A test aim Start one for AIM-2" in said
    assert "AIM-3" not in said


def test_a_person_sees_only_their_tests_when_they_ask(client, lead):
    a_test(title="Led by me", lead=lead)
    a_test(title="Joined by me", members=(lead, person(Role.CHAMPION)))
    a_test(title="Of others")
    assert all(title in text_of(client.get(LIST)) for title in ("Led by me", "Joined by me", "Of others"))
    said = text_of(client.get(LIST, {"mine": "yes"}))
    assert "2 tests of change go on" in said
    assert said.count("Joined by me") == 1
    assert "Of others" not in said


def test_an_authority_without_tests_is_shown_to_the_ideas(client, lead):
    said = text_of(client.get(LIST))
    assert "No test of change goes on" in said
    assert "has tried no change yet" in said


def test_whoever_only_reads_is_offered_nothing_to_start(client):
    test = last(a_test(), **ADOPTED)
    Implementation.objects.create(test=test, owner=test.lead)
    client.force_login(person(Role.SENIOR_LEADER))
    for address in (LIST, IDEAS, test.get_absolute_url(), f"{test.get_absolute_url()}implementation/"):
        said = text_of(client.get(address))
        assert "Start" not in said
        assert "Try this here" not in said
        assert "Change or withdraw" not in said
        assert "Save" not in said
    assert client.get(reverse("test_new")).status_code == 403
    assert client.get(edit(test)).status_code == 403


def test_a_library_idea_is_tried_here(client, lead):
    aim = an_aim()
    address = f"{reverse('test_new')}?from=agenda-72-hours"
    assert address in client.get(IDEAS).content.decode()
    form = client.get(address).context["form"]
    assert form["title"].value() == library_ideas()["agenda-72-hours"].title
    answer = client.post(reverse("test_new"), typed(form, aim=aim.pk))
    test = TestOfChange.objects.get()
    assert answer.url == test.last_cycle.get_absolute_url()
    assert (test.idea.library_key, test.lead, test.aim) == ("agenda-72-hours", lead, aim)
    assert "Tried here" in text_of(client.get(IDEAS))
    form = client.get(address).context["form"]
    assert form["idea"].value() == test.idea_id


def test_an_own_idea_and_an_aim_are_prefilled_from_the_address(client, lead):
    aim, other = an_aim(), an_aim("AIM-2")
    idea = an_idea("Tea first", aim=aim)
    form = client.get(reverse("test_new"), {"idea": idea.pk}).context["form"]
    assert (form["title"].value(), form["idea"].value(), form["aim"].value()) == ("Tea first", idea.pk, aim.pk)
    form = client.get(reverse("test_new"), {"aim": "AIM-2"}).context["form"]
    assert form["aim"].value() == other.pk
    for nonsense in ({"idea": "x"}, {"idea": "9" * 30}, {"from": "nothing"}, {"aim": "X"}):
        assert client.get(reverse("test_new"), nonsense).status_code == 200


def test_choices_of_a_new_test_are_inside_the_authority(client, lead):
    west = authority("S12000033")
    theirs = {
        "aim": an_aim(organisation=west),
        "idea": an_idea(organisation=west),
        "lead": person(Role.PACE_LEAD, organisation=west),
        "members": person(Role.CHAMPION, organisation=west),
    }
    right = typed(client.get(reverse("test_new")).context["form"], title="Agenda", aim=an_aim().pk)
    for field, row in theirs.items():
        page = client.post(reverse("test_new"), right | {field: row.pk})
        assert list(page.context["form"].errors) == [field]
    assert client.post(reverse("test_new"), right).status_code == 302


def test_a_test_is_changed_and_withdrawn_on_its_page(client, lead):
    test = a_test(lead=lead)
    champion = person(Role.CHAMPION)
    form = client.get(edit(test)).context["form"]
    assert client.post(edit(test), typed(form, members=[champion.pk], title="Agenda of a page")).status_code == 302
    test.refresh_from_db()
    assert (test.title, list(test.members.all())) == ("Agenda of a page", [champion])
    page = client.post(edit(test), {"what": "withdraw", "edition": test.edition})
    assert page.context["reason_form"].errors
    page = client.post(edit(test), {"what": "withdraw", "edition": 1, "reason": "No time"})
    assert "Somebody else has changed this test meanwhile" in text_of(page)
    assert client.post(edit(test), {"what": "withdraw", "edition": 2, "reason": "No time"}).status_code == 302
    said = text_of(client.get(test.get_absolute_url()))
    assert "Withdrawn by" in said
    assert "No time" in said
    assert "is withdrawn, so nothing more" in text_of(client.get(edit(test)))


def test_who_was_overtaken_in_a_test_sees_both_versions(client, lead):
    test = a_test(lead=lead)
    sent = typed(client.get(edit(test)).context["form"], title="My words")
    TestOfChange.objects.filter(pk=test.pk).update(title="Their words", edition=2)
    page = client.post(edit(test), sent)
    assert "What is tried Their words My words" in text_of(page)
    assert client.post(edit(test), typed(page.context["form"])).status_code == 302
    assert TestOfChange.objects.get(pk=test.pk).title == "My words"


def test_somebody_who_lost_their_role_stays_in_the_form_of_their_test(client, lead):
    gone = person(Role.CHAMPION)
    test = a_test(lead=lead, members=(gone,))
    gone.memberships.all().delete()
    form = client.get(edit(test)).context["form"]
    assert client.post(edit(test), typed(form, title="Agenda of a page")).status_code == 302
    assert list(test.members.all()) == [gone]


def test_the_ramp_shows_its_cycles_in_order_and_how_large_each_is(client, lead):
    test = last(a_test(lead=lead, cycles=3), scale="team")
    page = client.get(test.get_absolute_url())
    assert [(cycle.number, size) for cycle, size in page.context["ramp"]] == [(1, 1), (2, 1), (3, 3)]
    said = text_of(page)
    assert said.index("Cycle 1") < said.index("Cycle 2") < said.index("Cycle 3")


def test_an_implementation_record_is_filled_in_and_not_found_before(client, lead):
    test = a_test(lead=lead)
    address = f"{test.get_absolute_url()}implementation/"
    assert client.get(address).status_code == 404
    last(test, **ADOPTED)
    row = Implementation.objects.create(test=test, owner=lead)
    page = client.get(address)
    assert "Still to be said: training, a written procedure" in text_of(page)
    said = {"training": "Half a day", "procedure": "On the shelf", "measure": "Meetings", "review_on": "2027-03-01"}
    assert client.post(address, typed(page.context["form"], **said)).status_code == 302
    row.refresh_from_db()
    assert (row.training, row.review_on) == ("Half a day", date(2027, 3, 1))
    assert "Adopted and held in place" in text_of(client.get(address))
    page = client.post(address, typed(page.context["form"], training="Mine"))
    assert "Training Half a day Mine" in text_of(page)
    client.force_login(person(Role.PRACTITIONER))
    assert client.post(address, said).status_code == 403


@pytest.mark.parametrize(
    ("serves", "shown", "hidden"),
    [
        ("", {"Ours", "For national 1", "For AIM-1", "For all", "Visual timelines"}, set()),
        ("national-1", {"For national 1", "For all", "Visual timelines"}, {"For AIM-1", "Form E"}),
        ("national-2", {"For AIM-1", "For all", "Visual timelines"}, {"For national 1", "Form E"}),
        ("aim-1", {"For AIM-1", "For all", "72 hours"}, {"For national 1", "For AIM-2", "Form E"}),
        ("nonsense", {"For national 1", "Form E"}, set()),
    ],
)
def test_ideas_are_filtered_by_the_aim_they_serve(client, lead, serves, shown, hidden):
    aim, other = an_aim("AIM-1", national_aim=2), an_aim("AIM-2")
    an_idea("For national 1", national_aim=1)
    an_idea("For AIM-1", aim=aim)
    an_idea("For AIM-2", aim=other)
    an_idea("For all")
    an_idea("Ours")
    page = client.get(IDEAS, {"serves": serves.replace("aim-1", f"aim-{aim.pk}")})
    said = text_of(page)[text_of(page).index("Our own") :]
    assert all(words in said for words in shown)
    assert not any(words in said for words in hidden)


def test_an_idea_is_added_put_right_and_retired(client, lead):
    aim = an_aim()
    sent = {"title": "Tea first", "description": "Tea", "source": "Us", "serves": f"aim-{aim.pk}"}
    answer = client.post(reverse("change_idea_new"), sent)
    idea = ChangeIdea.objects.get()
    assert (answer.url, idea.aim, idea.proposed_by) == (idea.get_absolute_url(), aim, lead)
    form = client.get(idea.get_absolute_url()).context["form"]
    assert client.post(idea.get_absolute_url(), typed(form, serves="national-3")).status_code == 302
    idea.refresh_from_db()
    assert (idea.aim, idea.national_aim, idea.edition) == (None, 3, 2)
    page = client.post(idea.get_absolute_url(), typed(form, title="Coffee first"))
    assert "Tea first Coffee first" in text_of(page)
    page = client.post(idea.get_absolute_url(), {"what": "retire", "edition": 2})
    assert page.context["reason_form"].errors
    client.post(idea.get_absolute_url(), {"what": "retire", "edition": 2, "reason": "No use"})
    assert "Retired: 1" in text_of(client.get(IDEAS))
    assert "Try this here" not in text_of(client.get(idea.get_absolute_url()))


def test_an_idea_of_others_is_read_and_not_changed(client, lead):
    idea = an_idea(proposed_by=person(Role.CHAMPION))
    assert "Put it right" not in text_of(client.get(idea.get_absolute_url()))
    assert client.post(idea.get_absolute_url(), {"title": "Mine", "edition": 1}).status_code == 403


def test_a_retired_idea_of_the_library_is_not_offered_again(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    idea = take_from_library("form-e-workshops", by=user)
    client.post(idea.get_absolute_url(), {"what": "retire", "edition": 1, "reason": "Nobody came"})
    said = text_of(client.get(IDEAS))
    assert "From other areas: 15" in said
    offered = client.get(reverse("test_new")).context["form"].fields["idea"].choices
    keys = [key for _name, group in offered[1:] for key, _label in group]
    assert str(idea.pk) not in keys
    assert "library:form-e-workshops" not in keys


@pytest.mark.parametrize("address", ["/improvement/tests/999999/", "/improvement/ideas/999999/"])
def test_what_is_not_there_is_not_found(client, lead, address):
    assert client.get(address).status_code == 404


def test_the_menu_leads_to_improvement_for_who_may_see_it(client):
    client.force_login(person(Role.SENIOR_LEADER))
    assert 'href="/improvement/"' in client.get("/aims/").content.decode()
    client.force_login(person(Role.NATIONAL_ANALYST))
    assert 'href="/improvement/"' not in client.get("/aims/").content.decode()
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("address", [LIST, IDEAS, "/improvement/tests/new/"])
def test_a_page_asks_as_much_for_many_tests_as_for_three(client, lead, address):
    def asked(count):
        for _each in range(count):
            test = a_test(lead=lead, members=(person(Role.CHAMPION),), idea=an_idea(), cycles=2)
            Implementation.objects.create(test=last(test, **ADOPTED), owner=lead)
            a_test(lead=person(Role.PRACTITIONER), idea=an_idea())
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    assert asked(3) == asked(12)


def test_a_test_asks_as_much_for_many_cycles_and_members_as_for_few(client, lead):
    def asked(count):
        test = a_test(lead=lead, cycles=count, members=tuple(person(Role.CHAMPION) for _each in range(count)))
        numbers = []
        for address in (test.get_absolute_url(), edit(test), test.last_cycle.get_absolute_url()):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            numbers.append(len(queries))
        return numbers

    assert asked(2) == asked(12)


def adopted_of(lead):
    test = last(a_test(lead=lead), **ADOPTED)
    Implementation.objects.create(test=test, owner=lead)
    return test


@pytest.mark.parametrize(
    ("of", "address", "field", "form"),
    [
        ("idea", "/improvement/ideas/new/", "title", "form"),
        ("idea", "/improvement/ideas/{idea}/", "description", "form"),
        ("idea", "/improvement/ideas/{idea}/", "reason", "reason_form"),
        ("test", "/improvement/tests/new/", "title", "form"),
        ("test", "/improvement/tests/{test}/edit/", "title", "form"),
        ("test", "/improvement/tests/{test}/edit/", "reason", "reason_form"),
        ("test", "/improvement/tests/{test}/implementation/", "training", "form"),
    ],
)
def test_every_form_refuses_a_child_s_name_and_gives_back_what_was_typed(client, lead, of, address, field, form):
    child(of_team=team(), name=("Morag", "Baird"))
    test, idea = adopted_of(lead), an_idea(proposed_by=lead)
    address = address.format(idea=idea.pk, test=test.pk)
    if form == "reason_form":
        sent = {"what": {"test": "withdraw", "idea": "retire"}[of], "edition": 1}
    else:
        sent = typed(client.get(address).context["form"])
        sent |= {"aim": test.aim_id} if of == "test" else {}
    page = client.post(address, sent | {field: "Ask Morag Baird"})
    assert page.status_code == 200
    assert list(page.context[form].errors) == [field]
    assert "This names a child" in text_of(page)
    assert "Ask Morag Baird" in page.content.decode()


@pytest.mark.parametrize("address", ["/improvement/tests/new/", "/improvement/tests/{test}/implementation/"])
def test_what_was_typed_before_the_session_ended_comes_back(client, lead, address):
    address = address.format(test=adopted_of(lead).pk)
    mark = re.search(r'name="typed_by" value="([^"]+)"', client.get(address).content.decode())[1]
    client.logout()
    sent = {"typed_by": mark, "title": "An hour of writing", "training": "An hour of writing", "edition": "1"}
    client.post(address, sent)
    kept = client.session["kept_form"]
    client.force_login(lead)
    session = client.session
    session["kept_form"] = kept
    session.save()
    page = client.get(address)
    assert page.context["kept"]
    assert "An hour of writing" in page.content.decode()


def test_an_idea_that_somebody_changed_is_looked_at_before_it_is_retired(client, lead):
    idea = an_idea(proposed_by=lead, edition=2)
    sent = {"what": "retire", "edition": 1, "reason": "No use"}
    page = client.post(idea.get_absolute_url(), sent)
    assert "Somebody else has changed this idea meanwhile" in text_of(page)
    assert not ChangeIdea.objects.get(pk=idea.pk).is_retired
    assert client.post(idea.get_absolute_url(), sent | {"edition": page.context["reason_form"]["edition"].value()})
    assert ChangeIdea.objects.get(pk=idea.pk).is_retired


@pytest.mark.parametrize("address", ["/improvement/ideas/new/", "/improvement/ideas/{idea}/"])
def test_an_idea_needs_a_title(client, lead, address):
    page = client.post(address.format(idea=an_idea(proposed_by=lead).pk), {"description": "Tea", "edition": 1})
    assert list(page.context["form"].errors) == ["title"]


def test_a_withdrawn_test_is_not_withdrawn_again_from_a_page_left_open(client, lead):
    test = a_test(lead=lead)
    sent = {"what": "withdraw", "edition": 1, "reason": "No time"}
    client.post(edit(test), sent)
    page = client.post(edit(test), sent | {"edition": 2})
    assert "withdrawn already" in str(page.context["reason_form"].errors)
    page = client.post(edit(test), typed(page.context["form"], title="Again"))
    assert "withdrawn" in str(page.context["form"].errors)
