"""Everything that writes aims."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from aims.definition import AimDefinition
from aims.models import Aim, AimVersion
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

CREATED, NEW_VERSION, STATUS_CHANGED, UNCHANGED = "created", "new version", "status changed", "unchanged"


@transaction.atomic
def save_definition(
    definition: AimDefinition, *, authority: Organisation, by: User | None, reason: str = ""
) -> tuple[Aim, str]:
    """Write an aim's definition as its next version, unless it says what the current one says already.

    Returns the aim and what was done to it. A definition without a limit or deadline is a draft, whatever it says.
    `by` is None when a command acts. Raises `PermissionDenied` for whoever may not manage this authority's aims.
    """
    if by is not None:
        check_can(by, Permission.MANAGE_AIMS)
        if by.organisation_id != authority.pk:
            raise PermissionDenied("You can change aims of your own organisation only.")
    status = definition.status if definition.has_claim else Aim.Status.DRAFT
    aim, _made = Aim.objects.select_for_update().get_or_create(
        authority=authority, code=definition.code, defaults={"status": status}
    )
    current = aim.versions.last()
    data = definition.to_mapping()
    before = None if current is None else {**current.data, "status": aim.status}
    if current is not None and current.data == data and aim.status == status:
        return aim, UNCHANGED
    if aim.status != status:
        aim.status = status
        aim.save(update_fields=["status"])
    done = STATUS_CHANGED
    if current is None or current.data != data:
        number = 1 if current is None else current.number + 1
        AimVersion.objects.create(aim=aim, number=number, data=data, by=by, reason=reason)
        done = CREATED if current is None else NEW_VERSION
    record(
        AuditEntry.Action.CREATE if current is None else AuditEntry.Action.CHANGE,
        authority=authority,
        record_type="aim",
        record_id=aim.pk,
        by=by,
        before=before,
        after={**data, "status": status},
        reason=reason,
    )
    return aim, done
