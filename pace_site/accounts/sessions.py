"""Sessions in the database that two requests of one person may change at once.

Django writes a session whole: of two requests that overlap, the one that ends last undoes what the other wrote. A form
that asks beside itself what saving will do would so swallow the words that it was saved.
"""

from copy import deepcopy

from django.contrib.sessions.backends.db import SessionStore as WrittenWhole
from django.db import router, transaction

MISSING = object()


class SessionStore(WrittenWhole):
    """Writes what this request changed onto what the session holds by now; of one key changed twice the last counts."""

    _as_read: dict = {}

    def _validate_session_key(self, key: str | None) -> bool:
        """As Django makes them; a cookie may hold anything, and PostgreSQL cannot even be asked for a NUL."""
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()

    def load(self) -> dict:
        data = super().load()
        self._as_read = deepcopy(data)
        return data

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
        else:
            with transaction.atomic(using=router.db_for_write(self.model)):
                self._session_cache = self._merged(self._get_session())
                super().save()
        self._as_read = deepcopy(self._get_session())

    def _merged(self, mine: dict) -> dict:
        row = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
        if row is None:  # ended meanwhile: the write below says so
            return mine
        merged = self.decode(row.session_data)
        for key in mine.keys() | self._as_read.keys():
            value = mine.get(key, MISSING)
            if value is MISSING:
                merged.pop(key, None)
            elif value != self._as_read.get(key, MISSING):
                merged[key] = value
        return merged
