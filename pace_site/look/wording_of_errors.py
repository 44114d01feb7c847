"""What a form says of a field that cannot be taken in, wherever the form has no words of its own for it.

Django's own words ("Enter a valid date.", "Ensure this value is greater than or equal to 0.") tell neither how a thing
is written nor what to do. A field that knows more says it by its own `error_messages`, which win.
"""

from django import forms

NOT_A_DAY = "This is not a date. Write it like 14/05/2027."
NOT_OFFERED = "Choose one of those offered."
ONE_OF = {"required": "Choose one.", "invalid_choice": NOT_OFFERED}
SOME_OF = {"required": "Choose one at least.", "invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED}
# By the class of the field and the code of the error. What stands under `Field` holds for every kind of field.
WORDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {
        "required": "Fill this in.",
        "max_length": "Write at most %(limit_value)d characters: this has %(show_value)d.",
        "min_length": "Write at least %(limit_value)d characters: this has %(show_value)d.",
        "max_value": "Give %(limit_value)s or less.",
        "min_value": "Give %(limit_value)s or more.",
        "max_digits": "This has too many digits: %(max)s at most.",
        "max_decimal_places": "Give this many decimal places at most: %(max)s.",
        "max_whole_digits": "This has too many digits before the point: %(max)s at most.",
        "null_characters_not_allowed": "This holds a character that cannot be kept. Type it instead of pasting it.",
        "unique": "This is taken: there is one with it already.",
    },
    forms.IntegerField: {"invalid": "Write a whole number, such as 12."},
    forms.DecimalField: {"invalid": "Write a number, such as 12 or 12.5."},
    forms.DateField: {"required": "Give the date.", "invalid": NOT_A_DAY},
    forms.SplitDateTimeField: {"invalid_date": NOT_A_DAY, "invalid_time": "This is not a time. Write it like 14:30."},
    forms.EmailField: {"invalid": "This is not an e-mail address. Write it like name@council.gov.uk."},
    forms.URLField: {"invalid": "This is not the address of a page. It begins with https://."},
    forms.BooleanField: {"required": "Tick this to go on."},
    forms.ChoiceField: ONE_OF,
    forms.MultipleChoiceField: SOME_OF,
    forms.ModelChoiceField: ONE_OF,
    forms.ModelMultipleChoiceField: SOME_OF | {"invalid_pk_value": NOT_OFFERED},
    forms.FileField: {
        "required": "Choose a file.",
        "missing": "Choose a file.",
        "invalid": "Choose a file.",
        "empty": "The file is empty.",
        "max_length": "The name of the file is too long: %(max)d characters at most. Rename it.",
    },
}


def use_our_words() -> None:
    """Have every form say `WORDS` in place of Django's."""
    for field, words in WORDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
