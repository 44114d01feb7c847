"""Triggers that renew the marks of an authority's revision, on PostgreSQL and on SQLite (ADR 0031).

They stand on the five tables that journeys are read from, so that nothing can write past them: no action, no import
past the model layer, no command, and nobody with SQL. They are put back after every `migrate`, since SQLite drops them
with a table that it remakes, and all marks are renewed then: a migration may have written while there were none.

On PostgreSQL a trigger runs once for each statement, and a transaction keeps to one mark, which it holds until it ends;
another transaction takes another mark, or makes one. SQLite has one writer, one mark, and a trigger for each row.
"""

from secrets import token_hex

from django.db import connections, transaction

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.models import Milestone, RevisionMark
from milestones.revision_statements import POSTGRESQL_FUNCTIONS, postgresql_triggers, sqlite_triggers

CHILDREN = Child._meta.db_table
TABLES = (CHILDREN, *(model._meta.db_table for model in (CareEpisode, Placement, LegalBasis, Milestone)))
MARKS = RevisionMark._meta.db_table


def put_up_and_renew(*, using: str, **_kwargs) -> None:
    """After a migration, where all the tables are there: not so after a migration back."""
    with connections[using].cursor() as cursor:
        if not {MARKS, *TABLES} <= {*connections[using].introspection.table_names(cursor)}:
            return
    put_up_triggers(using)
    renew_all(using)


def put_up_triggers(using: str) -> None:
    """Create the triggers, in the place of those that are there."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if connections[using].vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTIONS)
            for name, (table, statement) in postgresql_triggers(TABLES).items():
                cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
                cursor.execute(statement)
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {name}')
        else:
            for name, statement in sqlite_triggers(TABLES).items():
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
    """Whether every trigger is there, as it was made, and switched on; a revision says nothing where one is not."""
    with connections[using].cursor() as cursor:
        if connections[using].vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgenabled = 'A' AND NOT t.tgisinternal"
            )
            standing = {*cursor.fetchall()}
            return {(name, table) for name, (table, _statement) in postgresql_triggers(TABLES).items()} <= standing
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        return {*sqlite_triggers(TABLES).values()} <= {row[0] for row in cursor.fetchall()}
