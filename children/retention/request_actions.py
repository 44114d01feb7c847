"""The log of what people ask about the data of a child: taken in, restricted meanwhile, decided (UK GDPR 15-18)."""

from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from children.keeping import Collision, check_may
from children.models import Child
from children.retention.models import RightsRequest
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last day: by when a request is answered (UK GDPR article 12)."""
    year, month = day.year + day.month // 12, day.month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@transaction.atomic
def take_in(child: Child, *, kind: str, reference: str, asked: str, received_on: date, by: User) -> RightsRequest:
    """Log a request; one for restriction restricts from today, until it is decided otherwise."""
    check_may(by, Permission.KEEP_REQUESTS, child)
    today = timezone.localdate()
    if received_on > today:
        raise ValidationError({"received_on": "This day is in the future."})
    request = RightsRequest.objects.create(
        child=child,
        kind=kind,
        reference=reference,
        asked=asked,
        received_on=received_on,
        due_on=a_month_after(received_on),
        restricted_from=today if kind == RightsRequest.Kind.RESTRICTION else None,
        recorded_by=by,
    )
    _note(AuditEntry.Action.CREATE, request, by=by, after={"kind": kind, "received_on": received_on.isoformat()})
    return request


@transaction.atomic
def decide(request: RightsRequest, *, decision: str, decision_words: str, edition: int, by: User) -> RightsRequest:
    """Close a request with what was decided; a restriction that is refused ends."""
    current = _current(request, edition=edition, by=by)
    if current.closed_on is not None:
        raise ValidationError("This request was decided already.")
    today = timezone.localdate()
    current.decision, current.decision_words = decision, decision_words
    current.closed_on, current.closed_by = today, by
    if current.restricted_from and decision == RightsRequest.Decision.REFUSED:
        current.restricted_to = today
    _save(current)
    _note(AuditEntry.Action.CHANGE, current, by=by, after={"decision": decision}, reason=decision_words)
    return current


@transaction.atomic
def lift(request: RightsRequest, *, reason: str, edition: int, by: User) -> RightsRequest:
    """End a restriction; whoever asked for it is told before (article 18(3))."""
    current = _current(request, edition=edition, by=by)
    if current.restricted_from is None or current.restricted_to is not None:
        raise ValidationError("Nothing is restricted by this request.")
    current.restricted_to = timezone.localdate()
    _save(current)
    _note(AuditEntry.Action.CHANGE, current, by=by, after={"restricted_to": str(current.restricted_to)}, reason=reason)
    return current


def restricted_since(child: Child) -> date | None:
    """Since when the processing of a child's data is restricted; None when it is not."""
    asked = RightsRequest.objects.filter(child=child, restricted_from__isnull=False, restricted_to__isnull=True)
    return asked.order_by("restricted_from").values_list("restricted_from", flat=True).first()


def _current(request: RightsRequest, *, edition: int, by: User) -> RightsRequest:
    check_may(by, Permission.KEEP_REQUESTS, request.child)
    current = (
        RightsRequest.objects.select_for_update(of=("self",)).select_related("child__authority").get(pk=request.pk)
    )
    if current.edition != edition:
        raise Collision(current.child)
    return current


def _save(request: RightsRequest) -> None:
    request.edition += 1
    request.save()


def _note(action: AuditEntry.Action, request: RightsRequest, *, by: User, **what) -> None:
    record(
        action,
        authority=request.child.authority,
        record_type="rightsrequest",
        record_id=request.pk,
        child_code=request.child.code,
        by=by,
        **what,
    )
