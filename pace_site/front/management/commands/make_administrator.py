"""Make somebody a system administrator from the server: the first of an authority, or when none is left."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from pace_site.accounts.command_line import REJECTED, AuthorityCommand
from pace_site.front.people.actions import NotOfAuthority, make_administrator


class Command(AuthorityCommand):
    help = (
        "Make somebody a system administrator, with an account if they have none; set its password by changepassword. "
        "All other accounts and roles are given on the pages of Administration."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("email", metavar="EMAIL", help="The e-mail address of their work.")

    def handle(self, *, authority, email, **_options):
        organisation = self.authority(authority)
        try:
            validate_email(email)
            person, is_new = make_administrator(email.lower(), organisation=organisation)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.", returncode=REJECTED) from None
        except NotOfAuthority as error:
            raise CommandError(str(error), returncode=REJECTED) from None
        until = f"{person.set_up_until:%d %B %Y}"
        self.stdout.write(f"{person.email} is a system administrator of {organisation}.")
        self.stdout.write(f"They set up a second step when they first sign in, until {until} by the password.")
        if is_new:
            self.stdout.write(f"Now: python manage.py changepassword {person.email}")
