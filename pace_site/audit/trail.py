"""Write the audit trail. Actions, imports and views call this; nothing else writes an entry."""

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction

from pace_site.accounts.command_line import acting_command
from pace_site.accounts.models import Organisation, User
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.occasion import occasion
from pace_site.audit.sealing import seal_soon

COMMAND = "command line"
NOT_SIGNED_IN = "not signed in"
# Of a long list an entry keeps how many children stood in it and the sum of their pseudonyms.
LISTED, LISTED_SUM = "children_listed", "children_sha256"


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
    listed: Collection[str] | None = None,
) -> AuditEntry:
    """Return one unsaved entry; `by` is None when a command acts, or `actor` says who else it was.

    Of a list of children `after["children"]` has the pseudonyms: the entry is then found by each of them. A list that
    may be long is `listed` instead: it is found as well, and the entry itself stays small.
    """
    where = occasion()
    if listed is not None:
        after = {**(after or {}), LISTED: len({*listed}), LISTED_SUM: sum_of(listed)}
    entry = AuditEntry(
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
    entry.mentions = children_in(after) if listed is None else sorted({*listed})
    return entry


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


def record_list_view(codes: Collection[str], *, of: str, by: User, **asked: str) -> None:
    """Note that somebody saw these children by name on the list `of`, narrowed as `asked` says; nobody is no entry."""
    if codes:
        record(
            AuditEntry.Action.VIEW,
            authority=by.organisation,
            record_type=of,
            record_id="",
            by=by,
            after={**asked, "children": list(codes)},
        )


def record_all(entries: list[AuditEntry]) -> None:
    """Append many entries at once, to be sealed when what they speak of is committed."""
    if not entries:
        return
    with transaction.atomic():
        AuditEntry.objects.bulk_create(entries, batch_size=2000)
        mentioned = [MentionedChild(entry_id=entry.pk, child_code=code) for entry in entries for code in entry.mentions]
        MentionedChild.objects.bulk_create(mentioned, batch_size=2000)
        seal_soon()


def children_in(after: dict | None) -> list[str]:
    """The pseudonyms of the children in the list that an entry speaks of."""
    children = (after or {}).get("children")
    return sorted({*children}) if isinstance(children, list) else []


def sum_of(codes: Collection[str]) -> str:
    """The SHA-256 of the pseudonyms of a list, each once, in their order, a line each."""
    return sha256("\n".join(sorted({*codes})).encode()).hexdigest()


def is_found_by(after: Mapping[str, Any] | None, codes: Collection[str]) -> bool:
    """Whether an entry is found by exactly the children of its list."""
    if LISTED_SUM in (after or {}):
        return sum_of(codes) == after[LISTED_SUM]
    return sorted(codes) == children_in(after)


def listed_by(action: AuditEntry.Action, *, authority: Organisation, record_type: str, record_id: Any) -> list[str]:
    """The pseudonyms in the lists of earlier entries about one record: of an issued report, whom it tells of."""
    entries = AuditEntry.objects.filter(
        authority_code=authority.code, action=action, record_type=record_type, record_id=str(record_id)
    )
    mentioned = MentionedChild.objects.filter(entry_id__in=[*entries.values_list("pk", flat=True)])
    return sorted({*mentioned.values_list("child_code", flat=True)})
