"""The day a page speaks of: every page takes `?as_at=` and says so on its face."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from pace_site.look.days import day_input

EARLIEST = date(1990, 1, 1)
LATEST = date(2199, 12, 31)


class AsAtForm(forms.Form):
    """The date selector of a page."""

    as_at = forms.DateField(
        label="As at",
        required=False,
        widget=day_input(small=True),
        error_messages={"invalid": "This is not a date. Showing today instead."},
    )

    def clean_as_at(self):
        day = self.cleaned_data["as_at"]
        if day is not None and day < EARLIEST:
            raise forms.ValidationError("This date is out of range. Showing today instead.")
        if day is not None and day > timezone.localdate():
            # Who will be waiting then, nobody knows; figures would speak of it as if it had happened.
            raise forms.ValidationError("This day has not come yet. Showing today instead.")
        return day


@dataclass(frozen=True)
class AsAt:
    """The day asked for, or today; `error` says why it is not the day asked for."""

    day: date
    today: date
    error: str
    form: AsAtForm

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def query(self) -> str:
        """What to append to a link so that it speaks of the same day."""
        return "" if self.is_today else f"as_at={self.day.isoformat()}"


def as_at_of(request: HttpRequest) -> AsAt:
    """Read the day from the query string; what is no date falls back to today, with words that say so."""
    today = timezone.localdate()
    asked = AsAtForm(request.GET)
    if asked.is_valid():
        day, error = asked.cleaned_data["as_at"] or today, ""
    else:
        day, error = today, str(asked.errors["as_at"][0])
    form = AsAtForm(initial={"as_at": day})
    if error:
        form.fields["as_at"].widget.attrs["aria-describedby"] = "id_as_at_error"
    return AsAt(day=day, today=today, error=error, form=form)
