"""Load aims from a file, or from the shipped register (`design.md` 4)."""

from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction

from aims.actions import save_definition
from aims.aim_file import AimFileError, read_aim_file, registered_files
from aims.definition import AimDefinition
from pace_site.accounts.command_line import REJECTED, USAGE, AuthorityCommand


class Command(AuthorityCommand):
    help = "Load aims as data; all of a file or nothing."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE.yaml", help="An aim file.")
        parser.add_argument(
            "--register", choices=registered_files(), help="Load this part of the shipped register instead."
        )

    def handle(self, *, authority, file, register, **_options):
        if (file is None) == (register is None):
            raise CommandError("Name an aim file or a part of the register, one of the two.", returncode=USAGE)
        organisation = self.authority(authority)
        path = registered_files()[register] if register else Path(file)
        try:
            definitions = read_aim_file(path)
        except AimFileError as error:
            raise CommandError(str(error), returncode=REJECTED) from None
        with transaction.atomic():
            for definition in definitions:
                _aim, done = save_definition(definition, authority=organisation, by=None)
                self.stdout.write(f"{definition.code}: {done}")
        for definition in definitions:
            self.warn(definition)

    def warn(self, definition: AimDefinition) -> None:
        """Say what makes an aim's figures hard to read, or keeps them back (`domain.md` 2.3)."""
        if not definition.has_claim:
            self.stderr.write(
                f"{definition.code} has no {'deadline' if definition.kind == 'deadline' else 'limit'}: "
                "it is a draft, shows durations and claims no percentage."
            )
        if definition.kind != "deadline" and definition.has_claim and definition.from_date is None:
            self.stderr.write(
                f"{definition.code} has no from_date: children decided long ago are counted too. "
                "Consider a from_date, and a backlog aim for the children accommodated before it."
            )
