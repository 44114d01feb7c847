"""Bytes that lie in the database for a while and are nobody's to read there: packed and encrypted."""

import zlib

from pace_site.config.own_locks import locks_for


class Unopenable(Exception):
    """These bytes were closed with a key that is lost, or are damaged."""


def closed(content: bytes, *, purpose: str) -> bytes:
    """Return `content` packed and encrypted with a key made from SECRET_KEY for this purpose alone."""
    return locks_for(purpose).encrypt(zlib.compress(content, 3))


def opened(content: bytes, *, purpose: str) -> bytes:
    """Return what `closed` was given; keys in SECRET_KEY_FALLBACKS still open. Raise `Unopenable` otherwise."""
    from cryptography.fernet import InvalidToken

    try:
        return zlib.decompress(locks_for(purpose).decrypt(bytes(content)))
    except (InvalidToken, zlib.error) as error:
        raise Unopenable("This cannot be opened any more: the key with which it was closed is lost.") from error
