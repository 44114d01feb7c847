"""The folder of backups: whole files for their owner alone, as many as are kept, and nothing of a child beside them."""

import errno
import gzip
import json
import os
import sqlite3
import stat
import tarfile
import time
import tracemalloc
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from pace_site.backups import backing_up, sqlite
from pace_site.backups.backing_up import back_up
from pace_site.backups.contents import Contents
from pace_site.backups.envelope import check_envelope, write_envelope
from pace_site.backups.folder import (
    SummedFile,
    backups_in,
    keep_newest,
    manifest_beside,
    name_for,
    only_writer,
    sum_of,
    whole_file,
)
from pace_site.backups.manifest import Manifest
from pace_site.backups.refusal import BackupRefused
from tests.backups.recorded import a_child_with_a_name, record_a_milestone

NIGHT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def told(command: str, *args: str, **more) -> str:
    """What a command says when it refuses, with exit code 1."""
    with pytest.raises(CommandError) as refused:
        call_command(command, *args, **more)
    assert refused.value.returncode == 1
    return str(refused.value)


@pytest.mark.django_db
def test_only_its_owner_can_read_a_backup(site, key, folder):
    before = os.umask(0)
    try:
        made = back_up(folder)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert {*modes.values()} == {0o600}
    assert {made.path.name, manifest_beside(made.path).name} < {*modes}


@pytest.mark.django_db
def test_the_manifest_beside_a_backup_says_all_but_nothing_of_a_child(site, key, folder):
    child = a_child_with_a_name()
    record_a_milestone(child)
    made = back_up(folder)
    text = manifest_beside(made.path).read_text()
    assert not any(word in text for word in ("Morag", "Unmistakable", child.code, child.local_ref))
    said = json.loads(text)
    assert (said["version"], said["kind"], said["file_sum"]) == ("0.1.0", connection.vendor, sum_of(made.path))
    assert said["contents"]["rows"]["children_child"] == 1
    assert said["contents"]["head_position"] == 1
    assert Manifest.from_json(text) == made.manifest


@pytest.mark.django_db
def test_nothing_of_a_child_can_be_read_in_a_backup_without_the_key(site, key, folder):
    a_child_with_a_name()
    made = back_up(folder)
    assert b"Unmistakable" not in made.path.read_bytes()
    assert made.path.read_bytes().startswith(b"age-encryption.org/v1")


@pytest.mark.django_db
@pytest.mark.parametrize("room", [0, 20_000])
def test_a_full_disk_is_told_and_leaves_nothing(site, key, folder, monkeypatch, room):
    old = back_up(folder)
    write = SummedFile.write

    def write_until_full(self, data):
        if self.size + len(data) > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(self, data)

    monkeypatch.setattr(SummedFile, "write", write_until_full)
    said = told("backup", "--out", str(folder), "--keep", "1")
    assert said == f"There is no room left in {folder}. No backup was written."
    assert {path.name for path in folder.iterdir()} == {
        ".pace-backup.lock",
        old.path.name,
        manifest_beside(old.path).name,
    }


@pytest.mark.django_db
def test_a_backup_whose_manifest_found_no_room_is_not_kept_either(site, key, folder, monkeypatch):
    def refuse(_manifest):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    @contextmanager
    def full_for_the_manifest(path):
        with whole_file(path) as file:
            if path.name.endswith(".json"):
                monkeypatch.setattr(file, "write", refuse)
            yield file

    monkeypatch.setattr(backing_up, "whole_file", full_for_the_manifest)
    assert "No backup was written." in told("backup", "--out", str(folder))
    assert [path.name for path in folder.iterdir()] == [".pace-backup.lock"]


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told_in_words(site, key, folder, monkeypatch):
    def fail():
        raise OperationalError("server closed the connection\nDETAIL: Key (name)=(Morag)")

    monkeypatch.setattr(backing_up, "head_of_chain", fail)
    said = told("backup", "--out", str(folder))
    assert said.endswith(": server closed the connection")
    assert not [*folder.glob("*pace-2*")]


def test_a_file_that_cannot_be_made_to_last_is_not_given_its_name(folder, monkeypatch):
    def fail(_handle):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BackupRefused, match="Input/output error"), whole_file(folder / "some.age") as file:
        file.write(b"some")
    assert [*folder.iterdir()] == []


@pytest.mark.django_db
def test_the_newest_are_kept_and_what_else_lies_there_is_left_alone(site, key, folder):
    (folder / "letter.txt").write_text("Not a backup.")
    first, second, third = (back_up(folder, keep=2) for _number in range(3))
    assert (first.deleted, second.deleted, third.deleted) == ([], [], [first.path])
    assert backups_in(folder) == [second.path, third.path]
    assert not manifest_beside(first.path).exists()
    assert manifest_beside(second.path).exists()
    assert (folder / "letter.txt").exists()


def test_the_oldest_backup_is_the_one_that_was_made_first_of_either_kind(folder):
    names = [name_for(NIGHT + timedelta(days=day), kind) for day, kind in enumerate(["sqlite", "postgresql", "sqlite"])]
    for name in names:
        (folder / name).touch()
    assert [path.name for path in keep_newest(folder, 1)] == names[:2]


def test_two_backups_are_not_written_to_one_folder_at_once(folder):
    with only_writer(folder), pytest.raises(BackupRefused, match="Another backup"), only_writer(folder):
        pass


def test_what_a_killed_backup_left_is_taken_away_by_the_next(folder):
    left = folder / f".{name_for(NIGHT, 'sqlite')}.partial"
    left.write_bytes(b"half of it")
    with only_writer(folder):
        assert not left.exists()


def test_a_copy_that_a_killed_run_left_beside_the_database_goes_after_a_day(tmp_path):
    old, fresh = tmp_path / ".pace-copy-old", tmp_path / ".pace-copy-fresh"
    for left in (old, fresh):
        left.mkdir()
        (left / "copy.sqlite3").write_bytes(b"half of it")
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(old, (two_days_ago, two_days_ago))
    file = tmp_path / "some.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE something_else (a integer)")
    with pytest.raises(BackupRefused, match="not one of the PACE tracker"), sqlite.hold(file):
        pass
    assert {path.name for path in tmp_path.glob(".pace*")} == {fresh.name}


def test_a_large_database_is_encrypted_and_read_without_holding_it_in_memory(key, tmp_path):
    piece, path = os.urandom(1024 * 1024), tmp_path / "large.age"
    manifest = Manifest("0.1.0", "sqlite", NIGHT, Contents({}, (), 0, "0" * 64))
    tracemalloc.start()
    try:
        with path.open("wb") as out:
            write_envelope(out, manifest, (piece for _number in range(64)), recipients=[key.to_public()])
        check_envelope(path, identities=[key])
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 64_000_000
    assert peak < 45_000_000


@pytest.mark.django_db
def test_the_commands_tell_what_they_did(site, another, key_file, folder, capsys):
    record_a_milestone(a_child_with_a_name())
    call_command("backup", "--out", str(folder), "--keep", "3", "--verify")
    [path] = backups_in(folder)
    said = capsys.readouterr().out
    assert str(path) in said
    assert "It was restored into a scratch database, and is the same." in said
    call_command("verify_backup", str(path))
    assert capsys.readouterr().out.endswith("at place 1\nThe backup holds.\n")
    said = told("restore", str(path))
    assert "To replace all of it, say --replace and its name." in said


@pytest.mark.django_db
def test_what_is_missing_or_wrong_is_told_before_anything_is_done(site, key, key_file, folder, settings, tmp_path):
    out = ("--out", str(folder))
    assert told("backup", "--out", str(tmp_path / "nowhere")) == f"There is no folder {tmp_path / 'nowhere'}."
    for recipients, words in (
        ([], "Set BACKUP_RECIPIENTS"),
        ([str(key)], "has a private key"),
        (["age1nonsense"], "'age1nonsense' in BACKUP_RECIPIENTS is not a public key"),
    ):
        settings.BACKUP_RECIPIENTS = recipients
        said = told("backup", *out)
        assert words in said
        assert str(key) not in said
    assert not [*folder.glob("pace-*")]
    missing = str(tmp_path / "none.age")
    assert told("restore", missing) == f"{missing}: No such file or directory."
    secret = tmp_path / "secret.txt"
    for text, words in (("no key at all", "is not a file of private keys"), ("# nothing\n", "has no private key")):
        secret.write_text(text)
        assert words in told("verify_backup", missing, "--identity", str(secret))
    settings.BACKUP_IDENTITY_FILE = ""
    assert "--identity FILE" in told("verify_backup", missing)


def test_a_password_in_an_address_is_refused_and_not_repeated(key_file):
    said = told("restore", "some.age", "--into", "postgres://pace:open-sesame@localhost/pace")
    assert "PGPASSFILE" in said
    assert "open-sesame" not in said
    for address in ("mysql://pace@localhost/pace", "sqlite://:memory:", "nonsense", "postgres://pace@localhost:x/p"):
        assert told("restore", "some.age", "--into", address).startswith("--into takes")


def test_a_manifest_of_another_form_is_refused():
    for text in ('{"form": "pace-backup-9", "kind": "sqlite"}', "[]", "{}", "no json", '{"form": "pace-backup-1"}'):
        with pytest.raises(BackupRefused, match=r"form unknown|cannot be read"):
            Manifest.from_json(text)


def test_the_encryption_is_that_of_age_so_that_any_age_program_opens_it(key):
    out = BytesIO()
    manifest = Manifest("0.1.0", "sqlite", NIGHT, Contents({}, (), 0, "0" * 64))
    write_envelope(out, manifest, iter([b"rows"]), recipients=[key.to_public()])
    plain = gzip.decompress(pyrage.decrypt(out.getvalue(), [key]))
    with tarfile.open(fileobj=BytesIO(plain)) as tar:
        assert tar.getnames() == ["manifest.json", "database.000000", "database.sha256"]
        assert tar.extractfile("database.000000").read() == b"rows"
