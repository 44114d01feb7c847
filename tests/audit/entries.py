"""Entries of the trail, written and sealed, for tests of the chain."""

from pace_site.audit.models import AuditEntry
from pace_site.audit.sealing import seal_waiting
from pace_site.audit.trail import audit_entry, record_all
from tests.builders import authority

TABLE = "audit_auditentry"


def an_entry(**more) -> AuditEntry:
    what = {"authority": authority(), "record_type": "child", "record_id": 7, "by": None, "child_code": "P-7", **more}
    return audit_entry(what.pop("action", AuditEntry.Action.CHANGE), **what)


def write(number: int) -> list[int]:
    """Some entries, sealed; their ids in order."""
    record_all([an_entry(before={"team": n}, after={"team": n + 1}, reason=f"Move {n}") for n in range(number)])
    seal_waiting()
    return list(AuditEntry.objects.order_by("position").values_list("pk", flat=True))
