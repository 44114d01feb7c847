"""What a person is asked before children leave by name."""

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from aims.reports.actions import FORMATS
from pace_site.front.identified.actions import RENDER, Asked
from pace_site.front.identified.asking import LONGEST_REASON, SHORTEST_REASON, Purpose
from pace_site.front.identified.named_list import Offered
from pace_site.look.as_at import EARLIEST
from pace_site.look.days import day_input
from pace_site.look.reasons import reason_field
from pace_site.look.words import children

CHOOSE = ("", "Choose")


class ByNameForm(forms.Form):
    """The day, the figures (of an aim), why, and as which file."""

    as_at = forms.DateField(
        label="As at",
        widget=day_input(),
        error_messages={"required": "Choose the day that the list speaks of."},
    )
    shown = forms.MultipleChoiceField(
        label="Which children",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only those that you need.",
        error_messages={
            "required": "Tick at least one.",
            "invalid_choice": "%(value)s is not a figure of this aim.",
        },
    )
    purpose = forms.ChoiceField(
        label="Why they are exported by name",
        choices=[CHOOSE, *Purpose.choices],
        error_messages={"required": "Choose what the file is for."},
    )
    reason = reason_field(
        "In your own words",
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
        help_text="Which case, meeting or request. Name no child here: the reason is kept, and stands in the file.",
        required="Say what the file is needed for.",
    )
    file_format = forms.ChoiceField(
        label="File",
        choices=[CHOOSE, *((name, FORMATS[name].label) for name in RENDER)],
        error_messages={"required": "Choose Excel or PDF.", "invalid_choice": "Choose Excel or PDF."},
    )

    def __init__(self, *args, keys: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        if keys:
            self.fields["shown"].choices = [(key, key) for key in keys]
        else:
            del self.fields["shown"]

    def tell(self, offered: Sequence[Offered]) -> None:
        """Say beside each figure how many children it counts."""
        if offered:
            self.fields["shown"].choices = [(each.key, f"{each.label}: {children(each.children)}") for each in offered]

    def clean_as_at(self):
        day = self.cleaned_data["as_at"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet: choose today or an earlier day.")
        if day < EARLIEST:
            raise forms.ValidationError("This date is out of range.")
        return day

    @property
    def chosen(self) -> list[str]:
        return self.cleaned_data.get("shown", [])

    @property
    def asked(self) -> Asked:
        return Asked(Purpose(self.cleaned_data["purpose"]), self.cleaned_data["reason"])
