"""Triggers that renew the marks of an authority's revision, on PostgreSQL and on SQLite (ADR 0031).

They stand on the five tables that journeys are read from, so that nothing can write past them: no action, no import
past the model layer, no command, and nobody with SQL. They are put back after every `migrate`, and all marks are
renewed then: on SQLite they are taken down before, as they would be in the way of remaking a table.

On PostgreSQL a trigger runs once for each statement, and a transaction keeps to one mark, which it holds until it ends;
another transaction takes another mark, or makes one. SQLite has one writer, one mark, and a trigger for each row.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex

from django.db import connections, transaction

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.models import Milestone, RevisionMark
from milestones.revision_statements import POSTGRESQL_FUNCTIONS, postgresql_triggers, sqlite_triggers

CHILDREN = Child._meta.db_table
TABLES = (CHILDREN, *(model._meta.db_table for model in (CareEpisode, Placement, LegalBasis, Milestone)))
MARKS = RevisionMark._meta.db_table


def take_down(*, using: str, plan: Sequence[tuple] = (), **_kwargs) -> None:
    """Before migrations that cannot be done beside the triggers, and with them every mark, so that nothing is kept.

    SQLite remakes tables, and refuses that while a trigger speaks of one that is away for a moment; on either database
    the table of marks may be taken away by going back.
    """
    goes_back = any(backwards for _migration, backwards in plan)
    if not plan or not _is_ready(using) or (connections[using].vendor == "postgresql" and not goes_back):
        return
    _drop_with_marks(using)


@contextmanager
def written_without_triggers(*, using: str) -> Iterator[None]:
    """Write very many rows: on SQLite without a trigger for each, and with all marks new.

    All in one transaction, so nobody else sees the triggers away, and they stand as before where it fails. Nothing is
    kept meanwhile, as there are no marks. On PostgreSQL, where triggers run once for each statement, they stay.
    """
    if connections[using].vendor == "postgresql":
        yield
        return
    with transaction.atomic(using=using):
        _drop_with_marks(using)
        yield
        put_up_and_renew(using=using)


def _drop_with_marks(using: str) -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f'DELETE FROM "{MARKS}"')  # nosec B608 # our own name
        for name, (table, _statement) in _triggers(using).items():
            of_table = f' ON "{table}"' if connections[using].vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")


def put_up_and_renew(*, using: str, **_kwargs) -> None:
    """After migrations, where all the tables are there: not so after going back."""
    if _is_ready(using):
        put_up_triggers(using)
        renew_all(using)


def put_up_triggers(using: str) -> None:
    """Create the triggers, unless they stand: no table is locked then."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if connections[using].vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTIONS)
        if triggers_stand(using):
            return
        for name, (table, statement) in _triggers(using).items():
            if connections[using].vendor == "postgresql":
                cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
                cursor.execute(statement)
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {name}')
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(statement)


def renew_all(using: str) -> None:
    """A new mark in the place of all others, for each authority that has children or had some."""
    manager = RevisionMark.objects.using(using)
    with transaction.atomic(using=using):
        known = {*manager.values_list("authority_id", flat=True)}
        known |= {*Child.objects.using(using).order_by().values_list("authority_id", flat=True).distinct()}
        manager.all().delete()
        manager.bulk_create(RevisionMark(authority_id=each, mark=token_hex(16)) for each in sorted(known))


def triggers_stand(using: str) -> bool:
    """Whether every trigger is there and switched on; a revision says nothing where one is not."""
    wanted = _triggers(using)
    with connections[using].cursor() as cursor:
        if connections[using].vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgenabled = 'A' AND NOT t.tgisinternal"
            )
            return {(name, table) for name, (table, _statement) in wanted.items()} <= {*cursor.fetchall()}
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        return {statement for _table, statement in wanted.values()} <= {row[0] for row in cursor.fetchall()}


def _triggers(using: str) -> dict[str, tuple[str, str]]:
    """Name to table and statement, for the database in use."""
    return (postgresql_triggers if connections[using].vendor == "postgresql" else sqlite_triggers)(TABLES)


def _is_ready(using: str) -> bool:
    with connections[using].cursor() as cursor:
        return {MARKS, *TABLES} <= {*connections[using].introspection.table_names(cursor)}
