"""Make fictional authorities of any size, for measuring and for trying the site under load."""

from collections import Counter
from time import perf_counter

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.accounts.models import Organisation
from pace_site.front.fiction.authority import NotFictional
from pace_site.front.fiction.command_line import add_as_at, recipe_or_refusal, refuse_in_production
from pace_site.front.fiction.nation import (
    LARGE,
    SMALL,
    Made,
    authorities_of,
    councils_of_nation,
    make_up,
    nation_recipe,
)
from pace_site.front.fiction.recipe import Recipe
from pace_site.front.fiction.removal import remove_authority
from pace_site.front.fiction.staff import PASSWORD

DEFAULT_CODE = "S12009900"
SIZES = {"small": SMALL, "large": LARGE}
NATION = "nation"


class Command(NamedCommand):
    help = (
        "Make fictional authorities with made-up children, people and aims, and print how fast their rows were written."
    )

    def add_arguments(self, parser):
        size = parser.add_mutually_exclusive_group(required=True)
        size.add_argument(
            "--size",
            choices=[*SIZES, NATION],
            help=f"{SMALL} children, {LARGE:,} children, or 32 invented councils with what a nation has recorded.",
        )
        size.add_argument("--children", type=int, metavar="N", help="Or as many children as this.")
        parser.add_argument("--authorities", type=int, default=1, metavar="M", help="So many authorities of that size.")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="The same seed gives the same children.")
        parser.add_argument(
            "--code",
            default=DEFAULT_CODE,
            metavar="C",
            help=f"Its code; {DEFAULT_CODE} unless told. Further authorities have the codes that follow.",
        )
        parser.add_argument(
            "--renew", action="store_true", help="Take fictional authorities of those codes away first."
        )
        parser.add_argument("--password", default=PASSWORD, help=f"Everybody signs in with it; {PASSWORD} unless told.")
        add_as_at(parser)

    def handle(self, *, size, children, authorities, seed, code, renew, as_at, password, **_options):
        refuse_in_production()
        recipe = recipe_or_refusal(as_at)
        if size == NATION:
            recipe = nation_recipe(recipe)
        to_make = asked_for(size, SIZES.get(size, children), authorities, code=code, seed=seed)
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(f"--password: {' '.join(error.messages)}", returncode=REJECTED) from None
        begun = perf_counter()
        try:
            written = self.write(to_make, recipe=recipe, renew=renew, password=password)
        except NotFictional as error:
            raise CommandError(str(error), returncode=REJECTED) from None
        seconds = perf_counter() - begun
        for model, rows in written.items():
            self.stdout.write(f"{model:<12} {rows:>9,}")
        rows = written.total()
        self.stdout.write(f"{'All rows':<12} {rows:>9,} in {seconds:.1f} s: {rows / seconds:,.0f} rows a second")
        first = to_make[0].code.lower()
        self.stdout.write(f"Everybody is invented. Sign in as pace.lead.1@{first}.example and such with {password}")

    @transaction.atomic
    def write(self, to_make: list[Made], *, recipe: Recipe, renew: bool, password: str) -> Counter:
        """Make all the authorities, or none; return how many rows of each model were written."""
        written = Counter()
        for made in to_make:
            if renew and (there := Organisation.objects.filter(code=made.code).first()):
                remove_authority(there)
        for made in to_make:
            written += make_up(made, recipe=recipe, password=password)
            if len(to_make) > 1:
                self.stdout.write(f"{made.code} {made.name}: {made.children:,} children")
        return written


def asked_for(size: str | None, children: int | None, number: int, *, code: str, seed: int) -> list[Made]:
    """The authorities that the options ask for, or the command's refusal."""
    if size != NATION and children < 1:
        raise CommandError("An authority needs at least one child.", returncode=REJECTED)
    if number < 1 or (size == NATION and number > 1):
        raise CommandError("--authorities is a number from 1 on, and a nation has its 32.", returncode=REJECTED)
    if not code or len(code) > Organisation._meta.get_field("code").max_length:
        raise CommandError(f"{code!r} is no code of an authority.", returncode=REJECTED)
    try:
        if size == NATION:
            return councils_of_nation(code=code, seed=seed)
        return authorities_of(children, number=number, code=code, seed=seed)
    except ValueError as error:
        raise CommandError(str(error), returncode=REJECTED) from None
