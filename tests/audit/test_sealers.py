"""Several seal at once, or one is stopped between commit and seal: the chain has no gap, and nothing is lost."""

import threading

import pytest
from django.core.management import call_command

from pace_site.audit import sealing
from pace_site.audit.models import AuditEntry
from pace_site.audit.sealing import seal_waiting
from pace_site.audit.trail import record
from pace_site.audit.verifying import verify
from tests.audit.lifting import tamper
from tests.backups.conftest import another, site, template, thread_of_its_own
from tests.builders import authority

__all__ = ["another", "site", "template", "thread_of_its_own"]
pytestmark = pytest.mark.django_db

EACH, WRITERS = 6, 2


def note(number: int) -> None:
    record(AuditEntry.Action.VIEW, authority=authority(), record_type="child", record_id=number, by=None)


def places() -> list[int | None]:
    return list(AuditEntry.objects.order_by("pk").values_list("position", flat=True))


def test_those_who_seal_at_once_leave_neither_a_gap_nor_two_entries_in_one_place(site, thread_of_its_own):
    failed, ready = [], threading.Barrier(WRITERS + 1)

    def write(of: int) -> None:
        try:
            with thread_of_its_own():
                ready.wait(20)
                for number in range(EACH):
                    note(1000 * of + number)
                    seal_waiting()
        except Exception as error:  # noqa: BLE001 - the test tells of it
            failed.append(error)

    writers = [threading.Thread(target=write, args=(of,)) for of in range(WRITERS)]
    for writer in writers:
        writer.start()
    ready.wait(20)
    for _time in range(EACH):
        seal_waiting()
    for writer in writers:
        writer.join()
    assert not failed
    verdict = verify()
    assert (verdict.holds, verdict.read) == (True, EACH * WRITERS)
    assert sorted(places()) == list(range(1, EACH * WRITERS + 1))


def test_what_a_crash_left_unsealed_is_sealed_in_its_order_by_the_next_who_writes(site, monkeypatch):
    with monkeypatch.context() as stopped:
        stopped.setattr(sealing, "_seal_if_free", lambda: None)
        note(1)
        note(2)
    assert places() == [None, None]
    note(3)
    assert places() == [1, 2, 3]
    assert (verify().holds, verify().sealed_now) == (True, 0)


def test_a_crash_while_sealing_seals_nothing_and_the_entries_stay(site, monkeypatch):
    def crash(_rows):
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(sealing, "_write_seals", crash)
        with pytest.raises(KeyboardInterrupt):
            note(1)
    assert places() == [None]
    assert (verify().holds, places()) == (True, [1])


def test_verifying_tells_what_was_not_sealed_from_what_was_tampered_with(site, monkeypatch, capsys):
    for number in range(4):
        note(number)
    with monkeypatch.context() as stopped:
        stopped.setattr(sealing, "_seal_if_free", lambda: None)
        note(5)
    verdict = verify()
    assert (verdict.holds, verdict.sealed_now, verdict.read) == (True, 1, 5)
    monkeypatch.setattr(sealing, "_seal_if_free", lambda: None)
    note(6)
    call_command("verify_audit")
    assert "1 of them was not sealed, as a program was stopped" in capsys.readouterr().out
    second = AuditEntry.objects.get(position=2).pk
    unseal = "position = NULL, salt = '', values_digest = '', seal = ''"
    tamper(f"UPDATE audit_auditentry SET {unseal} WHERE id = %s", second)
    verdict = verify()
    assert (verdict.fault.kind, verdict.fault.position) == ("missing", 2)
