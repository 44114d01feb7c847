"""The field in which a person says why, wherever that is kept with what they do."""

from django import forms


def reason_field(
    label: str, *, required: str, longest: int, shortest: int | None = None, help_text: str = "", rows: int = 3
) -> forms.CharField:
    """A field for `shortest` to `longest` characters; `required` is what is said when it is left empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=shortest,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": required,
            "min_length": "Say a little more: at least %(limit_value)d characters.",
        },
    )
