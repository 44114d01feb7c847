"""PostgreSQL: pg_dump of one exported snapshot, pg_restore in one transaction, and scratch databases."""

import os
import shutil
import subprocess  # nosec B404 # pg_dump and pg_restore, by fixed words and without a shell
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from secrets import token_hex
from tempfile import TemporaryFile

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper

from pace_site.backups.contents import KINDS, POSTGRESQL, Contents, count_rows, read_contents
from pace_site.backups.databases import same_server
from pace_site.backups.refusal import BackupRefused

CHUNK = 1024 * 1024
MAINTENANCE = "postgres"
# The name of a schema to which a database is renamed while another is restored in its place.
ASIDE = "before_restore_"
# What psycopg2 calls a parameter, and the variable by which PostgreSQL's own programs take it.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",  # nosec B105 # the name of a variable
    "passfile": "PGPASSFILE",
    "dbname": "PGDATABASE",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


@contextmanager
def hold(database: BaseDatabaseWrapper) -> Iterator[tuple[Contents, Iterator[bytes]]]:
    """Hold one snapshot of a database; give what it holds, and its dump in PostgreSQL's custom format."""
    own = same_server(database, name=database.settings_dict["NAME"])
    with closing(own), told_in_words(own), own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # The snapshot lasts as long as this transaction, which does nothing while the dump is written.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        contents = read_contents(cursor, POSTGRESQL)
        yield contents, _dump(own, snapshot)


def restore_dump(database: BaseDatabaseWrapper, dump: Iterable[bytes]) -> None:
    """Restore a dump into an empty database in one transaction: all of it or nothing."""
    command = [_program("pg_restore"), "--single-transaction", "--no-owner", "--no-privileges", "--no-password"]
    command += ["--dbname", str(database.settings_dict["NAME"])]
    with TemporaryFile() as said:
        process = subprocess.Popen(  # nosec B603 # no word of it comes from a person
            command, stdin=subprocess.PIPE, stderr=said, env=_environment(database)
        )
        try:
            # It stops reading when it fails, and then says why.
            with suppress(BrokenPipeError):
                for chunk in dump:
                    process.stdin.write(chunk)
                process.stdin.close()
        except BaseException:
            # Its connection ends before it has read the end, and so the transaction is undone.
            process.kill()
            raise
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()
        if process.returncode:
            raise BackupRefused(f"pg_restore could not restore the backup: {_complaint(said)}")


def read_database(database: BaseDatabaseWrapper) -> Contents:
    with told_in_words(database), database.cursor() as cursor:
        return read_contents(cursor, POSTGRESQL)


def rows_in(database: BaseDatabaseWrapper) -> dict[str, int]:
    """The rows of every table."""
    with told_in_words(database), database.cursor() as cursor:
        return count_rows(cursor, POSTGRESQL)


@contextmanager
def put_aside(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Make a database empty for what follows; what was there comes back when that fails, and goes when it does not."""
    aside = f"{ASIDE}{token_hex(4)}"
    with told_in_words(database), database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        if others := cursor.fetchone()[0]:
            words = "1 other connection uses" if others == 1 else f"{others} other connections use"
            raise BackupRefused(f"{words} this database. Stop the web server and the workers first.")
        cursor.execute(
            f"BEGIN; ALTER SCHEMA public RENAME TO {aside}; CREATE SCHEMA public AUTHORIZATION pg_database_owner; "
            "COMMENT ON SCHEMA public IS 'standard public schema'; GRANT USAGE ON SCHEMA public TO PUBLIC; COMMIT"
        )
    is_restored = False
    try:
        yield
        is_restored = True
    finally:
        with database.cursor() as cursor:
            if is_restored:
                # Also those of earlier restores that were killed: whoever typed the name replaces all of it.
                for schema in left_aside(cursor):
                    cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            else:
                cursor.execute(f"BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA {aside} RENAME TO public; COMMIT")


def left_aside(cursor) -> list[str]:
    """The schemas of what databases held before restores that did not come to their end."""
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ %s ORDER BY oid", [f"^{ASIDE}[0-9a-f]{{8}}$"])
    return [name for (name,) in cursor.fetchall()]


def settle_left_aside(database: BaseDatabaseWrapper) -> str:
    """Put back what a restore that was killed had put aside, or say where it lies; nothing where there is none.

    Put back when nothing was restored in its place. Where tables are, somebody may work on them already, and whether
    the old ones are still needed is for people to say: nothing is dropped.
    """
    if database.vendor != POSTGRESQL:
        return ""
    with told_in_words(database), database.cursor() as cursor:
        schemas = left_aside(cursor)
        if not schemas:
            return ""
        name = database.settings_dict["NAME"]
        if not count_rows(cursor, POSTGRESQL):
            latest = schemas[-1]
            cursor.execute(f"BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA {latest} RENAME TO public; COMMIT")
            return (
                f"An earlier restore was stopped before it had restored anything into {name}: what the database held "
                "before is back in its place."
            )
        return (
            f"An earlier restore was stopped: {', '.join(schemas)} in {name} has what the database held before. Check "
            f"that {name} is as it should be; the next restore that replaces it drops this too, and so does "
            f"DROP SCHEMA {schemas[-1]} CASCADE."
        )


@contextmanager
def scratch_database(server: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """An empty database with a name that nobody has, on the same server; dropped afterwards."""
    name = f"pace_scratch_{token_hex(6)}"
    _maintain(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    scratch = same_server(server, name=name)
    try:
        yield scratch
    finally:
        scratch.close()
        _maintain(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def told_in_words(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Say what the server refused, in its first line: the others may quote rows."""
    try:
        yield
    except Error as error:
        first = str(error).strip().partition("\n")[0]
        raise BackupRefused(f"{KINDS[database.vendor]} ({database.settings_dict['NAME']}): {first}") from None


def _maintain(server: BaseDatabaseWrapper, statement: str) -> None:
    maintenance = same_server(server, name=MAINTENANCE)
    with closing(maintenance), told_in_words(maintenance), maintenance.cursor() as cursor:
        cursor.execute(statement)


def _dump(database: BaseDatabaseWrapper, snapshot: str) -> Iterator[bytes]:
    # Compressed afterwards, with the manifest, as a dump of either kind is.
    command = [_program("pg_dump"), "--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
    command += ["--no-password", f"--snapshot={snapshot}"]
    with TemporaryFile() as said:
        process = subprocess.Popen(  # nosec B603 # no word of it comes from a person
            command, stdout=subprocess.PIPE, stderr=said, env=_environment(database)
        )
        try:
            while chunk := process.stdout.read(CHUNK):
                yield chunk
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            process.wait()
        if process.returncode:
            raise BackupRefused(f"pg_dump could not read the database: {_complaint(said)} No backup was written.")


def _environment(database: BaseDatabaseWrapper) -> dict[str, str]:
    """Where to connect to, by the environment: a command line can be read by everybody on the machine."""
    parameters = database.get_connection_params()
    given = {VARIABLES[name]: str(value) for name, value in parameters.items() if name in VARIABLES and value}
    return os.environ | given | {"PGAPPNAME": "pace-backup", "LC_ALL": "C.UTF-8"}


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise BackupRefused(f"{name} is not on this machine (Debian: apt-get install postgresql-client).")
    return found


def _complaint(said) -> str:
    """The first error that a program told of; the lines after it may quote rows."""
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").splitlines()
    return next((line for line in lines if "error:" in line), lines[0] if lines else "it did not say why.")
