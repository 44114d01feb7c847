"""The trail is sealed in the order of its commits, and `verify_audit` finds whatever was done to it since."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pace_site.accounts.roles import Role
from pace_site.audit import sealing
from pace_site.audit.actions import erase_values
from pace_site.audit.chain import HASHED, NOTHING_BEFORE, PERSONAL, SEALING, content_of, digest_values, seal_after
from pace_site.audit.guards import put_up_guards
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.occasion import Occasion
from pace_site.audit.sealing import BATCH, head_of_chain, seal_waiting
from pace_site.audit.trail import record, record_all
from pace_site.audit.verifying import verify
from tests.audit.entries import TABLE, an_entry, write
from tests.audit.lifting import lift_guards, tamper
from tests.builders import authority, person

pytestmark = pytest.mark.django_db

Action = AuditEntry.Action


def fault_kind(**more) -> str:
    fault = verify(**more).fault
    return fault.kind if fault else ""


def test_an_untouched_trail_holds():
    write(5)
    verdict = verify()
    assert (verdict.read, verdict.holds, verdict.head.position) == (5, True, 5)
    assert verdict.head == head_of_chain()


def test_an_empty_trail_holds_and_its_head_is_that_of_nothing():
    assert verify().holds
    assert head_of_chain().seal == NOTHING_BEFORE


def test_a_seal_is_over_the_entry_and_the_seal_before_it():
    write(2)
    first, second = AuditEntry.objects.order_by("position").values()
    assert second["values_digest"] == digest_values(second, second["salt"])
    assert second["seal"] == seal_after(first["seal"], content_of(second, second["values_digest"]))


def test_every_column_is_hashed_or_part_of_the_sealing():
    columns = {field.attname for field in AuditEntry._meta.concrete_fields}
    assert columns == {*HASHED, *PERSONAL, *SEALING}


def test_entries_are_sealed_in_the_order_in_which_they_were_written_and_without_gaps_in_places():
    keys = write(3)
    with transaction.atomic():
        record_all([an_entry()])
        transaction.set_rollback(True)
    record_all([an_entry()])
    seal_waiting()
    assert list(AuditEntry.objects.order_by("pk").values_list("position", flat=True)) == [1, 2, 3, 4]
    assert AuditEntry.objects.filter(pk__gt=keys[-1]).count() == 1
    assert verify().holds


def test_one_who_commits_late_with_an_earlier_id_is_sealed_behind_those_who_were_sooner():
    record_all([an_entry(), an_entry()])
    late, soon = AuditEntry.objects.order_by("pk")
    with connection.cursor() as cursor:  # what a sealer does that cannot see `late` yet
        salt, digest = "0" * 32, digest_values(AuditEntry.objects.values().get(pk=soon.pk), "0" * 32)
        seal = seal_after(NOTHING_BEFORE, content_of(AuditEntry.objects.values().get(pk=soon.pk), digest))
        cursor.execute(
            f"UPDATE {TABLE} SET position = 1, salt = %s, values_digest = %s, seal = %s WHERE id = %s",
            [salt, digest, seal, soon.pk],
        )
    seal_waiting()
    assert AuditEntry.objects.get(pk=late.pk).position == 2
    assert verify().holds


def test_more_entries_than_a_batch_are_all_sealed():
    record_all([an_entry() for _ in range(BATCH + 5)])
    assert seal_waiting() == BATCH + 5
    assert verify().read == BATCH + 5


def test_entries_are_sealed_by_themselves_once_their_transaction_is_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as calls:
        record(Action.VIEW, authority=authority(), record_type="child", record_id=1, by=None)
        record(Action.VIEW, authority=authority(), record_type="child", record_id=2, by=None)
        assert not AuditEntry.objects.exclude(position=None).exists()
    assert len(calls) == 1
    assert AuditEntry.objects.exclude(position=None).count() == 2


def test_a_changed_field_is_found():
    keys = write(5)
    tamper(f"UPDATE {TABLE} SET actor = 'somebody@else.example' WHERE id = %s", keys[2])
    fault = verify().fault
    assert (fault.kind, fault.position, fault.entry_id) == ("changed", 3, keys[2])


def test_a_changed_value_is_found():
    keys = write(5)
    tamper(f"UPDATE {TABLE} SET reason = 'Another' WHERE id = %s", keys[4])
    fault = verify().fault
    assert (fault.kind, fault.entry_id) == ("changed", keys[4])


def test_an_entry_gone_from_the_middle_is_found():
    keys = write(5)
    tamper(f"DELETE FROM {TABLE} WHERE id IN (%s, %s)", keys[1], keys[2])
    fault = verify().fault
    assert (fault.kind, fault.position, fault.entry_id) == ("missing", 2, None)
    assert "2 entries" in fault.why


def test_an_entry_gone_and_the_others_moved_up_is_found():
    keys = write(5)
    tamper(f"DELETE FROM {TABLE} WHERE id = %s", keys[2])
    tamper(f"UPDATE {TABLE} SET position = 3 WHERE id = %s", keys[3])
    tamper(f"UPDATE {TABLE} SET position = 4 WHERE id = %s", keys[4])
    fault = verify().fault
    assert (fault.position, fault.entry_id) == (3, keys[3])
    assert "is gone" in fault.why


def test_the_last_entry_gone_is_found_by_whoever_kept_the_head():
    keys = write(5)
    kept = head_of_chain().seal
    tamper(f"DELETE FROM {TABLE} WHERE id = %s", keys[4])
    assert verify().fault is None
    assert fault_kind(expected_head=kept) == "missing"
    write(1)
    assert fault_kind(expected_head=kept) == "missing"


def test_a_head_kept_earlier_is_found_in_a_chain_that_has_grown():
    write(2)
    kept = head_of_chain().seal
    write(3)
    assert verify(expected_head=kept).fault is None


def test_a_chain_sealed_anew_after_a_change_is_found_by_whoever_kept_the_head():
    keys = write(4)
    kept = head_of_chain().seal
    tamper(f"UPDATE {TABLE} SET actor = 'x' WHERE id = %s", keys[1])
    tamper(f"UPDATE {TABLE} SET position = NULL, salt = '', values_digest = '', seal = ''")
    assert verify().fault is None
    assert fault_kind(expected_head=kept) == "missing"


def test_two_entries_that_changed_places_are_found():
    keys = write(5)
    tamper(f"UPDATE {TABLE} SET position = 99 WHERE id = %s", keys[1])
    tamper(f"UPDATE {TABLE} SET position = 2 WHERE id = %s", keys[2])
    tamper(f"UPDATE {TABLE} SET position = 3 WHERE id = %s", keys[1])
    fault = verify().fault
    assert (fault.kind, fault.position, fault.entry_id) == ("reordered", 2, keys[2])


def test_an_entry_put_in_between_is_found():
    keys = write(4)
    tamper(f"UPDATE {TABLE} SET position = position + 100 WHERE position > 2")
    tamper(f"UPDATE {TABLE} SET position = position - 99 WHERE position > 2")
    second = AuditEntry.objects.get(pk=keys[1])
    record_all([an_entry(reason="Put in")])
    put_in = AuditEntry.objects.values().get(position=None)
    digest = digest_values(put_in, "0" * 32)
    tamper(
        f"UPDATE {TABLE} SET position = 3, salt = %s, values_digest = %s, seal = %s WHERE id = %s",
        "0" * 32,
        digest,
        seal_after(second.seal, content_of(put_in, digest)),
        put_in["id"],
    )
    fault = verify().fault
    assert (fault.kind, fault.position, fault.entry_id) == ("added", 4, keys[2])


def test_an_entry_written_today_with_a_date_of_last_week_is_found():
    write(2)
    record_all([an_entry()])
    last_week = timezone.now() - timedelta(days=7)
    AuditEntry.objects.bulk_create([an_entry()])
    key = AuditEntry.objects.latest("pk").pk
    lift_guards()
    AuditEntry.objects.filter(pk=key).update(at=last_week)
    fault = verify().fault
    assert (fault.kind, fault.entry_id) == ("added", key)


def test_a_child_taken_out_of_the_index_of_a_list_is_found():
    record_all([an_entry(child_code="", after={"children": ["P-1", "P-2"]})])
    tamper("DELETE FROM audit_mentionedchild WHERE child_code = 'P-2'")
    assert fault_kind() == "changed"


def other(value):
    """Another value of the same column."""
    if value is None:
        return st.just(7)
    if isinstance(value, bool | int):
        return st.one_of(st.none(), st.integers(0, 2**40)).filter(lambda new: new != value)
    if isinstance(value, str):
        letters = st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"])
        return st.text(letters, max_size=12).filter(lambda new: new != value)
    if isinstance(value, dict):
        return st.dictionaries(st.text("abc", max_size=3), st.integers(0, 9), max_size=2).filter(
            lambda new: new != value
        )
    return st.integers(1, 10**9).map(lambda microseconds: value + timedelta(microseconds=microseconds))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_of_any_column_of_any_entry_is_found(data):
    with transaction.atomic():
        keys = write(4)
        lift_guards()
        kept = head_of_chain().seal
        name = data.draw(st.sampled_from([*HASHED, *PERSONAL, *SEALING]))
        rows = AuditEntry.objects.filter(pk=data.draw(st.sampled_from(keys)))
        value = data.draw(other(rows.values_list(name, flat=True).get()))
        try:
            with transaction.atomic():
                rows.update(**{name: value})
        except IntegrityError:  # refused by what the database holds beside the guards: two of one place or id
            found = True
        else:
            found = verify(expected_head=kept).fault is not None
        transaction.set_rollback(True)
    assert found, name


# Values that go, and a chain that stays


def test_erased_values_leave_the_chain_whole():
    write(3)
    record_all([an_entry(child_code="P-8", reason="Of another child")])
    assert erase_values("P-7", authority=authority(), by=person(Role.DATA_LEAD), reason="Kept long enough") == 3
    assert set(AuditEntry.objects.filter(child_code="P-7", action=Action.CHANGE).values_list("reason", "after")) == {
        ("", None)
    }
    assert AuditEntry.objects.get(child_code="P-8").reason == "Of another child"
    verdict = verify()
    assert (verdict.holds, verdict.erased) == (True, 3)


def test_values_erased_without_a_word_in_the_trail_are_found():
    keys = write(3)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {TABLE} SET salt = '', "before" = NULL, "after" = NULL, reason = '' WHERE id = %s""", [keys[1]]
        )
    fault = verify().fault
    assert (fault.kind, fault.entry_id) == ("changed", keys[1])


def test_an_erasure_in_another_authority_explains_nothing_here():
    keys = write(3)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {TABLE} SET salt = '', "before" = NULL, "after" = NULL, reason = '' WHERE id = %s""", [keys[1]]
        )
    erase_values("P-7", authority=authority("S12000033"), by=None, reason="A child of theirs with this pseudonym")
    assert verify().fault.entry_id == keys[1]


@pytest.mark.django_db(transaction=True)
def test_the_head_is_told_in_the_log_now_and_then(caplog, monkeypatch):
    monkeypatch.setattr(sealing, "_told_at", None)
    with caplog.at_level("INFO", logger="pace_site.audit.sealing"):
        write(1)  # not by a command: its words are read by people and programs
        monkeypatch.setattr(sealing, "occasion", lambda: Occasion(request_id="1"))
        write(1)
        write(1)
    (line,) = [each.getMessage() for each in caplog.records if each.name == "pace_site.audit.sealing"]
    second = AuditEntry.objects.get(position=2)
    assert line == f"Head of the audit trail: {second.seal} at place 2"


# The command


def test_the_command_says_how_many_and_the_head(capsys):
    write(3)
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert "3 audit entries fit" in said
    assert head_of_chain().seal in said


def test_the_command_fails_with_the_place_and_the_reason(capsys):
    keys = write(3)
    tamper(f"UPDATE {TABLE} SET actor = 'x' WHERE id = %s", keys[1])
    with pytest.raises(CommandError, match=rf"place 2, entry {keys[1]} \(changed\)") as failed:
        call_command("verify_audit", json=True)
    assert failed.value.returncode == 1
    assert json.loads(capsys.readouterr().out)["fault"]["entry_id"] == keys[1]


def test_the_command_begins_where_it_is_told_to(capsys):
    keys = write(4)
    tamper(f"UPDATE {TABLE} SET actor = 'x' WHERE id = %s", keys[0])
    put_up_guards()
    call_command("verify_audit", from_id=keys[2])
    assert "2 audit entries fit" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no sealed audit entry 987654"):
        call_command("verify_audit", from_id=987654)


def test_the_command_prints_the_head_alone_for_whoever_keeps_it(capsys):
    write(2)
    call_command("verify_audit", head=True)
    assert capsys.readouterr().out.strip() == head_of_chain().seal


def test_the_lists_in_which_a_child_stood_are_found_by_the_child():
    record_all([an_entry(child_code="", after={"children": ["P-1", "P-2"]}), an_entry(child_code="P-2")])
    assert AuditEntry.objects.about_child("P-1", in_authority="S12000019").count() == 1
    assert AuditEntry.objects.about_child("P-2", in_authority="S12000019").count() == 2
    assert MentionedChild.objects.count() == 2
