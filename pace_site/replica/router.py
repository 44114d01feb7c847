"""From which database models are read now: the primary, or the replica while something is read apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS

PRIMARY, REPLICA = DEFAULT_DB_ALIAS, "replica"
# What is kept of the doing itself, and of who is there: asked and written at the primary, whatever is read meanwhile.
OF_THE_DOING = frozenset({"long_work", "django_tasks_database", "sessions", "axes"})


class WrittenWhileReading(RuntimeError):
    """Something was to be written, or read in order to be written, while it was read apart."""


@dataclass(frozen=True)
class Reading:
    """What is read apart now: where, and at which moment by the primary's clock it began."""

    alias: str
    at: datetime


_now: ContextVar[Reading | None] = ContextVar("reading", default=None)


def reading_now() -> Reading | None:
    """What is read apart by this thread now; None outside."""
    return _now.get()


def read_from() -> str:
    """The alias of the database that is read now."""
    reading = _now.get()
    return PRIMARY if reading is None else reading.alias


@contextmanager
def reading_from(reading: Reading) -> Iterator[None]:
    token = _now.set(reading)
    try:
        yield
    finally:
        _now.reset(token)


class ReplicaRouter:
    """Says where, always: by itself Django would ask, and save, a row where it was read."""

    def db_for_read(self, model, **_hints) -> str:
        return PRIMARY if model._meta.app_label in OF_THE_DOING else read_from()

    def db_for_write(self, model, **_hints) -> str:
        if _now.get() is not None and model._meta.app_label not in OF_THE_DOING:
            raise WrittenWhileReading(f"{model._meta.label} was to be written while it was read apart.")
        return PRIMARY

    def allow_relation(self, _one, _other, **_hints) -> bool:
        return True  # both hold the same rows

    def allow_migrate(self, db, _app_label, **_hints) -> bool | None:
        return False if db == REPLICA else None
