"""Whose cases go to whom, and from which day. Every choice lies inside the scope of `by`, who allocates."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils import timezone

from children.allocations import described, people_to_allocate, people_with_cases
from children.filters import CHOICE
from children.presenter import PresentedChild
from pace_site.accounts.models import User
from pace_site.look.days import day_input


def day_field(label: str, *, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=day_input(small=True),
        error_messages={"required": "Give the day."},
    )


class PersonField(forms.ModelChoiceField):
    """One of some people, each with their roles."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=None,
            widget=CHOICE,
            error_messages={
                "required": "Choose a person.",
                "invalid_choice": "This is not a person whom you may choose here.",
            },
            **kwargs,
        )

    def label_from_instance(self, person: User) -> str:
        return described(person)


class LeaverForm(forms.Form):
    """Whose cases to hand over: somebody to whom a child in scope is allocated today."""

    leaver = PersonField(label="Cases of", empty_label="Choose who hands over")

    def __init__(self, *args, by: User, day: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leaver"].queryset = people_with_cases(by, day=day)


class HandOverForm(forms.Form):
    """Which of the leaver's children, to whom, and from which day."""

    children = forms.MultipleChoiceField(
        label="Children",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one child.",
            "invalid_choice": "One of the children is not, or no longer, with this person. Nothing was changed.",
        },
    )
    to = PersonField(label="Hand over to", empty_label="Choose a person")
    start = day_field("From", help_text="The first day of the new person; the day before is the last of the other.")

    def __init__(self, *args, by: User, leaver: User, whom: Sequence[PresentedChild], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = [(who.code, who.called) for who in whom]
        self.fields["to"].queryset = people_to_allocate(by).exclude(pk=leaver.pk)
        self.initial.setdefault("children", [who.code for who in whom])
        self.initial.setdefault("start", timezone.localdate())


class AddPersonForm(forms.Form):
    to = PersonField(label="Allocate to", empty_label="Choose a person")
    start = day_field("From", help_text="Up to 90 days ahead.")

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people_to_allocate(by)
        self.initial.setdefault("start", timezone.localdate())


class EndAllocationForm(forms.Form):
    on = day_field("Last day")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
