"""Write the audit trail. Actions, imports and views call this; nothing else writes an entry."""

from typing import Any

from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry

COMMAND = "command line"
NOT_SIGNED_IN = "not signed in"


def audit_entry(
    action: AuditEntry.Action,
    *,
    authority: Organisation,
    record_type: str,
    record_id: Any,
    by: User | None,
    actor: str = COMMAND,
    child_code: str = "",
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
) -> AuditEntry:
    """Return one unsaved entry; `by` is None when a command acts, or `actor` says who else it was."""
    return AuditEntry(
        authority_code=authority.code,
        actor_id=by.pk if by else None,
        actor=by.email if by else actor,
        action=action,
        record_type=record_type,
        record_id=str(record_id),
        child_code=child_code,
        before=before,
        after=after,
        reason=reason,
    )


def record(action: AuditEntry.Action, **what) -> None:
    """Append one entry; the arguments are those of `audit_entry`."""
    audit_entry(action, **what).save(force_insert=True)


def record_view(child: Any, *, by: User) -> None:
    """Note that somebody saw an identified child."""
    record(
        AuditEntry.Action.VIEW,
        authority=child.authority,
        record_type="child",
        record_id=child.pk,
        child_code=child.code,
        by=by,
    )


def record_all(entries: list[AuditEntry]) -> None:
    """Append many entries at once."""
    AuditEntry.objects.bulk_create(entries, batch_size=2000)
