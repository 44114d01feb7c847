"""Remind people of the clocks that need them, by one e-mail each (`domain.md` 3.2); to be run daily or weekly."""

import json as json_format
from collections import Counter

from django.core.mail import get_connection
from django.core.management.base import CommandError
from django.utils import timezone

from aims.due_reminders import unsent_reminders
from aims.reminder_actions import Delivery, send_reminders
from aims.reminder_kinds import ReminderKind
from aims.reminders import Reminder
from children.models import Child
from pace_site.accounts.command_line import REJECTED, AuthorityCommand, iso_date
from pace_site.look.words import count_of


class Command(AuthorityCommand):
    help = "Send the reminders that have come due by a day, each once; e-mails say how many, never of whom."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--as-at", type=iso_date, metavar="D", help="The day, for example 2018-11-01; or today.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be sent; send and mark nothing.")
        parser.add_argument(
            "--json", action="store_true", help="Print what has come due and was not sent before as JSON, nothing else."
        )

    def handle(self, *, authority, as_at, dry_run, json: bool, **_options):
        organisation = self.authority(authority)
        as_at = as_at or timezone.localdate()
        reminders = unsent_reminders(organisation, as_at=as_at)
        if json:
            shut = set(Child.objects.filter(authority=organisation).restricted().values_list("pk", flat=True))
            said = [to_json(reminder, restricted=reminder.child_id in shut) for reminder in reminders]
            self.stdout.write(json_format.dumps(said, indent=1))
        else:
            self.stdout.write(in_words(reminders))
        if dry_run:
            return
        # The back end of development prints its e-mails: beside JSON they belong elsewhere.
        connection = get_connection(stream=self.stderr) if json else get_connection()
        delivery = send_reminders(reminders, authority=organisation, as_at=as_at, connection=connection)
        self.tell(delivery, quietly=json)

    def tell(self, delivery: Delivery, *, quietly: bool) -> None:
        if not quietly:
            self.stdout.write(f"{count_of(len(delivery.digests), 'e-mail', 'e-mails')} sent.")
        if delivery.without_people:
            count = count_of(
                len(delivery.without_people),
                "reminder stays unsent, as its child has",
                "reminders stay unsent, as their children have",
            )
            self.stderr.write(f"{count} neither somebody allocated nor a team manager to be told.")
        for person, problem in delivery.failures:
            self.stderr.write(f"The e-mail to {person.email} could not be sent: {problem}.")
        if delivery.failures:
            count = count_of(len(delivery.failures), "e-mail", "e-mails")
            raise CommandError(
                f"{count} could not be sent. What nobody was told of comes again with the next run.",
                returncode=REJECTED,
            )


def to_json(reminder: Reminder, *, restricted: bool = False) -> dict[str, str]:
    """`due` is the day on which the reminder itself falls due; whose a `restricted` record is, is not said."""
    return {
        "child_ref": "restricted" if restricted else reminder.child_ref,
        "aim": reminder.aim,
        "kind": reminder.kind.value,
        "due": reminder.on.isoformat(),
    }


def in_words(reminders: list[Reminder]) -> str:
    found = Counter(reminder.kind for reminder in reminders)
    kinds = ", ".join(f"{kind.label.lower()} {found[kind]}" for kind in ReminderKind if found[kind])
    total = f"{count_of(len(reminders), 'reminder', 'reminders')} to send"
    return f"{total}: {kinds}." if kinds else f"{total}."
