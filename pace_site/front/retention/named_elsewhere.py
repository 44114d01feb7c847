"""Texts elsewhere that name a child: found before it is pseudonymised, and changed by people alone.

Nothing here changes a text: minutes and issued reports are what they were. What is found is said by its place.
"""

import json
from collections.abc import Sequence

from django.db.models import CharField, JSONField, Model, TextField

from aims.models import Annotation, Report, ReportedAim
from children.models import Child, Identity
from improvement.named_children import SHORTEST_REF
from improvement.whose import TO_AUTHORITY
from pace_site.accounts.models import Organisation
from pace_site.look.words import count_of

# Where people write freely, and the way from there to the authority.
PLACES: tuple[tuple[type[Model], str], ...] = (
    (Annotation, "aim__authority"),
    (Report, "authority"),
    (ReportedAim, "report__authority"),
    *reversed(TO_AUTHORITY),
)


def places_naming(children: Sequence[Child], *, of: Organisation) -> list[str]:
    """In words, where texts of an authority have the full name or the reference of any of these children."""
    traces = _traces(children)
    if not traces:
        return []
    found = []
    for model, path in PLACES:
        fields = [
            field for field in model._meta.concrete_fields if isinstance(field, CharField | TextField | JSONField)
        ]
        # Read and searched here: a query that asks for many names in many fields is more than SQLite takes.
        rows = model._base_manager.filter(**{path: of}).values_list(*(field.name for field in fields))
        if count := sum(_names_one(row, traces) for row in rows.iterator()):
            found.append(count_of(count, str(model._meta.verbose_name), str(model._meta.verbose_name_plural)))
    return found


def _names_one(row: tuple, traces: Sequence[str]) -> bool:
    text = json.dumps(row, ensure_ascii=False).casefold()
    return any(trace in text for trace in traces)


def _traces(children: Sequence[Child]) -> list[str]:
    """Full names both ways round, and references long enough to mean something."""
    traces = [child.local_ref for child in children if len(child.local_ref) >= SHORTEST_REF]
    names = Identity.objects.filter(child__in=[child.pk for child in children])
    for given, family in names.values_list("given_name", "family_name"):
        if given and family:
            traces += [f"{given} {family}", f"{family} {given}", f"{family}, {given}"]
    return [trace.casefold() for trace in traces]
