"""Write the matrix of roles, permissions and scope (docs/governance/roles.md)."""

from pathlib import Path

from django.core.management.base import CommandError

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.accounts.matrix import matrix_page


class Command(NamedCommand):
    help = "Write which role may do what with whose records, in Markdown, from the code that decides it."

    def add_arguments(self, parser):
        parser.add_argument("--out", type=Path, metavar="FILE", help="Write it there instead of printing it.")

    def handle(self, *, out, **options):
        page = matrix_page()
        if out is None:
            self.stdout.write(page, ending="")
            return
        try:
            out.write_text(page, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.", returncode=REJECTED) from None
