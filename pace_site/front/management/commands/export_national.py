"""Write an authority's file of the national dataset, with the data dictionary beside it."""

from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from aims.national_dataset.columns import dictionary_file
from aims.national_dataset.sending import send_dataset
from pace_site.accounts.command_line import REJECTED, AuthorityCommand
from pace_site.accounts.models import Organisation
from pace_site.front.command_line import month_end, write_whole
from pace_site.look.words import count_of


class Command(AuthorityCommand):
    help = "Write the authority's accommodation clocks as at the end of a month, by a pseudonym of their own, as CSV."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--month", required=True, type=month_end, metavar="YYYY-MM", help="The month, for example 2018-10."
        )
        parser.add_argument(
            "--out", required=True, type=Path, metavar="FILE", help="Where to write it; an older file is replaced."
        )

    def handle(self, *, authority, month: date, out: Path, **_options):
        organisation = self.authority(authority, kind=Organisation.Kind.LOCAL_AUTHORITY)
        # One transaction: a file that cannot be written leaves no word of an export that never was.
        with transaction.atomic():
            try:
                file = send_dataset(organisation, month_end=month, by=None)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=REJECTED) from error
            try:
                write_whole(out, file.body)
                write_whole(out.with_name(f"{out.stem}_dictionary.csv"), dictionary_file())
            except OSError as problem:
                raise CommandError(
                    f"The dataset could not be written to {out}: {problem.strerror or problem}.", returncode=REJECTED
                ) from problem
        self.stdout.write(f"{count_of(file.rows, 'clock', 'clocks')} as at {month} written to {out}.")
