"""What is asked of whoever decides whether two records are of one child."""

from django import forms

from children.models import Child
from pace_site.look.reasons import reason_field
from pace_site.look.refusing import RefusingForm


class ReasonForm(RefusingForm):
    reason = reason_field(
        "How you know",
        longest=1000,
        rows=2,
        required="Say how you know.",
    )


class MergeForm(ReasonForm):
    """Which of the two records is kept, and why they are one child's."""

    kept = forms.ChoiceField(
        label="Which record is kept",
        widget=forms.RadioSelect,
        help_text="Its pseudonym and council reference go on. The other record is found by the kept one from then on.",
        error_messages={"required": "Choose the record to keep.", "invalid_choice": "Choose one of these two records."},
    )
    field_order = ("kept", "reason")

    def __init__(self, *args, pair: tuple[Child, Child], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(child.code, f"{child.code} ({child.local_ref})") for child in pair]


class ApartForm(ReasonForm):
    prefix = "apart"


class UndoForm(ReasonForm):
    reason = reason_field(
        "Why it is undone",
        longest=1000,
        rows=2,
        required="Say why.",
    )
