"""What is asked of whoever logs a request about a child's data, decides it, or ends what it restricts."""

from django import forms

from children.retention.models import RightsRequest
from pace_site.look.days import day_input


def _words(label: str, required: str, **more) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=2000, widget=area, error_messages={"required": required}, **more)


class TakeInForm(forms.Form):
    code = forms.CharField(
        label="Child (pseudonym)", max_length=16, error_messages={"required": "Give the pseudonym of the child."}
    )
    kind = forms.ChoiceField(label="What is asked for", choices=RightsRequest.Kind.choices)
    reference = forms.CharField(
        label="The council's reference of the request",
        max_length=60,
        error_messages={"required": "Give the reference under which the council keeps it."},
    )
    received_on = forms.DateField(
        label="Received on",
        widget=day_input(),
        help_text="It is answered within a month of this day.",
        error_messages={"required": "Choose the day on which it came."},
    )
    asked = _words("What exactly", "Say what is asked.")


class DecideForm(forms.Form):
    decision = forms.ChoiceField(label="Decided", choices=RightsRequest.Decision.choices)
    decision_words = _words("What was done, and why", "Say what was decided, and why.")


class LiftForm(forms.Form):
    reason = _words(
        "Why the restriction ends", "Say why.", help_text="Whoever asked for the restriction is told before it ends."
    )
