"""Words for records and for what was done to them, read from the audit trail."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from children.models import CareEpisode, Child, Destination, Kept, LegalBasis, LegalMeasure, Placement, PlacementType
from milestones.catalogue import ChangePrompt, OrderType, Precision, ReviewKind, Route, label_of, outcome_label
from milestones.models import Milestone
from pace_site.accounts.models import Team, User
from pace_site.audit.models import AuditEntry
from pace_site.look.words import british_date, day_or_text

NOTHING_SAID = "not recorded"
# Fields whose stored value is a code, and the words for it.
CODES = {
    "precision": dict(Precision.choices),
    "route": dict(Route.choices),
    "concurrent_route": dict(Route.choices),
    "change_prompt": dict(ChangePrompt.choices),
    "review_kind": dict(ReviewKind.choices),
    "order_type": dict(OrderType.choices),
    "sex": dict(Child.Sex.choices),
}
# ... or the key of another row.
ROWS = {
    "placement_type": PlacementType,
    "measure": LegalMeasure,
    "destination": Destination,
}


def described(row: Kept | Child) -> str:
    """One line that says which record this is."""
    if isinstance(row, Milestone):
        day = row.happened_on or row.planned_on
        return f"{label_of(row.kind)}, {british_date(day) if day else 'date not known'}"
    if isinstance(row, Placement):
        return f"{row.placement_type}, from {british_date(row.start)}"
    if isinstance(row, CareEpisode):
        return f"Looked after from {british_date(row.start)}"
    if isinstance(row, LegalBasis):
        return f"{row.measure}, from {british_date(row.start)}"
    return "Who the child is"


@dataclass(frozen=True)
class Said:
    """One field of one entry of a history, before and after, in words."""

    label: str
    before: str
    after: str


# What people saw or took, and why somebody broke the glass, changes nothing and has pages of its own.
NOT_DONE_TO_IT = (
    AuditEntry.Action.VIEW,
    AuditEntry.Action.SEARCH,
    AuditEntry.Action.EXPORT,
    AuditEntry.Action.BREAK_GLASS,
)


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    actor: str
    action: str
    reason: str
    said: list[Said]


def history_of(row: Kept | Child, user: User) -> list[HistoryEntry]:
    """What the audit trail says was done to a record, newest first; a constant number of queries."""
    done = (
        AuditEntry.objects.visible_to(user)
        .filter(record_type=row._meta.model_name, record_id=str(row.pk))
        .exclude(action__in=NOT_DONE_TO_IT)
    )
    tables = {name: {str(one.pk): str(one) for one in model.objects.all()} for name, model in ROWS.items()}
    tables["team"] = {str(one.pk): str(one) for one in Team.objects.visible_to(user)}
    people = {person.email: str(person) for person in User.objects.visible_to(user)}
    return [
        HistoryEntry(
            at=entry.at,
            actor=people.get(entry.actor, entry.actor),
            action=entry.get_action_display(),
            reason=entry.reason,
            said=[
                Said(
                    label_of_field(row, name),
                    _value(name, (entry.before or {}).get(name), tables),
                    _value(name, (entry.after or {}).get(name), tables),
                )
                for name in {**(entry.before or {}), **(entry.after or {})}
                if name not in ("authority", "code", "kind")
            ],
        )
        for entry in done
    ]


def label_of_field(row: Kept | Child, name: str) -> str:
    """The words for a stored field."""
    fields = {field.name: field for field in row._meta.concrete_fields}
    words = fields[name].verbose_name if name in fields else name.replace("_", " ")
    return str(words).capitalize()


def _value(name: str, value: Any, tables: dict[str, dict]) -> str:
    if value in (None, ""):
        return NOTHING_SAID
    if name in tables:
        return tables[name].get(str(value), str(value))
    if name in CODES:
        return str(CODES[name].get(value, value))
    if name == "outcome":
        return outcome_label(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return day_or_text(str(value))


# The two versions of a collision, in the words of the form.


def field_label(form: forms.Form, name: str) -> str:
    return str(form.fields[name].label)


def in_words(form: forms.Form, name: str, value: Any) -> str:
    """A value as the form would show it."""
    if value in (None, ""):
        return NOTHING_SAID
    if isinstance(value, date):
        return british_date(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    choices = getattr(form.fields[name], "choices", None)
    return str(dict(choices).get(value, value)) if choices and not hasattr(value, "pk") else str(value)
