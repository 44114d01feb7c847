"""That a backup was made, verified or restored stands in the audit trail; what a killed restore left is put right."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.verifying import verify
from pace_site.backups import trail_of_backups
from pace_site.backups.databases import in_place_of_default
from pace_site.backups.postgresql import left_aside
from pace_site.backups.restoring import name_of
from tests.backups.recorded import a_child_with_a_name, found_in, record_a_milestone
from tests.backups.test_backup_and_restore import left_alone, only_postgresql
from tests.builders import authority, person

pytestmark = pytest.mark.django_db


def told_in(database) -> list[tuple]:
    with in_place_of_default(database):
        entries = AuditEntry.objects.filter(record_type="backup").order_by("pk")
        return [(entry.action, entry.authority_code, entry.after.get("holds")) for entry in entries]


def backed_up(folder) -> str:
    call_command("backup", "--out", str(folder))
    [path] = folder.glob("pace-*.age")
    return str(path)


def test_each_backup_verification_and_restore_stands_in_the_trail_of_whose_people_use_the_site(
    site, key_file, folder, capsys
):
    auditor = person(Role.IG_AUDITOR)
    person(Role.DATA_LEAD, organisation=authority("S12000033"))
    path = backed_up(folder)
    call_command("verify_backup", path)
    (made,) = AuditEntry.objects.visible_to(auditor).filter(action="back_up")
    assert made.actor.startswith("command backup (")
    assert path.endswith(made.after["file"])
    assert verify().holds
    with pytest.raises(CommandError):
        call_command("verify_backup", str(folder / "pace-gone.age"))
    ours = [entry for entry in told_in(site) if entry[1] == auditor.organisation.code]
    assert ours == [
        ("back_up", "S12000019", None),
        ("verify", "S12000019", True),
        ("verify", "S12000019", False),
    ]
    assert len(told_in(site)) == 6
    site.close()
    call_command("restore", path, "--replace", name_of(site))
    # What was done after the backup is not in it; that it was restored is, in the chain.
    assert {entry[0] for entry in told_in(site)} == {"restore"}
    assert "could not be written" not in capsys.readouterr().err


def test_a_restored_database_that_waits_for_a_migration_has_no_entry_and_that_is_told(site, monkeypatch):
    def fail(*_entries):
        raise DatabaseError("no such column: address\nLINE 1: of somebody")

    monkeypatch.setattr(trail_of_backups, "record_all", fail)
    said = trail_of_backups.note(AuditEntry.Action.RESTORE, Path("pace-x.age"), None)
    assert said == "The audit trail of this database could not be written: no such column: address"


@only_postgresql
def test_what_a_killed_restore_put_aside_comes_back_where_nothing_was_restored(site, key_file, folder, capsys):
    record_a_milestone(a_child_with_a_name())
    path = backed_up(folder)
    put_aside()
    call_command("verify_backup", path)
    assert "is back in its place" in capsys.readouterr().out
    assert found_in(left_alone(site))["milestones"] == 1


@only_postgresql
def test_what_a_killed_restore_left_beside_a_restored_database_is_said_and_dropped_by_the_next(
    site, key_file, folder, capsys
):
    record_a_milestone(a_child_with_a_name())
    path = backed_up(folder)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before_restore_0123abcd; CREATE TABLE before_restore_0123abcd.children_child ()")
    call_command("verify_backup", path)
    assert "before_restore_0123abcd" in capsys.readouterr().out
    site.close()
    call_command("restore", path, "--replace", name_of(site))
    with connection.cursor() as cursor:
        assert left_aside(cursor) == []


def put_aside() -> None:
    """As a restore that was killed leaves the database."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SCHEMA public RENAME TO before_restore_0123abcd; CREATE SCHEMA public")
