"""What is asked before a token of the feed is made."""

from django import forms
from django.utils import timezone

from aims.feed.actions import LONGEST, fault_of_last_day
from pace_site.look.days import day_input


class TokenForm(forms.Form):
    label = forms.CharField(
        label="Which program, and whose",
        max_length=80,
        help_text="For example: Power BI of the performance team. One token for each, to be revoked alone.",
        error_messages={"required": "Say which program reads the feed with it, and whose it is."},
    )
    expires_on = forms.DateField(
        label="Last day",
        widget=day_input(),
        help_text="A year from now at most. Then make a new one.",
        error_messages={"required": "Choose the last day of the token."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["expires_on"].initial = today + LONGEST
        self.fields["expires_on"].widget.attrs |= {"min": today.isoformat(), "max": (today + LONGEST).isoformat()}

    def clean_expires_on(self):
        # Here as well as in the action, so that faults of both fields are told at once.
        day = self.cleaned_data["expires_on"]
        if fault := fault_of_last_day(day):
            raise forms.ValidationError(fault)
        return day
