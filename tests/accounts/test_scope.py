"""To whose records does each role reach, by the memberships and allocations of today?"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from children.models import Child
from pace_site.accounts.models import Organisation, RoleMembership
from pace_site.accounts.roles import ROLE_GRANTS, TEAM_ROLES, Role
from pace_site.accounts.scope import NOTHING, reach_in_words, scope_of
from tests.builders import allocate, authority, child, person, team

pytestmark = pytest.mark.django_db

TEAM_AND_ALLOCATED = {"of the team", "allocated"}
ALL = {"of the team", "allocated", "of another team"}

# role: (whom it opens, whom it sees with names, whose figures it counts)
REACHES = {
    Role.PRACTITIONER: (TEAM_AND_ALLOCATED, TEAM_AND_ALLOCATED, TEAM_AND_ALLOCATED),
    Role.TEAM_MANAGER: (TEAM_AND_ALLOCATED, TEAM_AND_ALLOCATED, TEAM_AND_ALLOCATED),
    Role.IRO: ({"allocated"}, {"allocated"}, {"allocated"}),
    Role.PANEL_ADMINISTRATOR: ({"allocated"}, {"allocated"}, {"allocated"}),
    Role.LEGAL: ({"allocated"}, {"allocated"}, {"allocated"}),
    Role.ADM: ({"allocated"}, {"allocated"}, {"allocated"}),
    Role.DATA_LEAD: (ALL, ALL, ALL),
    Role.PACE_LEAD: (ALL, ALL, ALL),
    Role.ADMINISTRATIVE_LEAD: (ALL, set(), ALL),
    Role.AIM_GROUP_LEAD: (ALL, set(), ALL),
    Role.CHAMPION: (ALL, set(), ALL),
    Role.SENIOR_LEADER: (set(), set(), ALL),
    Role.IG_AUDITOR: (set(), set(), set()),
    Role.SYSTEM_ADMINISTRATOR: (set(), set(), set()),
    Role.NATIONAL_ANALYST: (set(), set(), set()),
}


def who(children) -> set[str]:
    return set(children.values_list("locality", flat=True))


def a_child(called: str, **more) -> Child:
    """A child who can be told from the others by `called`."""
    row = child(**more)
    Child.objects.filter(pk=row.pk).update(locality=called)
    return row


def a_caseload(user) -> None:
    a_child("of the team", of_team=team("Team North"))
    a_child("of another team", of_team=team("Team South"))
    allocate(user, a_child("allocated"))
    a_child("of another authority", of_team=team("Team West", organisation=authority("S12000033")))


def allocated_for(user, *, start: int, end: int | None) -> set[str]:
    """Whom `user` opens when a child is allocated from `start` to `end`, in days from today."""
    today = timezone.localdate()
    until = None if end is None else today + timedelta(days=end)
    allocate(user, a_child("allocated"), start=today + timedelta(days=start), end=until)
    return who(Child.objects.visible_to(user))


def test_every_role_has_its_reach_in_this_table():
    assert set(REACHES) == set(Role.values) == set(ROLE_GRANTS)


@pytest.mark.parametrize("role", Role.values)
def test_each_role_opens_names_and_counts_whom_it_should(role):
    user = person(role, of_team=team("Team North"))
    a_caseload(user)
    opened, named, counted = REACHES[role]
    assert who(Child.objects.visible_to(user)) == opened
    assert who(Child.objects.identifiable_to(user)) == named
    assert who(Child.objects.countable_by(user)) == counted


def test_no_role_reaches_nobody():
    user = person()
    a_caseload(user)
    assert who(Child.objects.visible_to(user)) == set()
    assert who(Child.objects.countable_by(user)) == set()
    assert scope_of(user).is_empty


def test_who_has_not_signed_in_reaches_nobody():
    child()
    assert scope_of(AnonymousUser()) == NOTHING
    assert who(Child.objects.visible_to(AnonymousUser())) == set()
    assert who(Child.objects.countable_by(AnonymousUser())) == set()


def test_an_account_that_was_closed_reaches_nobody():
    user = person(Role.DATA_LEAD)
    child()
    user.is_active = False
    assert scope_of(user) == NOTHING
    assert who(Child.objects.visible_to(user)) == set()


@pytest.mark.parametrize("role", Role.values)
def test_nobody_of_a_national_body_reaches_a_child_of_an_authority(role):
    scotland = Organisation.objects.get(kind=Organisation.Kind.NATIONAL)
    user = person(role, organisation=scotland)
    a_caseload(person())
    assert who(Child.objects.visible_to(user)) == set()
    assert who(Child.objects.identifiable_to(user)) == set()
    assert who(Child.objects.countable_by(user)) == set()


@pytest.mark.parametrize("role", TEAM_ROLES)
def test_a_role_in_a_team_of_another_authority_reaches_nobody_there(role):
    west = team("Team West", organisation=authority("S12000033"))
    user = person()
    RoleMembership.objects.create(user=user, role=role, team=west)
    a_child("theirs", of_team=west)
    assert scope_of(user).team_ids == frozenset()
    assert who(Child.objects.visible_to(user)) == set()


def test_an_allocation_to_a_child_of_another_authority_opens_nothing():
    user = person(Role.IRO)
    allocate(user, a_child("theirs", organisation=authority("S12000033")))
    assert who(Child.objects.visible_to(user)) == set()


@pytest.mark.parametrize(
    ("start", "end"),
    [(-30, None), (0, None), (-30, 0), (0, 0), (-30, 30)],
    ids=["open", "from today", "until today", "today alone", "around today"],
)
def test_an_allocation_of_today_opens_the_child(start, end):
    assert allocated_for(person(Role.IRO), start=start, end=end) == {"allocated"}


@pytest.mark.parametrize(("start", "end"), [(-30, -1), (1, None)], ids=["ended yesterday", "starts tomorrow"])
def test_an_allocation_that_is_over_or_to_come_opens_nothing(start, end):
    assert allocated_for(person(Role.IRO), start=start, end=end) == set()


def test_a_reviewing_officer_s_child_is_not_opened_for_a_colleague():
    allocate(person(Role.IRO), a_child("allocated"))
    assert who(Child.objects.visible_to(person(Role.IRO))) == set()


def test_a_champion_who_is_also_a_social_worker_opens_all_and_names_their_team():
    user = person(Role.CHAMPION, Role.PRACTITIONER, of_team=team("Team North"))
    a_caseload(user)
    assert who(Child.objects.visible_to(user)) == ALL
    assert who(Child.objects.identifiable_to(user)) == TEAM_AND_ALLOCATED


def test_a_senior_leader_who_also_manages_a_team_counts_all_and_opens_the_team():
    user = person(Role.SENIOR_LEADER, Role.TEAM_MANAGER, of_team=team("Team North"))
    a_caseload(user)
    assert who(Child.objects.countable_by(user)) == ALL
    assert who(Child.objects.visible_to(user)) == TEAM_AND_ALLOCATED
    assert scope_of(user).counts_more_than_it_opens


def test_a_role_taken_away_takes_its_children_with_it():
    user = person(Role.PRACTITIONER, of_team=team("Team North"))
    a_child("of the team", of_team=team("Team North"))
    user.memberships.all().delete()
    assert who(Child.objects.visible_to(user)) == set()


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.PRACTITIONER, "children of Team North and children allocated to you"),
        (Role.IRO, "children allocated to you"),
        (Role.CHAMPION, "all children of Midlothian"),
        (Role.SENIOR_LEADER, "all children of Midlothian"),
        (Role.SYSTEM_ADMINISTRATOR, "no children"),
    ],
)
def test_the_reach_is_told_in_words(role, words):
    assert reach_in_words(person(role, of_team=team("Team North"))) == words


def test_a_senior_leader_is_told_that_they_open_no_children():
    assert reach_in_words(person(Role.SENIOR_LEADER), to_open=True) == "no children"
