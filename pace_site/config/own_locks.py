"""Locks whose keys are made from SECRET_KEY, one for each purpose, for what lies in the database and is nobody's."""

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


def locks_for(purpose: str) -> "MultiFernet":
    """Closes by SECRET_KEY; keys in SECRET_KEY_FALLBACKS still open what they closed."""
    from cryptography.fernet import Fernet, MultiFernet  # of use on few requests, and slow to load

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(f"{purpose}:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
