"""What the audit trail keeps of backups: that one was made, verified or restored, by which command, and which."""

from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record_all
from pace_site.backups.manifest import Manifest

RECORD_TYPE = "backup"
# Of a database in which nobody has an account yet: an entry that no auditor reads, and that is in the chain.
NOBODY_S = Organisation(code="")


def note(action: AuditEntry.Action, file: Path, manifest: Manifest | None, **more: Any) -> str:
    """Write an entry for every organisation that has people; why it could not be written, or nothing.

    A backup is of all of them. The name of its file says when it was made, and nothing of anybody. What was done
    stands also where the trail cannot be written: in a database that waits for a migration, or has no tables.
    """
    after: dict[str, Any] = {"file": file.name}
    if manifest is not None:
        contents = manifest.contents
        after |= {"made": manifest.made_at.isoformat(timespec="seconds"), "rows": contents.total}
        after |= {"head": contents.head_seal, "place": contents.head_position}
    after |= more
    try:
        with transaction.atomic():
            whose = list(Organisation.objects.filter(people__is_active=True).distinct().order_by("code")) or [NOBODY_S]
            record_all(
                [
                    audit_entry(action, authority=each, record_type=RECORD_TYPE, record_id="", by=None, after=after)
                    for each in whose
                ]
            )
    except DatabaseError as error:
        return f"The audit trail of this database could not be written: {str(error).strip().partition(chr(10))[0]}"
    return ""
