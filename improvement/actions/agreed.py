"""What meetings agree that somebody does by a day: agree it, put it right, and say that it is done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from improvement.actions.meetings import NO_MINUTES
from improvement.editions import at_edition, change, check_may_edit
from improvement.models import Action, Meeting
from improvement.named_children import refuse_named_children
from improvement.scope import who_may_run_tests
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import lock, save_record

FIELDS = ("text", "owner", "partner", "due_on")
ONE_OWNER = "Choose somebody who does it."


@transaction.atomic
def agree_action(
    meeting: Meeting, *, text: str, owner: User | None = None, partner: str = "", due_on: date, by: User
) -> Action:
    """Write down what somebody will do: a user of the authority, or a partner by name; raises `ValidationError`."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    Meeting.objects.visible_to(by).get(pk=meeting.pk)
    if not lock(meeting).takes_minutes:
        raise ValidationError(NO_MINUTES)
    action = Action(meeting=meeting)
    said = {"text": text, "owner": owner, "partner": partner, "due_on": due_on}
    for name, value in _checked(action, said, by=by).items():
        setattr(action, name, value)
    save_record(action, by=by)
    return action


@transaction.atomic
def change_action(action: Action, said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Put an action right; False when it says so already. Raises `Collision` and `ValidationError`, by field."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    check_may_edit(action, by=by)
    current = at_edition(action, edition)
    if current.done_on is not None:
        raise ValidationError("This action is done, so it stays as it was.")
    return change(action, _checked(current, said, by=by), edition=edition, by=by)


@transaction.atomic
def complete_action(action: Action, *, outcome: str = "", edition: int, by: User, on: date | None = None) -> None:
    """Its owner, or who leads improvement, says that it is done, and what came of it."""
    check_may_edit(action, by=by)
    current = at_edition(action, edition)
    if current.done_on is not None:
        raise ValidationError("This action is done already.")
    outcome = outcome.strip()
    refuse_named_children({"outcome": outcome}, by=by, but_pseudonyms=True)
    done = {"done_on": on or timezone.localdate(), "done_by": by, "outcome": outcome}
    change(action, done, edition=edition, by=by)


@transaction.atomic
def reopen_action(action: Action, *, edition: int, by: User) -> None:
    """It was not done after all."""
    check_may_edit(action, by=by)
    if at_edition(action, edition).done_on is None:
        raise ValidationError("This action is not done.")
    change(action, {"done_on": None, "done_by": None, "outcome": ""}, edition=edition, by=by)


def _checked(action: Action, said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    if unknown := set(said) - set(FIELDS):
        raise ValueError(f"An action has no {', '.join(sorted(unknown))}.")
    values = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    owner, partner = (values.get(name, getattr(action, name)) for name in ("owner", "partner"))
    faults = {}
    if values.get("text") == "":
        faults["text"] = "Say what will be done."
    if (owner is None) == (not partner):
        faults["owner"] = ONE_OWNER
    if owner is not None and owner != action.owner and owner not in set(who_may_run_tests(by)):
        faults["owner"] = "Choose somebody of your authority who takes part in improvement."
    if values.get("due_on") is not None and values["due_on"] < action.meeting.on:
        faults["due_on"] = "This lies before the meeting that agreed it."
    if faults:
        raise ValidationError(faults)
    refuse_named_children({"text": values.get("text", "")}, by=by, but_pseudonyms=True)
    return values
