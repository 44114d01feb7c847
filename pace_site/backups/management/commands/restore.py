"""Restore a backup into an empty database, or over another (docs/backup.md)."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.audit.models import AuditEntry
from pace_site.backups.databases import database_at, in_place_of_default, same_server
from pace_site.backups.keys import identities
from pace_site.backups.postgresql import settle_left_aside
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.restoring import name_of, restore
from pace_site.backups.trail_of_backups import note


class Command(NamedCommand):
    help = "Restore a backup. Without --into, into the database of DATABASE_URL."
    requires_system_checks = []  # they may ask the database, which is not there yet

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--into", metavar="URL", help="Another database, as in DATABASE_URL but without a password."
        )
        parser.add_argument("--identity", type=Path, metavar="FILE", help="The private key (or BACKUP_IDENTITY_FILE).")
        parser.add_argument("--replace", default="", metavar="NAME", help="Replace all of this database, by its name.")
        parser.add_argument("--migrate", action="store_true", help="Bring it to this program's version afterwards.")

    def handle(self, *, file, into, identity, replace, migrate, **options):
        try:
            target = database_at(into) if into else same_server(connection, name=connection.settings_dict["NAME"])
            keys = identities(identity or settings.BACKUP_IDENTITY_FILE)
            if put_back := settle_left_aside(target):
                self.stdout.write(put_back)
            restored = restore(file, into=target, identities=keys, replace=replace, migrate=migrate)
        except BackupRefused as refused:
            raise CommandError(str(refused), returncode=REJECTED) from None
        manifest = restored.manifest
        with in_place_of_default(target):
            untold = note(AuditEntry.Action.RESTORE, file, manifest, replaced=bool(replace), migrated=bool(migrate))
        contents = manifest.contents
        self.stdout.write(
            f"{name_of(target)} is as it was at {manifest.made_at:%d %B %Y %H:%M:%S} UTC: "
            f"{contents.total:,} rows in {len(contents.rows)} tables."
        )
        self.stdout.write(f"Head of the audit chain: {contents.head_seal} at place {contents.head_position}")
        if restored.waiting:
            self.stdout.write(f"{len(restored.waiting)} migrations wait: run migrate before anybody works on it.")
        if restored.unknown:
            self.stdout.write(
                f"Run it with version {manifest.version} or later: it has {len(restored.unknown)} migrations "
                "that this program does not know."
            )
        if untold:
            self.stderr.write(untold)
