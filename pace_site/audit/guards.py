"""Triggers that hold the audit trail append-only, on PostgreSQL and on SQLite (ADR 0015).

An entry may be added, sealed once, and have its personal values erased once with their salt. Nothing else: no update,
no delete, no TRUNCATE. They are put back after every `migrate`, since SQLite drops them with a table that it remakes.
"""

from django.db import connection, transaction

from pace_site.audit.chain import PERSONAL, SEALING
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.sealing import seal_waiting

REFUSED = "The audit trail is append-only."
FUNCTION = "audit_trail_is_append_only"


def seal_and_guard(**_kwargs) -> None:
    """After a migration: seal entries from before there was a chain, and put the triggers up."""
    if _is_ready():
        seal_waiting()
        put_up_guards()


def put_up_guards() -> None:
    """Create the triggers, in the place of those that are there."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def missing_guards() -> list[str]:
    """Return the names of triggers that are not there, or are switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {row[0] for row in cursor.fetchall()}
    return sorted({name for name, _table, _when in guards()} - there)


def _is_ready() -> bool:
    """Whether the tables have the columns that the guards speak of: not so after a migration back."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if not {model._meta.db_table for model in (AuditEntry, MentionedChild)} <= {*tables}:
            return False
    return set(SEALING) <= {*_columns(AuditEntry._meta.db_table)}


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def guards() -> list[tuple[str, str, str]]:
    """Name, table and event of every trigger."""
    entries, mentions = AuditEntry._meta.db_table, MentionedChild._meta.db_table
    guards = [
        ("audit_entry_update", entries, "UPDATE"),
        ("audit_entry_delete", entries, "DELETE"),
        ("audit_mention_update", mentions, "UPDATE"),
        ("audit_mention_delete", mentions, "DELETE"),
    ]
    if connection.vendor == "postgresql":
        guards += [("audit_entry_truncate", entries, "TRUNCATE"), ("audit_mention_truncate", mentions, "TRUNCATE")]
    return guards


def _statements() -> list[str]:
    unless = f"NOT ({_sealing()} OR {_erasing()})"
    statements = []
    if connection.vendor == "postgresql":
        statements.append(
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for name, table, event in guards():
        when = f" WHEN ({unless})" if name == "audit_entry_update" else ""
        if connection.vendor == "postgresql":
            each = "STATEMENT" if event == "TRUNCATE" else "ROW"
            made = f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH {each}{when}'
            statements += [
                f'DROP TRIGGER IF EXISTS {name} ON "{table}"',
                f"{made} EXECUTE FUNCTION {FUNCTION}()",
                f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {name}',
            ]
        else:
            statements += [
                f"DROP TRIGGER IF EXISTS {name}",
                f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW{when} '
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
            ]
    return statements


def _sealing() -> str:
    """An entry without a seal is given one, and nothing else of it changes."""
    return f"(OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.seal <> '' AND {_same_but(SEALING)})"


def _erasing() -> str:
    """The personal values of a sealed entry go, with their salt, and nothing else of it changes."""
    gone = 'NEW.salt = \'\' AND NEW."before" IS NULL AND NEW."after" IS NULL AND NEW."reason" = \'\''
    return f"(OLD.position IS NOT NULL AND OLD.salt <> '' AND {gone} AND {_same_but(('salt', *PERSONAL))})"


def _same_but(names: tuple[str, ...]) -> str:
    same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    kept = [name for name in _columns(AuditEntry._meta.db_table) if name not in names]
    return " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in kept)
