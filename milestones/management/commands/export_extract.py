"""Write everything recorded of an authority's children in the five-file layout of an extract."""

import os
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from children.models import Child
from milestones.extract.layout import layouts
from milestones.extract.output import LEFT_OUT, write_extract
from pace_site.accounts.command_line import REJECTED, AuthorityCommand, iso_date
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.words import children as in_children
from pace_site.look.words import closed_children, count_of

FIRST = 10


class Command(AuthorityCommand):
    help = "Write everything recorded of an authority's children, with names, in the five-file layout of an extract."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("dir", metavar="DIR", type=Path, help="an empty folder, or one that is not there yet")
        parser.add_argument(
            "--extract-date", type=iso_date, metavar="YYYY-MM-DD", help="the day that the files will be taken in as of"
        )
        parser.add_argument("--with-restricted", action="store_true", help="restricted records too, for a move")

    def handle(self, *, authority, dir, extract_date, with_restricted, **_options):
        organisation = self.authority(authority)
        day = extract_date or timezone.localdate()
        everybody = Child.objects.filter(authority=organisation, merged_into=None)
        chosen = everybody if with_restricted else everybody.unrestricted()
        try:
            dir.mkdir(parents=True, exist_ok=True)
            if any((dir / name).exists() for name in layouts(day)):
                raise CommandError(f"{dir} has files of an extract already.", returncode=REJECTED)
            written, refused = write_extract(chosen, extract_date=day, open_file=lambda name: _open(dir / name))
        except OSError as error:
            raise CommandError(f"{error.filename or dir}: {error.strerror}.", returncode=REJECTED) from error
        record(
            AuditEntry.Action.EXPORT,
            authority=organisation,
            record_type="extract",
            record_id="",
            by=None,
            after={"rows": written, "with_restricted": with_restricted},
            listed=list(chosen.order_by("code").values_list("code", flat=True)),
        )
        for name, count in written.items():
            self.stdout.write(f"{name:<16}{count:>11,}")
        self.stdout.write(f"{in_children(chosen.count())}. Left out: {'; '.join(LEFT_OUT)}.")
        if closed := everybody.count() - chosen.count():
            self.stdout.write(f"Left out: {closed_children(closed)}.")
        if refused:
            self.stderr.write(f"An import would refuse {count_of(len(refused), 'row', 'rows')}:")
            self.stderr.write("\n".join(f"  {each}" for each in refused[:FIRST]))


def _open(path: Path):
    """A new file that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="")
