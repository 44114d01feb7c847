"""The database itself refuses whatever would change the trail, and a guard that is missing or idle is told."""

import pytest
from django.db import IntegrityError, connection, transaction

from pace_site.audit.guards import missing_guards, put_up_guards
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.sealing import seal_waiting
from pace_site.audit.trail import record_all
from pace_site.audit.verifying import verify
from tests.audit.entries import TABLE, an_entry, write
from tests.audit.lifting import lift_guards

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_auditentry SET reason = 'Another'",
        "UPDATE audit_auditentry SET actor = 'somebody@else.example'",
        "UPDATE audit_auditentry SET position = position + 100",
        "UPDATE audit_auditentry SET position = NULL, seal = ''",
        "UPDATE audit_auditentry SET salt = ''",
        "UPDATE audit_auditentry SET salt = '', before = NULL, after = NULL, reason = '', actor = 'x'",
        "DELETE FROM audit_auditentry",
        "UPDATE audit_mentionedchild SET child_code = 'P-8'",
        "DELETE FROM audit_mentionedchild",
    ],
)
def test_the_database_refuses_whatever_would_change_the_trail(change):
    record_all([an_entry(after={"children": ["P-1"]})])
    seal_waiting()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.replace("before =", '"before" =').replace("after =", '"after" ='))
    assert verify().holds


def test_an_entry_that_waits_for_its_seal_can_be_neither_changed_nor_sealed_with_another_content():
    record_all([an_entry()])
    for change in ("actor = 'x'", "position = 1, seal = 'x', actor = 'x'", "before = NULL"):
        quoted = change.replace("before", '"before"')
        statement = f"UPDATE {TABLE} SET {quoted}" if "before" not in change else f"UPDATE {TABLE} SET reason = 'x'"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_trail_cannot_be_truncated():
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    write(1)
    for table in (TABLE, "audit_mentionedchild"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")


def test_a_superuser_s_replica_mode_does_not_put_the_guards_to_sleep():
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"DELETE FROM {TABLE}")


def test_missing_guards_are_told_and_put_back():
    write(1)
    assert missing_guards() == []
    lift_guards()
    verdict = verify()
    assert verdict.fault is None
    assert not verdict.holds
    assert "audit_entry_delete" in verdict.unguarded
    put_up_guards()
    assert verify().holds


def test_a_row_that_takes_the_place_of_another_is_refused():
    first, second = write(2)
    columns = ", ".join(f'"{field.column}"' for field in AuditEntry._meta.fields)
    other = columns.replace('"actor"', "'somebody@else.example'")
    of_place = columns.replace('"id"', "NULL")
    record_all([an_entry(after={"children": ["P-1"]})])
    mention = MentionedChild.objects.get()
    of_second = f"FROM {TABLE} WHERE id = {second}"
    statements = {
        "sqlite": [
            f"INSERT OR REPLACE INTO {TABLE} ({columns}) SELECT {other} {of_second}",
            f"REPLACE INTO {TABLE} ({columns}) SELECT {of_place} {of_second}",
            f"UPDATE OR REPLACE {TABLE} SET position = 2, seal = 'x', salt = 'x' WHERE position IS NULL",
            f"REPLACE INTO audit_mentionedchild (id, entry_id, child_code) VALUES ({mention.pk}, {first}, 'P-2')",
        ],
        "postgresql": [
            f"INSERT INTO {TABLE} ({columns}) SELECT {other} {of_second} ON CONFLICT (id) DO UPDATE SET actor = 'x'",
        ],
    }
    for statement in statements[connection.vendor]:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert verify().holds


def test_a_guard_that_does_nothing_is_no_guard():
    toothless = {
        "sqlite": f"CREATE TRIGGER audit_entry_delete BEFORE DELETE ON {TABLE} WHEN 0 BEGIN SELECT 1; END",
        "postgresql": f"CREATE TRIGGER audit_entry_delete BEFORE DELETE ON {TABLE} FOR EACH ROW WHEN (false) "
        f"EXECUTE FUNCTION audit_trail_is_append_only(); ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER audit_entry_delete",
    }
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_delete{on}")
        cursor.execute(toothless[connection.vendor])
    assert missing_guards() == ["audit_entry_delete"]
    put_up_guards()
    assert missing_guards() == []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION audit_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN OLD; END $$"
            )
        assert len(missing_guards()) == 6
