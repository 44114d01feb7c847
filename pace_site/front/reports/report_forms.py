"""What a person chooses before a report is made."""

from django import forms
from django.utils import timezone

from aims.models import AimVersion


class MakeForm(forms.Form):
    """The day, and the aims; without a tick, all that are active."""

    as_at = forms.DateField(
        label="As at",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day that the report speaks of.", "invalid": "This is not a date."},
    )
    aims = forms.MultipleChoiceField(
        label="Aims",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: all of them.",
        error_messages={"invalid_choice": "%(value)s is not one of your open aims."},
    )

    def __init__(self, *args, versions: list[AimVersion], **kwargs):
        super().__init__(*args, **kwargs)
        self.versions = versions
        self.fields["aims"].choices = [
            (version.aim.code, f"{version.aim.code}: {version.definition.title}") for version in versions
        ]

    def clean_as_at(self):
        day = self.cleaned_data["as_at"]
        if day > timezone.localdate():
            raise forms.ValidationError("A report speaks of a day that has come: choose today or an earlier day.")
        return day

    def clean(self):
        if not self.versions:
            raise forms.ValidationError("There is no open aim to report on.")
        return super().clean()

    @property
    def chosen(self) -> list[AimVersion]:
        """The versions to report on, in their order."""
        codes = set(self.cleaned_data["aims"])
        return [version for version in self.versions if not codes or version.aim.code in codes]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=200,
        error_messages={"required": "Say why it is withdrawn."},
    )
