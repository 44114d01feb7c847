"""Make the fictional authorities of the demo, and say how to sign in to them (`design.md` 4)."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.front.fiction.authority import NotFictional
from pace_site.front.fiction.command_line import add_as_at, recipe_or_refusal, refuse_in_production
from pace_site.front.fiction.demo import BRAEBURN, DEFAULT_PASSWORD, demo_is_there, make_demo, remove_demo, sign_ins


class Command(NamedCommand):
    help = "Make two fictional authorities with people, children and aims to look at. A second run changes nothing."

    def add_arguments(self, parser):
        add_as_at(parser)
        parser.add_argument("--password", default=DEFAULT_PASSWORD, help="Everybody of the demo signs in with it.")
        parser.add_argument("--renew", action="store_true", help="Take the demo away first and make it again.")
        parser.add_argument(
            "--children",
            type=int,
            default=BRAEBURN.children,
            metavar="N",
            help=f"Children of the larger authority; {BRAEBURN.children} unless told.",
        )

    def handle(self, *, as_at, password, renew, children, **_options):
        refuse_in_production()
        recipe = recipe_or_refusal(as_at)
        if children < 1:
            raise CommandError("The demo needs at least one child.", returncode=REJECTED)
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(f"--password: {' '.join(error.messages)}", returncode=REJECTED) from None
        try:
            if demo_is_there() and not renew:
                self.stdout.write("The demo is already there, and nothing was changed. --renew makes it again.")
                self.print_sign_ins("the one given when the demo was made")
                return
            with transaction.atomic():
                if renew:
                    remove_demo()
                make_demo(recipe=recipe, password=password, children=children)
        except NotFictional as error:
            raise CommandError(str(error), returncode=REJECTED) from None
        self.stdout.write(f"The demo is ready: made-up data up to {as_at.day} {as_at:%B %Y}.")
        self.print_sign_ins(password)

    def print_sign_ins(self, password: str) -> None:
        rows = [("Authority", "Role", "Name", "Sign in as")]
        rows += [(each.authority, each.role, each.name, each.email) for each in sign_ins()]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[-1]]))
        self.stdout.write(f"Password of everybody: {password}")
