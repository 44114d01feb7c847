"""When a session ends that its person did not end: they left, moved, lost a role, were signed out, or sat idle."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pace_site.accounts.belonging import IDLE_LIMIT, LONGEST, SIGNED_IN_AT, STAMP, USED_AT
from pace_site.accounts.models import RoleMembership
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import PASSWORD, authority, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


def ended(client) -> bool:
    """Whether the next request is answered as to somebody who has not signed in."""
    response = client.get("/aims/")
    return response.status_code == 302 and response.url == "/accounts/login/?next=/aims/"


def unused_for(client, seconds: int) -> None:
    session = client.session
    session[USED_AT] = int((timezone.now() - timedelta(seconds=seconds)).timestamp())
    session.save()


@pytest.fixture
def worker(client):
    user = person(Role.CHAMPION, Role.PRACTITIONER)
    client.force_login(user)
    assert not ended(client)
    return user


def test_a_session_ends_when_its_person_leaves(client, worker):
    worker.is_active = False
    worker.save()
    assert ended(client)


def test_a_session_ends_when_its_person_changes_organisation(client, worker):
    worker.organisation = authority("S12000020")
    worker.save()
    assert ended(client)
    assert "Your roles have changed" in client.get("/accounts/login/").content.decode()


def test_a_session_ends_when_one_of_several_roles_is_lost(client, worker):
    worker.memberships.get(role=Role.CHAMPION).delete()
    assert ended(client)


def test_a_session_ends_when_a_role_moves_to_another_team(client, worker):
    worker.memberships.filter(role=Role.PRACTITIONER).update(team=team("Team South"))
    assert ended(client)


def test_a_session_ends_when_a_role_becomes_another(client, worker):
    worker.memberships.filter(role=Role.CHAMPION).update(role=Role.SENIOR_LEADER)
    assert ended(client)


def test_a_session_goes_on_when_a_role_is_gained(client, worker):
    RoleMembership.objects.create(user=worker, role=Role.SENIOR_LEADER)
    assert not ended(client)


def test_a_session_without_a_stamp_ends(client, worker):
    session = client.session
    del session[STAMP]
    session.save()
    assert ended(client)


def test_signing_out_everywhere_ends_the_sessions_of_every_device(client, worker):
    telephone = Client()
    telephone.force_login(worker)
    client.post(reverse("sign_out_everywhere"))
    assert ended(client)
    assert ended(telephone)
    assert AuditEntry.objects.filter(action="sign_out", actor=worker.email, after__which="everywhere").exists()


def test_changing_the_password_ends_the_other_sessions_and_not_this_one(client, worker):
    telephone = Client()
    telephone.force_login(worker)
    new = "another-long-test-password"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert not ended(client)
    assert ended(telephone)
    assert AuditEntry.objects.filter(action="change", record_id=str(worker.pk), after__password="changed").exists()


def test_a_session_used_nineteen_minutes_ago_goes_on_and_counts_anew(client, worker):
    unused_for(client, 19 * 60)
    assert not ended(client)
    unused_for(client, 19 * 60)
    assert not ended(client)


def test_a_session_unused_for_twenty_minutes_ends_however_young_its_cookie_is(client, worker):
    unused_for(client, IDLE_LIMIT)
    client.cookies["sessionid"]["max-age"] = 99999
    assert ended(client)
    assert "signed out after 20 minutes" in client.get("/accounts/login/").content.decode()
    assert AuditEntry.objects.get(action="sign_out", actor=worker.email).reason == "idle"


def test_what_a_page_asks_by_itself_is_not_use(client, worker):
    unused_for(client, 19 * 60)
    answer = client.get(reverse("session_left"), headers={"PACE-By-Itself": "yes"})
    assert 0 < answer.json()["seconds"] <= 60
    assert client.session[USED_AT] < timezone.now().timestamp() - 18 * 60


def test_asking_to_stay_signed_in_gives_twenty_minutes_more(client, worker):
    unused_for(client, 19 * 60)
    assert IDLE_LIMIT - 5 <= client.get(reverse("session_left")).json()["seconds"] <= IDLE_LIMIT


def test_the_words_of_why_a_session_ended_are_gone_after_signing_in_again(client, worker):
    unused_for(client, IDLE_LIMIT)
    assert ended(client)
    client.force_login(worker)
    assert "ended" not in client.session


def test_who_was_signed_out_is_nobody_for_the_rest_of_the_request(client, worker):
    unused_for(client, IDLE_LIMIT)
    assert client.get("/accounts/login/").context["user"] == AnonymousUser()


def test_a_session_ends_twelve_hours_after_the_sign_in_however_much_it_is_used(client, worker):
    session = client.session
    session[SIGNED_IN_AT] -= LONGEST - 60
    session.save()
    left = client.get("/accounts/session/").json()["seconds"]
    assert 0 < left <= 60  # so that the warning comes in time
    assert not ended(client)
    session = client.session
    session[SIGNED_IN_AT] -= 61
    session.save()
    assert ended(client)
    assert "longer than 12 hours" in client.get("/accounts/login/").content.decode()


def test_what_has_run_out_is_deleted_when_the_next_person_signs_in(client, worker):
    past, to_come = (timezone.now() + timedelta(hours=hours) for hours in (-1, 1))
    Session.objects.create(session_key="old", session_data="words typed of a child", expire_date=past)
    Session.objects.create(session_key="new", session_data="", expire_date=to_come)
    Client().force_login(person(Role.CHAMPION))
    assert set(Session.objects.filter(session_key__in=["old", "new"]).values_list("session_key", flat=True)) == {"new"}
