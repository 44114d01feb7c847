"""Write the pages of the documentation that are made from the code (docs/reference, docs/adr/index.md)."""

from pathlib import Path

from django.core.management.base import CommandError

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.front.reference.pages import write_pages


class Command(NamedCommand):
    help = "Write the reference pages of the documentation, in Markdown, from the code."

    def add_arguments(self, parser):
        parser.add_argument(
            "--out", type=Path, default=Path("docs"), metavar="DIR", help="The folder; docs unless told."
        )

    def handle(self, *, out, **_options):
        try:
            write_pages(out)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.", returncode=REJECTED) from None
