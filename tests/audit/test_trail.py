"""The trail says who did what to which record, and outlives all of them."""

import pytest
from django.db import models

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record, record_all
from tests.builders import authority, child, person

pytestmark = pytest.mark.django_db

Action = AuditEntry.Action


def change(**more) -> dict:
    return {"authority": authority(), "record_type": "child", "record_id": 7, "by": None, **more}


def test_an_entry_says_who_did_what_to_which_record_and_what_changed():
    user = person(Role.DATA_LEAD, email="dana@council.example")
    record(
        Action.CHANGE,
        **change(by=user, child_code="P-7", before={"team": 1}, after={"team": 2}, reason="The family moved"),
    )
    entry = AuditEntry.objects.get()
    assert (entry.authority_code, entry.actor_id, entry.actor) == ("S12000019", user.pk, "dana@council.example")
    assert (entry.action, entry.record_type, entry.record_id, entry.child_code) == ("change", "child", "7", "P-7")
    assert (entry.before, entry.after, entry.reason) == ({"team": 1}, {"team": 2}, "The family moved")
    assert entry.at is not None


def test_what_a_command_did_is_told_as_the_command_line_s():
    record(Action.IMPORT, **change())
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.actor) == (None, "command line")


def test_an_entry_is_not_written_before_it_is_recorded():
    entry = audit_entry(Action.VIEW, **change())
    assert not AuditEntry.objects.exists()
    record_all([entry])
    assert AuditEntry.objects.get().action == Action.VIEW


def test_many_entries_are_appended_in_one_insert(django_assert_num_queries):
    entries = [audit_entry(Action.CREATE, **change(record_id=number)) for number in range(50)]
    with django_assert_num_queries(3):  # the insert between the two ends of its savepoint
        record_all(entries)
    assert AuditEntry.objects.count() == 50


def test_an_entry_outlives_the_person_and_the_child_it_speaks_of():
    user, row = person(Role.DATA_LEAD, email="dana@council.example"), child(code="P-GONE")
    record(Action.VIEW, **change(by=user, record_id=row.pk, child_code=row.code))
    row.delete()
    user.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.child_code) == ("dana@council.example", "P-GONE")


def test_an_entry_points_at_nothing_that_could_take_it_along():
    assert not [field.name for field in AuditEntry._meta.get_fields() if isinstance(field, models.ForeignKey)]


def test_the_newest_entry_stands_first():
    record(Action.CREATE, **change())
    record(Action.VOID, **change())
    assert [entry.action for entry in AuditEntry.objects.all()] == [Action.VOID, Action.CREATE]


def test_the_trail_of_another_authority_is_nobody_s_here():
    record(Action.CREATE, **change())
    record(Action.VOID, **change(authority=authority("S12000033")))
    assert [entry.action for entry in AuditEntry.objects.visible_to(person(Role.IG_AUDITOR))] == [Action.CREATE]
