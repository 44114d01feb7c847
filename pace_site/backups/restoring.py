"""Restore a backup into a database: into an empty one, or over another whose name was typed."""

from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from pace_site.backups import postgresql, sqlite
from pace_site.backups.contents import KINDS, POSTGRESQL
from pace_site.backups.databases import in_place_of_default, kind_of, known_migrations
from pace_site.backups.envelope import Opened, check_envelope, open_envelope
from pace_site.backups.manifest import Manifest
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.verifying import check_beside, compare


@dataclass(frozen=True)
class Restored:
    """What was restored. Of its migrations the program may know more (`waiting`), or not all (`unknown`)."""

    manifest: Manifest
    waiting: list[str]
    unknown: list[str]


def restore(
    path: Path, *, into: BaseDatabaseWrapper, identities: list, replace: str = "", migrate: bool = False
) -> Restored:
    """Restore a backup. Whatever is refused leaves the database as it was.

    A database that has tables is written over only when `replace` is its name. `migrate` brings it to this program's
    version afterwards.
    """
    check_beside(path)
    # To the end, before anything is touched: that it is cut off is known at its end alone.
    manifest = check_envelope(path, identities=identities)
    kind = kind_of(into)
    if manifest.kind != kind:
        raise BackupRefused(f"This is a backup of {KINDS[manifest.kind]}: it cannot be restored into {KINDS[kind]}.")
    waiting = sorted(known_migrations() - {*manifest.contents.migrations})
    unknown = sorted({*manifest.contents.migrations} - known_migrations())
    if migrate and unknown:
        words = f"This backup was made by version {manifest.version}, which has migrations unknown here"
        raise BackupRefused(f"{words}, such as {unknown[0]}. Migrate it with that version or a later one.")
    with open_envelope(path, identities=identities) as opened:
        if kind == POSTGRESQL:
            _into_postgresql(into, opened, replace=replace)
        else:
            _into_sqlite(Path(into.settings_dict["NAME"]), opened, replace=replace)
    if migrate:
        with in_place_of_default(into):
            call_command("migrate", verbosity=0, interactive=False)
        waiting = []
    into.close()
    return Restored(manifest, waiting, unknown)


def name_of(database: BaseDatabaseWrapper) -> str:
    """The name that must be typed to replace a database: of a file, its name without its folder."""
    return Path(database.settings_dict["NAME"]).name


def _into_sqlite(target: Path, opened: Opened, *, replace: str) -> None:
    if not target.parent.is_dir():
        raise BackupRefused(f"There is no folder {target.parent}.")
    _may_write(target.name, sqlite.rows_in(target), replace=replace)
    with sqlite.checked_copy(target.parent, opened.database, opened.manifest.contents) as copy:
        sqlite.put_in_place(copy, target)


def _into_postgresql(into: BaseDatabaseWrapper, opened: Opened, *, replace: str) -> None:
    if _may_write(name_of(into), postgresql.rows_in(into), replace=replace):
        with postgresql.put_aside(into):
            _restore_and_compare(into, opened)
        return
    _restore_and_compare(into, opened)


def _restore_and_compare(into: BaseDatabaseWrapper, opened: Opened) -> None:
    postgresql.restore_dump(into, opened.database)
    compare(opened.manifest.contents, postgresql.read_database(into))


def _may_write(name: str, found: dict[str, int], *, replace: str) -> bool:
    """Whether there is something to replace; refuses when nobody asked for that by name."""
    if replace and replace != name:
        raise BackupRefused(f"--replace {replace} does not name the database, which is {name}. Nothing was changed.")
    if found and not replace:
        words = f"The database {name} has {sum(found.values()):,} rows in {len(found)} tables, and nothing was changed"
        raise BackupRefused(f"{words}. To replace all of it, say --replace and its name.")
    return bool(found)
