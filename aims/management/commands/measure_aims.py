"""Measure aims as at a day and print the figures (`design.md` 4)."""

import json as json_format

from django.core.management.base import CommandError

from aims.compliance import Measured, measure
from aims.figures import journeys_for
from aims.models import Aim, AimVersion
from children.models import Child
from pace_site.accounts.command_line import REJECTED, AuthorityCommand, iso_date
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

RESTRICTED = "restricted"


class Command(AuthorityCommand):
    help = "Who met each aim, who missed it and who is still waiting, as at a day."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--as-at", required=True, type=iso_date, metavar="D", help="The day, for example 2018-11-01."
        )
        parser.add_argument(
            "--aim", action="append", default=[], metavar="CODE", help="Only this aim; may be repeated."
        )
        parser.add_argument("--outcomes", action="store_true", help="With one entry for each clock.")
        parser.add_argument("--json", action="store_true", help="Print JSON and nothing else.")

    def handle(self, *, authority, as_at, aim, outcomes, json: bool, **_options):
        organisation = self.authority(authority)
        definitions = [version.definition for version in self.versions(organisation, aim)]
        journeys = journeys_for(definitions, Child.objects.filter(authority=organisation), as_at)
        measured = [measure(definition, journeys) for definition in definitions]
        if json:
            self.print_json(organisation, as_at, measured, with_outcomes=outcomes)
        else:
            for each in measured:
                self.print_words(each)

    def versions(self, organisation: Organisation, codes: list[str]) -> list[AimVersion]:
        """The current versions of the aims asked for, in order of code."""
        aims = Aim.objects.filter(authority=organisation)
        known = set(aims.values_list("code", flat=True))
        for code in codes:
            if code not in known:
                raise CommandError(f"{organisation} has no aim with the code {code!r}.", returncode=REJECTED)
        return list(aims.filter(code__in=codes).current_versions() if codes else aims.current_versions())

    def print_json(self, organisation: Organisation, as_at, measured: list[Measured], *, with_outcomes: bool) -> None:
        shut = set(Child.objects.filter(authority=organisation).restricted().values_list("local_ref", flat=True))
        document = {
            "authority": organisation.code,
            "as_at": as_at.isoformat(),
            "aims": [each.to_json(with_outcomes=with_outcomes) for each in measured],
        }
        for each in (row for aim in document["aims"] for row in aim.get("outcomes", ()) if row["child_ref"] in shut):
            each["child_ref"] = RESTRICTED  # counted like all others, and known to nobody by a command
        if with_outcomes:
            told_of = {(row.child_ref, row.child_code) for each in measured for row in each.now.outcomes.rows}
            record(
                AuditEntry.Action.EXPORT,
                authority=organisation,
                record_type="aim outcomes",
                record_id="",
                by=None,
                after={"as_at": as_at.isoformat(), "aims": [each.now.definition.code for each in measured]},
                listed={code for ref, code in told_of if ref not in shut},
            )
        self.stdout.write(json_format.dumps(document, indent=1))

    def print_words(self, measured: Measured) -> None:
        now = measured.now
        shown = {name: count for name, count in now.counts.items() if count}
        counts = ", ".join(f"{name} {count}" for name, count in shown.items()) or "no clocks"
        self.stdout.write(f"{now.definition.code}: {now.definition.title}. {counts}. Verdict: {measured.verdict}.")
