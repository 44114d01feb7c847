"""Do what is due, once, whoever else looks at the clock too."""

import logging
from datetime import datetime, timedelta

from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from pace_site.accounts.models import Organisation
from pace_site.operations.models import ScheduledRun
from pace_site.operations.timetable import Job

logger = logging.getLogger(__name__)

# What was missed while the machine was off is caught up with for so long; then it waits for its next moment.
CAUGHT_UP_FOR = timedelta(hours=12)
# A job that failed is tried again after so long, so often.
AGAIN_AFTER = timedelta(minutes=15)
MOST_ATTEMPTS = 3
KEPT = timedelta(days=400)


def due(job: Job, *, now: datetime) -> datetime | None:
    """The moment that is to be done, or to be tried again; None when there is nothing to do."""
    moment = job.clock.latest(now)
    if now - moment > CAUGHT_UP_FOR:
        return None
    row = ScheduledRun.objects.filter(job=job.name, due_at=moment).first()
    return moment if row is None or _open_again(job, now=now).filter(pk=row.pk).exists() else None


def claim(job: Job, moment: datetime, *, now: datetime) -> ScheduledRun | None:
    """Take the moment for oneself; None when somebody else has it."""
    try:
        with transaction.atomic():
            return ScheduledRun.objects.create(job=job.name, due_at=moment, began_at=now)
    except IntegrityError:
        found = _open_again(job, now=now).filter(job=job.name, due_at=moment)
        # One statement: of two who find it open, the second changes nothing.
        if not found.update(attempts=F("attempts") + 1, began_at=now, ended_at=None):
            return None
        return ScheduledRun.objects.get(job=job.name, due_at=moment)


def carry_out(job: Job, run: ScheduledRun) -> bool:
    """Do the job, and write down whether it went well."""
    began = timezone.now()
    # All are done before any is asked about: one authority's fault keeps no other's back.
    done = [_is_done(job, arguments) for arguments in arguments_of(job)]
    succeeded = all(done)
    now = timezone.now()
    ScheduledRun.objects.filter(pk=run.pk, attempts=run.attempts).update(ended_at=now, succeeded=succeeded)
    ScheduledRun.objects.filter(due_at__lt=now - KEPT).delete()
    level = logging.INFO if succeeded else logging.ERROR
    logger.log(
        level,
        "Job %s %s after %d seconds, at attempt %d.",
        job.name,
        "succeeded" if succeeded else "failed",
        (now - began).total_seconds(),
        run.attempts,
    )
    return succeeded


def arguments_of(job: Job) -> list[tuple[str, ...]]:
    if not job.each_authority:
        return [job.command]
    with_children = Organisation.objects.filter(children__isnull=False).distinct().order_by("code")
    return [(*job.command, "--authority", code) for code in with_children.values_list("code", flat=True)]


def _is_done(job: Job, arguments: tuple[str, ...]) -> bool:
    try:
        call_command(*arguments)
    except CommandError as refused:
        logger.error("Job %s was refused: %s", job.name, refused)
        return False
    except Exception:
        # Whatever it was must neither end the round nor reach the terminal, whose lines may tell values of a row.
        logger.exception("Job %s broke.", job.name)
        return False
    return True


def _open_again(job: Job, *, now: datetime):
    """Runs that failed a while ago, or whose process is gone without a word, and that may be tried again."""
    failed = Q(succeeded=False, ended_at__lte=now - AGAIN_AFTER)
    vanished = Q(ended_at__isnull=True, began_at__lte=now - job.longest - AGAIN_AFTER)
    return ScheduledRun.objects.filter(failed | vanished, attempts__lt=MOST_ATTEMPTS)
