"""Propose an idea, take one from the library, put it right, and retire it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import Aim
from improvement.change_idea_library import library_ideas
from improvement.editions import change, check_may_edit, check_may_take_part
from improvement.models import ChangeIdea
from improvement.named_children import refuse_named_children
from pace_site.accounts.models import User
from pace_site.audit.actions import save_record

FIELDS = ("title", "description", "source", "national_aim", "aim")
ANOTHER_AUTHORITY = "Choose one of your own authority."


@transaction.atomic
def propose_idea(
    *,
    title: str,
    description: str = "",
    source: str = "",
    national_aim: int | None = None,
    aim: Aim | None = None,
    by: User,
) -> ChangeIdea:
    """Add an idea to those of `by`'s authority."""
    check_may_take_part(by)
    idea = ChangeIdea(authority=by.organisation, proposed_by=by)
    said = {"title": title, "description": description, "source": source, "national_aim": national_aim, "aim": aim}
    for name, value in _checked(said, by=by).items():
        setattr(idea, name, value)
    save_record(idea, by=by)
    return idea


@transaction.atomic
def take_from_library(key: str, *, by: User) -> ChangeIdea:
    """The authority's own copy of an idea of the shipped library, made when it has none; KeyError for no such idea."""
    check_may_take_part(by)
    shipped = library_ideas()[key]
    own = ChangeIdea.objects.visible_to(by).filter(library_key=key).first()
    if own is not None:
        return own
    idea = ChangeIdea(
        authority=by.organisation,
        title=shipped.title,
        description=shipped.description,
        source=shipped.source,
        national_aim=shipped.national_aim,
        library_key=key,
        proposed_by=by,
    )
    save_record(idea, by=by)
    return idea


@transaction.atomic
def change_idea(idea: ChangeIdea, said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Put an idea right; False when it says so already. Raises `Collision` when it is no longer at `edition`."""
    check_may_edit(idea, by=by)
    return change(idea, _checked(said, by=by), edition=edition, by=by)


@transaction.atomic
def retire_idea(idea: ChangeIdea, *, reason: str, edition: int, by: User) -> None:
    """Offer an idea no longer; its tests stay."""
    check_may_edit(idea, by=by)
    if idea.is_retired:
        raise ValidationError("This idea is retired already.")
    said = {"retired_reason": reason.strip()}
    if not said["retired_reason"]:
        raise ValidationError({"reason": "Say why the idea is retired, so that others understand."})
    refuse_named_children({"reason": reason}, by=by)
    change(idea, said | {"retired_on": timezone.localdate()}, edition=edition, by=by)


def _checked(said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """What is said of an idea, without blank ends; raises `ValidationError`, by field."""
    values = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value for name, value in said.items()
    }
    if unknown := set(values) - set(FIELDS):
        raise ValueError(f"An idea has no {', '.join(sorted(unknown))}.")
    if values.get("title") == "":
        raise ValidationError({"title": "Give the idea a title."})
    aim = values.get("aim")
    if aim is not None and aim.authority_id != by.organisation_id:
        raise ValidationError({"aim": ANOTHER_AUTHORITY})
    refuse_named_children({name: value for name, value in values.items() if isinstance(value, str)}, by=by)
    return values
