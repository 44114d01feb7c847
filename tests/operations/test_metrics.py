"""Figures of the site itself: for whoever holds the token, without anything of children, and all that Grafana draws."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.mail import get_connection
from django.test import Client
from django.utils import timezone

from aims.reminder_actions import send_reminders
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.long_work.models import LongWork
from pace_site.long_work.workers import seen
from pace_site.operations.metrics import REMINDERS
from pace_site.operations.models import ScheduledRun
from pace_site.replica.reading import FROM_REPLICA, Readings
from tests.builders import allocate, authority, child, person

TOKEN = "a-token-of-the-tests-and-of-nothing-else"
DASHBOARD = Path(configured.BASE_DIR) / "deploy" / "grafana" / "pace.json"
ALERTS = Path(configured.BASE_DIR) / "deploy" / "prometheus" / "alerts.yml"
COUNTING = (
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "pace_site.operations.request_metrics.CountByViewMiddleware",
)
METRIC = re.compile(r"\b(?:django|pace|up|process)_[a-z_]+")


@pytest.fixture
def exposition(settings, db):
    """What Prometheus is told, asked as it asks."""
    settings.METRICS_TOKEN = TOKEN

    def ask() -> str:
        response = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}", "host": "web:8000"})
        assert response.status_code == 200
        return response.content.decode()

    return ask


def value(told: str, metric: str) -> float:
    found = re.search(rf"^{re.escape(metric)} (\S+)$", told, re.MULTILINE)
    assert found, f"{metric} is not told"
    return float(found[1])


@pytest.mark.parametrize("given", [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}])
def test_without_its_token_no_figure_is_told(settings, given):
    settings.METRICS_TOKEN = TOKEN
    response = Client().get("/metrics", headers=given)
    assert response.status_code == 401
    assert b"pace_" not in response.content


def test_where_no_token_is_set_there_is_no_such_page_even_for_an_empty_one(settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_work_that_waits_jobs_that_fail_and_entries_without_a_seal_are_told(exposition, monkeypatch):
    told = exposition()
    assert value(told, "pace_database_up") == 1
    assert value(told, "pace_long_work_oldest_waiting_seconds") == 0
    assert "pace_job_last_success_age_seconds{" not in told

    now = timezone.now()
    by = person(Role.PACE_LEAD)
    LongWork.objects.create(owner=by, kind="report", title="Report", asked={}, asked_at=now - timedelta(minutes=10))
    hour = timedelta(hours=1)
    night = {"job": "look-through", "due_at": now - 30 * hour, "began_at": now - 30 * hour}
    ScheduledRun.objects.create(**night, ended_at=now - 29 * hour, succeeded=True)
    ScheduledRun.objects.create(
        job="look-through", due_at=now - 6 * hour, began_at=now - 6 * hour, ended_at=now - 5 * hour
    )
    # A run of today as it is written, of another council; the others as it would be.
    today = timezone.localdate()
    send_reminders([], authority=authority("S12000020"), as_at=today, connection=get_connection())
    assert AuditEntry.objects.latest("pk").after.keys() >= {"failed", "without_people"}
    monkeypatch.setattr(timezone, "now", lambda: now - timedelta(minutes=20))
    for days, failed, without_people in ((9, 50, 50), (2, 9, 9), (1, 2, 3)):
        AuditEntry.objects.create(
            authority_code=by.organisation.code,
            actor="command",
            action=AuditEntry.Action.REMIND,
            record_type="reminders",
            record_id=(timezone.localdate() - timedelta(days=days)).isoformat(),
            after={"failed": failed, "without_people": without_people},
        )
    monkeypatch.setattr(timezone, "now", lambda: now)
    told = exposition()
    assert value(told, "pace_long_work_waiting") == 1
    assert 600 <= value(told, "pace_long_work_oldest_waiting_seconds") < 660
    assert value(told, 'pace_job_failing{job="look-through"}') == 1
    assert value(told, 'pace_job_failing{job="audit"}') == 0
    age = value(told, 'pace_job_last_success_age_seconds{job="look-through"}')
    assert 29 * 3600 <= age < 29 * 3600 + 60
    assert AuditEntry.objects.filter(record_type=REMINDERS).count() == 4
    assert value(told, "pace_reminders_emails_failed") == 2
    assert value(told, "pace_reminders_without_people") == 3
    assert value(told, "pace_audit_unsealed") >= 1
    assert 1200 <= value(told, "pace_audit_unsealed_age_seconds") < 1260


def test_requests_are_counted_by_view_and_no_child_stands_in_a_label(settings, client, exposition):
    settings.MIDDLEWARE = [COUNTING[0], *settings.MIDDLEWARE, COUNTING[1]]
    row = child(code="PX-417", name=("Morvenna", "Fictitious"))
    by = person(Role.PRACTITIONER)
    allocate(by, row)
    client.force_login(by)
    assert client.get(f"/children/{row.code}/?q=Fictitious").status_code == 200
    client.post("/search/", {"term": "Morvenna"})
    client.generic("PX-417", "/nowhere/")
    told = exposition()
    assert value(told, 'django_http_requests_latency_seconds_by_view_method_count{method="GET",view="child"}') >= 1
    for words in ("PX-417", "Morvenna", "Fictitious", by.email, row.local_ref):
        assert words not in told


def test_pages_are_counted_by_nobody_where_no_token_is_set():
    assert not [name for name in configured.MIDDLEWARE if "prometheus" in name.lower() or name in COUNTING]


def test_every_figure_that_grafana_draws_and_prometheus_warns_of_is_told(settings, exposition, client):
    settings.MIDDLEWARE = [COUNTING[0], *settings.MIDDLEWARE, COUNTING[1]]
    client.get("/accounts/login/")
    now = timezone.now()
    ScheduledRun.objects.create(job="audit", due_at=now, began_at=now, ended_at=now, succeeded=True)
    seen("worker")
    Readings().count(FROM_REPLICA)
    told = {line.partition("{")[0].partition(" ")[0] for line in exposition().splitlines() if line[:1] != "#"}
    panels = json.loads(DASHBOARD.read_text())["panels"]
    drawn = {name for panel in panels for target in panel.get("targets", []) for name in METRIC.findall(target["expr"])}
    warned = set(METRIC.findall(ALERTS.read_text()))
    assert len(drawn) > 10
    assert drawn - told == set()
    assert {name for name in warned if name.startswith(("django_", "pace_"))} - told == set()
