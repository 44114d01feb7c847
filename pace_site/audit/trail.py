"""Write the audit trail. Actions, imports and views call this; nothing else writes an entry."""

from typing import Any

from django.db import transaction

from pace_site.accounts.command_line import acting_command
from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.occasion import occasion
from pace_site.audit.sealing import seal_soon

COMMAND = "command line"
NOT_SIGNED_IN = "not signed in"


def audit_entry(
    action: AuditEntry.Action,
    *,
    authority: Organisation,
    record_type: str,
    record_id: Any,
    by: User | None,
    actor: str = "",
    child_code: str = "",
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
) -> AuditEntry:
    """Return one unsaved entry; `by` is None when a command acts, or `actor` says who else it was.

    Of a list of children `after["children"]` has the pseudonyms: the entry is then found by each of them.
    """
    where = occasion()
    return AuditEntry(
        authority_code=authority.code,
        actor_id=by.pk if by else None,
        actor=by.email if by else actor or acting_command() or COMMAND,
        action=action,
        record_type=record_type,
        record_id=str(record_id),
        child_code=child_code,
        before=before,
        after=after,
        reason=reason,
        address=where.address,
        request_id=where.request_id,
    )


def record(action: AuditEntry.Action, **what) -> None:
    """Append one entry; the arguments are those of `audit_entry`."""
    record_all([audit_entry(action, **what)])


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
    """Append many entries at once, to be sealed when what they speak of is committed."""
    if not entries:
        return
    with transaction.atomic():
        AuditEntry.objects.bulk_create(entries, batch_size=2000)
        mentioned = [
            MentionedChild(entry_id=entry.pk, child_code=code) for entry in entries for code in children_in(entry.after)
        ]
        MentionedChild.objects.bulk_create(mentioned, batch_size=2000)
        seal_soon()


def children_in(after: dict | None) -> list[str]:
    """The pseudonyms of the children in the list that an entry speaks of."""
    children = (after or {}).get("children")
    return sorted({*children}) if isinstance(children, list) else []
