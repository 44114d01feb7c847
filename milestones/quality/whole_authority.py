"""The findings of many children, some at a time, so that a large authority needs no more memory than a small one."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from children.models import Child
from milestones.quality.declaration import Finding
from milestones.quality.records import load_records
from milestones.quality.rules import findings

BATCH = 1_000


def every_finding(children: QuerySet[Child], *, as_at: date) -> Iterator[tuple[Child, Finding]]:
    """Everything that the rules find of `children` in what had happened up to `as_at`, with the child it is about."""
    keys = list(children.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        records = load_records(Child.objects.filter(pk__in=keys[start : start + BATCH]))
        of_child = {record.child.pk: record.child for record in records}
        for found in findings(records, as_at=as_at):
            yield of_child[found.child_id], found
