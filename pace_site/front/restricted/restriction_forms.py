"""What is asked of whoever restricts a record, opens one by break-glass, or looks at what was opened."""

from django import forms

from children.closed_records import people_to_name
from children.restriction_actions import LONGEST_REASON, SHORTEST_REASON
from pace_site.accounts.models import User
from pace_site.look.reasons import reason_field
from pace_site.look.refusing import RefusingForm


def restriction_reason(label: str, help_text: str) -> forms.CharField:
    return reason_field(
        label, shortest=SHORTEST_REASON, longest=LONGEST_REASON, help_text=help_text, required="Say why."
    )


class PeopleField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            queryset=None,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": "One of these people is not among those whom you may name."},
            **kwargs,
        )


class RestrictForm(RefusingForm):
    # One of the people to be named, who may have lost their role meanwhile.
    called_otherwise = {"person": "named"}

    reason = restriction_reason("Why the record is restricted", "Only people who may open the record read this.")
    named = PeopleField(
        label="Who else may open it",
        help_text="You are named in any case. Each sees as much as their role allows, and nobody sees more.",
    )

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["named"].queryset = people_to_name(by).exclude(pk=by.pk)


class NamePersonForm(RefusingForm):
    person = forms.ModelChoiceField(
        label="Name one more person",
        queryset=None,
        empty_label="Choose a person",
        error_messages={
            "required": "Choose a person.",
            "invalid_choice": "This is not a person whom you may name here.",
        },
    )

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_to_name(by)


class EndForm(RefusingForm):
    reason = restriction_reason(
        "Why the restriction ends", "From then on everybody whose role reaches the child may open the record again."
    )


class BreakGlassForm(RefusingForm):
    reason = restriction_reason(
        "Why you must open it now", "What happened, and why it cannot wait until somebody who is named has been asked."
    )
    understood = forms.BooleanField(
        label="I know that this is recorded with my name and reason, and that others are told of it at once.",
        error_messages={"required": "Tick that you know this."},
    )


class LookedAtForm(RefusingForm):
    words = forms.CharField(
        label="What you found",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what you found."},
    )
