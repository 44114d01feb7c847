"""Whether this process can do its work: what a load balancer and whoever deploys must know, and nothing secret."""

from dataclasses import asdict, dataclass

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pace_site.long_work.workers import a_worker_is_alive

YES, NO, UNKNOWN = "yes", "no", "unknown"
# Migrations are not taken back under a running process: once all are there, they are not asked for again.
_all_applied = False


@dataclass(frozen=True)
class Readiness:
    """Each yes, no or unknown. A silent worker keeps no page back, and is said all the same."""

    database_answers: str = UNKNOWN
    migrations_applied: str = UNKNOWN
    static_files_there: str = UNKNOWN
    worker_alive: str = UNKNOWN

    @property
    def is_ready(self) -> bool:
        return {self.database_answers, self.migrations_applied, self.static_files_there} == {YES}

    def as_json(self) -> dict[str, str]:
        return {"ready": said(self.is_ready), **asdict(self)}


def readiness() -> Readiness:
    files = said(static_files_are_there())
    try:
        if not migrations_are_applied():  # nor may there be the table that workers sign
            return Readiness(YES, NO, files)
        return Readiness(YES, YES, files, said(a_worker_is_alive()))
    except (DatabaseError, InterfaceError):
        return Readiness(database_answers=NO, static_files_there=files)


def migrations_are_applied() -> bool:
    """Whether the database has every migration of this program; it may have more, of the version that comes next."""
    global _all_applied
    if _all_applied:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    applied = MigrationRecorder(connection).applied_migrations()
    _all_applied = set(MigrationLoader(None).disk_migrations) <= set(applied)
    return _all_applied


def static_files_are_there() -> bool:
    """Where names of files carry their content's sum, pages break without the list of those names."""
    return not hasattr(staticfiles_storage, "hashed_files") or bool(staticfiles_storage.hashed_files)


def said(holds: bool) -> str:
    return YES if holds else NO
