"""The folder in which backups lie: names, files that are whole or not there, and how many are kept."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pace_site.backups.refusal import BackupRefused, words_of

ENDING, MANIFEST_ENDING, PARTIAL = ".tar.gz.age", ".manifest.json", ".partial"
NAMED = re.compile(r"pace-\d{8}T\d{6}\.\d{6}Z-(sqlite|postgresql)\.tar\.gz\.age")
LOCK = ".pace-backup.lock"
CHUNK = 1024 * 1024


def name_for(moment: datetime, kind: str) -> str:
    """Names sort by time."""
    return f"pace-{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{kind}{ENDING}"


def manifest_beside(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(ENDING) + MANIFEST_ENDING)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the only backup that writes here, and take away what one that was killed had begun."""
    if not folder.is_dir():
        raise BackupRefused(f"There is no folder {folder}.")
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BackupRefused(words_of(error, folder)) from None
    with os.fdopen(handle):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"Another backup is being written to {folder}. Try again when it is done.") from None
        for left in folder.glob(f".pace-*{PARTIAL}"):
            left.unlink(missing_ok=True)
        yield


class SummedFile:
    """A file being written, with its SHA-256 so far."""

    def __init__(self, path: Path, file):
        self.path, self.file, self.digest, self.size = path, file, sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.file.write(data)


@contextmanager
def whole_file(path: Path) -> Iterator[SummedFile]:
    """Write a file beside its name, for its owner alone, and give it its name once it is on the disk; or leave none."""
    partial = path.with_name(f".{path.name}{PARTIAL}")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb", buffering=CHUNK) as file:
                yield SummedFile(partial, file)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
            _sync_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise BackupRefused(f"{words_of(error, path.parent)} No backup was written.") from None


def backups_in(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(path for path in folder.iterdir() if NAMED.fullmatch(path.name))


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete all but the newest backups, and return what was deleted."""
    gone = backups_in(folder)[:-number]
    for path in gone:
        path.unlink()
        manifest_beside(path).unlink(missing_ok=True)
    return gone


def sum_of(path: Path) -> str:
    """The SHA-256 of a file."""
    digest = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise BackupRefused(words_of(error, path)) from None
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a new name last through a power cut; some network shares do not know how."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with suppress(OSError):
        os.fsync(handle)
    os.close(handle)
