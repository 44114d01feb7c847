"""Databases other than the one of the settings: found by their URL, and put in its place while something is checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.utils import ConnectionHandler

from pace_site.backups.contents import KINDS
from pace_site.backups.refusal import BackupRefused

SCHEMES = ("sqlite", "postgres", "postgresql")


def database_at(url: str) -> BaseDatabaseWrapper:
    """A database by its URL, not yet connected to. Refuses a password, which everybody on the machine could read."""
    try:
        config = environ.Env.db_url_config(url) if url.partition("://")[0] in SCHEMES else {}
    except (ValueError, ImproperlyConfigured):
        config = {}
    if config.get("NAME", ":memory:") in ("", ":memory:"):
        raise BackupRefused("--into takes sqlite:////folder/file.sqlite3 or postgres://user@host/name.")
    if config.get("PASSWORD"):
        raise BackupRefused("Leave the password out of --into, where others can see it: set PGPASSWORD or PGPASSFILE.")
    return _wrapper(config)


def sqlite_file(path: Path) -> BaseDatabaseWrapper:
    """The database in a file, whatever characters its path has."""
    return _wrapper({"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)})


def same_server(database: BaseDatabaseWrapper, *, name: str) -> BaseDatabaseWrapper:
    """Another database, or another connection to the same, with all else as it is."""
    settings = {key: value for key, value in database.settings_dict.items() if key != "TEST"}
    return _wrapper(settings | {"NAME": name, "CONN_MAX_AGE": 0})


def kind_of(database: BaseDatabaseWrapper) -> str:
    if database.vendor not in KINDS:
        raise BackupRefused("Backups are made of SQLite and of PostgreSQL.")
    return database.vendor


@contextmanager
def in_place_of_default(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Let this thread's models and commands work on another database."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = database
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before
        database.close()


def known_migrations() -> set[str]:
    """All migrations that this program has, as `app.name`; those that others replaced among them."""
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _wrapper(config: dict) -> BaseDatabaseWrapper:
    return ConnectionHandler({DEFAULT_DB_ALIAS: config})[DEFAULT_DB_ALIAS]
