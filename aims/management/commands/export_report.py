"""Export the report of one aim as a file (`design.md` 4)."""

import os
from pathlib import Path
from tempfile import mkstemp

from django.core.management.base import CommandError
from django.db import transaction

from aims.models import Aim
from aims.reports.actions import FORMATS, export_report
from pace_site.accounts.command_line import REJECTED, AuthorityCommand, iso_date


class Command(AuthorityCommand):
    help = "Write the report of one aim as at a day, by pseudonym, to a file."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--aim", required=True, metavar="CODE", help="The aim, for example MID-1.")
        parser.add_argument(
            "--as-at", required=True, type=iso_date, metavar="D", help="The day, for example 2018-11-01."
        )
        parser.add_argument("--format", required=True, choices=tuple(FORMATS), help="The kind of file.")
        parser.add_argument(
            "--out", required=True, type=Path, metavar="FILE", help="Where to write it; an older file is replaced."
        )

    def handle(self, *, authority, aim, as_at, format, out: Path, **_options):
        organisation = self.authority(authority)
        version = Aim.objects.filter(authority=organisation, code=aim).current_versions().first()
        if version is None:
            raise CommandError(f"{organisation} has no aim with the code {aim!r}.", returncode=REJECTED)
        # One transaction: a file that cannot be written leaves no word of an export that never was.
        with transaction.atomic():
            exported = export_report([version], as_at=as_at, file_format=FORMATS[format], by=None)
            try:
                write_whole(out, exported.body)
            except OSError as problem:
                raise CommandError(
                    f"The report could not be written to {out}: {problem.strerror or problem}.", returncode=REJECTED
                ) from problem
        self.stdout.write(f"{aim} as at {as_at} written to {out}.")


def write_whole(path: Path, body: bytes) -> None:
    """Write the file whole or not at all, readable by its owner only; raise `OSError`."""
    if path.exists() and not path.is_file():
        raise OSError("it is not a file")
    handle, beside = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(handle)
        os.replace(beside, path)
    finally:
        Path(beside).unlink(missing_ok=True)
