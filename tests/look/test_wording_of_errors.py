"""What a form says of a field, where the form has no words of its own."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms import fields, models

from pace_site.look.wording_of_errors import WORDS


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (forms.DateField(), "31 Octember", "This is not a date. Write it like 14/05/2027."),
        (forms.DateField(), "", "Give the date."),
        (forms.CharField(), "", "Fill this in."),
        (forms.CharField(max_length=3), "four", "Write at most 3 characters: this has 4."),
        (forms.IntegerField(min_value=1), "0", "Give 1 or more."),
        (forms.IntegerField(max_value=100), "101", "Give 100 or less."),
        (forms.IntegerField(), "a few", "Write a whole number, such as 12."),
        (forms.DecimalField(decimal_places=1), "1.25", "Give this many decimal places at most: 1."),
        (forms.EmailField(), "una at council", "This is not an e-mail address. Write it like name@council.gov.uk."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose one of those offered."),
        (forms.TypedChoiceField(choices=[("a", "A")]), "", "Choose one."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), ["b"], "Choose one of those offered."),
        (forms.CharField(error_messages={"required": "Say why."}), "", "Say why."),
    ],
)
def test_a_field_says_in_our_words_what_to_do(field, typed, words):
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [words]


def test_our_words_stand_for_errors_that_django_knows():
    known = {"max_length", "min_length", "max_value", "min_value", "unique", "null_characters_not_allowed"} | {
        "max_digits", "max_decimal_places", "max_whole_digits",
    }  # fmt: skip
    for module in (fields, models):
        for each in vars(module).values():
            known |= set(vars(each).get("default_error_messages", ())) if isinstance(each, type) else set()
    assert {code for words in WORDS.values() for code in words} <= known
    assert forms.DateField().clean("14/05/2027") == date(2027, 5, 14)
