"""A form whose words an action may refuse, and which several people may write at once; and the fields they share."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from improvement.editions import Collision
from pace_site.look.days import day_input
from pace_site.look.refusing import RefusingForm
from pace_site.look.words import british_date

NO_NAMES = "No names of children or families."
NOTHING = "nothing"


def day_field(label: str, *, help_text: str = "") -> forms.DateField:
    """A day as 2027-05-14 or 14/05/2027, or none."""
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=day_input(),
        help_text=help_text,
    )


class WrittenForm(RefusingForm):
    """Shows what an action refused at the field that it is about, and can be sent again after a collision."""

    def clean(self):
        values = super().clean()
        for name, value in list(values.items()):
            if isinstance(value, date) and not 1990 <= value.year <= 2099:
                self.add_error(name, "This date is out of range.")
        return values

    def send_again_over(self, current: Model, *, why: str = "") -> None:
        """Keep what was typed, to be sent once more over the row as it is now; `why` stands above the form."""
        self.data = self.data.copy()
        self.data["edition"] = current.edition
        if why:
            self.add_error(None, why)

    def carried_out(self, act: Callable[..., object], *, why: str) -> bool:
        """Whether `act`, given all that the form says, went through; else the form tells what is in the way.

        `why` stands above it where somebody else has changed the row meanwhile; it can then be sent once more.
        """
        if not self.is_valid():
            return False
        try:
            act(**self.cleaned_data)
        except Collision as collision:
            self.send_again_over(collision.current, why=why)
        except ValidationError as error:
            self.refuse(error)
        else:
            return True
        return False

    def beside(self, now: Mapping[str, Any], typed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Where what was typed differs from what the row says now: (label, now, typed)."""
        found = []
        for name, value in typed.items():
            field = self.fields[name]
            before, after = in_words(field, now.get(name)), in_words(field, value)
            if before != after:
                found.append((field.label, before, after))
        return found


class ReasonForm(WrittenForm):
    """Why a test is withdrawn, an idea, a measure or a diagram retired, or a meeting called off."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text=NO_NAMES,
        error_messages={"required": "Say why, so that others understand."},
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def in_words(field: forms.Field, value: Any) -> str:
    """The value of a field, as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return british_date(value)
    if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
        value = dict(flat(field.choices)).get(str(value or ""), value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return NOTHING if value in (None, "") else str(value).replace("\r\n", "\n").strip()


def flat(choices) -> list[tuple[str, str]]:
    """The choices of a field without their groups."""
    found = []
    for key, label in choices:
        found += flat(label) if isinstance(label, list | tuple) else [(str(key), label)]
    return found
