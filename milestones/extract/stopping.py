"""Stop an import that is under way in another process: all that it wrote is taken back.

On PostgreSQL the run says that it is cancelled, read over a connection of its own, as the transaction of the import
sees one moment. On SQLite nobody else can write while it is under way: there a note lies beside the database.
"""

import time
from contextlib import suppress
from pathlib import Path

from django.db import connection

from milestones.extract.run_models import ImportRun

SECONDS_BETWEEN_LOOKS = 0.5


class Stopped(Exception):
    """Somebody cancelled the import, or it is no longer this attempt's to make."""


class StopWatch:
    """Looks now and then whether `run` is still wanted. Use as a context manager."""

    def __init__(self, run: ImportRun):
        self.run = run
        self._looked = time.monotonic()
        self._aside = None

    def __enter__(self):
        if connection.vendor == "postgresql":
            self._aside = connection.copy()
        return self

    def __exit__(self, *_error):
        if self._aside is not None:
            self._aside.close()

    def check(self, _read: int = 0) -> None:
        """Raise `Stopped` when somebody cancelled the run; looks twice a second, however often it is called."""
        if time.monotonic() - self._looked < SECONDS_BETWEEN_LOOKS:
            return
        self._looked = time.monotonic()
        if self._is_cancelled():
            raise Stopped

    def _is_cancelled(self) -> bool:
        if self._aside is None:
            note = stop_note(self.run)
            return note is not None and note.exists()
        with self._aside.cursor() as cursor:
            cursor.execute("SELECT state FROM milestones_importrun WHERE id = %s", [self.run.pk])
            row = cursor.fetchone()
        return row is not None and row[0] == ImportRun.State.CANCELLED


def ask_to_stop(run: ImportRun) -> None:
    """Tell who may be at it that the run is no longer wanted, where its row cannot be written meanwhile."""
    if (note := stop_note(run)) is not None:
        note.touch()


def forget_note(run: ImportRun) -> None:
    if (note := stop_note(run)) is not None:
        with suppress(FileNotFoundError):
            note.unlink()


def stop_note(run: ImportRun) -> Path | None:
    """Where the note lies; None where the database is no file."""
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or not Path(name).is_file():
        return None
    return Path(f"{name}.stop-import-{run.pk}")
