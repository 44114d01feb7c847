"""May this role do this?"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.views.generic import View

from pace_site.accounts.models import RoleMembership
from pace_site.accounts.permissions import (
    ROLE_PERMISSIONS,
    Permission,
    PermissionRequiredMixin,
    can,
    check_can,
    permissions_of,
)
from pace_site.accounts.roles import ROLE_GRANTS, TEAM_ROLES, Reach, Role
from tests.builders import person

pytestmark = pytest.mark.django_db

WHOLE_RECORD = {Role.PRACTITIONER, Role.TEAM_MANAGER, Role.DATA_LEAD}

# permission: the roles that hold it, and no other.
HELD_BY = {
    Permission.RECORD_CARE: WHOLE_RECORD,
    Permission.RECORD_CASEWORK: WHOLE_RECORD,
    Permission.RECORD_REVIEWS: WHOLE_RECORD | {Role.IRO, Role.PANEL_ADMINISTRATOR},
    Permission.RECORD_PANEL: WHOLE_RECORD | {Role.IRO, Role.PANEL_ADMINISTRATOR, Role.ADM},
    Permission.RECORD_COURT: WHOLE_RECORD | {Role.LEGAL},
    Permission.VOID_ANY: {Role.TEAM_MANAGER, Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.ACCEPT_FINDINGS: {Role.TEAM_MANAGER, Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.LOOK_THROUGH: {Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.VIEW_SEEN_BY: {Role.TEAM_MANAGER, Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.RESTRICT_RECORDS: {Role.TEAM_MANAGER, Role.PACE_LEAD},
    Permission.ANSWER_BREAK_GLASS: {Role.PACE_LEAD},
    Permission.READ_BREAK_GLASS: {Role.PACE_LEAD, Role.DATA_LEAD, Role.IG_AUDITOR},
    Permission.ALLOCATE: {Role.TEAM_MANAGER, Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.VIEW_AIMS: {*Role.values} - {Role.IG_AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.NATIONAL_ANALYST},
    Permission.VIEW_NATIONAL: {Role.NATIONAL_ANALYST},
    Permission.SEND_NATIONAL: {Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.MANAGE_FEED: {Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.RECEIVE_NATIONAL: {Role.NATIONAL_ANALYST},
    Permission.VIEW_IMPROVEMENT: {*Role.values} - {Role.IG_AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.NATIONAL_ANALYST},
    Permission.RUN_TESTS: {*Role.values}
    - {Role.SENIOR_LEADER, Role.IG_AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.NATIONAL_ANALYST},
    Permission.KEEP_MEASURES: {Role.DATA_LEAD, Role.PACE_LEAD, Role.ADMINISTRATIVE_LEAD, Role.AIM_GROUP_LEAD},
    Permission.LEAD_IMPROVEMENT: {Role.PACE_LEAD, Role.ADMINISTRATIVE_LEAD, Role.AIM_GROUP_LEAD},
    Permission.VIEW_CHILDREN: {
        *Role.values,
    }
    - {Role.SENIOR_LEADER, Role.IG_AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.NATIONAL_ANALYST},
    Permission.EXPORT_AIM: {Role.TEAM_MANAGER, Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.EXPORT_LIST: {Role.TEAM_MANAGER, Role.IRO, Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.EXPORT_IDENTIFIED: {Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.PSEUDONYMISE: {Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.KEEP_REQUESTS: {Role.DATA_LEAD, Role.PACE_LEAD},
    Permission.VIEW_REPORTS: {
        Role.DATA_LEAD,
        Role.PACE_LEAD,
        Role.ADMINISTRATIVE_LEAD,
        Role.AIM_GROUP_LEAD,
        Role.SENIOR_LEADER,
    },
    Permission.VIEW_PUBLISHED: {
        Role.DATA_LEAD,
        Role.PACE_LEAD,
        Role.ADMINISTRATIVE_LEAD,
        Role.AIM_GROUP_LEAD,
        Role.CHAMPION,
        Role.SENIOR_LEADER,
    },
    Permission.ISSUE_REPORT: {Role.PACE_LEAD},
    Permission.MANAGE_AIMS: {Role.PACE_LEAD},
    Permission.IMPORT_DATA: {Role.DATA_LEAD},
    Permission.MERGE_RECORDS: {Role.DATA_LEAD},
    Permission.EDIT_CODE_TABLES: {Role.DATA_LEAD},
    Permission.MANAGE_PEOPLE: {Role.SYSTEM_ADMINISTRATOR},
    Permission.SEE_ROLES_GIVEN: {Role.DATA_LEAD, Role.PACE_LEAD, Role.SYSTEM_ADMINISTRATOR, Role.IG_AUDITOR},
    Permission.ASK_EVERYBODY: {Role.DATA_LEAD, Role.PACE_LEAD, Role.SYSTEM_ADMINISTRATOR},
    Permission.VIEW_AUDIT: {Role.IG_AUDITOR},
}


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_is_held_by_its_roles_and_no_other(permission):
    assert {role for role in Role.values if can(person(role), permission)} == HELD_BY[permission]


@pytest.mark.parametrize("role", Role.values)
def test_a_role_that_opens_children_reaches_some_and_one_that_does_not_reaches_none(role):
    opens = ROLE_GRANTS[role].reach not in (Reach.NOTHING, Reach.COUNTS)
    assert (Permission.VIEW_CHILDREN in ROLE_PERMISSIONS[role]) == opens


def test_two_roles_may_do_what_either_may():
    both = permissions_of(person(Role.PACE_LEAD, Role.SYSTEM_ADMINISTRATOR))
    assert both == ROLE_PERMISSIONS[Role.PACE_LEAD] | ROLE_PERMISSIONS[Role.SYSTEM_ADMINISTRATOR]


def test_without_a_role_nothing_is_allowed():
    assert permissions_of(person()) == frozenset()


def test_who_has_not_signed_in_may_do_nothing():
    assert permissions_of(AnonymousUser()) == frozenset()


def test_an_account_that_was_closed_may_do_nothing():
    user = person(Role.PACE_LEAD)
    user.is_active = False
    assert permissions_of(user) == frozenset()


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_django_s_own_flags_allow_nothing(client, flag):
    user = person(Role.CHAMPION)
    setattr(user, flag, True)
    user.save()
    assert permissions_of(user) == ROLE_PERMISSIONS[Role.CHAMPION]
    client.force_login(user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_refusal_says_what_the_role_does_not_allow():
    with pytest.raises(PermissionDenied, match="Your role does not allow you to manage people, teams and roles."):
        check_can(person(Role.CHAMPION), Permission.MANAGE_PEOPLE)


def test_a_page_that_states_no_permission_opens_for_nobody():
    class Forgetful(PermissionRequiredMixin, View):
        def get(self, request):
            raise AssertionError("this page was opened")

    request = RequestFactory().get("/")
    request.user = person(*Role.values)
    with pytest.raises(AttributeError):
        Forgetful.as_view()(request)


@pytest.mark.parametrize("role", TEAM_ROLES)
def test_a_role_of_a_team_is_not_held_without_one(role):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleMembership.objects.create(user=person(), role=role)


def test_a_role_is_not_held_twice():
    user = person(Role.CHAMPION)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleMembership.objects.create(user=user, role=Role.CHAMPION)


def test_who_holds_a_role_stays_signed_in(client):
    client.force_login(person(Role.CHAMPION))
    assert client.get("/aims/").status_code == 200


def test_who_lost_the_last_role_is_signed_out_on_the_next_request(client):
    user = person(Role.CHAMPION)
    client.force_login(user)
    user.memberships.all().delete()
    assert client.get("/aims/").url == "/accounts/login/?next=/aims/"
    assert "_auth_user_id" not in client.session


def test_who_lost_one_of_two_roles_signs_in_again_with_the_other(client):
    user = person(Role.CHAMPION, Role.PACE_LEAD)
    client.force_login(user)
    user.memberships.filter(role=Role.PACE_LEAD).delete()
    assert client.get("/aims/").url == "/accounts/login/?next=/aims/"
    client.force_login(user)
    assert client.get("/aims/").status_code == 200
    assert client.get("/admin/", follow=True).status_code == 403


def test_whose_account_is_closed_is_signed_out_on_the_next_request(client):
    user = person(Role.CHAMPION)
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get("/aims/").url.startswith("/accounts/login/")
