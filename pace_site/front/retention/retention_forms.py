"""What is asked of somebody who reviews records."""

from django import forms

from pace_site.front.retention.pseudonymising import NOT_TYPED, TYPED

NO_NAME = "Name no child here: the reason is kept."


def reason_field(label: str = "Why") -> forms.CharField:
    return forms.CharField(
        label=label,
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_NAME,
        error_messages={
            "required": "Say why.",
            "min_length": "Say a little more: at least %(limit_value)d characters.",
        },
    )


def typed_field() -> forms.CharField:
    return forms.CharField(
        label=f"Type {TYPED}",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="It cannot be undone.",
        error_messages={"required": NOT_TYPED},
    )


class ProposalForm(forms.Form):
    reason = reason_field()
    typed = typed_field()


class DecisionForm(forms.Form):
    """Confirm by typing the word, or turn down with a reason."""

    typed = typed_field()


class TurnDownForm(forms.Form):
    reason = reason_field("Why not")


class KeepLongerForm(forms.Form):
    until = forms.DateField(
        label="Review it again on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day."},
    )
    reason = reason_field("Why it is needed as it is")


class LetInForm(forms.Form):
    local_ref = forms.CharField(label="Council reference", max_length=40, error_messages={"required": "Give one."})
    reason = reason_field()
