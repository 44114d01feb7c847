"""Set up a fresh site: print the code for the browser, or do it here."""

import os

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email
from django.urls import reverse

from aims.aim_templates import aim_templates
from pace_site.accounts.command_line import REJECTED, USAGE, NamedCommand
from pace_site.accounts.models import Organisation, User
from pace_site.front.setting_up.actions import Administrator, AlreadySetUp, is_fresh, set_up
from pace_site.front.setting_up.set_up_code import code_now
from pace_site.front.setting_up.set_up_forms import teams_or_refusal

PASSWORD = "SET_UP_PASSWORD"  # nosec B105 # the name of a variable


class Command(NamedCommand):
    help = (
        "Set up a fresh site. Without arguments, print the address and the code by which it is done in the browser. "
        f"With them, do it here; the password is read from {PASSWORD}, or given afterwards by changepassword."
    )

    def add_arguments(self, parser):
        parser.add_argument("--authority", metavar="CODE", help="Official code of the council, as S12000019.")
        parser.add_argument("--email", metavar="EMAIL", help="E-mail address of the first administrator.")
        parser.add_argument("--given-name", default="", metavar="NAME")
        parser.add_argument("--family-name", default="", metavar="NAME")
        parser.add_argument("--team", action="append", default=[], metavar="NAME", help="May be given more than once.")
        parser.add_argument(
            "--aim",
            action="append",
            default=[],
            metavar="CODE",
            choices=[*aim_templates()],
            help="A template, as NAT-2; may be given more than once.",
        )
        parser.add_argument("--national-aims", action="store_true", help="The four national aims.")

    def handle(self, *, authority, email, given_name, family_name, team, aim, national_aims, **_options):
        if not is_fresh():
            raise CommandError("This site is set up: somebody has an account.", returncode=REJECTED)
        if authority is None and email is None:
            return self.tell_code()
        if authority is None or email is None:
            raise CommandError("Name the council and the administrator's e-mail address, both.", returncode=USAGE)
        organisation = Organisation.objects.filter(code=authority).first()
        if organisation is None:
            raise CommandError(f"There is no authority with the code {authority!r}.", returncode=REJECTED)
        password = os.environ.get(PASSWORD) or None
        person = User(email=email, first_name=given_name, last_name=family_name)
        try:
            validate_email(email)
            if password is not None:
                validate_password(password, person)
            teams = teams_or_refusal(team)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=REJECTED) from None
        national = [code for code, template in aim_templates().items() if template.is_national and national_aims]
        administrator = Administrator(email, given_name, family_name, password)
        try:
            made = set_up(organisation, administrator=administrator, teams=teams, aims=[*dict.fromkeys(national + aim)])
        except AlreadySetUp:
            raise CommandError("This site is set up: somebody has an account.", returncode=REJECTED) from None
        self.stdout.write(f"{made.email} is the first administrator of {organisation}.")
        self.stdout.write(f"They set up a second step when they first sign in, until {made.set_up_until:%d %B %Y}.")
        if password is None:
            self.stdout.write(f"Now: python manage.py changepassword {made.email}")
        return None

    def tell_code(self) -> None:
        self.stdout.write(f"Open {settings.SITE_URL}{reverse('set_up')} and type this code, within the hour:")
        self.stdout.write(f"    {code_now()}")
