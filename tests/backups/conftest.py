"""A site of its own for every test, in a database that other connections see too: tests of backups commit."""

import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pyrage
import pytest
from django.conf import settings as configured
from django.db import connection

from pace_site.audit.guards import put_up_guards
from pace_site.backups import postgresql
from pace_site.backups.databases import database_at, in_place_of_default, same_server


@pytest.fixture(scope="session")
def template(django_db_setup, django_db_blocker, tmp_path_factory):
    """The migrated test database once more: a file, or a database that nobody is connected to."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        if connection.vendor == "postgresql":
            copy = stack.enter_context(postgresql.scratch_database(connection))
            with postgresql.hold(connection) as (_contents, dump):
                postgresql.restore_dump(copy, dump)
            yield copy
            return
        file = tmp_path_factory.mktemp("template") / "template.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as target:
            connection.connection.backup(target)
        yield file


@pytest.fixture
def another(template, tmp_path):
    """Make a database: an empty one, or one with the tables of the program (`migrated`)."""
    with ExitStack() as stack:

        def make(name: str, *, migrated: bool = False):
            if connection.vendor == "postgresql":
                made = stack.enter_context(postgresql.scratch_database(template))
                if migrated:
                    postgresql._maintain(template, f'DROP DATABASE "{made.settings_dict["NAME"]}"')
                    words = f'"{made.settings_dict["NAME"]}" TEMPLATE "{template.settings_dict["NAME"]}"'
                    postgresql._maintain(template, f"CREATE DATABASE {words}")
                return made
            file = tmp_path / f"{name}.sqlite3"
            if migrated:
                shutil.copy(template, file)
            made = database_at(f"sqlite:///{file}")
            made.settings_dict["OPTIONS"] = configured.SQLITE_OPTIONS
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def site(db, another):
    """The database that the program works on, in the place of the test's own."""
    database = another("site", migrated=True)
    with in_place_of_default(database):
        put_up_guards()
        yield database


@pytest.fixture
def thread_of_its_own(site):
    """Another connection to the site, for another thread: a context manager."""
    return lambda: in_place_of_default(same_server(site, name=site.settings_dict["NAME"]))


@pytest.fixture
def key(settings):
    """The private key whose public one the server has."""
    identity = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(identity.to_public())]
    return identity


@pytest.fixture
def key_file(key, tmp_path, settings) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"# created: 2026-11-21\n{key}\n")
    settings.BACKUP_IDENTITY_FILE = str(path)
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder
