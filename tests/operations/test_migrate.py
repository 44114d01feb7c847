"""On PostgreSQL `migrate` waits for nobody's lock long, and leaves nothing behind."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pace_site.operations.models import ScheduledRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def another_connection():
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    other = connection.copy()
    yield other
    other.close()


def test_a_table_that_is_in_use_is_not_waited_for_and_nothing_is_half_done(another_connection, monkeypatch):
    monkeypatch.setenv("MIGRATE_LOCK_TIMEOUT", "100ms")
    with another_connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE operations_scheduledrun IN ACCESS SHARE MODE")
        with pytest.raises(CommandError, match="A table was in use"):
            call_command("migrate", "operations", "zero", verbosity=0)
        cursor.execute("ROLLBACK")
    assert not ScheduledRun.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)
