"""From where, by which request, and by which command: every entry says so."""

import pytest
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse

from pace_site.accounts.command_line import NamedCommand, acting_command, machine_user
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.occasion import NO_REQUEST, OccasionMiddleware, occasion
from pace_site.audit.trail import record
from tests.builders import authority, child, person, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client):
    user = person(Role.DATA_LEAD)
    client.force_login(user)
    return client


def test_a_view_says_from_which_address_and_by_which_request(enter):
    row = child(of_team=team())
    enter.get(reverse("child", args=[row.code]), REMOTE_ADDR="192.0.2.7")
    enter.get(reverse("child", args=[row.code]), REMOTE_ADDR="192.0.2.7")
    first, second = AuditEntry.objects.filter(action="view")
    assert {first.address, second.address} == {"192.0.2.7"}
    assert first.request_id
    assert first.request_id != second.request_id


def test_an_address_in_a_header_is_believed_of_our_own_proxies_alone(enter, settings):
    row = child(of_team=team())
    for proxies in (0, 1):
        settings.TRUSTED_PROXIES = proxies
        enter.get(
            reverse("child", args=[row.code]),
            REMOTE_ADDR="192.0.2.7",
            headers={"x-forwarded-for": "203.0.113.9, 198.51.100.4"},
        )
    behind_a_proxy, alone = AuditEntry.objects.filter(action="view")
    assert (alone.address, behind_a_proxy.address) == ("192.0.2.7", "198.51.100.4")


def test_an_occasion_ends_with_its_request_even_one_that_breaks():
    def answer(_request):
        raise ZeroDivisionError(occasion().address)

    with pytest.raises(ZeroDivisionError, match=r"192\.0\.2\.7"):
        OccasionMiddleware(answer)(RequestFactory().get("/", REMOTE_ADDR="192.0.2.7"))
    assert occasion() is NO_REQUEST


def test_a_command_stands_in_the_trail_by_its_name_and_whoever_ran_it_on_the_machine():
    class Command(NamedCommand):
        def handle(self, **_options):
            record(AuditEntry.Action.IMPORT, authority=authority(), record_type="x", record_id=1, by=None)

    Command.__module__ = "somewhere.management.commands.take_in"
    call_command(Command())
    entry = AuditEntry.objects.get()
    assert entry.actor == f"command take_in ({machine_user()})"
    assert (entry.actor_id, entry.address, entry.request_id) == (None, "", "")
    assert acting_command() == ""


def test_whoever_became_another_by_sudo_is_named(monkeypatch):
    monkeypatch.setenv("SUDO_USER", "dana")
    assert machine_user().endswith(" for dana")
