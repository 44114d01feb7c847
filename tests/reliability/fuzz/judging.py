"""What may have happened in the database when a request or a file was answered."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model

from pace_site.audit.models import AuditEntry
from pace_site.audit.verifying import verify

# What is written of people who come and go, and nothing of what they record. allauth keeps a copy of the address.
NOT_RECORDS = ("audit_", "django_session", "axes_", "defences_", "account_emailaddress")
WRITES = re.compile(r'^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)


class Fault(AssertionError):
    """What must not happen, in words."""


@dataclass
class Ledger:
    """The rows of the world before anything is sent; each request starts from these again."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    entries: int = 0

    @classmethod
    def opened(cls) -> "Ledger":
        rows = {table: _rows(table) for table in _models()}
        return cls(rows, AuditEntry.objects.count())

    def changed(self, written: set[str]) -> dict[str, set[str]]:
        """By table, the keys of the rows that are new, gone or different; of records alone."""
        changed = {}
        for table in written:
            if table.startswith(NOT_RECORDS):
                continue
            now, before = _rows(table), self.rows.get(table, {})
            different = {key for key in now.keys() | before.keys() if now.get(key) != before.get(key)}
            if different:
                changed[table] = different
        return changed

    def check_change(self, changed: dict[str, set[str]]) -> None:
        """Raise `Fault` where a change is not whole: a key that leads nowhere, no entry in the trail, a row unfit."""
        connection.check_constraints()
        if AuditEntry.objects.count() == self.entries:
            raise Fault(f"changed {sorted(changed)} without an entry in the audit trail")
        verdict = verify()
        if not verdict.holds:
            raise Fault(f"the audit trail does not verify: {verdict}")
        for table, keys in changed.items():
            model = _models().get(table)
            if model is not None and not model._meta.auto_created:
                for row in model._base_manager.filter(pk__in=keys):
                    _check_whole(row)


def _check_whole(row: Model) -> None:
    try:
        row.full_clean()
    except ValidationError as unfit:
        # Whether a cell may be left empty in a form is no matter of the row.
        faults = {
            name: errors
            for name, errors in unfit.error_dict.items()
            if any(error.code not in ("blank", "null") for error in errors)
        }
        if faults:
            raise Fault(f"a {row._meta.label} was written that does not fit: {faults}") from unfit


@contextmanager
def written_tables() -> Iterator[set[str]]:
    """The tables to which something was sent meanwhile, whether or not it stayed."""
    written: set[str] = set()

    def listen(execute, sql, parameters, many, context):
        if found := WRITES.match(sql):
            written.add(found[1])
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(listen):
        yield written


def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _rows(table: str) -> dict[str, str]:
    """A hash of each row by its key."""
    model = _models().get(table)
    if model is None:
        return {}
    names = [each.attname for each in model._meta.concrete_fields]
    rows = model._base_manager.order_by().values_list("pk", *names)
    return {str(key): sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest() for key, *values in rows}
