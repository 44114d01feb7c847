"""What all rows need that are taken in: the authority, its aims, what came of it, and a word for each fault."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from aims.models import Aim
from improvement.sharing.constraint_words import in_words
from improvement.sharing.files import SharedFileError
from pace_site.accounts.models import User
from pace_site.audit.actions import save_record


@dataclass
class TakenIn:
    """What came of a file, by kind; `notes` say what was left out and why."""

    new: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    there: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    notes: list[str] = field(default_factory=list)


class Standing:
    """The rows of one kind that stand, by what tells them apart; each is recognised once."""

    def __init__(self, rows: Iterable[Model], key: Callable[[Model], tuple]):
        self._rows = defaultdict(list)
        for row in rows:
            self._rows[key(row)].append(row)

    def take(self, *key: Any) -> Model | None:
        rows = self._rows.get(key)
        return rows.pop(0) if rows else None


class Taking:
    """One document on its way into one authority."""

    def __init__(self, document: dict[str, Any], *, by: User, today: date):
        self.document = document
        self.by, self.today = by, today
        self.authority = by.organisation
        self.aims = {aim.code: aim for aim in Aim.objects.filter(authority=self.authority)}
        self.taken = TakenIn()

    def save(self, row: Model, place: str) -> Model:
        """Write a row, or refuse the file where the row cannot be."""
        try:
            row.full_clean()
        except ValidationError as error:
            raise SharedFileError(f"{place}: {in_words(error)}") from None
        save_record(row, by=self.by)
        return row

    def aim_of(self, said: dict[str, Any], *, what: str) -> tuple[Aim | None, bool]:
        """The aim that is meant, and whether it is there; what belongs to a missing one is noted and left out."""
        code = said.get("aim")
        if code is None or code in self.aims:
            return self.aims.get(code), True
        self.taken.notes.append(f"{what} was left out: there is no aim called {code}.")
        return None, False

    def count(self, kind: str, *, is_new: bool, title: str = "") -> None:
        (self.taken.new if is_new else self.taken.there)[kind] += 1
        if title and not is_new:
            self.taken.notes.append(f"{kind.capitalize()} “{title}” is there already.")


def given(said: dict[str, Any], *names: str) -> dict[str, Any]:
    """Those of these fields that the file has."""
    return {name: said[name] for name in names if name in said}
