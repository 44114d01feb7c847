"""An entry of the audit trail in plain words, as one reader may see it.

What an entry keeps of a child (before, after, reason) is shown only to whoever may see that child with a name: an
auditor sees the pseudonym, and the rest by request (`domain.md` 8.1). Why somebody opened a restricted record by
break-glass is for those who answer for that, and for auditors, and for nobody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps

from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import LISTED, LISTED_SUM, children_in
from pace_site.look.words import children as count_children
from pace_site.look.words import count_of, day_or_text

NOTHING = "nothing"
NOT_SHOWN = "not shown: it tells of a child"
FOR_FEW = "for the PACE lead, the data lead and auditors"
OF_BREAK_GLASS = "break-glass"
# Of a longer list the number is told.
MOST_SAID = 20


@dataclass(frozen=True)
class Change:
    """One field, before and after, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class EntryInWords:
    entry: AuditEntry
    at: datetime
    who: str
    did: str
    what: str
    child_code: str
    changes: list[Change]
    hidden_fields: str
    reason: str
    address: str
    request_id: str


def in_words(entries: Sequence[AuditEntry], *, to: User, people: dict[str, str]) -> list[EntryInWords]:
    """Tell entries to `to`; `people` are the names by key. One query, whatever their number."""
    codes = {entry.child_code for entry in entries if entry.child_code}
    open_codes = {*Child.objects.identifiable_to(to).filter(code__in=codes).values_list("code", flat=True)}
    open_codes.add("")
    reads_break_glass = can(to, Permission.READ_BREAK_GLASS)
    told = []
    for entry in entries:
        is_open = entry.child_code in open_codes
        reason = _reason(entry, is_open=is_open, reads_break_glass=reads_break_glass)
        told.append(_told(entry, is_open=is_open, reason=reason, people=people))
    return told


def _reason(entry: AuditEntry, *, is_open: bool, reads_break_glass: bool) -> str:
    if not entry.reason:
        return ""
    if entry.action == AuditEntry.Action.BREAK_GLASS or entry.record_type == OF_BREAK_GLASS:
        return entry.reason if reads_break_glass else FOR_FEW
    return entry.reason if is_open else NOT_SHOWN


def _told(entry: AuditEntry, *, is_open: bool, reason: str, people: dict[str, str]) -> EntryInWords:
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in {**before, **after} if name != LISTED_SUM]
    return EntryInWords(
        entry=entry,
        at=entry.at,
        who=people.get(str(entry.actor_id), entry.actor),
        did=entry.get_action_display(),
        what=_what(entry),
        child_code=entry.child_code,
        changes=[Change(field_words(name), _words(before.get(name)), _words(after.get(name))) for name in names]
        if is_open
        else [],
        hidden_fields="" if is_open else ", ".join(field_words(name) for name in names),
        reason=reason,
        address=entry.address,
        request_id=entry.request_id,
    )


def _what(entry: AuditEntry) -> str:
    """The kind of record, and of a list how many children were on it."""
    kind = _kinds().get(entry.record_type, entry.record_type.replace("_", " "))
    number = f" {entry.record_id}" if entry.record_id and entry.record_type != "child" else ""
    on_list = (entry.after or {}).get(LISTED) or len(children_in(entry.after))
    return f"{kind}{number}" + (f", with {count_children(on_list)}" if on_list else "")


@cache
def _kinds() -> dict[str, str]:
    """The words for the models of the site, by the names that the trail keeps."""
    return {model._meta.model_name: str(model._meta.verbose_name) for model in apps.get_models()}


def field_words(name: str) -> str:
    return name.replace("_", " ")


def _words(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_words, value)) if len(value) <= MOST_SAID else count_of(len(value), "one", "of them")
    if isinstance(value, dict):
        return "; ".join(f"{field_words(name)}: {_words(inner)}" for name, inner in value.items())
    return day_or_text(str(value))
