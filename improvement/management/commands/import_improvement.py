"""Take in the improvement work of another authority from a file (`design.md` 4)."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from improvement.sharing.files import ENDINGS, SharedFileError, read_shared_file
from improvement.sharing.taking_in import take_in
from pace_site.accounts.command_line import REJECTED, USAGE, AuthorityCommand
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.roles import Role


class Command(AuthorityCommand):
    help = "Take in a file that export_improvement wrote: all of it or nothing, and nothing twice."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="Ends in .json, .yaml or .yml.")
        parser.add_argument("--by", metavar="EMAIL", help="Who leads what is taken in; the PACE lead unless told.")
        parser.add_argument(
            "--skip-missing-aims", action="store_true", help="Leave out what belongs to aims that are not there."
        )

    def handle(self, *, authority, file, by, skip_missing_aims, **_options):
        file = Path(file)
        if file.suffix.lower() not in ENDINGS:
            raise CommandError(f"{file.name} ends in none of {', '.join(ENDINGS)}.", returncode=USAGE)
        lead = self.lead(self.authority(authority), email=by)
        try:
            document = read_shared_file(file)
            taken = take_in(document, by=lead, today=timezone.localdate(), skip_missing_aims=skip_missing_aims)
        except SharedFileError as error:
            raise CommandError(str(error), returncode=REJECTED) from None
        for words in taken.notes:
            self.stderr.write(words)
        for kind in dict.fromkeys([*taken.new, *taken.there]):
            self.stdout.write(f"{kind}: {taken.new.get(kind, 0)} new, {taken.there.get(kind, 0)} already there")

    def lead(self, authority: Organisation, *, email: str | None) -> User:
        """Who will lead it: whoever is named, or the one PACE lead of the authority."""
        people = User.objects.filter(organisation=authority, is_active=True)
        if email is None:
            found = list(people.filter(memberships__role=Role.PACE_LEAD).distinct()[:2])
            if len(found) == 1:
                return found[0]
            has = "no PACE lead" if not found else "several PACE leads"
            raise CommandError(f"{authority.name} has {has}: say with --by who leads it.", returncode=REJECTED)
        user = people.filter(email__iexact=email).first()
        if user is None or not can(user, Permission.LEAD_IMPROVEMENT):
            raise CommandError(
                f"{email} is nobody of {authority.name} who leads improvement work.", returncode=REJECTED
            )
        return user
