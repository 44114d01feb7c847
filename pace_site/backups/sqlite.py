"""SQLite: a copy of one moment by its online backup, taken while people write, and a copy back in one transaction."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from django.db import Error

from pace_site.backups.contents import SQLITE, Contents, count_rows, read_contents
from pace_site.backups.databases import sqlite_file
from pace_site.backups.refusal import BackupRefused, words_of

CHUNK = 1024 * 1024
COPY = ".pace-copy-"
BUSY = 20  # seconds to wait for whoever is writing
LEFT = 24 * 60 * 60  # seconds after which a copy is nobody's any more


@contextmanager
def hold(path: Path) -> Iterator[tuple[Contents, Iterator[bytes]]]:
    """Copy a database as it is at one moment; give what the copy holds, and the copy itself.

    The copy is not encrypted: it lies beside the database, where that is not either, and only as long as it is made.
    """
    _remove_left_copies(path.parent)
    with TemporaryDirectory(prefix=COPY, dir=path.parent) as folder:
        copy = Path(folder) / "copy.sqlite3"
        _copy_to(path, copy)
        # Immutable: the copy says that it has a journal beside it, which it has not.
        connection = sqlite3.connect(f"{_address(copy)}?immutable=1", uri=True)
        file = copy.open("rb")
    with closing(connection), file:
        yield read_contents(connection.cursor(), SQLITE), iter(lambda: file.read(CHUNK), b"")


def write_checked(path: Path, database: Iterable[bytes], contents: Contents) -> None:
    """Write the database of a backup to a new file, and refuse it unless it is sound and holds what was kept."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in database:
                file.write(chunk)
    except OSError as error:
        raise BackupRefused(f"{words_of(error, path.parent.parent)} Nothing was restored.") from None
    try:
        # By Django, as constraints and indexes call functions that it brings.
        with closing(sqlite_file(path)) as connection, connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            if cursor.fetchone()[0] != "ok":
                raise BackupRefused("The database in this backup is damaged.")
            found = read_contents(cursor, SQLITE)
    except Error as error:
        raise BackupRefused(f"The database in this backup cannot be read: {error}.") from None
    if differences := [*contents.differences(found)]:
        raise BackupRefused("\n".join(differences))


def rows_in(path: Path) -> dict[str, int]:
    """The rows of every table of a database file; none when there is no file."""
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(f"{_address(path)}?mode=ro", uri=True, timeout=BUSY)) as connection:
            return count_rows(connection.cursor(), SQLITE)
    except sqlite3.Error as error:
        raise BackupRefused(f"{path} cannot be read as a database: {error}.") from None


@contextmanager
def checked_copy(folder: Path, database: Iterable[bytes], contents: Contents) -> Iterator[Path]:
    """The database of a backup as a file in a folder of its own, gone afterwards."""
    try:
        scratch = TemporaryDirectory(prefix=COPY, dir=folder)
    except OSError as error:
        raise BackupRefused(words_of(error, folder)) from None
    with scratch as name:
        path = Path(name) / "restored.sqlite3"
        write_checked(path, database, contents)
        yield path


def put_in_place(copy: Path, target: Path) -> None:
    """Copy a checked database over another in one transaction: until it is whole, readers see what was there."""
    is_new = not target.exists()
    if is_new:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(target, timeout=BUSY)) as connection:
            source.backup(connection)
    except sqlite3.Error as error:
        if is_new:
            target.unlink()
        raise BackupRefused(f"{target} cannot be written: {error}. It is as it was.") from None


def _copy_to(path: Path, copy: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{_address(path)}?mode=rw", uri=True, timeout=BUSY)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            copy.chmod(0o600)
            # All pages in one step: others go on writing beside it (WAL), and the copy is of the moment it began.
            source.backup(target)
    except sqlite3.Error as error:
        raise BackupRefused(f"{path} cannot be copied: {error}. No backup was written.") from None


def _remove_left_copies(folder: Path) -> None:
    """Take away what a run that was killed long ago could not."""
    for left in folder.glob(f"{COPY}*"):
        if left.stat().st_mtime < time.time() - LEFT:
            shutil.rmtree(left)


def _address(path: Path) -> str:
    return f"file:{quote(str(path.absolute()))}"
