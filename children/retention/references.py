"""Marks of the council references of pseudonymised children: one way, under a secret of the authority's own."""

import hmac
from hashlib import sha256
from secrets import token_bytes

from children.retention.models import ForgottenReference, ReferenceKey
from pace_site.accounts.models import Organisation

KEY_BYTES = 32


def mark_of(local_ref: str, *, key: bytes) -> str:
    """The mark of a reference; capitals and spaces aside, so that another spelling does not bring a child back."""
    return hmac.new(key, "".join(local_ref.split()).casefold().encode(), sha256).hexdigest()


def forget(local_ref: str, *, of: Organisation, year: int) -> None:
    """Leave a mark of a reference that the records forget."""
    key, _made = ReferenceKey.objects.get_or_create(authority=of, defaults={"key": token_bytes(KEY_BYTES)})
    ForgottenReference.objects.get_or_create(
        authority=of, mark=mark_of(local_ref, key=bytes(key.key)), defaults={"year": year}
    )


class Forgotten:
    """The forgotten references of an authority, to be asked for one after another; two queries in all."""

    def __init__(self, authority: Organisation):
        key = ReferenceKey.objects.filter(authority=authority).first()
        self._key = bytes(key.key) if key else b""
        self._years = dict(ForgottenReference.objects.filter(authority=authority).values_list("mark", "year"))

    def year_of(self, local_ref: str) -> int | None:
        """The year in which this reference was forgotten; None when it was not."""
        return self._years.get(mark_of(local_ref, key=self._key)) if self._years else None


def remember(local_ref: str, *, of: Organisation) -> bool:
    """Take the mark of a reference away; False when there was none."""
    key = ReferenceKey.objects.filter(authority=of).first()
    if key is None:
        return False
    mark = mark_of(local_ref, key=bytes(key.key))
    gone, _by_model = ForgottenReference.objects.filter(authority=of, mark=mark).delete()
    return bool(gone)
