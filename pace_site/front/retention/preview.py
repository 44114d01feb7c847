"""What a proposal would take from each child's record, counted: pseudonyms and numbers, no values."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Model, Q

from children.models import Allocation, Child, Identity, Placement
from milestones.models import Milestone
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry


@dataclass(frozen=True)
class Loss:
    """Of one child: how many of each go."""

    code: str
    names: int
    workers: int
    notes: int
    carers: int
    entries: int


def losses_of(children: Sequence[Child], *, authority: Organisation) -> list[Loss]:
    """Five queries whatever the number of children."""
    keys = [child.pk for child in children]
    written = ~Q(note="") | ~Q(source="") | ~Q(change_reason="") | ~Q(recorder="")
    names, workers = _counted(Identity, keys), _counted(Allocation, keys)
    notes = _counted(Milestone, keys, written)
    carers = _counted(Placement, keys, ~Q(carer="") | ~Q(provider=""))
    entries = AuditEntry.objects.filter(
        authority_code=authority.code, child_code__in=[child.code for child in children]
    ).exclude(salt="")
    valued = dict(entries.order_by().values_list("child_code").annotate(Count("pk")))
    return [
        Loss(
            code=child.code,
            names=names.get(child.pk, 0),
            workers=workers.get(child.pk, 0),
            notes=notes.get(child.pk, 0),
            carers=carers.get(child.pk, 0),
            entries=valued.get(child.code, 0),
        )
        for child in children
    ]


def _counted(model: type[Model], keys: list[int], which: Q | None = None) -> dict[int, int]:
    rows = model._default_manager.filter(which or Q(), child__in=keys)
    return dict(rows.order_by().values_list("child_id").annotate(Count("pk")))
