"""A form that shows what an action refused."""

from django import forms
from django.core.exceptions import ValidationError

from pace_site.look.refusing import RefusingForm


class NamingForm(RefusingForm):
    called_otherwise = {"person": "named"}
    named = forms.CharField()


def test_a_refusal_stands_at_the_field_that_it_is_about_and_any_other_above_the_form():
    form = NamingForm({"named": "Una Workaday"})
    form.refuse(ValidationError({"person": "They hold no role.", "edition": "Somebody else changed it."}))
    form.refuse(ValidationError("It has ended."))
    assert form.errors == {"named": ["They hold no role."], "__all__": ["Somebody else changed it.", "It has ended."]}
