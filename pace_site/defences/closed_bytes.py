"""Bytes that lie in the database for a while and are nobody's to read there: packed and encrypted."""

import base64
import zlib
from hashlib import sha256

from django.conf import settings


class Unopenable(Exception):
    """These bytes were closed with a key that is lost, or are damaged."""


def closed(content: bytes, *, purpose: str) -> bytes:
    """Return `content` packed and encrypted with a key made from SECRET_KEY for this purpose alone."""
    return _locks(purpose).encrypt(zlib.compress(content, 3))


def opened(content: bytes, *, purpose: str) -> bytes:
    """Return what `closed` was given; keys in SECRET_KEY_FALLBACKS still open. Raise `Unopenable` otherwise."""
    from cryptography.fernet import InvalidToken

    try:
        return zlib.decompress(_locks(purpose).decrypt(bytes(content)))
    except (InvalidToken, zlib.error) as error:
        raise Unopenable("This cannot be opened any more: the key with which it was closed is lost.") from error


def _locks(purpose: str):
    # Of use on few requests, and slow to load.
    from cryptography.fernet import Fernet, MultiFernet

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(f"{purpose}:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
