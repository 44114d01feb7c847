"""What is asked of somebody who reviews records."""

from django import forms

from pace_site.front.retention.actions import NOT_TYPED, TYPED
from pace_site.look.days import day_input
from pace_site.look.reasons import reason_field


def kept_reason(label: str = "Why") -> forms.CharField:
    return reason_field(
        label,
        shortest=10,
        longest=300,
        rows=2,
        help_text="Name no child here: the reason is kept.",
        required="Say why.",
    )


def typed_field() -> forms.CharField:
    return forms.CharField(
        label=f"Type {TYPED}",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="It cannot be undone.",
        error_messages={"required": NOT_TYPED},
    )


class ProposalForm(forms.Form):
    reason = kept_reason()
    typed = typed_field()


class DecisionForm(forms.Form):
    """Confirm by typing the word."""

    typed = typed_field()


class TurnDownForm(forms.Form):
    reason = kept_reason("Why not")


class KeepLongerForm(forms.Form):
    until = forms.DateField(
        label="Review it again on",
        widget=day_input(),
        error_messages={"required": "Choose a day."},
    )
    reason = kept_reason("Why it is needed as it is")


class LetInForm(forms.Form):
    local_ref = forms.CharField(label="Council reference", max_length=40, error_messages={"required": "Give one."})
    reason = kept_reason()
