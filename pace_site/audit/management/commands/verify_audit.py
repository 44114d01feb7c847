"""Read the whole audit trail and say whether it is as it was sealed (ADR 0015)."""

import json
from dataclasses import asdict

from django.core.management.base import CommandError

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.audit.models import AuditEntry
from pace_site.audit.sealing import head_of_chain
from pace_site.audit.verifying import verify


class Command(NamedCommand):
    help = "Check the hash chain of the audit trail. Keep the head that it prints elsewhere, and ask for it next time."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="from_id", type=int, metavar="ID", help="Begin at the entry with this id.")
        parser.add_argument("--expect-head", default="", metavar="HASH", help="A head that was kept: it must be there.")
        parser.add_argument("--head", action="store_true", help="Only print the head, to be kept elsewhere.")
        parser.add_argument("--json", action="store_true", help="Say it as JSON.")

    def handle(self, *, from_id, expect_head, head, **options):
        if head:
            self.stdout.write(head_of_chain().seal)
            return
        try:
            verdict = verify(from_id=from_id, expected_head=expect_head.strip().lower())
        except AuditEntry.DoesNotExist:
            raise CommandError(f"There is no sealed audit entry {from_id}.", returncode=REJECTED) from None
        fault = verdict.fault
        if options["json"]:
            said = {
                "holds": verdict.holds,
                "entries": verdict.read,
                "head": verdict.head.seal,
                "erased": verdict.erased,
                "sealed_now": verdict.sealed_now,
            }
            said |= {"fault": asdict(fault) if fault else None, "unguarded": verdict.unguarded}
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(
                f"{verdict.read:,} audit entries fit, of which {verdict.erased:,} have had their values erased."
            )
            if verdict.sealed_now:
                waited = "1 of them was" if verdict.sealed_now == 1 else f"{verdict.sealed_now:,} of them were"
                self.stdout.write(
                    f"{waited} not sealed, as a program was stopped after it had written and before it sealed. Nothing "
                    "is lost, and all are sealed now."
                )
            self.stdout.write(f"Head: {verdict.head.seal} at place {verdict.head.position}")
        if fault:
            which = f"entry {fault.entry_id}" if fault.entry_id else "no entry"
            place = f"At place {fault.position}, {which} ({fault.kind})"
            raise CommandError(f"The audit trail does not hold. {place}: {fault.why}", returncode=REJECTED)
        if verdict.unguarded:
            names = ", ".join(verdict.unguarded)
            words = f"The entries hold, but triggers that keep them so are gone or off: {names}."
            raise CommandError(f"{words} Run migrate to put them back.", returncode=REJECTED)
