"""Export the report of one aim, or of several, as a file (`design.md` 4)."""

from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction

from aims.models import Aim, AimVersion
from aims.reports.actions import FORMATS, export_report
from aims.reports.csv_file import dictionary_file
from aims.reports.days import fault_of_day
from pace_site.accounts.command_line import REJECTED, AuthorityCommand, iso_date
from pace_site.front.command_line import write_whole
from pace_site.front.reports.telling import told_since_last_report


class Command(AuthorityCommand):
    help = "Write the report of one aim or of several as at a day, by pseudonym, to a file."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--aim",
            action="append",
            default=[],
            metavar="CODE",
            help="The aim, for example MID-1; may be repeated. Without it, all active aims.",
        )
        parser.add_argument(
            "--as-at", required=True, type=iso_date, metavar="D", help="The day, for example 2018-11-01."
        )
        parser.add_argument("--format", required=True, choices=tuple(FORMATS), help="The kind of file.")
        parser.add_argument(
            "--out", required=True, type=Path, metavar="FILE", help="Where to write it; an older file is replaced."
        )

    def handle(self, *, authority, aim, as_at, format, out: Path, **_options):
        organisation = self.authority(authority)
        if fault := fault_of_day(as_at):
            raise CommandError(fault, returncode=REJECTED)
        versions = self.versions(organisation, aim)
        told = told_since_last_report(organisation, as_at=as_at)
        # One transaction: a file that cannot be written leaves no word of an export that never was.
        with transaction.atomic():
            exported = export_report(versions, as_at=as_at, file_format=FORMATS[format], by=None, told=told)
            try:
                write_whole(out, exported.body)
                if format == "csv":
                    # What the columns mean, in a file beside the list.
                    write_whole(out.with_name(f"{out.stem}_dictionary.csv"), dictionary_file())
            except OSError as problem:
                raise CommandError(
                    f"The report could not be written to {out}: {problem.strerror or problem}.", returncode=REJECTED
                ) from problem
        codes = ", ".join(version.aim.code for version in versions)
        self.stdout.write(f"{codes} as at {as_at} written to {out}.")

    def versions(self, authority, codes: list[str]) -> list[AimVersion]:
        """The aims asked for, in that order, or all active ones."""
        aims = Aim.objects.filter(authority=authority)
        if not codes:
            found = list(aims.filter(status=Aim.Status.ACTIVE).current_versions())
            if not found:
                raise CommandError(f"{authority} has no active aim.", returncode=REJECTED)
            return found
        by_code = {version.aim.code: version for version in aims.filter(code__in=codes).current_versions()}
        for code in codes:
            if code not in by_code:
                raise CommandError(f"{authority} has no aim with the code {code!r}.", returncode=REJECTED)
        return [by_code[code] for code in dict.fromkeys(codes)]
