"""Say what keeps an adopted change in place."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from improvement.editions import at_edition, change, check_may_edit
from improvement.models import Implementation
from improvement.models.tests_of_change import TestState
from improvement.named_children import refuse_named_children
from improvement.scope import who_may_run_tests
from pace_site.accounts.models import User

FIELDS = ("owner", "training", "procedure", "measure", "review_on")


@transaction.atomic
def change_implementation(implementation: Implementation, said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Write the record, or the part that is said; False when it says so already. Raises `Collision`."""
    check_may_edit(implementation, by=by)
    current = at_edition(implementation, edition)
    if current.test.state != TestState.ADOPTED:
        raise ValidationError("This test is not adopted any more, so there is nothing to keep in place.")
    if unknown := set(said) - set(FIELDS):
        raise ValueError(f"An implementation has no {', '.join(sorted(unknown))}.")
    values = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value for name, value in said.items()
    }
    owner = values.get("owner", current.owner)
    if owner != current.owner and owner not in set(who_may_run_tests(by)):
        raise ValidationError({"owner": "Choose somebody of your authority who takes part in tests of change."})
    refuse_named_children({name: value for name, value in values.items() if isinstance(value, str)}, by=by)
    return change(implementation, values, edition=edition, by=by)
