"""Accept a finding with a reason, and take that back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from children.keeping import check_may
from children.models import Child
from milestones.models import AcceptedFinding
from milestones.quality.declaration import DECLARED, Finding
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

SHORTEST_REASON, LONGEST_REASON = 10, 500


@transaction.atomic
def accept_finding(child: Child, finding: Finding, *, reason: str, by: User) -> AcceptedFinding:
    """Say that the record is true as it stands. Raises `PermissionDenied`, and `ValidationError` for a poor reason.

    It lapses by itself when one of the facts changes.
    """
    check_may(by, Permission.ACCEPT_FINDINGS, child)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": "Say a little more about how you know that it is true."})
    Child.objects.select_for_update().get(pk=child.pk)  # of two who accept at once the second sees the first's
    standing = AcceptedFinding.objects.standing().filter(
        child=child, rule=finding.rule, fingerprint=finding.fingerprint
    )
    if (there := standing.first()) is not None:
        return there
    accepted = AcceptedFinding.objects.create(
        child=child,
        rule=finding.rule,
        fingerprint=finding.fingerprint,
        message=finding.message,
        reason=reason,
        accepted_by=by,
    )
    _note(AuditEntry.Action.CREATE, accepted, by=by)
    return accepted


@transaction.atomic
def take_back(accepted: AcceptedFinding, *, by: User) -> None:
    """Ask about the finding again. Raises `PermissionDenied`, and `ValidationError` when it was taken back already."""
    check_may(by, Permission.ACCEPT_FINDINGS, accepted.child)
    current = AcceptedFinding.objects.select_for_update().get(pk=accepted.pk)
    if current.taken_back_at is not None:
        raise ValidationError("This was taken back already.")
    current.taken_back_by, current.taken_back_at = by, timezone.now()
    current.save()
    _note(AuditEntry.Action.VOID, current, by=by)


def _note(action: AuditEntry.Action, accepted: AcceptedFinding, *, by: User) -> None:
    record(
        action,
        authority=accepted.child.authority,
        record_type=AcceptedFinding._meta.model_name,
        record_id=accepted.pk,
        child_code=accepted.child.code,
        by=by,
        after={"rule": DECLARED[accepted.rule].code, "finding": accepted.message},
        reason=accepted.reason,
    )
