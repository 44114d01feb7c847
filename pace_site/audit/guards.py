"""Triggers that hold the audit trail append-only, on PostgreSQL and on SQLite (ADR 0015).

An entry may be added, sealed once, and have its personal values erased once with their salt. Nothing else: no update,
no delete, no TRUNCATE. They are put back after every `migrate`, since SQLite drops them with a table that it remakes.

On SQLite a row that takes the key of another (INSERT OR REPLACE) removes that one without a delete that a trigger sees,
so it is refused when it comes.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from pace_site.audit.chain import PERSONAL, SEALING
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.sealing import seal_waiting

REFUSED = "The audit trail is append-only."
FUNCTION = "audit_trail_is_append_only"
BODY = f" BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END "
# What `pg_trigger.tgtype` says of a trigger before an event, for each row or, of TRUNCATE, for the statement.
KINDS = {"UPDATE": 1 + 2 + 16, "DELETE": 1 + 2 + 8, "TRUNCATE": 2 + 32}


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
    """Return the names of triggers that are not there, are switched off, or do something else than they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            standing = _standing_on_postgresql(cursor)
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
            texts = {row[0] for row in cursor.fetchall()}
            standing = {guard.name for guard in guards() if _made_on_sqlite(guard) in texts}
    return sorted({guard.name for guard in guards()} - standing)


def _standing_on_postgresql(cursor) -> set[str]:
    """Triggers that are always on, of the right kind on the right table, and run our function as it was written."""
    cursor.execute(
        "SELECT t.tgname, c.relname, t.tgtype, t.tgqual IS NULL FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgenabled = 'A' AND NOT t.tgisinternal AND p.proname = %s AND p.prosrc = %s",
        [FUNCTION, BODY],
    )
    there = set(cursor.fetchall())
    return {
        guard.name for guard in guards() if (guard.name, guard.table, KINDS[guard.event], not guard.unless) in there
    }


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


@dataclass(frozen=True)
class Guard:
    """One trigger: it refuses an event on a table, apart from what `unless` describes."""

    name: str
    table: str
    event: str
    unless: str = ""


def guards() -> list[Guard]:
    """Every trigger of the trail, for the database in use."""
    entries, mentions = AuditEntry._meta.db_table, MentionedChild._meta.db_table
    found = [
        Guard("audit_entry_update", entries, "UPDATE", f"{_sealing()} OR {_erasing()}"),
        Guard("audit_entry_delete", entries, "DELETE"),
        Guard("audit_mention_update", mentions, "UPDATE"),
        Guard("audit_mention_delete", mentions, "DELETE"),
    ]
    if connection.vendor == "postgresql":
        return [
            *found,
            Guard("audit_entry_truncate", entries, "TRUNCATE"),
            Guard("audit_mention_truncate", mentions, "TRUNCATE"),
        ]
    free = _free(entries, "id"), _free(entries, "position"), _free(mentions, "id")
    return [
        *found,
        Guard("audit_entry_replace", entries, "INSERT", f"{free[0]} AND {free[1]}"),
        Guard("audit_mention_replace", mentions, "INSERT", free[2]),
    ]


def _statements() -> list[str]:
    if connection.vendor != "postgresql":
        return [
            statement
            for guard in guards()
            for statement in (f"DROP TRIGGER IF EXISTS {guard.name}", _made_on_sqlite(guard))
        ]
    statements = [f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$"]
    for guard in guards():
        each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
        made = f'CREATE TRIGGER {guard.name} BEFORE {guard.event} ON "{guard.table}" FOR EACH {each}{_when(guard)}'
        statements += [
            f'DROP TRIGGER IF EXISTS {guard.name} ON "{guard.table}"',
            f"{made} EXECUTE FUNCTION {FUNCTION}()",
            f'ALTER TABLE "{guard.table}" ENABLE ALWAYS TRIGGER {guard.name}',
        ]
    return statements


def _made_on_sqlite(guard: Guard) -> str:
    """The statement that makes a trigger, which SQLite keeps word for word."""
    return (
        f'CREATE TRIGGER {guard.name} BEFORE {guard.event} ON "{guard.table}" FOR EACH ROW{_when(guard)} '
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def _when(guard: Guard) -> str:
    return f" WHEN (NOT ({guard.unless}))" if guard.unless else ""


def _free(table: str, column: str) -> str:
    """No row has this key; an empty one is nobody's."""
    return f'NOT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}" = NEW."{column}")'  # nosec B608 # our own names


def _sealing() -> str:
    """An entry without a seal is given one, in a place that no other has, and nothing else of it changes."""
    sealed = f"OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.seal <> '' AND {_same_but(SEALING)}"
    if connection.vendor == "postgresql":
        return f"({sealed})"
    return f"({sealed} AND {_free(AuditEntry._meta.db_table, 'position')})"


def _erasing() -> str:
    """The personal values of a sealed entry go, with their salt, and nothing else of it changes."""
    gone = 'NEW.salt = \'\' AND NEW."before" IS NULL AND NEW."after" IS NULL AND NEW."reason" = \'\''
    return f"(OLD.position IS NOT NULL AND OLD.salt <> '' AND {gone} AND {_same_but(('salt', *PERSONAL))})"


def _same_but(names: tuple[str, ...]) -> str:
    same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    kept = [name for name in _columns(AuditEntry._meta.db_table) if name not in names]
    return " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in kept)
