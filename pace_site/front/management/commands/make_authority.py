"""Make a fictional authority of any size, for benchmarks."""

from time import perf_counter

from django.core.management.base import CommandError
from django.db import transaction

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.accounts.models import Organisation
from pace_site.front.fiction.authority import NotFictional, open_fictional, remove_authority, write_authority
from pace_site.front.fiction.command_line import add_as_at, recipe_or_refusal, refuse_in_production

DEFAULT_CODE = "S12009900"


class Command(NamedCommand):
    help = "Make a fictional authority with N made-up children, and print how fast its rows were written."

    def add_arguments(self, parser):
        parser.add_argument("--children", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="The same seed gives the same children.")
        parser.add_argument("--code", default=DEFAULT_CODE, metavar="C", help=f"Its code; {DEFAULT_CODE} unless told.")
        parser.add_argument("--renew", action="store_true", help="Take a fictional authority of that code away first.")
        add_as_at(parser)

    def handle(self, *, children, seed, code, renew, as_at, **_options):
        refuse_in_production()
        recipe = recipe_or_refusal(as_at)
        if children < 1:
            raise CommandError("An authority needs at least one child.", returncode=REJECTED)
        if not code or len(code) > Organisation._meta.get_field("code").max_length:
            raise CommandError(f"{code!r} is no code of an authority.", returncode=REJECTED)
        try:
            with transaction.atomic():
                if renew and (there := Organisation.objects.filter(code=code).first()):
                    remove_authority(there)
                begun = perf_counter()
                organisation = open_fictional(code=code, name=f"Made-up authority {code} (fictional)")
                written = write_authority(organisation, children=children, seed=seed, recipe=recipe)
        except NotFictional as error:
            raise CommandError(str(error), returncode=REJECTED) from None
        seconds = perf_counter() - begun
        for model, rows in written.items():
            self.stdout.write(f"{model:<12} {rows:>9,}")
        rows = written.total()
        self.stdout.write(f"{'All rows':<12} {rows:>9,} in {seconds:.1f} s: {rows / seconds:,.0f} rows a second")
