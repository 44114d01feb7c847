"""Setting up a fresh site: only by who can print the code on the server, once, and all of it or nothing."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from aims.models import Aim
from pace_site.accounts.models import Organisation, Team, User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.setting_up import set_up_code
from pace_site.front.setting_up.actions import Administrator, AlreadySetUp, set_up
from tests.builders import person

pytestmark = pytest.mark.django_db
PASSWORD = "quiet harbour lamp 27"


def answers(**more) -> dict:
    council = Organisation.objects.get(code="S12000019")
    return {
        "code": set_up_code.code_now(),
        "authority": council.pk,
        "given_name": "Ina",
        "family_name": "Fictitious",
        "email": "Ina@Council.example",
        "password": PASSWORD,
        "again": PASSWORD,
        "teams": "North\n\n  South  \n",
        "aims": ["NAT-1", "NAT-2"],
        **more,
    }


def send(client, **more):
    return client.post(reverse("set_up"), answers(**more))


@pytest.mark.each_database
def test_a_fresh_site_is_set_up_once_and_the_address_is_gone(client):
    assert client.get(reverse("set_up")).status_code == 200
    page = send(client).content.decode()
    assert "What to do next" in page
    who = User.objects.get()
    assert (who.email, str(who), who.organisation.code) == ("ina@council.example", "Ina Fictitious", "S12000019")
    assert who.check_password(PASSWORD)
    assert who.set_up_until > timezone.now() + timedelta(days=6)
    assert [each.role for each in who.memberships.all()] == [Role.SYSTEM_ADMINISTRATOR]
    assert [*Team.objects.values_list("name", flat=True)] == ["North", "South"]
    assert [*Aim.objects.values_list("code", "status")] == [("NAT-1", "active"), ("NAT-2", "active")]
    told = AuditEntry.objects.values_list("actor", "record_type")
    assert {actor for actor, _what in told} == {"set-up page"}
    assert {what for _actor, what in told} == {"user", "rolemembership", "team", "aim"}
    assert PASSWORD not in str([*AuditEntry.objects.values_list("after", flat=True)])
    assert client.get(reverse("set_up")).status_code == 404
    assert send(client, email="second@council.example").status_code == 404
    assert User.objects.count() == 1


def test_it_is_not_there_where_anybody_has_an_account_of_whatever_council(client):
    person(Role.CHAMPION)
    assert client.get(reverse("set_up")).status_code == 404
    assert send(client).status_code == 404
    council = Organisation.objects.get(code="S12000020")
    with pytest.raises(AlreadySetUp):
        set_up(council, administrator=Administrator("x@council.example", "X", "Y"))
    with pytest.raises(CommandError, match="somebody has an account"):
        call_command("set_up")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "AAAAA-AAAAA-AAAAA-AAAAA"}, "This is not the code"),
        ({"code": ""}, "Set-up code"),
        ({"authority": "0"}, "Council"),
        ({"email": "no address"}, "E-mail address"),
        ({"password": "fictitious 12", "again": "fictitious 13"}, "not the same"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
        ({"teams": "North\nnorth\nNorth"}, "“North” is named twice"),
        ({"teams": "N" * 81}, "longer than 80"),
        ({"aims": ["NOT-1"]}, "Aims"),
    ],
)
def test_a_wrong_answer_is_said_in_words_and_nothing_is_written(client, wrong, said):
    page = send(client, **wrong).content.decode()
    assert "There is a problem" in page
    assert said in page
    assert PASSWORD not in page
    assert not User.objects.exists()
    assert not Team.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_code_lasts_an_hour_at_least_and_two_at_most(monkeypatch):
    made = timezone.now()
    code = set_up_code.code_now()
    for later, right in ((timedelta(minutes=59), True), (timedelta(hours=2), False)):
        monkeypatch.setattr(set_up_code.timezone, "now", lambda at=made + later: at)
        assert set_up_code.is_right(code.lower().replace("-", " ")) is right


def test_a_code_of_another_site_is_wrong(settings):
    code = set_up_code.code_now()
    settings.SECRET_KEY = "of another site"
    assert not set_up_code.is_right(code)


def test_the_command_tells_the_code_or_sets_up_by_itself(monkeypatch):
    out = StringIO()
    call_command("set_up", stdout=out)
    assert set_up_code.code_now() in out.getvalue()
    assert reverse("set_up") in out.getvalue()
    monkeypatch.setenv("SET_UP_PASSWORD", PASSWORD)
    told = ["--authority", "S12000019", "--email", "Ina@Council.example", "--given-name", "Ina", "--national-aims"]
    call_command("set_up", *told, "--team", "North", "--aim", "MID-1", stdout=out)
    assert User.objects.get().check_password(PASSWORD)
    assert [*Aim.objects.values_list("code", flat=True)] == ["MID-1", "NAT-1", "NAT-2", "NAT-3", "NAT-4"]
    assert Team.objects.get().name == "North"
    assert AuditEntry.objects.filter(actor__startswith="command set_up").count() == AuditEntry.objects.count() > 0


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (["--authority", "S12000019"], 2),
        (["--authority", "S99", "--email", "ina@council.example"], 1),
        (["--authority", "S12000019", "--email", "ina"], 1),
        (["--authority", "S12000019", "--email", "ina@council.example", "--team", "A", "--team", "A"], 1),
    ],
)
def test_the_command_refuses_in_words_and_writes_nothing(told, code):
    with pytest.raises(CommandError) as refused:
        call_command("set_up", *told)
    assert refused.value.returncode == code
    assert not User.objects.exists()
