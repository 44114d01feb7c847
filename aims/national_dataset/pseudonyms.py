"""Pseudonyms of the national dataset: stable from month to month, and worked out by nobody without the secret."""

import hmac
from base64 import b32encode
from collections.abc import Collection
from hashlib import sha256
from secrets import token_bytes

from aims.models import PseudonymSecret
from children.models import Child
from pace_site.accounts.models import Organisation

KEY_BYTES = 32
HASH_BYTES = 10  # 80 bits, written as 16 letters and digits


def secret_of(authority: Organisation) -> bytes:
    """The authority's secret; made when it is first asked for."""
    secret, _made = PseudonymSecret.objects.get_or_create(authority=authority, defaults={"key": token_bytes(KEY_BYTES)})
    return bytes(secret.key)


def codes_behind(pseudonyms: Collection[str], *, of: Organisation) -> list[str]:
    """The codes by which the authority knows the children of some pseudonyms: for its own audit trail."""
    secret = secret_of(of)
    codes = Child.objects.filter(authority=of).order_by("code").values_list("code", flat=True)
    return [code for code in codes if national_pseudonym(code, secret=secret) in pseudonyms]


def national_pseudonym(code: str, *, secret: bytes) -> str:
    """The pseudonym in the dataset of the child whom the authority knows by `code`."""
    digest = hmac.digest(secret, code.encode(), sha256)
    return f"N-{b32encode(digest[:HASH_BYTES]).decode()}"
