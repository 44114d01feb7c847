"""The box in which a day is typed or picked, in the browser's own way; it is sent as 2027-05-14."""

from django import forms


def day_input(*, small: bool = False, **attrs: str) -> forms.DateInput:
    """`small` for a row of choices above a list."""
    size = {"class": "form-control form-control-sm"} if small else {}
    return forms.DateInput(attrs={"type": "date", **size, **attrs}, format="%Y-%m-%d")
