"""Carry a piece of work out, in a worker, and write down how far it is and what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import TaskContext, TaskResult, TaskResultStatus, task
from django_tasks.signals import task_finished

from pace_site.config.outages import outage_of
from pace_site.long_work.kinds import Outcome, kind_named
from pace_site.long_work.models import FinishedFile, LongWork
from pace_site.long_work.progress import UNWATCHED, Progress

State = LongWork.State
UNEXPECTED = (
    "Something went wrong that was not foreseen, and nothing was kept. Try again; when it fails again, tell the "
    "system administrator the time at which it did."
)
# What stops a worker that is told to stop at once, or whose database goes away: no fault of the work, which is taken up
# again.
STOPPED = ("builtins.SystemExit", "builtins.KeyboardInterrupt", f"{__name__}.DatabaseAway")


class DatabaseAway(Exception):
    """The database was lost, or had no room or no time, in the middle of the work."""


class GivenUp(Exception):
    """This attempt was given up, and another one may be under way: it must not write any more."""


class KeptProgress(Progress):
    """Progress in the row of the work; each step counts as done when the next one begins."""

    def __init__(self, work: LongWork):
        self.work = work
        self.begun = 0

    def expect(self, steps: int) -> None:
        self._write(steps=steps)

    def step(self, doing: str) -> None:
        self._write(steps_done=self.begun, doing=doing[:200])
        self.begun += 1

    @contextmanager
    def aside(self) -> Iterator[Progress]:
        """On SQLite nobody can write during a transaction, so steps inside it are told to nobody."""
        if connection.vendor != "postgresql":
            yield UNWATCHED
            return
        other = connection.copy()
        try:
            yield ProgressAside(self, other)
        finally:
            other.close()

    def _write(self, **values) -> None:
        if not _of_attempt(self.work.pk, self.work.attempt).filter(state=State.RUNNING).update(**values):
            raise GivenUp(f"Long work {self.work.pk}")


class ProgressAside(Progress):
    """Steps inside a transaction, written over another connection; it says nothing of an attempt that was given up."""

    def __init__(self, kept: KeptProgress, connection: BaseDatabaseWrapper):
        self.kept = kept
        self._connection = connection

    def step(self, doing: str) -> None:
        work = self.kept.work
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE long_work_longwork SET steps_done = %s, doing = %s"
                " WHERE id = %s AND attempt = %s AND state = %s",
                [self.kept.begun, doing[:200], work.pk, str(work.attempt), State.RUNNING],
            )
        self.kept.begun += 1


@task(takes_context=True)
def carry_out(context: TaskContext, work_id: int) -> None:
    """Carry out one piece of work. What it refuses is told to its owner; all else is told by `note_failure`."""
    attempt = UUID(context.task_result.id)
    work = _begun(work_id, attempt)
    if work is None:
        return
    try:
        work.check_still_belongs()
        outcome = kind_named(work.kind).carry_out(work.asked, work.owner, KeptProgress(work))
        _finish(work, outcome)
    except PermissionDenied as refused:
        fail(work.pk, attempt, str(refused) or "Your role does not allow this any more.")
    except ValidationError as refused:
        fail(work.pk, attempt, " ".join(refused.messages))
    except GivenUp:
        return
    except (DatabaseError, InterfaceError) as error:
        if (outage := outage_of(error)) is None:
            raise
        if not connection.in_atomic_block:
            connection.close()  # what is written next, that this attempt ended, asks for a new one
        raise DatabaseAway(outage.value) from error


def fail(work_id: int, attempt: UUID | None, words: str) -> None:
    """Say of an open attempt that it failed, and why."""
    _of_attempt(work_id, attempt).open().update(state=State.FAILED, failure=words, ended_at=timezone.now())


@receiver(task_finished)
def note_failure(sender, task_result: TaskResult, **_more) -> None:
    """The library keeps the trace of what went wrong; the owner of the work is told in words."""
    if task_result.status != TaskResultStatus.FAILED or task_result.task.func is not carry_out.func:
        return
    if task_result.errors[0].exception_class_path not in STOPPED:
        fail(task_result.args[0], UUID(task_result.id), UNEXPECTED)


def _of_attempt(work_id: int, attempt: UUID | None):
    return LongWork.objects.filter(pk=work_id, attempt=attempt)


def _begun(work_id: int, attempt: UUID) -> LongWork | None:
    """The work, now under way; None when this attempt was given up before it began."""
    with transaction.atomic():
        work = _of_attempt(work_id, attempt).select_for_update().filter(state=State.WAITING).first()
        if work is not None:
            work.state, work.attempts, work.doing = State.RUNNING, work.attempts + 1, ""
            work.save(update_fields=["state", "attempts", "doing"])
    return work


def _finish(work: LongWork, outcome: Outcome) -> None:
    with transaction.atomic():
        done = {"state": State.DONE, "ended_at": timezone.now(), "address": outcome.address, "doing": ""}
        row = _of_attempt(work.pk, work.attempt).select_for_update().filter(state=State.RUNNING).first()
        if row is None:
            raise GivenUp(f"Long work {work.pk}")
        LongWork.objects.filter(pk=row.pk).update(steps_done=row.steps, **done)
        if (file := outcome.file) is not None:
            FinishedFile.objects.create(work=row, name=file.name, content_type=file.content_type, body=file.body)
