"""The page on which a PACE lead sets how a chart is judged."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from aims.models import Annotation, ChartSettings, Phase
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, person
from tests.front.two_authorities import an_aim

pytestmark = pytest.mark.django_db


@pytest.fixture
def the_aim():
    return an_aim(authority(), "NAT-2")


def send(client, aim, what, **typed):
    return client.post(reverse("aim_chart", kwargs={"code": aim.code}), {"what": what, **typed})


def test_rules_and_baseline_are_kept_and_told_in_the_trail(client, lead, the_aim):
    assert send(client, the_aim, "settings", rules="anhoej", shift=7, trend=6, baseline=12).status_code == 302
    settings = ChartSettings.objects.get(aim=the_aim)
    assert (settings.rules, settings.shift, settings.trend, settings.baseline) == ("anhoej", 7, 6, 12)
    send(client, the_aim, "settings", rules="perla", shift=6, trend=5, baseline="")
    settings.refresh_from_db()
    assert (settings.rules, settings.baseline) == ("perla", None)
    assert AuditEntry.objects.filter(record_type="chartsettings", actor=lead.email).count() == 2


@pytest.mark.parametrize(
    "wrong", [{"baseline": 9}, {"baseline": 31}, {"shift": 5}, {"trend": 8}, {"rules": "western"}, {"baseline": "x"}]
)
def test_settings_that_make_no_sense_are_refused(client, lead, the_aim, wrong):
    typed = {"rules": "perla", "shift": 6, "trend": 5, "baseline": ""} | wrong
    response = send(client, the_aim, "settings", **typed)
    assert response.status_code == 200
    assert response.context["faulty"].errors
    assert not ChartSettings.objects.exists()


def test_a_new_median_needs_a_reason_and_a_day_that_has_come(client, lead, the_aim):
    today = timezone.localdate()
    for wrong in (
        {"starts_on": today.isoformat(), "reason": " "},
        {"starts_on": (today + timedelta(days=1)).isoformat(), "reason": "Weekly tracking"},
        {"starts_on": "soon", "reason": "Weekly tracking"},
    ):
        assert send(client, the_aim, "phase", **wrong).context["faulty"].errors
    assert not Phase.objects.exists()
    assert send(client, the_aim, "phase", starts_on=today.isoformat(), reason="Weekly tracking").status_code == 302
    assert Phase.objects.get().by == lead
    assert send(client, the_aim, "phase", starts_on=today.isoformat(), reason="Again").context["faulty"].errors


def test_what_was_put_on_the_chart_can_be_taken_off_and_stays_in_the_trail(client, lead, the_aim):
    today = timezone.localdate().isoformat()
    send(client, the_aim, "phase", starts_on=today, reason="Weekly tracking")
    send(client, the_aim, "remark", on=today, label="Agenda template")
    send(client, the_aim, "phase-off", pk=Phase.objects.get().pk)
    send(client, the_aim, "remark-off", pk=Annotation.objects.get().pk)
    assert not Phase.objects.exists()
    assert not Annotation.objects.exists()
    assert AuditEntry.objects.filter(action="remove", record_type="phase").get().before["reason"] == "Weekly tracking"


def test_another_authoritys_chart_cannot_be_touched(client, lead, the_aim):
    other = an_aim(authority("S12000033"), "NAT-3")
    theirs = Annotation.objects.create(aim=other, on=timezone.localdate(), label="Theirs")
    assert send(client, other, "remark", on="2026-01-05", label="Ours").status_code == 404
    assert send(client, the_aim, "remark-off", pk=theirs.pk).status_code == 404
    assert Annotation.objects.get() == theirs


@pytest.mark.parametrize("role", [Role.CHAMPION, Role.DATA_LEAD, Role.TEAM_MANAGER])
def test_only_a_pace_lead_sets_the_chart(client, the_aim, role):
    client.force_login(person(role))
    assert send(client, the_aim, "remark", on="2026-01-05", label="Mine").status_code == 403
    assert not Annotation.objects.exists()
