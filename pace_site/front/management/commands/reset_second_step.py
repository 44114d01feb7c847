"""Take second steps away from the server: when no administrator can, or the key that encrypts them is lost."""

from django.core.management.base import CommandError
from django.db import transaction

from pace_site.accounts.command_line import REJECTED, USAGE, NamedCommand
from pace_site.accounts.models import SET_UP_DAYS, User
from pace_site.front.signing_in.actions import take_factors_away


class Command(NamedCommand):
    help = (
        f"Take second steps away and end sessions. For {SET_UP_DAYS} days then a password alone sets up a new one: "
        "set new ones where one may be known. It stands in the trail, and each person gets an e-mail."
    )

    def add_arguments(self, parser):
        parser.add_argument("emails", nargs="*", metavar="EMAIL")
        parser.add_argument("--everybody", action="store_true", help="Of all organisations.")
        parser.add_argument("--reason", required=True, help="Why; it is kept in the trail.")

    def handle(self, *, emails, everybody, reason, **_options):
        if bool(emails) == everybody:
            raise CommandError("Name people by e-mail address, or say --everybody.", returncode=USAGE)
        if not reason.strip():
            raise CommandError("Say why.", returncode=USAGE)
        people = User.objects.select_related("organisation")
        if emails:
            wanted = {email.lower() for email in emails}
            people = people.filter(email__in=wanted)
            unknown = wanted - {person.email for person in people}
            if unknown:
                raise CommandError(f"Nobody has the address {', '.join(sorted(unknown))}.", returncode=REJECTED)
        with transaction.atomic():
            taken = [take_factors_away(person, reason=reason.strip(), by=None) for person in people]
        self.stdout.write(f"{len(taken)} people have no second step now; {sum(map(bool, taken))} had one.")
