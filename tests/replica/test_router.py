"""Where rows are read and written: by default at the primary, and nothing is written while something is read apart."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from prometheus_client import REGISTRY

from children.models import Child
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.config.replica_database import replica_of
from pace_site.long_work.models import LongWork
from pace_site.replica.reading import Readings, read_apart
from pace_site.replica.router import REPLICA, Reading, ReplicaRouter, WrittenWhileReading, reading_from
from tests.builders import authority, child

FROM_REPLICA = Reading(REPLICA, at=None)


def test_a_row_that_was_read_from_the_replica_is_asked_and_saved_at_the_primary_afterwards():
    router, row = ReplicaRouter(), Child()
    row._state.db = REPLICA
    with reading_from(FROM_REPLICA):
        assert router.db_for_read(Child, instance=row) == REPLICA
    assert router.db_for_read(Child, instance=row) == "default"
    assert router.db_for_write(Child, instance=row) == "default"
    assert router.allow_relation(row, Child())


def test_how_far_long_work_is_is_written_at_the_primary_while_it_reads_from_the_replica():
    with reading_from(FROM_REPLICA):
        assert ReplicaRouter().db_for_write(LongWork) == ReplicaRouter().db_for_read(LongWork) == "default"


def test_tables_are_made_at_the_primary_alone():
    assert ReplicaRouter().allow_migrate(REPLICA, "children") is False
    assert ReplicaRouter().allow_migrate("default", "children") is None


@pytest.mark.parametrize(
    ("primary", "replica"), [("sqlite3", "postgresql"), ("postgresql", "sqlite3"), ("sqlite3", "sqlite3")]
)
def test_only_postgresql_has_a_replica(primary, replica):
    with pytest.raises(ImproperlyConfigured, match="both PostgreSQL"):
        replica_of({"ENGINE": f"django.db.backends.{primary}"}, {"ENGINE": f"django.db.backends.{replica}"})


def test_a_replica_that_is_away_keeps_nobody_waiting_for_long():
    engine = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60}
    found = replica_of(engine, {**engine, "OPTIONS": {"host": "/there", "connect_timeout": 1}})
    assert (found["OPTIONS"]["host"], found["OPTIONS"]["connect_timeout"]) == ("/there", 1)
    assert found["OPTIONS"]["keepalives_idle"] == 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [
        lambda row: row.save(),
        lambda row: Child.objects.filter(pk=row.pk).update(sex="F"),
        lambda row: Child.objects.select_for_update().get(pk=row.pk),
        lambda row: row.delete(),
        lambda row: Organisation.objects.get_or_create(code="S12009998", defaults={"name": "New"}),
        lambda row: record("export", authority=row.authority, record_type="aim", record_id=1, by=None),
    ],
)
def test_nothing_is_written_while_something_is_read_apart(write):
    row = child()
    with pytest.raises(WrittenWhileReading):
        read_apart(lambda: write(row))
    row.refresh_from_db()
    assert (row.sex, AuditEntry.objects.filter(action="export").count()) == ("", 0)


def test_where_it_was_read_is_counted_for_prometheus_where_figures_are_asked_for(settings):
    settings.METRICS_TOKEN = "t" * 40
    readings = Readings()
    readings.count("lagging")
    assert readings.counts == {"lagging": 1}
    assert REGISTRY.get_sample_value("pace_replica_readings_total", {"where": "lagging"}) >= 1


@pytest.mark.django_db
def test_without_a_replica_it_is_read_where_it_always_was():
    row = child()
    assert read_apart(lambda: read_apart(lambda: Child.objects.get().authority)) == authority()
    row.save()
    assert connection.alias == "default"
