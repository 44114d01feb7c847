"""List the records whose period is over, by pseudonym: the command changes nothing, and no other does."""

from django.utils import timezone

from children.closed_records import withheld
from children.models import Child
from children.retention.due import over, period_over
from pace_site.accounts.command_line import AuthorityCommand
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.words import british_date


class Command(AuthorityCommand):
    help = "The records of an authority whose period is over, by pseudonym; people review them on the page Retention."

    def handle(self, *, authority, **_options):
        organisation = self.authority(authority)
        children = Child.objects.filter(authority=organisation)
        asked = {"years": organisation.retention_years, "on": timezone.localdate()}
        found = over(children.unrestricted(), **asked)
        record(
            AuditEntry.Action.VIEW,
            authority=organisation,
            record_type="retention",
            record_id="",
            by=None,
            listed=[one.child.code for one in found],
        )
        for one in found:
            self.stdout.write(
                f"{one.child.code}: care ended {british_date(one.ended_on)}, period over {british_date(one.over_on)}, "
                f"{one.waits or 'due for review'}"
            )
        left_out = withheld(period_over(children.restricted(), **asked), of=organisation, to=None)
        if left_out:
            self.stdout.write(f"{left_out}.")
