"""Who starts a test of change, who is in it, who may change it, and ideas."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from improvement.actions.change_ideas import change_idea, propose_idea, retire_idea, take_from_library
from improvement.actions.tests_of_change import change_test, start_test, withdraw_test
from improvement.change_idea_library import library_ideas
from improvement.editions import Collision
from improvement.models import ChangeIdea, ChildInCycle, Implementation, PdsaCycle, TestOfChange
from improvement.scope import who_may_run_tests
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person, team
from tests.improvement.builders import a_test, an_aim, an_idea
from tests.improvement.refusals import refused

pytestmark = pytest.mark.django_db

LEADS = {Role.PACE_LEAD, Role.ADMINISTRATIVE_LEAD, Role.AIM_GROUP_LEAD}
ONLY_SEES = {Role.SENIOR_LEADER}
SEES_NOTHING = {Role.IG_AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.NATIONAL_ANALYST}
TAKES_PART = {*Role} - LEADS - ONLY_SEES - SEES_NOTHING


def everything_of(test):
    """A row of each model that hangs on a test."""
    in_it = ChildInCycle.objects.create(cycle=test.last_cycle, child=child(organisation=test.authority))
    return [test, test.last_cycle, in_it, Implementation.objects.create(test=test, owner=test.lead)]


@pytest.mark.parametrize("role", Role)
def test_who_sees_improvement_sees_all_of_the_authority_and_nothing_of_another(role):
    user = person(role)
    own = everything_of(a_test())
    everything_of(a_test(lead=person(Role.PACE_LEAD, organisation=authority("S12000033"))))
    for row in own:
        seen = list(type(row).objects.visible_to(user))
        assert seen == ([] if role in SEES_NOTHING else [row])


@pytest.mark.parametrize("role", Role)
def test_who_leads_improvement_edits_every_test_and_who_takes_part_their_own(role):
    user = person(role)
    others = everything_of(a_test())
    led = everything_of(a_test(lead=user))
    in_it = everything_of(a_test(members=(user, person(Role.CHAMPION))))
    for row, of_led, of_joined in zip(others, led, in_it, strict=True):
        edits = set(type(row).objects.editable_by(user))
        assert edits == (
            {row, of_led, of_joined} if role in LEADS else {of_led, of_joined} if role in TAKES_PART else set()
        )


def test_who_has_not_signed_in_or_belongs_no_more_sees_no_test():
    test = a_test()
    gone = test.lead
    gone.is_active = False
    assert not TestOfChange.objects.visible_to(gone).exists()


@pytest.mark.parametrize("role", Role)
def test_a_test_is_started_by_who_may_take_part(role):
    user, aim = person(role), an_aim()
    if role in LEADS | TAKES_PART:
        test = start_test(title="72-hour agenda", aim=aim, lead=user, by=user)
        assert [(cycle.number, cycle.scale, cycle.state) for cycle in test.cycles.all()] == [(1, "child", "planning")]
        assert AuditEntry.objects.filter(record_type="testofchange", action="create", actor=user.email).exists()
    else:
        with pytest.raises(PermissionDenied):
            start_test(title="72-hour agenda", aim=aim, lead=user, by=user)


def test_who_takes_part_starts_no_test_of_others_and_who_leads_does():
    aim, other = an_aim(), person(Role.CHAMPION)
    worker = person(Role.PRACTITIONER)
    with refused("lead"):
        start_test(title="Agenda", aim=aim, lead=other, by=worker)
    assert start_test(title="Agenda", aim=aim, lead=other, members=[worker], by=worker).lead == other
    assert start_test(title="Agenda", aim=aim, lead=other, by=person(Role.AIM_GROUP_LEAD)).lead == other


def test_a_test_stays_inside_its_authority():
    user = person(Role.PACE_LEAD)
    west = authority("S12000033")
    right = {"title": "Agenda", "aim": an_aim(), "idea": an_idea(), "lead": user, "members": []}
    wrong = {
        "aim": an_aim(organisation=west),
        "idea": an_idea(organisation=west),
        "lead": person(Role.PACE_LEAD, organisation=west),
        "members": [person(Role.CHAMPION, organisation=west)],
    }
    for field, value in wrong.items():
        with refused(field):
            start_test(**right | {field: value}, by=user)
    assert start_test(**right, by=user)


@pytest.mark.parametrize("title", ["", "   "])
def test_a_test_has_a_title(title):
    user = person(Role.PACE_LEAD)
    with refused("title"):
        start_test(title=title, aim=an_aim(), lead=user, by=user)


def test_no_test_is_started_for_a_closed_aim_or_of_a_retired_idea():
    user, closed = person(Role.PACE_LEAD), an_aim("AIM-C", status="closed")
    with refused("aim"):
        start_test(title="Agenda", aim=closed, lead=user, by=user)
    retired = an_idea(retired_on=date(2026, 1, 1), retired_reason="No use")
    with refused("idea"):
        start_test(title="Agenda", aim=an_aim(), idea=retired, lead=user, by=user)


def test_people_in_a_test_are_those_who_may_take_part():
    user = person(Role.PACE_LEAD)
    for outside in (person(Role.SENIOR_LEADER), person(Role.IG_AUDITOR), person()):
        with refused("members"):
            start_test(title="Agenda", aim=an_aim(f"A-{outside.pk}"), lead=user, members=[outside], by=user)
    gone = person(Role.CHAMPION)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert gone not in who_may_run_tests(user)
    assert all(can(each, Permission.RUN_TESTS) for each in who_may_run_tests(user))


def said_of(test, **changed):
    return {
        "title": test.title,
        "aim": test.aim,
        "lead": test.lead,
        "idea": test.idea,
        "members": list(test.members.all()),
        **changed,
    }


def test_a_test_is_changed_by_who_is_in_it_and_the_trail_knows_who_joined():
    lead, champion = person(Role.PRACTITIONER), person(Role.CHAMPION)
    test = a_test(lead=lead)
    assert change_test(test, **said_of(test, members=[champion]), edition=1, by=lead)
    assert test.edition == 2
    entry = AuditEntry.objects.filter(record_type="testofchange").order_by("pk").first()
    assert (entry.before, entry.after) == ({"members": []}, {"members": [champion.pk]})
    assert change_test(test, **said_of(test, title="Agenda of one page"), edition=2, by=champion)
    assert not change_test(test, **said_of(test), edition=3, by=champion)
    with pytest.raises(PermissionDenied):
        change_test(test, **said_of(test, title="Mine"), edition=3, by=person(Role.PRACTITIONER))


def test_somebody_who_left_stays_named_in_a_test_that_others_change():
    lead, gone = person(Role.PRACTITIONER), person(Role.CHAMPION)
    test = a_test(lead=lead, members=(gone,))
    gone.memberships.all().delete()
    assert change_test(test, **said_of(test, title="Agenda of one page"), edition=1, by=lead)
    with refused("lead"):
        change_test(test, **said_of(test, lead=person(Role.SENIOR_LEADER)), edition=2, by=lead)


def test_two_people_who_change_a_test_at_once_notice():
    lead = person(Role.PRACTITIONER)
    test = a_test(lead=lead, edition=2)
    champion = person(Role.CHAMPION)
    with pytest.raises(Collision):
        change_test(test, **said_of(test, members=[champion]), edition=1, by=lead)
    assert not test.members.exists()


def test_a_test_is_withdrawn_once_for_a_reason_and_stays():
    lead = person(Role.PRACTITIONER)
    test = a_test(lead=lead)
    with refused("reason"):
        withdraw_test(test, reason=" ", edition=1, by=lead)
    with pytest.raises(Collision):
        withdraw_test(test, reason="Nobody had time", edition=9, by=lead)
    with pytest.raises(PermissionDenied):
        withdraw_test(test, reason="Nobody had time", edition=1, by=person(Role.CHAMPION))
    withdraw_test(test, reason="Nobody had time", edition=1, by=lead, on=date(2026, 5, 1))
    test = TestOfChange.objects.get(pk=test.pk)
    assert (test.state, test.withdrawn_by, test.withdrawn_on) == ("withdrawn", lead, date(2026, 5, 1))
    with pytest.raises(ValidationError, match="withdrawn already"):
        withdraw_test(test, reason="Again", edition=2, by=lead)
    with pytest.raises(ValidationError, match="withdrawn"):
        change_test(test, **said_of(test, title="Again"), edition=2, by=lead)
    assert PdsaCycle.objects.filter(test=test).exists()


def test_every_idea_of_the_library_is_whole():
    ideas = library_ideas()
    assert len(ideas) == 16
    for key, idea in ideas.items():
        assert key == idea.key
        assert idea.title
        assert idea.description
        assert idea.source
        assert idea.national_aim in (None, 1, 2, 3, 4)
        assert len(idea.title) <= ChangeIdea._meta.get_field("title").max_length


def test_an_idea_is_taken_from_the_library_once():
    user = person(Role.CHAMPION)
    idea = take_from_library("agenda-72-hours", by=user)
    assert (idea.title, idea.national_aim) == (library_ideas()["agenda-72-hours"].title, 2)
    assert take_from_library("agenda-72-hours", by=person(Role.PRACTITIONER)) == idea
    assert take_from_library("agenda-72-hours", by=person(Role.CHAMPION, organisation=authority("S12000033"))) != idea
    with pytest.raises(KeyError):
        take_from_library("no-such-idea", by=user)
    with pytest.raises(PermissionDenied):
        take_from_library("agenda-72-hours", by=person(Role.SENIOR_LEADER))


def test_an_idea_is_put_right_by_who_proposed_it_and_by_who_leads():
    proposer = person(Role.PRACTITIONER)
    idea = propose_idea(title=" Tea first ", source="Team North", national_aim=2, aim=an_aim(), by=proposer)
    assert idea.title == "Tea first"
    with pytest.raises(PermissionDenied):
        change_idea(idea, {"title": "Mine"}, edition=1, by=person(Role.PRACTITIONER))
    assert change_idea(idea, {"title": "Tea at the start"}, edition=1, by=proposer)
    assert change_idea(idea, {"source": "Team South"}, edition=2, by=person(Role.PACE_LEAD))
    with pytest.raises(Collision):
        change_idea(idea, {"title": "Coffee"}, edition=2, by=proposer)
    with refused("title"):
        change_idea(idea, {"title": " "}, edition=3, by=proposer)
    with refused("aim"):
        change_idea(idea, {"aim": an_aim(organisation=authority("S12000033"))}, edition=3, by=proposer)


def test_an_idea_is_retired_for_a_reason():
    lead = person(Role.PACE_LEAD)
    idea = an_idea()
    with refused("reason"):
        retire_idea(idea, reason="", edition=1, by=lead)
    retire_idea(idea, reason="It did harm", edition=1, by=lead)
    idea.refresh_from_db()
    assert idea.is_retired
    with pytest.raises(ValidationError, match="retired already"):
        retire_idea(idea, reason="It did harm", edition=2, by=lead)


@pytest.mark.parametrize("role", [Role.SENIOR_LEADER, Role.IG_AUDITOR])
def test_who_only_reads_proposes_nothing(role):
    with pytest.raises(PermissionDenied):
        propose_idea(title="Tea", by=person(role))


@pytest.mark.parametrize(
    "text",
    ["We asked Morag Baird twice", "baird,  MORAG agreed", "See SW-20417.", "P-7781 waited", "Morag\nBaird’s review"],
)
def test_a_text_that_names_a_child_is_refused(text):
    user = person(Role.PRACTITIONER)
    row = child(of_team=team(), code="P-7781", name=("Morag", "Baird"))
    type(row).objects.filter(pk=row.pk).update(local_ref="SW-20417")
    with refused("description"):
        propose_idea(title="Tea", description=text, by=user)


@pytest.mark.parametrize(
    "text", ["Morag asked", "A bairdish idea", "Since 2014", "SW-204179", "P-778", "Morag A. Baird"]
)
def test_a_text_that_names_nobody_passes(text):
    user = person(Role.PRACTITIONER)
    row = child(of_team=team(), code="P-7781", name=("Morag", "Baird"))
    type(row).objects.filter(pk=row.pk).update(local_ref="2014")
    assert propose_idea(title="Tea", description=text, by=user)


def test_a_refusal_never_tells_a_champion_that_a_child_of_that_name_is_known():
    child(of_team=team(), code="P-7781", name=("Morag", "Baird"))
    champion = person(Role.CHAMPION)
    assert propose_idea(title="Tea", description="Morag Baird", by=champion)
    with refused("description"):
        propose_idea(title="Tea", description="P-7781", by=champion)
