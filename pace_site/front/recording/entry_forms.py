"""What every form of recording shares: whose it is, when it was opened, and saving through an action."""

import uuid
from datetime import date
from typing import Any

from django import forms

from children.models import Child
from pace_site.accounts.models import User
from pace_site.look.days import day_input
from pace_site.look.refusing import RefusingForm


def date_field(label: str, *, required: bool = False, help_text: str = "", **attrs: str) -> forms.DateField:
    """A day, asked for in the browser's own way and read as an ISO date."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=day_input(**attrs),
    )


def choice_field(label: str, choices, *, empty: str = "") -> forms.ChoiceField:
    """A choice from a short list; `empty` is what an unanswered one says."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", empty), *choices],
    )


class EntryForm(RefusingForm):
    """A form about one child. `save` does what it says, by one action or several in the caller's transaction."""

    heading = ""

    # Not asked: what makes a second sending of the same form harmless, and what the person has been warned about.
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    accepted = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, child: Child | None, by: User, today: date, **kwargs):
        self.child, self.by, self.today = child, by, today
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"token": uuid.uuid4(), **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        self.arrange()

    def arrange(self) -> None:
        """Shape the fields for this child; called once they exist."""

    def save(self) -> list:
        """Do it; return the rows that were written. Raises `ValidationError` for what the action refuses."""
        raise NotImplementedError

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the machine's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("token", "accepted")}


class CorrectionForm(EntryForm):
    """A form that corrects a row: it knows which edition of it the person was shown."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name not in ("edition", "held")}
