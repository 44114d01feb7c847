"""Start a test of change, say who is in it, and withdraw it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import Aim
from improvement.actions.change_ideas import take_from_library
from improvement.editions import at_edition, change, check_may_edit, check_may_take_part
from improvement.models import ChangeIdea, PdsaCycle, TestOfChange
from improvement.models.tests_of_change import Scale
from improvement.named_children import refuse_named_children
from improvement.scope import who_may_run_tests
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.audit.actions import save_record
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

NOT_IN_IT = "Lead the test yourself or be among its members: others are started by those who lead improvement."
NO_LONGER = "This test is withdrawn, so nothing more is written into it."


@transaction.atomic
def start_test(
    *,
    title: str,
    aim: Aim,
    lead: User,
    idea: ChangeIdea | None = None,
    library_key: str = "",
    members: Iterable[User] = (),
    scale: Scale = Scale.CHILD,
    by: User,
    on: date | None = None,
) -> TestOfChange:
    """Start a test for an aim of `by`'s authority, with its first cycle to be planned; raises `ValidationError`.

    Whoever does not lead improvement starts tests in which they take part. `library_key` stands for an idea of the
    library instead of `idea`: the authority takes it over.
    """
    check_may_take_part(by)
    members = list(members)
    if not can(by, Permission.LEAD_IMPROVEMENT) and by not in [lead, *members]:
        raise ValidationError({"lead": NOT_IN_IT})
    if aim.status == Aim.Status.CLOSED:
        raise ValidationError({"aim": "This aim is closed. Choose one that is worked on."})
    if library_key:
        idea = take_from_library(library_key, by=by)
    values = _checked({"title": title, "aim": aim, "idea": idea, "lead": lead}, members=members, by=by)
    if idea is not None and idea.is_retired:
        raise ValidationError({"idea": "This idea is retired. Choose another, or none."})
    test = TestOfChange(authority=by.organisation, begun_on=on or timezone.localdate(), **values)
    save_record(test, by=by)
    _set_members(test, members, by=by)
    save_record(PdsaCycle(test=test, number=1, scale=scale), by=by)
    return test


@transaction.atomic
def change_test(
    test: TestOfChange,
    *,
    title: str,
    aim: Aim,
    lead: User,
    idea: ChangeIdea | None = None,
    library_key: str = "",
    members: Iterable[User],
    edition: int,
    by: User,
) -> bool:
    """Say anew what is tested and by whom; False when it says so already. Raises `Collision` and `ValidationError`."""
    check_may_edit(test, by=by)
    current = at_edition(test, edition)
    if current.is_withdrawn:
        raise ValidationError(NO_LONGER)
    members = list(members)
    values = _checked({"title": title, "aim": aim, "idea": idea, "lead": lead}, members=members, by=by, was=current)
    others = _set_members(current, members, by=by)
    return change(test, values, edition=edition, by=by, with_others=others)


@transaction.atomic
def withdraw_test(test: TestOfChange, *, reason: str, edition: int, by: User, on: date | None = None) -> None:
    """End a test without an outcome; what was done in it stays to be read."""
    check_may_edit(test, by=by)
    if at_edition(test, edition).is_withdrawn:
        raise ValidationError("This test is withdrawn already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the test is withdrawn, so that others understand."})
    refuse_named_children({"reason": reason}, by=by)
    said = {"withdrawn_on": on or timezone.localdate(), "withdrawn_reason": reason.strip(), "withdrawn_by": by}
    change(test, said, edition=edition, by=by)


def _checked(
    values: dict[str, Any], *, members: list[User], by: User, was: TestOfChange | None = None
) -> dict[str, Any]:
    """What is said of a test, inside the authority and without blank ends; raises `ValidationError`, by field."""
    values["title"] = values["title"].strip()
    faults = {}
    if not values["title"]:
        faults["title"] = "Give the test a title."
    for name in ("aim", "idea"):
        if values[name] is not None and values[name].authority_id != by.organisation_id:
            faults[name] = "Choose one of your own authority."
    able = set(who_may_run_tests(by))
    # Whoever was in it stays, although their role or account may have ended since.
    stayed = {was.lead, *was.members.all()} if was else set()
    if values["lead"] not in able | stayed:
        faults["lead"] = "Choose somebody of your authority who takes part in tests of change."
    if not set(members) <= able | stayed:
        faults["members"] = "Choose people of your authority who take part in tests of change."
    if faults:
        raise ValidationError(faults)
    refuse_named_children({"title": values["title"]}, by=by)
    return values


def _set_members(test: TestOfChange, members: list[User], *, by: User) -> bool:
    """Let exactly these people be in the test; True when that changed who is."""
    before, after = ({each.pk for each in people} for people in (test.members.all(), members))
    if before == after:
        return False
    test.members.set(members)
    record(
        AuditEntry.Action.CHANGE,
        authority=test.authority,
        record_type="testofchange",
        record_id=test.pk,
        by=by,
        before={"members": sorted(before)},
        after={"members": sorted(after)},
    )
    return True
