"""Whatever was done to a backup is found, said in words, and nothing is restored from it."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pace_site.backups import backing_up, envelope
from pace_site.backups.backing_up import back_up
from pace_site.backups.contents import Contents
from pace_site.backups.databases import in_place_of_default
from pace_site.backups.envelope import check_envelope, write_envelope
from pace_site.backups.folder import manifest_beside
from pace_site.backups.manifest import Manifest
from pace_site.backups.refusal import BackupRefused
from pace_site.backups.restoring import restore
from pace_site.backups.verifying import verify_backup
from tests.audit.lifting import tamper
from tests.backups.recorded import a_child_with_a_name, found_in, record_a_milestone

MADE_AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
A_MANIFEST = Manifest("0.1.0", "sqlite", MADE_AT, Contents({"children_child": 3}, ("aims.0001_initial",), 0, "0" * 64))


def cut(body: bytes) -> bytes:
    return body[:-1]


def alter_early(body: bytes) -> bytes:
    return body[:40] + bytes([body[40] ^ 1]) + body[41:]


def alter_late(body: bytes) -> bytes:
    return body[:-20] + bytes([body[-20] ^ 1]) + body[-19:]


def halve(body: bytes) -> bytes:
    return body[: len(body) // 2]


def add(body: bytes) -> bytes:
    return body + b"more"


def empty(body: bytes) -> bytes:
    return b""


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [cut, alter_early, alter_late, halve, add, empty])
@pytest.mark.parametrize("is_beside", [True, False], ids=["with its manifest", "alone"])
def test_damage_is_found_with_and_without_the_manifest_beside_it_and_nothing_is_restored(
    site, another, key, folder, damage, is_beside
):
    record_a_milestone(a_child_with_a_name())
    made = back_up(folder)
    made.path.write_bytes(damage(made.path.read_bytes()))
    if not is_beside:
        manifest_beside(made.path).unlink()
    with pytest.raises(BackupRefused, match=r"altered|cut off"):
        verify_backup(made.path, identities=[key])
    into = another("empty")
    with pytest.raises(BackupRefused, match=r"altered|cut off"):
        restore(made.path, into=into, identities=[key])
    assert into.introspection.table_names() == []


@pytest.mark.django_db
def test_the_wrong_key_is_told_and_opens_nothing(site, another, key, folder):
    made = back_up(folder)
    into = another("empty")
    wrong = [pyrage.x25519.Identity.generate()]
    with pytest.raises(BackupRefused, match="was made for another key"):
        verify_backup(made.path, identities=wrong)
    with pytest.raises(BackupRefused, match="was made for another key"):
        restore(made.path, into=into, identities=wrong)
    assert into.introspection.table_names() == []


@pytest.mark.django_db
def test_each_of_several_keys_opens_a_backup(site, key, folder, settings):
    second = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [*settings.BACKUP_RECIPIENTS, str(second.to_public())]
    made = back_up(folder)
    assert check_envelope(made.path, identities=[second]) == check_envelope(made.path, identities=[key])


@pytest.mark.django_db
def test_rows_that_are_not_there_are_found_and_nothing_is_restored(site, another, key, folder, monkeypatch):
    a_child_with_a_name()
    write = backing_up.write_envelope

    def count_wrongly(out, manifest, database, **more):
        rows = manifest.contents.rows | {"children_child": 2, "children_lost": 7}
        return write(out, replace(manifest, contents=replace(manifest.contents, rows=rows)), database, **more)

    monkeypatch.setattr(backing_up, "write_envelope", count_wrongly)
    made = back_up(folder)
    with pytest.raises(BackupRefused) as refused:
        verify_backup(made.path, identities=[key])
    said = "The table children_child has 1 rows where 2 were kept.\nThe table children_lost (7 rows) is not there."
    assert str(refused.value) == said
    into = another("other", migrated=True)
    before = found_in(into)
    with pytest.raises(BackupRefused, match="children_lost"):
        restore(made.path, into=into, identities=[key], replace=_name(into))
    assert found_in(into) == before


def _name(database) -> str:
    return str(database.settings_dict["NAME"]).rpartition("/")[2]


@pytest.mark.django_db
def test_a_trail_that_was_changed_before_the_backup_is_found_by_verifying_it(site, key, key_file, folder):
    child = a_child_with_a_name()
    for _number in range(2):
        record_a_milestone(child)
    tamper("UPDATE audit_auditentry SET actor = 'somebody else' WHERE position = 1")
    made = back_up(folder)
    with pytest.raises(CommandError, match="The backup does not hold. The audit trail") as refused:
        call_command("verify_backup", str(made.path))
    assert refused.value.returncode == 1


@pytest.mark.django_db
def test_a_backup_of_another_head_is_found_by_verifying_it(site, key, folder, monkeypatch):
    record_a_milestone(a_child_with_a_name())
    write = backing_up.write_envelope

    def another_head(out, manifest, database, **more):
        contents = replace(manifest.contents, head_seal="f" * 64)
        return write(out, replace(manifest, contents=contents), database, **more)

    monkeypatch.setattr(backing_up, "write_envelope", another_head)
    made = back_up(folder)
    with pytest.raises(BackupRefused, match="The head of the audit chain is .* and was ffff"):
        verify_backup(made.path, identities=[key])


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
def test_what_was_written_is_read_back_whatever_its_size(key, tmp_path, size, monkeypatch):
    monkeypatch.setattr(envelope, "PART", 1_000_000)
    body = b"0123456789abcdef" * (size // 16) + b"x" * (size % 16)
    path = tmp_path / "some.age"
    with path.open("wb") as out:
        kept = write_envelope(out, A_MANIFEST, iter([body]), recipients=[key.to_public()])
    with envelope.open_envelope(path, identities=[key]) as opened:
        assert b"".join(opened.database) == body
    assert (opened.manifest, kept) == (A_MANIFEST, sha256(body).hexdigest())


def test_a_backup_that_ends_early_inside_is_found_although_its_encryption_holds(key, tmp_path):
    """Made by whoever has the public key: each part is authentic, and the last of them are missing."""
    packed = b"".join(envelope._packed(A_MANIFEST, iter([b"a" * 5000]), sha256()))
    path = tmp_path / "some.age"
    for short in (packed[:2000], packed[:-3000], b"no tar at all", b""):
        shut = b"".join(envelope._compressed(iter([short])))
        out = BytesIO()
        pyrage.encrypt_io(BytesIO(shut), out, [key.to_public()])
        path.write_bytes(out.getvalue())
        with pytest.raises(BackupRefused, match=r"not a backup|altered|cut off"):
            check_envelope(path, identities=[key])


def test_who_stops_reading_half_way_is_not_kept_waiting(key, tmp_path):
    path = tmp_path / "some.age"
    with path.open("wb") as out:
        write_envelope(out, A_MANIFEST, (bytes(1_000_000) for _n in range(20)), recipients=[key.to_public()])
    with envelope.open_envelope(path, identities=[key]) as opened:
        assert next(opened.database)


@pytest.mark.django_db
def test_a_database_without_the_trackers_tables_is_not_backed_up(site, another, key, folder):
    with in_place_of_default(another("empty")):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE something_else (a integer)")
        with pytest.raises(BackupRefused, match="not one of the PACE tracker"):
            back_up(folder)
    assert not [*folder.glob("pace-*")]
