"""The short form of `make reliability`: three kills, then a small crowd, on the database that the tests run on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def a_database_to_break(tmp_path, transactional_db, kept_database):
    """The address of an empty database beside the one of the tests; migrated already where such a one is kept."""
    if connection.vendor == "sqlite":
        file = tmp_path / "site.sqlite3"
        if kept_database.exists():
            migrated.fill(str(file), kept=kept_database).close()
        yield f"sqlite:///{file}"
        return
    name = "pace_to_break"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield os.environ["DATABASE_URL"].replace("/pace?", f"/{name}?")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            cursor.execute(f"DROP DATABASE IF EXISTS {name}_kept WITH (FORCE)")


def test_after_three_kills_and_with_four_people_at_once_nothing_is_lost_or_half_written(a_database_to_break):
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability", "--rounds=3", "--people=4", "--seconds=4"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": a_database_to_break},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed 3 times" in done.stdout
    assert "0 recording" not in done.stdout
    assert "4 people" in done.stdout
