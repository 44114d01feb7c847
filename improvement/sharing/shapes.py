"""A set of fields, each with what reads it, and the readers of single values that only such files need.

Dates are ISO, numbers with decimals are text. A field that is left out, or null, is empty. People are role words:
"lead", "member 1", "a colleague". Faults are raised as `DefinitionError` whose words begin with the place.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from aims.field_readers import DefinitionError, read_date, shown
from improvement.measure_definition import Rule
from improvement.models.programme import SCORES
from improvement.sharing.places import one_of_many, within

LEAD, COLLEAGUE = "lead", "a colleague"
ROLE_WORD = re.compile(r"lead|a colleague|member [1-9][0-9]{0,3}")
MOST = 5_000  # rows of one kind; no authority writes as many
Reader = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Shape:
    """A set of fields, each with what reads it; `check` looks at them together."""

    noun: str
    fields: Mapping[str, Reader]
    required: tuple[str, ...] = ()
    check: Callable[[str, dict[str, Any]], None] | None = None

    def __call__(self, place: str, raw: Any) -> dict[str, Any]:
        """The values that are given, by field; raises `DefinitionError` on the first fault."""
        if not isinstance(raw, dict):
            raise DefinitionError(place or "the file", f"{shown(raw)} is not a set of fields of {self.noun}")
        for name in raw:
            if name not in self.fields:
                known = ", ".join(self.fields)
                raise DefinitionError(within(place, str(name)), f"is not a field of {self.noun}. Fields are: {known}")
        read = {
            name: reader(within(place, name), raw[name])
            for name, reader in self.fields.items()
            if raw.get(name) is not None
        }
        for name in self.required:
            if read.get(name) in (None, ""):
                raise DefinitionError(within(place, name), "is missing")
        if self.check:
            self.check(place, read)
        return read


def list_of(read: Reader, *, most: int = MOST) -> Reader:
    """A list of what `read` reads."""

    def read_list(place: str, raw: Any) -> list[Any]:
        if not isinstance(raw, list):
            raise DefinitionError(place, f"{shown(raw)} is not a list")
        if len(raw) > most:
            raise DefinitionError(place, f"has {len(raw):,} entries; {most:,} are allowed")
        return [read(one_of_many(place, number), each) for number, each in enumerate(raw, 1)]

    return read_list


def first_of_a_month(place: str, raw: Any) -> date:
    day = read_date(place, raw)
    if day.day != 1:
        raise DefinitionError(place, f"{shown(raw)} is not the first day of a month")
    return day


def number(place: str, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", str(raw)):
        raise DefinitionError(place, f"{shown(raw)} is not a number of up to nine digits, with at most three decimals")
    return Decimal(str(raw))


def score(place: str, raw: Any) -> Decimal:
    if str(raw) not in {str(each) for each in SCORES}:
        raise DefinitionError(place, f"{shown(raw)} is not a score from 0.5 to 5.0 in steps of a half")
    return Decimal(str(raw))


def role_word(place: str, raw: Any) -> str:
    if not isinstance(raw, str) or not ROLE_WORD.fullmatch(raw):
        raise DefinitionError(place, f"{shown(raw)} is not lead, member 1, member 2 ... or a colleague")
    return raw


def rule(place: str, raw: Any) -> dict[str, Any]:
    """How a measure is computed, as it is stored."""
    if not isinstance(raw, dict):
        raise DefinitionError(place, f"{shown(raw)} is not a set of fields of a rule")
    try:
        return Rule.from_mapping(raw).to_mapping()
    except DefinitionError as error:
        raise DefinitionError(place, str(error)) from None
