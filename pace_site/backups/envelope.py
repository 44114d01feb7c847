"""The encrypted file: an age file of a gzipped tar, so that `age`, `tar` and `cat` open it without this program.

The tar has `manifest.json`, the database in parts of 8 MiB (the length of a dump is not known when it begins), and last
the SHA-256 of the parts put together. Nothing here holds more than one part in memory.
"""

import os
import tarfile
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyrage

from pace_site.backups.manifest import Manifest
from pace_site.backups.refusal import BackupRefused, words_of

PART = 8 * 1024 * 1024
CHUNK = 256 * 1024
MANIFEST, DATABASE, SUM = "manifest.json", "database.", "database.sha256"
DAMAGED = "{path} was altered, or is cut off: it is not what was written."
# What reading a tar that ends too soon may raise.
UNREADABLE = (tarfile.TarError, zlib.error, EOFError, OSError)


def write_envelope(out, manifest: Manifest, database: Iterable[bytes], *, recipients: list) -> str:
    """Write the encrypted backup to `out`, and return the SHA-256 of the database in it."""
    digest = sha256()
    source, sink = _Source(_compressed(_packed(manifest, database, digest))), _Sink(out)
    try:
        pyrage.encrypt_io(source, sink, recipients)
    except pyrage.EncryptError:
        # pyrage tells of an exception in words alone: the one itself says more.
        raise (source.failed or sink.failed) from None
    return digest.hexdigest()


@dataclass(frozen=True)
class Opened:
    """A backup that is being read. Only when `database` has come to its end is it known to be whole."""

    manifest: Manifest
    database: Iterator[bytes]


@contextmanager
def open_envelope(path: Path, *, identities: list) -> Iterator[Opened]:
    """Decrypt a backup as it is read. Refuses the wrong key, and whatever is not what was written."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupRefused(words_of(error, path)) from None
    read_end, write_end = os.pipe()
    decryption = _Decryption(file, write_end, identities)
    decryption.start()
    with file, os.fdopen(read_end, "rb") as source:
        try:
            with _refusing_damage(path, decryption):
                tar = tarfile.open(fileobj=source, mode="r|gz", bufsize=CHUNK)  # noqa: SIM115 - `source` is closed
                manifest = _manifest_in(tar)
            yield Opened(manifest, _database_in(tar, source, path, decryption))
        finally:
            source.close()
            decryption.join()


def check_envelope(path: Path, *, identities: list) -> Manifest:
    """Read a backup to its end, and return what it says of itself."""
    with open_envelope(path, identities=identities) as opened:
        for _chunk in opened.database:
            pass
        return opened.manifest


def _packed(manifest: Manifest, database: Iterable[bytes], digest) -> Iterator[bytes]:
    yield from _member(MANIFEST, manifest.as_json().encode())
    for number, part in enumerate(_parts(database)):
        digest.update(part)
        yield from _member(f"{DATABASE}{number:06d}", part)
    yield from _member(SUM, f"{digest.hexdigest()}\n".encode())
    yield bytes(2 * tarfile.BLOCKSIZE)


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    part = bytearray()
    for chunk in chunks:
        part += chunk
        while len(part) >= PART:
            yield bytes(part[:PART])
            del part[:PART]
    if part:
        yield bytes(part)


def _member(name: str, body: bytes) -> Iterator[bytes]:
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(body), 0o600
    yield about.tobuf(tarfile.USTAR_FORMAT)
    yield body
    yield bytes(-len(body) % tarfile.BLOCKSIZE)


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    gzip = zlib.compressobj(6, wbits=16 + zlib.MAX_WBITS)
    for chunk in chunks:
        for begin in range(0, len(chunk), CHUNK):
            yield gzip.compress(chunk[begin : begin + CHUNK])
    yield gzip.flush()


class _Source:
    """Chunks as a file to read from; remembers what went wrong while they were made."""

    def __init__(self, chunks: Iterator[bytes]):
        self.chunks, self.buffer, self.failed = chunks, BytesIO(), None

    def read(self, size: int) -> bytes:
        while not (piece := self.buffer.read(size)):
            try:
                self.buffer = BytesIO(next(self.chunks))
            except StopIteration:
                return b""
            except BaseException as error:
                self.failed = error
                raise
        return piece


class _Sink:
    """A file to write to; remembers what went wrong."""

    def __init__(self, out):
        self.out, self.failed = out, None

    def write(self, data: bytes) -> int:
        try:
            return self.out.write(data)
        except BaseException as error:
            self.failed = error
            raise

    def flush(self) -> None:
        """Nothing waits here: `out` is flushed by whoever opened it."""


class _Decryption(threading.Thread):
    """Decrypts into a pipe beside whoever reads from it, and says afterwards what was wrong."""

    def __init__(self, file, write_end: int, identities: list):
        super().__init__(daemon=True)
        self.file, self.write_end, self.identities = file, write_end, identities
        self.failed: Exception | None = None

    def run(self) -> None:
        # A reader that had enough closes the pipe, and what is then not written is nobody's loss.
        with suppress(BrokenPipeError), os.fdopen(self.write_end, "wb", buffering=CHUNK) as sink:
            try:
                pyrage.decrypt_io(self.file, sink, self.identities)
            except (pyrage.DecryptError, OSError) as error:
                self.failed = error

    def words(self, path: Path) -> str:
        if isinstance(self.failed, pyrage.DecryptError):
            if "No matching keys" in str(self.failed):
                why = "it was made for another key, or its first lines were altered"
                return f"The private key does not open {path}: {why}."
            return f"{path} is not a backup, or is cut off."
        return DAMAGED.format(path=path)


@contextmanager
def _refusing_damage(path: Path, decryption: _Decryption) -> Iterator[None]:
    try:
        yield
    except UNREADABLE:
        # The decryption has failed before the tar did, or else what was encrypted is no backup of ours.
        decryption.join(timeout=10)
        if decryption.failed:
            raise BackupRefused(decryption.words(path)) from None
        raise BackupRefused(f"{path} was encrypted for this key, but is not a backup of the PACE tracker.") from None


def _manifest_in(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > PART:
        raise tarfile.ReadError("There is no manifest")
    return Manifest.from_json(tar.extractfile(first).read())


def _database_in(tar: tarfile.TarFile, source, path: Path, decryption: _Decryption) -> Iterator[bytes]:
    """The database, chunk by chunk; after the last one everything was read, authenticated and summed up."""
    digest, kept_sum = sha256(), ""
    members = iter(tar)
    while True:
        with _refusing_damage(path, decryption):
            member = next(members, None)
            body = tar.extractfile(member) if member else None
        if member is None:
            break
        if member.name == SUM:
            with _refusing_damage(path, decryption):
                kept_sum = body.read().decode("ascii", "replace").strip()
            continue
        if not member.name.startswith(DATABASE):
            continue
        while True:
            with _refusing_damage(path, decryption):
                chunk = body.read(CHUNK)
            if not chunk:
                break
            digest.update(chunk)
            yield chunk
    while source.read(CHUNK):
        pass
    decryption.join()
    if decryption.failed or kept_sum != digest.hexdigest():
        raise BackupRefused(decryption.words(path))
