"""Verify a backup: restore it into a scratch database, count, and read the whole audit chain there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from pace_site.audit.verifying import verify
from pace_site.backups import postgresql, sqlite
from pace_site.backups.contents import KINDS, POSTGRESQL, Contents
from pace_site.backups.databases import in_place_of_default, known_migrations, sqlite_file
from pace_site.backups.envelope import Opened, open_envelope
from pace_site.backups.folder import manifest_beside, sum_of
from pace_site.backups.manifest import Manifest
from pace_site.backups.refusal import BackupRefused


@dataclass(frozen=True)
class Verified:
    """What was restored and compared; `migrated` migrations were carried out on it before its chain could be read."""

    manifest: Manifest
    entries: int
    migrated: int


def verify_backup(path: Path, *, identities: list) -> Verified:
    """Restore a backup into a scratch database and compare it with its manifest; refuses one that does not hold."""
    check_beside(path)
    with open_envelope(path, identities=identities) as opened:
        manifest = opened.manifest
        if unknown := {*manifest.contents.migrations} - known_migrations():
            words = f"it has {len(unknown)} migrations that this program does not know, such as {min(unknown)}"
            raise BackupRefused(f"This backup was made by version {manifest.version}, which must verify it: {words}.")
        with _restored(opened) as scratch, in_place_of_default(scratch):
            waiting = known_migrations() - {*manifest.contents.migrations}
            if waiting:
                call_command("migrate", verbosity=0, interactive=False)
            return Verified(manifest, _read_chain(manifest.contents), len(waiting))


def check_beside(path: Path) -> None:
    """Compare a backup with the sum in the manifest beside it, when there is one: this needs no key."""
    beside = manifest_beside(path)
    if beside == path or not beside.exists():
        return
    if Manifest.from_json(beside.read_bytes()).file_sum != sum_of(path):
        raise BackupRefused(f"{path} was altered, or is cut off: its SHA-256 is not the one in {beside.name}.")


@contextmanager
def _restored(opened: Opened) -> Iterator[BaseDatabaseWrapper]:
    contents = opened.manifest.contents
    if opened.manifest.kind != POSTGRESQL:
        with sqlite.checked_copy(Path(gettempdir()), opened.database, contents) as copy:
            yield sqlite_file(copy)
        return
    if connection.vendor != POSTGRESQL:
        words = "set DATABASE_URL to a PostgreSQL server on which a scratch database may be made"
        raise BackupRefused(f"This is a backup of {KINDS[POSTGRESQL]}: {words}.")
    with postgresql.scratch_database(connection) as scratch:
        postgresql.restore_dump(scratch, opened.database)
        compare(contents, postgresql.read_database(scratch))
        yield scratch


def compare(kept: Contents, found: Contents) -> None:
    """Refuse what is not what was kept."""
    if differences := [*kept.differences(found)]:
        raise BackupRefused("\n".join(differences))


def _read_chain(contents: Contents) -> int:
    verdict = verify(expected_head=contents.head_seal)
    if verdict.fault:
        raise BackupRefused(f"The audit trail in this backup does not hold: {verdict.fault.why}")
    if verdict.unguarded:
        raise BackupRefused(f"The audit trail in this backup lacks its triggers: {', '.join(verdict.unguarded)}.")
    return verdict.read
