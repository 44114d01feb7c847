"""Make a backup of the database of the settings: one encrypted file and its manifest beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from pace_site.audit.sealing import head_of_chain
from pace_site.backups import postgresql, sqlite
from pace_site.backups.contents import POSTGRESQL
from pace_site.backups.databases import kind_of, known_migrations
from pace_site.backups.envelope import write_envelope
from pace_site.backups.folder import keep_newest, manifest_beside, name_for, only_writer, whole_file
from pace_site.backups.keys import recipients
from pace_site.backups.manifest import Manifest, product_version
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.verifying import verify_backup


@dataclass(frozen=True)
class Made:
    """A backup that was written, its size in bytes, and the older ones that were deleted for it."""

    path: Path
    manifest: Manifest
    size: int
    deleted: list[Path]


def back_up(folder: Path, *, keep: int | None = None, verifying_key=None) -> Made:
    """Write a backup to `folder`, and afterwards delete all but the newest `keep`.

    With `verifying_key`, a private key that was made for this backup alone, it is restored and compared before it is
    given its name; one that does not hold is not kept, and no older one is deleted for it.
    """
    keys = recipients()
    if verifying_key is not None:
        keys.append(verifying_key.to_public())
    kind = kind_of(connection)
    with only_writer(folder):
        with postgresql.told_in_words(connection):
            _seal_what_waits()
        made_at = datetime.now(UTC)
        path = folder / name_for(made_at, kind)
        with whole_file(path) as file:
            with _hold(kind) as (contents, database):
                manifest = Manifest(product_version(), kind, made_at, contents)
                database_sum = write_envelope(file, manifest, database, recipients=keys)
            manifest = manifest.with_sums(database_sum=database_sum, file_sum=file.digest.hexdigest())
            if verifying_key is not None:
                file.file.flush()
                verify_backup(file.path, identities=[verifying_key])
        try:
            with whole_file(manifest_beside(path)) as beside:
                beside.write(manifest.as_json().encode())
        except BackupRefused:
            path.unlink()
            raise
        return Made(path, manifest, file.size, keep_newest(folder, keep) if keep else [])


def _hold(kind: str):
    if kind == POSTGRESQL:
        return postgresql.hold(connection)
    name = Path(connection.settings_dict["NAME"])
    if not name.is_file():
        raise BackupRefused(f"There is no database file {name}.")
    return sqlite.hold(name)


def _seal_what_waits() -> None:
    """Let the head speak of every entry; not while the trail waits for a migration, whose columns are not there."""
    applied = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    if not {name for name in known_migrations() - applied if name.startswith("audit.")}:
        head_of_chain()
