"""The forms of the page on which one aim is managed: who works on it, why it is closed, and its backlog."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from pace_site.accounts.models import User
from pace_site.look.days import day_input


class GroupForm(forms.Form):
    """Who works on an aim, and who leads them: `was` is what the person was shown."""

    group = forms.CharField(label="Aim group", required=False, max_length=100)
    lead = forms.ModelChoiceField(
        label="Lead",
        queryset=None,
        required=False,
        empty_label="Nobody yet",
        error_messages={"invalid_choice": "Choose somebody of your own organisation."},
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, by: User, **more):
        super().__init__(*args, **more)
        self.fields["lead"].queryset = User.objects.visible_to(by).filter(is_active=True)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why the aim is closed",
        max_length=200,
        error_messages={"required": "Say why the aim is closed, so that others understand."},
    )


class TwinForm(forms.Form):
    """From which day the aim counts, and before which its backlog does."""

    before = forms.DateField(
        label="The children to come count from",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=day_input(),
        error_messages={"required": "Give the day."},
    )

    def clean_before(self) -> date:
        day = self.cleaned_data["before"]
        if not 1990 <= day.year <= 2099:
            raise ValidationError("This date is out of range.")
        return day
