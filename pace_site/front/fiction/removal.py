"""Take a made-up authority away again, with all that belongs to it."""

from django.db import transaction

from aims.models import Aim, NationalFile, PublishedMonth, ReminderSent, ReminderSnooze, Report
from children.models import Allocation, CareEpisode, Child, Family, Identity, LegalBasis, Listed, Placement
from children.retention.models import ForgottenReference, KeptLonger, Pseudonymisation, RightsRequest
from improvement.whose import TO_AUTHORITY
from milestones.models import ImportRun, Milestone
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.fiction.authority import RECORD_TYPE, NotFictional


@transaction.atomic
def remove_authority(organisation: Organisation) -> None:
    """Take away a fictional authority and all that belongs to it; its audit trail stays."""
    if not organisation.fictional:
        raise NotFictional(f"{organisation.name} is a real authority: nothing of it is removed.")
    Report.objects.filter(authority=organisation).delete()
    PublishedMonth.objects.filter(authority=organisation).delete()
    _remove_improvement_work(organisation)
    for model in (ReminderSent, ReminderSnooze):
        model.objects.filter(child__authority=organisation).delete()
    Aim.objects.filter(authority=organisation).delete()
    for model in (Pseudonymisation, ForgottenReference):
        model.objects.filter(authority=organisation).delete()
    for model in (KeptLonger, RightsRequest):
        model.objects.filter(child__authority=organisation).delete()
    # Leaves first, so that the database deletes each table in one statement.
    for model in (Milestone, LegalBasis, Placement, CareEpisode, Identity, Listed, Allocation):
        model.objects.filter(child__authority=organisation).delete()
    for model in (Child, Family, ImportRun, NationalFile):
        model.objects.filter(authority=organisation).delete()
    organisation.people.all().delete()
    organisation.teams.all().delete()
    record(
        AuditEntry.Action.REMOVE,
        authority=organisation,
        record_type=RECORD_TYPE,
        record_id=organisation.code,
        by=None,
        before={"name": organisation.name},
        reason="Made-up data",
    )
    organisation.delete()


def _remove_improvement_work(organisation: Organisation) -> None:
    for model, path in TO_AUTHORITY:
        # The base manager, as people can only ever add progress scores.
        model._base_manager.filter(**{path: organisation}).delete()
