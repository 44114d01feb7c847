"""A migration that is not released yet leaves the version before it running: it only adds what that one can ignore."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django_migration_linter.migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements

from tests.deploy.migrations import APPS, contracting, migrations_of, unreleased

ADVICE = (
    "Expand, migrate, contract (docs/deployment.md). Where nothing that has these tables is in use yet, `make "
    "release`; where no version reads any more what is taken away, say so in deploy/migrations.yaml."
)


@pytest.fixture
def linter(django_db_setup, django_db_blocker):
    """In no transaction, in which no index is made while people write; nothing is written."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    with django_db_blocker.unblock():
        yield MigrationLinter(no_output=True, ignore_sqlmigrate_errors=True)


def faults_of(linter: MigrationLinter, app: str, name: str) -> list[str]:
    """What of a migration an earlier version would stumble over."""
    errors, _ignored, _warnings = analyse_sql_statements(linter.sql_analyser_class, linter.get_sql(app, name), [])
    return [issue.code for issue in errors]


def test_what_is_not_released_yet_lets_the_version_before_run_on(linter):
    gone = contracting()
    asked = [(app, name) for app, name in unreleased() if f"{app}.{name}" not in gone]
    faults = {f"{app}.{name}": faults_of(linter, app, name) for app, name in asked}
    assert not {name: found for name, found in faults.items() if found}, ADVICE


def test_a_column_that_the_version_before_does_not_fill_and_a_table_that_it_reads_are_told(linter):
    assert faults_of(linter, "accounts", "0004_retention_years") == ["NOT_NULL"]
    assert faults_of(linter, "aims", "0010_feed_counts_leave") == ["DROP_TABLE"]
    assert faults_of(linter, "operations", "0001_scheduled_runs") == []


def test_every_app_with_migrations_is_asked():
    ours = ("pace_site", "children", "milestones", "aims", "improvement")
    with_migrations = {
        config.label
        for config in apps.get_app_configs()
        if config.name.partition(".")[0] in ours and (Path(config.path) / "migrations").is_dir()
    }
    assert with_migrations == set(APPS)
    assert all(migrations_of(app) for app in APPS)
