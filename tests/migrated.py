"""A database with all migrations applied, kept beside pytest's cache: to apply them takes longer than most test runs.

Only for SQLite. It is thrown away as soon as a migration, a setting or a requirement changes.
"""

import hashlib
import os
import sqlite3
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEEN = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "milestones/revision_*.py",
    "pace_site/config/settings.py",
    "requirements*.txt",
)


def kept_in(folder: Path) -> Path:
    """The file under `folder` for the migrations as they are now; it may not exist."""
    seen = hashlib.sha256()
    for path in sorted(path for pattern in SEEN for path in ROOT.glob(pattern)):
        seen.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return folder / f"{seen.hexdigest()[:24]}.sqlite3"


def fill(name: str, *, kept: Path) -> sqlite3.Connection:
    """Copy the kept database to `name` (a path or an SQLite address); one in memory lives while the connection does."""
    filled = sqlite3.connect(name, uri=name.startswith("file:"), check_same_thread=False)
    source = sqlite3.connect(kept)
    source.backup(filled)
    source.close()
    return filled


def keep(connection: sqlite3.Connection, *, kept: Path) -> None:
    """Keep a copy of a database that has just been migrated, and nothing older; another run may do so as well."""
    half = kept.with_suffix(f".{os.getpid()}")
    copy = sqlite3.connect(half)
    connection.backup(copy)
    # A database in memory cannot be filled from one with a write-ahead log.
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.close()
    for old in {*kept.parent.glob("*.sqlite3")} - {kept}:
        old.unlink(missing_ok=True)
    half.replace(kept)
