"""A backup is of one moment, and what is restored from it is what was there; whatever is refused changes nothing."""

import threading
from contextlib import closing

import pyrage
import pytest
from django.core.management import call_command
from django.db import connection

from pace_site.audit.sealing import head_of_chain
from pace_site.backups import backing_up, postgresql
from pace_site.backups.backing_up import back_up
from pace_site.backups.contents import POSTGRESQL, SQLITE
from pace_site.backups.databases import same_server
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.restoring import name_of, restore
from pace_site.backups.verifying import verify_backup
from tests.backups.recorded import a_child_with_a_name, found_in, record_a_milestone

pytestmark = pytest.mark.django_db
only_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only")


def left_alone(database):
    """The same database by another connection, with nobody else connected to it."""
    database.close()
    return same_server(database, name=database.settings_dict["NAME"])


def test_what_was_recorded_comes_back_in_an_empty_database(site, another, key, folder):
    record_a_milestone(a_child_with_a_name())
    made = back_up(folder)
    empty = another("empty")
    restored = restore(made.path, into=empty, identities=[key])
    assert found_in(empty) == {"names": ["Unmistakable"], "milestones": 1, "entries": 1}
    assert (restored.waiting, restored.unknown) == ([], [])


def test_a_backup_is_verified_up_to_the_head_of_its_audit_chain(site, key, folder):
    child = a_child_with_a_name()
    for _number in range(3):
        record_a_milestone(child)
    made = back_up(folder)
    head = head_of_chain()
    assert (made.manifest.contents.head_position, made.manifest.contents.head_seal) == (head.position, head.seal)
    assert verify_backup(made.path, identities=[key]).entries == head.position == 3


def test_a_backup_can_be_verified_as_it_is_made_without_anybodys_private_key(site, key, folder):
    a_child_with_a_name()
    made = back_up(folder, verifying_key=pyrage.x25519.Identity.generate())
    assert verify_backup(made.path, identities=[key])


def test_a_backup_that_does_not_hold_when_it_is_made_is_not_kept_and_deletes_none(site, key, folder, monkeypatch):
    old = back_up(folder)

    def refuse(*_path, **_more):
        raise BackupRefused("The table x is not there.")

    monkeypatch.setattr(backing_up, "verify_backup", refuse)
    with pytest.raises(BackupRefused, match="table x"):
        back_up(folder, keep=1, verifying_key=pyrage.x25519.Identity.generate())
    assert [*folder.glob("pace-*.age")] == [old.path]
    assert not [*folder.glob(".pace-*.partial")]


def test_a_backup_is_of_one_moment_while_people_go_on_recording(site, another, key, folder, thread_of_its_own):
    child = a_child_with_a_name()
    stop, begun, failed = threading.Event(), threading.Event(), []

    def go_on_recording():
        try:
            with thread_of_its_own():
                while not stop.is_set():
                    record_a_milestone(child)
                    begun.set()
        except Exception as error:  # noqa: BLE001 - the test tells of it
            failed.append(error)

    writer = threading.Thread(target=go_on_recording)
    writer.start()
    try:
        assert begun.wait(20)
        made = [back_up(folder) for _number in range(3)][-1]
    finally:
        stop.set()
        writer.join()
    assert not failed
    verify_backup(made.path, identities=[key])
    empty = another("empty")
    restore(made.path, into=empty, identities=[key])
    found = found_in(empty)
    assert 0 < found["milestones"] == found["entries"] < found_in(left_alone(site))["milestones"]


def test_what_is_recorded_after_the_rows_were_counted_is_not_in_the_backup(
    site, another, key, folder, monkeypatch, thread_of_its_own
):
    child = a_child_with_a_name()
    record_a_milestone(child)
    write = backing_up.write_envelope

    def record_first(*args, **more):
        with thread_of_its_own():
            record_a_milestone(child)
        return write(*args, **more)

    monkeypatch.setattr(backing_up, "write_envelope", record_first)
    made = back_up(folder)
    verify_backup(made.path, identities=[key])
    assert made.manifest.contents.rows["milestones_milestone"] == 1
    assert found_in(left_alone(site))["milestones"] == 2


def test_a_database_with_rows_is_not_written_over_unless_its_name_is_typed(site, another, key, folder):
    made = back_up(folder)
    child = a_child_with_a_name()
    record_a_milestone(child)
    for typed, words in (("", "nothing was changed"), ("some_other_name", "does not name the database")):
        with pytest.raises(BackupRefused, match=words):
            restore(made.path, into=left_alone(site), identities=[key], replace=typed)
    assert found_in(left_alone(site))["milestones"] == 1


def test_a_database_is_replaced_when_its_name_is_typed(site, key, folder):
    record_a_milestone(a_child_with_a_name())
    made = back_up(folder)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_a_later_version (a integer)")
    record_a_milestone(a_child_with_a_name())
    restore(made.path, into=left_alone(site), identities=[key], replace=name_of(site))
    assert found_in(left_alone(site)) == {"names": ["Unmistakable"], "milestones": 1, "entries": 1}
    assert "of_a_later_version" not in connection.introspection.table_names()


@only_postgresql
def test_a_database_that_others_are_connected_to_is_not_replaced(site, key, folder):
    made = back_up(folder)
    into = same_server(site, name=site.settings_dict["NAME"])
    with closing(into), pytest.raises(BackupRefused, match="1 other connection uses this database"):
        restore(made.path, into=into, identities=[key], replace=name_of(site))


@only_postgresql
def test_what_was_there_comes_back_when_the_restore_fails_in_the_middle(site, key, folder, monkeypatch):
    made = back_up(folder)
    record_a_milestone(a_child_with_a_name())

    def fail_half_way(database, dump):
        next(dump)
        raise BackupRefused("pg_restore could not restore the backup: out of space")

    monkeypatch.setattr(postgresql, "restore_dump", fail_half_way)
    with pytest.raises(BackupRefused, match="out of space"):
        restore(made.path, into=left_alone(site), identities=[key], replace=name_of(site))
    assert found_in(left_alone(site))["milestones"] == 1


@only_postgresql
def test_half_a_dump_is_restored_not_at_all(site, another, key, folder):
    with postgresql.hold(connection) as (_contents, dump):
        whole = b"".join(dump)

    def half():
        yield whole[: len(whole) // 2]
        raise BackupRefused("cut off")

    empty = another("empty")
    with pytest.raises(BackupRefused, match="cut off"):
        postgresql.restore_dump(empty, half())
    with pytest.raises(BackupRefused, match="pg_restore could not restore"):
        postgresql.restore_dump(empty, iter([whole[: len(whole) // 2]]))
    assert postgresql.rows_in(empty) == {}


@only_postgresql
def test_a_password_goes_by_the_environment_and_never_on_a_command_line(site, monkeypatch):
    seen = []
    popen = postgresql.subprocess.Popen

    def watch(command, **more):
        seen.append((command, more["env"]))
        return popen(command, **more)

    monkeypatch.setattr(postgresql.subprocess, "Popen", watch)
    database = same_server(site, name=site.settings_dict["NAME"])
    database.settings_dict["PASSWORD"] = "hunter2-hunter2"
    with postgresql.hold(database) as (_contents, dump):
        assert b"".join(dump)
    [(command, environment)] = seen
    assert environment["PGPASSWORD"] == "hunter2-hunter2"
    assert not any("hunter2" in word for word in command)


def test_a_backup_of_before_a_migration_is_restored_as_it_is_or_brought_up_to_date_when_asked(
    site, another, key, folder
):
    call_command("migrate", "long_work", "zero", verbosity=0)
    made = back_up(folder)
    before, after = another("before"), another("after")
    assert "long_work.0001_long_work" in restore(made.path, into=before, identities=[key]).waiting
    assert restore(made.path, into=after, identities=[key], migrate=True).waiting == []
    tables = ["long_work_longwork" in each.introspection.table_names() for each in (before, after)]
    assert tables == [False, True]
    assert verify_backup(made.path, identities=[key]).migrated


def test_a_backup_of_a_later_version_says_which_version_it_needs(site, another, key, folder):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('aims', '9999_later', '2027-01-01 00:00:00')"
        )
    made = back_up(folder)
    with pytest.raises(BackupRefused, match=r"version 0\.1\.0, which must verify it.*aims\.9999_later"):
        verify_backup(made.path, identities=[key])
    with pytest.raises(BackupRefused, match="migrations unknown here"):
        restore(made.path, into=another("empty"), identities=[key], migrate=True)
    assert restore(made.path, into=another("other"), identities=[key]).unknown == ["aims.9999_later"]


def test_a_backup_is_not_restored_into_the_other_kind_of_database(site, another, key, folder):
    made = back_up(folder)
    into = another("empty")
    into.vendor = SQLITE if site.vendor == POSTGRESQL else POSTGRESQL
    with pytest.raises(BackupRefused, match="cannot be restored into"):
        restore(made.path, into=into, identities=[key])
