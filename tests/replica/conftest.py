"""Two servers of one's own: what needs them is not collected where the tests run on SQLite."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.conf import settings as configured
from django.db import connection, connections
from django.db.utils import ConnectionHandler

from pace_site.backups import postgresql
from pace_site.backups.databases import database_at, in_place_of_default
from pace_site.config.replica_database import replica_of
from pace_site.replica.reading import READINGS
from pace_site.replica.router import REPLICA
from tests.reliability.own_postgres import IN_A_HURRY, OwnPostgres, StreamingReplica

collect_ignore = ["test_reports_from_a_replica.py"]
if configured.DATABASES["default"]["ENGINE"].endswith("postgresql"):
    collect_ignore = []


@pytest.fixture(scope="module")
def servers(django_db_setup, django_db_blocker) -> Iterator[tuple[OwnPostgres, StreamingReplica]]:
    """A primary with the tables of the program, and a replica that streams from it."""
    folders = [Path(mkdtemp(prefix="pace-servers.")) for _ in range(2)]
    running: list[OwnPostgres] = []
    try:
        for folder in folders:
            folder.chmod(0o711)
        primary = OwnPostgres(folders[0], settings=IN_A_HURRY)
        running.append(primary)
        with (
            django_db_blocker.unblock(),
            closing(database_at(primary.address)) as empty,
            postgresql.hold(connection) as (_contents, dump),
        ):
            postgresql.restore_dump(empty, dump)
        running.append(StreamingReplica(folders[1], of=primary))
        yield tuple(running)
    finally:
        for each in running:
            if each.is_up:
                each.stop("immediate")
        for folder in folders:
            shutil.rmtree(folder)


@pytest.fixture
def replica(db, servers, settings, django_db_blocker) -> Iterator[StreamingReplica]:
    """The site on the two servers; the replica shows what is written as soon as it comes.

    Everything is committed there: of a transaction that is undone at the end of a test no replica would know.
    """
    primary, replica = servers
    wanted = {"default": database_at(primary.address).settings_dict}
    wanted[REPLICA] = replica_of(configured.DATABASES["default"], database_at(replica.address).settings_dict)
    connections.settings[REPLICA] = ConnectionHandler(wanted).settings[REPLICA]
    settings.REPLICA_WAIT = 10
    READINGS.forget()
    try:
        with django_db_blocker.unblock(), in_place_of_default(database_at(primary.address)):
            yield replica
    finally:
        connections[REPLICA].close()
        del connections[REPLICA]
        del connections.settings[REPLICA]
        READINGS.forget()
        if not replica.is_up:
            replica.start()
        replica.go_on()
