"""What a person chooses before a report is made."""

from django import forms

from aims.models import AimVersion
from aims.reports.days import fault_of_day
from improvement.named_children import refuse_named_children
from pace_site.accounts.models import User
from pace_site.look.days import day_input


class MakeForm(forms.Form):
    """The day, and the aims; without a tick, all that are active. And what the person says of the next period."""

    as_at = forms.DateField(
        label="As at",
        widget=day_input(),
        error_messages={"required": "Choose the day that the report speaks of."},
    )
    aims = forms.MultipleChoiceField(
        label="Aims",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: all of them.",
        error_messages={"invalid_choice": "%(value)s is not one of your open aims."},
    )

    plan = forms.CharField(
        label="Plan for the next period",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One line for each thing planned. It stands in the report and its files; it may name no child.",
        error_messages={"max_length": "The plan is too long: a report takes %(limit_value)d characters at most."},
    )

    def __init__(self, *args, versions: list[AimVersion], by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.versions, self.by = versions, by
        self.fields["aims"].choices = [
            (version.aim.code, f"{version.aim.code}: {version.definition.title}") for version in versions
        ]

    def clean_as_at(self):
        day = self.cleaned_data["as_at"]
        if fault := fault_of_day(day):
            raise forms.ValidationError(fault)
        return day

    def clean(self):
        if not self.versions:
            raise forms.ValidationError("There is no open aim to report on.")
        refuse_named_children({"plan": self.cleaned_data.get("plan", "")}, by=self.by)
        return super().clean()

    @property
    def chosen(self) -> list[AimVersion]:
        """The versions to report on, in their order."""
        codes = set(self.cleaned_data["aims"])
        return [version for version in self.versions if not codes or version.aim.code in codes]

    @property
    def plan_lines(self) -> tuple[str, ...]:
        """What is planned for the next period, a line each."""
        return tuple(filter(None, map(str.strip, self.cleaned_data["plan"].splitlines())))


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=200,
        error_messages={"required": "Say why it is withdrawn."},
    )
