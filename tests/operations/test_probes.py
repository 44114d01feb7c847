"""What programs are told that watch over the site, before anybody signs in."""

import json
import logging

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from pace_site.long_work.workers import seen
from pace_site.operations import health

# As a probe comes: to an address that ALLOWED_HOSTS does not name, and without TLS.
INSIDE = {"host": "10.0.0.7:8000"}


@pytest.fixture(autouse=True)
def _not_known_to_be_migrated(monkeypatch):
    monkeypatch.setattr(health, "_all_applied", False)


def ask(path: str) -> tuple[int, dict]:
    response = Client().get(path, headers=INSIDE)
    return response.status_code, json.loads(response.content)


def test_that_it_lives_is_said_without_a_database_and_over_plain_http(settings):
    # Without the mark for a database any question of it would fail this test.
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/healthz", headers=INSIDE)
    assert (response.status_code, response.content) == (200, b"alive\n")
    assert not response.cookies
    assert Client().post("/healthz", headers=INSIDE).status_code == 405


@pytest.mark.django_db
def test_it_is_ready_with_a_migrated_database_whether_or_not_a_worker_lives(django_assert_num_queries):
    status, told = ask("/readyz")
    assert (status, told["ready"], told["worker_alive"]) == (200, "yes", "no")
    seen("worker")
    with django_assert_num_queries(2):
        status, told = ask("/readyz")
    assert (status, told) == (
        200,
        {
            "ready": "yes",
            "database_answers": "yes",
            "migrations_applied": "yes",
            "static_files_there": "yes",
            "worker_alive": "yes",
        },
    )


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_is_missing():
    MigrationRecorder.Migration.objects.filter(app="operations").delete()
    status, told = ask("/readyz")
    assert (status, told["database_answers"], told["migrations_applied"]) == (503, "yes", "no")


def test_it_is_not_ready_without_a_database_and_neither_logs_nor_tells_of_it(monkeypatch, caplog):
    def away():
        raise OperationalError("could not connect to server: password of pace@db.council.example")

    monkeypatch.setattr(health, "migrations_are_applied", away)
    with caplog.at_level(logging.DEBUG):
        status, told = ask("/readyz")
    assert (status, told["ready"], told["database_answers"]) == (503, "no", "no")
    assert set(told.values()) <= {"yes", "no", "unknown"}
    assert not caplog.records


@pytest.mark.django_db
def test_it_is_not_ready_without_the_list_of_static_files(monkeypatch):
    staticfiles_storage.exists  # noqa: B018 - made now
    monkeypatch.setattr(staticfiles_storage._wrapped, "hashed_files", {}, raising=False)
    status, told = ask("/readyz")
    assert (status, told["static_files_there"]) == (503, "no")
    monkeypatch.setattr(staticfiles_storage._wrapped, "hashed_files", {"css/pace.css": "css/pace.1.css"})
    assert ask("/readyz")[0] == 200
