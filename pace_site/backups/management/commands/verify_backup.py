"""Restore a backup into a scratch database, and say whether it is what was kept (docs/backup.md)."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.audit.models import AuditEntry
from pace_site.backups.keys import identities
from pace_site.backups.postgresql import settle_left_aside
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.trail_of_backups import note
from pace_site.backups.verifying import verify_backup


class Command(NamedCommand):
    help = "Restore a backup into a scratch database, compare rows, and check its whole audit trail."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, metavar="FILE", help="The private key (or BACKUP_IDENTITY_FILE).")

    def handle(self, *, file, identity, **options):
        try:
            if put_back := settle_left_aside(connection):
                self.stdout.write(put_back)
            verified = verify_backup(file, identities=identities(identity or settings.BACKUP_IDENTITY_FILE))
        except BackupRefused as refused:
            note(AuditEntry.Action.VERIFY_BACKUP, file, None, holds=False)
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
        if untold := note(AuditEntry.Action.VERIFY_BACKUP, file, manifest, holds=True):
            self.stderr.write(untold)
