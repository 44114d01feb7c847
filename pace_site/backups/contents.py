"""What a database holds, as it is compared after a restore: rows of each table, migrations, head of the audit chain."""

from collections.abc import Iterator
from dataclasses import dataclass

from pace_site.audit.chain import NOTHING_BEFORE
from pace_site.backups.refusal import BackupRefused

SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
TABLES = {
    SQLITE: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
    POSTGRESQL: "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')",
}
NEEDED = {"django_migrations", "audit_auditentry"}


@dataclass(frozen=True)
class Contents:
    """Rows per table, migrations as `app.name`, and place and seal of the last sealed audit entry."""

    rows: dict[str, int]
    migrations: tuple[str, ...]
    head_position: int
    head_seal: str

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    def differences(self, found: "Contents") -> Iterator[str]:
        """Say each way in which what was found is not what was kept."""
        for table in sorted({*self.rows, *found.rows}):
            kept, there = self.rows.get(table), found.rows.get(table)
            if there is None:
                yield f"The table {table} ({kept:,} rows) is not there."
            elif kept is None:
                yield f"The table {table} ({there:,} rows) was not in the backup."
            elif kept != there:
                yield f"The table {table} has {there:,} rows where {kept:,} were kept."
        if self.migrations != found.migrations:
            yield "The migrations that were carried out are not those that were kept."
        if (self.head_position, self.head_seal) != (found.head_position, found.head_seal):
            kept, there = (
                f"{self.head_seal} at place {self.head_position}",
                f"{found.head_seal} at {found.head_position}",
            )
            yield f"The head of the audit chain is {there}, and was {kept}."


def count_rows(cursor, kind: str) -> dict[str, int]:
    """The rows of every table."""
    cursor.execute(TABLES[kind])
    rows = {}
    for table in sorted(name for (name,) in cursor.fetchall()):
        quoted = table.replace('"', '""')
        cursor.execute(f'SELECT count(*) FROM "{quoted}"')  # nosec B608 # a table's own name, quoted
        rows[table] = cursor.fetchone()[0]
    return rows


def read_contents(cursor, kind: str) -> Contents:
    """Read what a database holds; the caller sees to it that it holds still. `cursor` is any DB-API cursor."""
    rows = count_rows(cursor, kind)
    if not {*rows} >= NEEDED:
        raise BackupRefused("This database is not one of the PACE tracker: it has no audit trail.")
    cursor.execute("SELECT app, name FROM django_migrations")
    migrations = sorted({f"{app}.{name}" for app, name in cursor.fetchall()})
    cursor.execute(
        "SELECT position, seal FROM audit_auditentry WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
    )
    position, seal = cursor.fetchone() or (0, NOTHING_BEFORE)
    return Contents(rows, tuple(migrations), position, seal)
