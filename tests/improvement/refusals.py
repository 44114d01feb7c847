"""What an action refuses, and at which fields."""

import pytest
from django.core.exceptions import ValidationError


def refused(*fields):
    """Expect a refusal at these fields, or of the whole step when none is named."""
    return pytest.raises(ValidationError, check=lambda error: _fields(error) == set(fields))


def _fields(error):
    return set(getattr(error, "error_dict", {}))


def faults(excinfo) -> set[str]:
    """The fields at which an action refused what it was given."""
    return set(excinfo.value.error_dict)
