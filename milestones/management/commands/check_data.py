"""Say what is wrong or odd in the records of an authority (`design.md` 4)."""

import json as json_format
from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import QuerySet

from children.models import Child
from milestones.quality.rules import SEVERITIES
from milestones.quality.whole_authority import every_finding
from pace_site.accounts.command_line import AuthorityCommand, iso_date
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.words import british_date, closed_children, count_of


class Command(AuthorityCommand):
    help = "What is wrong or odd in the records of an authority, as at a day: one line for each thing found."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--as-at", required=True, type=iso_date, metavar="D", help="The day, for example 2018-11-01."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON and nothing else.")

    def handle(self, *, authority, as_at, json: bool, **_options):
        organisation = self.authority(authority)
        told_of = Child.objects.filter(authority=organisation)
        found = sorted(all_found(organisation, as_at), key=lambda row: (row["child_ref"], row["rule"], row["message"]))
        record(
            AuditEntry.Action.EXPORT,
            authority=organisation,
            record_type="data quality",
            record_id="",
            by=None,
            after={"as_at": as_at.isoformat(), "findings": len(found)},
            listed=codes_of({row["child_ref"] for row in found}, among=told_of),
        )
        if json:
            self.stdout.write(json_format.dumps(found, indent=1, ensure_ascii=False))
            return
        closed = Child.objects.filter(authority=organisation).restricted().count()
        for row in found:
            self.stdout.write(
                f"{row['child_ref']}: {SEVERITIES[row['severity']]} (rule {row['rule']}). {row['message']}"
            )
        things = count_of(len(found), "thing", "things")
        whom = count_of(len({row["child_ref"] for row in found}), "child", "children")
        words = f"{things} to look at, for {whom}" if found else "nothing to look at"
        self.stdout.write(f"{organisation}, as at {british_date(as_at)}: {words}.")
        if closed:
            self.stdout.write(f"Not looked at here: {closed_children(closed)}.")


def codes_of(refs: Collection[str], *, among: QuerySet[Child]) -> list[str]:
    """The pseudonyms of some council references."""
    pairs = among.order_by("code").values_list("local_ref", "code")
    return [code for ref, code in pairs if ref in refs]


def all_found(authority: Organisation, as_at: date) -> Iterator[dict]:
    """Every finding of the authority's children, as `--json` prints it, in no order.

    Restricted records are left out: a command is nobody whom a restriction names.
    """
    opened = Child.objects.filter(authority=authority, merged_into=None).unrestricted()
    for child, found in every_finding(opened, as_at=as_at):
        yield {
            "rule": found.rule,
            "severity": found.severity,
            "child_ref": child.local_ref,
            "message": found.message,
        }
