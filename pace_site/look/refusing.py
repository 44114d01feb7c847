"""A form that shows what an action refused, at the field that it is about."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError


class RefusingForm(forms.Form):
    """`called_otherwise` are names that the action uses for what the form asks under another."""

    called_otherwise: Mapping[str, str] = {}

    def refuse(self, error: ValidationError) -> None:
        """Show each part at its field where the form has it, and any other above the form."""
        for name, errors in getattr(error, "error_dict", {None: error}).items():
            field = self.called_otherwise.get(name, name)
            self.add_error(field if field in self.fields else None, errors)
