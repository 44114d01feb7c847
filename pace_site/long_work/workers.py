"""Which workers are alive, what the dead left behind, and what is old enough to go."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from pace_site.long_work.actions import queue
from pace_site.long_work.carrying_out import fail
from pace_site.long_work.models import LongWork, WorkerSeen

logger = logging.getLogger(__name__)

BEAT = 15  # seconds between two signs of life
KEPT = timedelta(days=1)
MOST_ATTEMPTS = 2
INTERRUPTED = (
    "The program that makes this was stopped twice, and nothing was kept. Try again; when it happens again, tell the "
    "system administrator."
)


def seen(worker: str) -> None:
    WorkerSeen.objects.update_or_create(name=worker, defaults={"seen_at": timezone.now()})


def a_worker_is_alive() -> bool:
    return WorkerSeen.objects.alive().exists()


def is_interrupted(work: LongWork) -> bool:
    """Whether the worker that had taken the work up is gone without a word."""
    return work.is_open and bool(_interrupted([work]))


def take_up_interrupted() -> int:
    """Try again, once, what a worker that is gone had taken up; what was interrupted twice has failed. Say how many."""
    found = _interrupted(LongWork.objects.open())
    for one in found:
        with transaction.atomic():
            # Another worker may have been quicker, or the work may have ended.
            work = LongWork.objects.select_for_update().open().filter(pk=one.pk, attempt=one.attempt).first()
            if work is None:
                continue
            DBTaskResult.objects.filter(pk=work.attempt).exclude(status=TaskResultStatus.SUCCESSFUL).update(
                status=TaskResultStatus.FAILED, finished_at=timezone.now()
            )
            if work.attempts < MOST_ATTEMPTS:
                queue(work, doing="It was interrupted, and begins again.")
            else:
                fail(work.pk, work.attempt, INTERRUPTED)
    return len(found)


# What apps above keep for a while and no longer: each deletes what is too old.
ALSO_DELETED: list[Callable[[], object]] = []


def delete_old() -> int:
    """Delete work that ended more than a day ago, with its file; say how much. What is open is never deleted."""
    for delete in ALSO_DELETED:
        delete()
    before = timezone.now() - KEPT
    DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    WorkerSeen.objects.filter(seen_at__lt=before).delete()
    _rows, by_model = LongWork.objects.filter(ended_at__lt=before).delete()
    return by_model.get(LongWork._meta.label, 0)


class SignsOfLife(Thread):
    """Says every few seconds that its worker is alive, beside whatever the worker does, and looks after the others."""

    def __init__(self, worker: str):
        super().__init__(name="signs of life", daemon=True)
        self.worker = worker
        self.stopped = Event()

    def beat(self) -> None:
        seen(self.worker)
        take_up_interrupted()
        delete_old()

    def run(self) -> None:
        while not self.stopped.wait(BEAT):
            try:
                self.beat()
            except (OperationalError, InterfaceError):  # away for a moment, or locked on SQLite: the next beat will do
                logger.warning("The worker could not give a sign of life.", exc_info=True)
            finally:
                connection.close()

    def stop(self) -> None:
        """Say good-bye: what was under way is taken up by another worker at once.

        When the database is away, silence says it, a little later.
        """
        self.stopped.set()
        try:
            WorkerSeen.objects.filter(name=self.worker).delete()
        except (OperationalError, InterfaceError):
            logger.warning("The worker could not say good-bye.", exc_info=True)


def _interrupted(works) -> list[LongWork]:
    """Those whose task is held by a worker that is gone, or ended without leaving a word here."""
    works = {work.attempt: work for work in works}
    tasks = {row.pk: row for row in DBTaskResult.objects.filter(pk__in=works).exclude(status=TaskResultStatus.READY)}
    alive = set(WorkerSeen.objects.alive().values_list("name", flat=True))
    return [
        works[key]
        for key, row in tasks.items()
        if row.status == TaskResultStatus.FAILED
        or (row.status == TaskResultStatus.RUNNING and not alive & {*row.worker_ids})
    ]
