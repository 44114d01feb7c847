"""Migrations that put an index on a table while people write to it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations.operations import AddIndex


class AddIndexWhileInUse(AddIndexConcurrently):
    """`AddIndexConcurrently` on PostgreSQL, and a plain index on SQLite, which has one writer anyway.

    It stands in a migration of its own, with `atomic = False` (docs/deployment.md).
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        _kind(schema_editor).database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        _kind(schema_editor).database_backwards(self, app_label, schema_editor, from_state, to_state)


def _kind(schema_editor) -> type[AddIndex]:
    return AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
