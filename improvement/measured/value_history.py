"""Who typed what for which month, from the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from improvement.measured.judged import in_figures
from improvement.models import Measure, MeasureValue
from pace_site.accounts.models import User
from pace_site.audit.models import AuditEntry

NUMBERS = ("numerator", "denominator", "value")


@dataclass(frozen=True)
class TypedThen:
    """One entry: what a month said before (empty at first) and after."""

    at: datetime
    actor: str
    month: str
    before: str
    after: str


def value_history(measure: Measure, *, by: User) -> list[TypedThen]:
    """Every value that was typed, corrected or taken out, newest first; three queries."""
    months = {str(row.pk): f"{row.month:%B %Y}" for row in MeasureValue.objects.visible_to(by).filter(measure=measure)}
    people = {person.email: str(person) for person in User.objects.visible_to(by)}
    entries = AuditEntry.objects.visible_to(by).filter(
        record_type=MeasureValue._meta.model_name, record_id__in=list(months)
    )
    found, now = [], {}
    for entry in entries.order_by("pk"):
        was = dict(now.get(entry.record_id, {}))
        now[entry.record_id] = was | (entry.after or {})
        found.append(
            TypedThen(
                at=entry.at,
                actor=people.get(entry.actor, entry.actor),
                month=months[entry.record_id],
                before=_said(was) if was else "",
                after=_said(now[entry.record_id]),
            )
        )
    return found[::-1]


def _said(stored: Mapping[str, str | None]) -> str:
    numerator, denominator, value = (stored.get(name) for name in NUMBERS)
    if numerator is not None and denominator is not None:
        said = f"{in_figures(numerator)} of {in_figures(denominator)}"
    else:
        said = "nothing" if value is None else in_figures(value)
    note = stored.get("note")
    return f"{said} ({note})" if note else said
