"""What an import wrote, kept for a while so that it can be taken back as a whole: which rows are new, and what the
others said before."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from milestones.extract.bulk import as_ranges, batches, from_ranges
from milestones.extract.run_models import ImportRun, ImportUndo
from pace_site.defences.closed_bytes import closed, opened

PURPOSE = "undo of an import"


class Traces:
    """By model: the keys of rows that were added, and what changed and removed rows said before."""

    def __init__(self):
        self.added: dict[type[models.Model], list[int]] = defaultdict(list)
        self.changed: dict[type[models.Model], dict[int, dict[str, Any]]] = defaultdict(dict)
        self.removed: dict[type[models.Model], list[dict[str, Any]]] = defaultdict(list)
        # The date of the last extract that had them before, of children who were in this one.
        self.dated: dict[date | None, list[int]] = defaultdict(list)
        # The same of the lists of the source itself, by the keys of `Listed`.
        self.listed: dict[date, list[int]] = defaultdict(list)

    def note_added(self, model: type[models.Model], keys: Iterable[int]) -> None:
        self.added[model].extend(keys)

    def note_changing(self, model: type[models.Model], changes: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Note what rows say that are about to be given other values."""
        names = sorted({name for _, values in changes for name in values})
        counts = [name for name in ("edition",) if any(f.name == name for f in model._meta.concrete_fields)]
        new = dict(changes)
        for part in batches(list(new)):
            for row in model._base_manager.filter(pk__in=part).values("pk", *names, *counts):
                key = row.pop("pk")
                self.changed[model][key] = {name: row[name] for name in (*new[key], *counts)}

    def note_removing(self, model: type[models.Model], keys: Sequence[int]) -> None:
        """Note all that rows say that are about to be removed."""
        names = [field.attname for field in model._meta.concrete_fields]
        for part in batches(keys):
            self.removed[model].extend(model._base_manager.filter(pk__in=part).values(*names))

    def as_bytes(self) -> bytes:
        said = {
            "added": {model._meta.label_lower: as_ranges(keys) for model, keys in self.added.items()},
            "changed": {model._meta.label_lower: [*rows.items()] for model, rows in self.changed.items()},
            "removed": {model._meta.label_lower: rows for model, rows in self.removed.items()},
            "dated": [[day, as_ranges(keys)] for day, keys in self.dated.items()],
            "listed": [[day, as_ranges(keys)] for day, keys in self.listed.items()],
        }
        return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Traces":
        said = json.loads(content)
        traces = cls()
        for label, ranges in said["added"].items():
            traces.added[apps.get_model(label)] = from_ranges(ranges)
        for label, rows in said["changed"].items():
            model = apps.get_model(label)
            traces.changed[model] = {key: _values(model, row) for key, row in rows}
        for label, rows in said["removed"].items():
            model = apps.get_model(label)
            traces.removed[model] = [_values(model, row) for row in rows]
        for day, ranges in said["dated"]:
            traces.dated[day and date.fromisoformat(day)] = from_ranges(ranges)
        # Imports from before sources were kept have no such list.
        for day, ranges in said.get("listed", ()):
            traces.listed[date.fromisoformat(day)] = from_ranges(ranges)
        return traces


def keep_traces(traces: Traces, *, of: ImportRun) -> None:
    """Keep what an undo needs, closed: it tells what children's records said."""
    ImportUndo.objects.create(run=of, body=closed(traces.as_bytes(), purpose=PURPOSE))


def traces_of(undo: ImportUndo) -> Traces:
    """Raises `Unopenable` when the key is lost with which they were closed."""
    return Traces.from_bytes(opened(undo.body, purpose=PURPOSE))


def _values(model: type[models.Model], row: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {
        name: value
        if value is None or isinstance(fields[name], models.JSONField)
        else fields[name].target_field.to_python(value)
        if isinstance(fields[name], models.ForeignKey)
        else fields[name].to_python(value)
        for name, value in row.items()
    }
