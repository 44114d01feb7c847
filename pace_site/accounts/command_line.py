"""What every command of the contract shares: the authority it speaks of, dates, and its exit codes (`design.md` 4)."""

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from pace_site.accounts.models import Organisation

REJECTED = 1
USAGE = 2


def iso_date(text: str) -> date:
    """Read 2018-11-01, and no other form, for argparse."""
    try:
        if len(text) != len("2018-11-01"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2018-11-01") from None


class AuthorityCommand(BaseCommand):
    """A command about one authority, named by `--authority`."""

    def add_arguments(self, parser):
        parser.add_argument("--authority", required=True, metavar="CODE", help="Official code, for example S12000019.")

    def authority(self, code: str, **more) -> Organisation:
        """Find the authority (`more` narrows what it may be); refuse a code that nobody has."""
        try:
            return Organisation.objects.get(code=code, **more)
        except Organisation.DoesNotExist:
            raise CommandError(f"There is no authority with the code {code!r}.", returncode=REJECTED) from None
