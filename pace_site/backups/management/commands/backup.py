"""Write an encrypted backup of the whole database (docs/backup.md)."""

from argparse import ArgumentTypeError
from pathlib import Path

import pyrage
from django.core.management.base import CommandError

from pace_site.accounts.command_line import REJECTED, NamedCommand
from pace_site.audit.models import AuditEntry
from pace_site.backups.backing_up import back_up
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.trail_of_backups import note


def at_least_one(text: str) -> int:
    """Read how many backups to keep, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of backups, 1 or more")
    return int(text)


class Command(NamedCommand):
    help = "Write an encrypted backup of the whole database to a folder, while people go on working."

    def add_arguments(self, parser):
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="The folder for backups.")
        parser.add_argument("--keep", type=at_least_one, metavar="N", help="Delete all but the newest N afterwards.")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="Restore it into a scratch database and compare, by a key made for that alone, before it counts.",
        )

    def handle(self, *, out, keep, verify, **options):
        key = pyrage.x25519.Identity.generate() if verify else None
        try:
            made = back_up(out, keep=keep, verifying_key=key)
        except BackupRefused as refused:
            raise CommandError(str(refused), returncode=REJECTED) from None
        untold = note(
            AuditEntry.Action.BACK_UP,
            made.path,
            made.manifest,
            sha256=made.manifest.file_sum,
            verified=bool(verify),
            deleted=[gone.name for gone in made.deleted],
        )
        contents = made.manifest.contents
        self.stdout.write(f"{made.path}")
        self.stdout.write(
            f"{contents.total:,} rows in {len(contents.rows)} tables, {made.size / 1e6:,.1f} MB encrypted."
        )
        if verify:
            self.stdout.write("It was restored into a scratch database, and is the same.")
        self.stdout.write(f"Head of the audit chain: {contents.head_seal} at place {contents.head_position}")
        for gone in made.deleted:
            self.stdout.write(f"Deleted {gone.name}.")
        if untold:
            self.stderr.write(untold)
