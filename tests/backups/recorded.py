"""What people record in tests of backups, and what is found in another database."""

from datetime import date

from django.db import transaction

from children.models import Child
from milestones.models import Milestone
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.backups.databases import in_place_of_default
from tests import builders


def a_child_with_a_name() -> Child:
    return builders.child(name=("Morag", "Unmistakable"), accommodated=date(2026, 1, 5))


@transaction.atomic
def record_a_milestone(child: Child) -> None:
    """A milestone and the entry that speaks of it, in one transaction."""
    builders.milestone(child, "PERM_REC", date(2026, 5, 5))
    record(
        AuditEntry.Action.CREATE,
        authority=child.authority,
        record_type="milestone",
        record_id="new",
        child_code=child.code,
        after={"kind": "PERM_REC"},
        by=None,
    )


def found_in(database) -> dict:
    """Names, milestones, and the entries about them, in any database."""
    with in_place_of_default(database):
        return {
            "names": [*Child.objects.values_list("identity__family_name", flat=True)],
            "milestones": Milestone.objects.count(),
            "entries": AuditEntry.objects.filter(record_type="milestone").count(),
        }
