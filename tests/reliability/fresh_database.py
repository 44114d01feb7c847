"""The database of `DATABASE_URL`, as it was before, as often as wanted."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection, connections


class FreshDatabase:
    """Keeps a copy of the database as it is now, and puts it back."""

    def __init__(self):
        self.name = str(settings.DATABASES["default"]["NAME"])
        self.is_file = connection.vendor == "sqlite"
        self.copy = f"{self.name}.kept" if self.is_file else f"{self.name}_kept"
        connections.close_all()
        if self.is_file:
            self._copy_files(self.name, self.copy)
        else:
            self._replace(self.copy, by=self.name)

    def renew(self) -> None:
        """Put the copy back; nobody else may be connected."""
        connections.close_all()
        if self.is_file:
            self._copy_files(self.copy, self.name)
        else:
            self._replace(self.name, by=self.copy)

    def _copy_files(self, source: str, target: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(target + ending).unlink(missing_ok=True)
            if Path(source + ending).exists():
                shutil.copyfile(source + ending, target + ending)

    def _replace(self, name: str, *, by: str) -> None:
        import psycopg2  # only where the database is PostgreSQL

        known = settings.DATABASES["default"]
        where = {"host": known["HOST"] or known.get("OPTIONS", {}).get("host", ""), "user": known["USER"]}
        link = psycopg2.connect(dbname="postgres", **where)
        link.autocommit = True
        with link.cursor() as cursor:
            for each in (name, by):
                cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [each])
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{by}"')
        link.close()
