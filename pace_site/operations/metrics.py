"""Figures of the site itself for Prometheus: those of requests, kept by django-prometheus, and a few of its work.

Labels are names of views and jobs. No figure is of children, and nothing here is asked for by a page.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

from pace_site.audit.models import AuditEntry
from pace_site.long_work.models import LongWork, WorkerSeen
from pace_site.operations.models import ScheduledRun
from pace_site.operations.timetable import jobs

CONTENT_TYPE = CONTENT_TYPE_LATEST
State = LongWork.State
# Runs of reminders are looked back at for so long.
LOOKED_BACK = timedelta(days=7)
REMINDERS = "reminders"  # what the trail calls a run of them


def exposition() -> bytes:
    """All figures in the format of Prometheus; of requests, those of every process on this machine."""
    registry = CollectorRegistry()
    registry.register(SiteCollector())
    return _of_requests() + generate_latest(registry)


def _of_requests() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)


class SiteCollector:
    """Asks the database when it is asked; what cannot be asked is left out, and `pace_database_up` says so."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        try:
            found = [*_long_work(now), *_scheduled(now), *_reminders(now), *_audit(now)]
        except (DatabaseError, InterfaceError):
            found = []
        yield _gauge("pace_database_up", "Whether the database answered (1) or not (0).", bool(found))
        yield from found


def _long_work(now: datetime) -> Iterator[Metric]:
    work = LongWork.objects.order_by().aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        oldest=Min("asked_at", filter=Q(state=State.WAITING)),
    )
    yield _gauge("pace_long_work_waiting", "Pieces of long work that wait for a worker.", work["waiting"])
    yield _gauge("pace_long_work_running", "Pieces of long work under way.", work["running"])
    yield _gauge("pace_long_work_failed", "Pieces of long work that failed and were not deleted yet.", work["failed"])
    yield _gauge(
        "pace_long_work_oldest_waiting_seconds",
        "How long the oldest waiting piece of long work has waited; 0 when none waits.",
        _seconds(now, work["oldest"]),
    )
    workers = WorkerSeen.objects.order_by().aggregate(last=Max("seen_at"))
    yield _gauge("pace_workers_alive", "Workers that gave a sign of life lately.", WorkerSeen.objects.alive().count())
    if workers["last"]:
        yield _gauge(
            "pace_worker_last_seen_seconds",
            "Seconds since the last sign of life of any worker; absent when none was seen for a day.",
            _seconds(now, workers["last"]),
        )


def _scheduled(now: datetime) -> Iterator[Metric]:
    """Of each job on the timetable; one that never succeeded has no age. One that is under way says nothing yet."""
    succeeded = _by_job(ScheduledRun.objects.filter(succeeded=True), Max("ended_at"))
    last = _by_job(ScheduledRun.objects.filter(ended_at__isnull=False), Max("due_at"))
    last_good = _by_job(ScheduledRun.objects.filter(succeeded=True), Max("due_at"))
    age = GaugeMetricFamily(
        "pace_job_last_success_age_seconds", "Seconds since a job by the clock last succeeded.", labels=["job"]
    )
    failing = GaugeMetricFamily(
        "pace_job_failing", "Whether the last run of a job by the clock did not succeed (1).", labels=["job"]
    )
    for job in jobs():
        if job.name in succeeded:
            age.add_metric([job.name], _seconds(now, succeeded[job.name]))
        failing.add_metric([job.name], job.name in last and last_good.get(job.name) != last[job.name])
    yield age
    yield failing


def _by_job(runs, value) -> dict[str, datetime]:
    return dict(runs.order_by().values_list("job").annotate(value))


def _reminders(now: datetime) -> Iterator[Metric]:
    """Of the last run of each authority: e-mails that did not leave, and reminders that nobody is there to hear."""
    since = timezone.localdate(now) - LOOKED_BACK
    runs = AuditEntry.objects.filter(record_type=REMINDERS, record_id__gte=since.isoformat()).order_by("pk")
    last = dict(runs.values_list("authority_code", "after"))
    yield _gauge(
        "pace_reminders_emails_failed",
        "E-mails of reminders that could not be sent, at the last run of each authority.",
        sum(after["failed"] for after in last.values()),
    )
    yield _gauge(
        "pace_reminders_without_people",
        "Reminders that stay unsent as nobody is allocated, at the last run of each authority.",
        sum(after["without_people"] for after in last.values()),
    )


def _audit(now: datetime) -> Iterator[Metric]:
    waiting = AuditEntry.objects.filter(position=None).order_by().aggregate(number=Count("pk"), oldest=Min("at"))
    yield _gauge("pace_audit_unsealed", "Entries of the audit trail that wait for their seal.", waiting["number"])
    yield _gauge(
        "pace_audit_unsealed_age_seconds",
        "How long the oldest entry of the audit trail has waited for its seal; 0 when none waits.",
        _seconds(now, waiting["oldest"]),
    )


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=float(value))


def _seconds(now: datetime, then: datetime | None) -> float:
    return max(0.0, (now - then).total_seconds()) if then else 0.0
