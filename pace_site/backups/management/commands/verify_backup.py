"""Restore a backup into a scratch database, and say whether it is what was kept (docs/backup.md)."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.backups.keys import identities
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.verifying import verify_backup


class Command(NamedCommand):
    help = "Restore a backup into a scratch database, compare rows, and check its whole audit trail."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, metavar="FILE", help="The private key (or BACKUP_IDENTITY_FILE).")

    def handle(self, *, file, identity, **options):
        try:
            verified = verify_backup(file, identities=identities(identity or settings.BACKUP_IDENTITY_FILE))
        except BackupRefused as refused:
            raise CommandError(f"The backup does not hold. {refused}", returncode=REJECTED) from None
        manifest = verified.manifest
        contents = manifest.contents
        self.stdout.write(f"Made at {manifest.made_at:%d %B %Y %H:%M:%S} UTC by version {manifest.version}.")
        if verified.migrated:
            self.stdout.write(f"It took {verified.migrated} migrations to this program's version without fault.")
        self.stdout.write(f"{contents.total:,} rows in {len(contents.rows)} tables, as many as were kept.")
        self.stdout.write(f"{verified.entries:,} audit entries fit.")
        self.stdout.write(f"Head: {contents.head_seal} at place {contents.head_position}")
        self.stdout.write("The backup holds.")
