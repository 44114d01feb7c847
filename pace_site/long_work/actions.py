"""Ask for long work, ask again after it failed, and hand out its file."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from pace_site.accounts.belonging import belonging_of
from pace_site.accounts.models import User
from pace_site.accounts.permissions import check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.long_work.carrying_out import carry_out
from pace_site.long_work.kinds import Kind, kind_named
from pace_site.long_work.models import FinishedFile, LongWork

State = LongWork.State


@transaction.atomic
def ask_for(kind: Kind, *, title: str, asked: dict[str, Any], by: User) -> LongWork:
    """Queue a piece of work. Who asks for the same again while it is open is given the one that is open."""
    check_can(by, kind.needs)
    User.objects.select_for_update().get(pk=by.pk)  # of two presses of one button, the second sees the first's
    asked_as = belonging_of(by).as_stamp()
    for work in LongWork.objects.visible_to(by).open().filter(kind=kind.name):
        if work.asked == asked and work.asked_as == asked_as:
            return work
    work = LongWork.objects.create(owner=by, kind=kind.name, title=title, asked=asked)
    queue(work)
    return work


@transaction.atomic
def ask_again(work: LongWork, *, by: User) -> LongWork:
    """Queue work that failed once more. Raises `ValidationError` for work that did not fail."""
    work = LongWork.objects.visible_to(by).select_for_update().get(pk=work.pk)
    check_can(by, kind_named(work.kind).needs)
    work.check_still_belongs()
    if work.state != State.FAILED:
        raise ValidationError("This did not fail: there is nothing to try again.")
    work.attempts, work.asked_at = 0, timezone.now()
    queue(work)
    return work


def queue(work: LongWork, *, doing: str = "") -> None:
    """Hand the work to the next worker, from the beginning."""
    work.state, work.failure, work.ended_at = State.WAITING, "", None
    work.steps_done, work.steps, work.doing = 0, 0, doing
    work.attempt = UUID(str(carry_out.enqueue(work.pk).id))
    work.save()


def hand_out(work: LongWork, *, by: User) -> FinishedFile | None:
    """The file of one's own work, or None when there is none any more; each time is an export."""
    check_can(by, kind_named(work.kind).needs)
    work.check_still_belongs()
    file = FinishedFile.objects.filter(work__in=LongWork.objects.visible_to(by), work=work).first()
    if file is not None:
        said = {"file": file.name, "made_at": file.made_at.isoformat()}
        record(
            AuditEntry.Action.EXPORT,
            authority=by.organisation,
            record_type="longwork",
            record_id=work.pk,
            by=by,
            after=said,
        )
    return file
