"""How the fields of a definition are read from a file or a stored version: aims, and what is written in their style.

Each reader takes the name of a field and its raw value, and returns the value or raises `DefinitionError`. Importable
without Django's registry.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from milestones.catalogue import AIM_EVENT_CODES
from milestones.clocks.limits import UNITS, Limit

# A longer limit, or a day outside these years, is a slip of the hand; it would also run out of calendar.
LONGEST = {"days": 10_000, "working_days": 1_000, "weeks": 1_500, "months": 360, "years": 30}
FIRST_YEAR, LAST_YEAR = 1990, 2099
# What PostgreSQL or a spreadsheet cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class DefinitionError(ValueError):
    """A definition that cannot be measured; `field` names what is wrong with it."""

    def __init__(self, field_name: str, message: str):
        super().__init__(f"{field_name:.60}: {message}")
        self.field = field_name


def shown(raw: Any) -> str:
    """A value as its writer knows it, cut short."""
    text = repr(raw)
    return text if len(text) <= 60 else f"{text[:57]}..."


def text_up_to(most: int):
    def read(name: str, raw: Any) -> str:
        if isinstance(raw, bool) or not isinstance(raw, str | int):
            raise DefinitionError(name, f"{shown(raw)} is not text; put it in quotes if it is meant so")
        text = str(raw).strip()
        if unwritable := UNWRITABLE.search(text):
            raise DefinitionError(name, f"has a character that cannot be written: {unwritable[0]!a}")
        if len(text) > most:
            raise DefinitionError(name, f"is {len(text):,} characters long; {most:,} are allowed")
        return text

    return read


def read_date(name: str, raw: Any) -> date:
    day = raw
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            day = None
    if type(day) is not date:
        raise DefinitionError(name, f"{shown(raw)} is not a date like 2018-11-01")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DefinitionError(name, f"{day} is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def percentage(name: str, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", str(raw)) or Decimal(str(raw)) > 100:
        raise DefinitionError(name, f"{shown(raw)} is not a percentage from 0 to 100 with at most two decimals")
    return Decimal(str(raw))


def fraction(name: str, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not re.fullmatch(r"0?\.[0-9]{1,2}", str(raw)) or not Decimal(str(raw)):
        raise DefinitionError(
            name, f"{shown(raw)} is not a part of the time, above 0 and below 1, with at most two decimals"
        )
    return Decimal(str(raw))


def whole_number(low: int, high: int):
    def read(name: str, raw: Any) -> int:
        if type(raw) is not int or not low <= raw <= high:
            raise DefinitionError(name, f"{shown(raw)} is not a whole number from {low} to {high}")
        return raw

    return read


def flag(name: str, raw: Any) -> bool:
    if type(raw) is not bool:
        raise DefinitionError(name, f"{shown(raw)} is not true or false")
    return raw


def length(name: str, raw: Any) -> Limit:
    try:
        limit = Limit.parse(raw)
    except ValueError:
        raise DefinitionError(
            name, f"{shown(raw)} is not a limit like '26 weeks'. Units are: {', '.join(UNITS)}"
        ) from None
    if not 0 < limit.value <= LONGEST[limit.unit] or limit.value.as_tuple().exponent < -2:
        unit = limit.unit.replace("_", " ")
        raise DefinitionError(
            name, f"{shown(raw)} is not above 0 and up to {LONGEST[limit.unit]:,} {unit}, with at most two decimals"
        )
    return limit


def one_of(*allowed: str):
    def read(name: str, raw: Any) -> str:
        if raw not in allowed:
            raise DefinitionError(name, f"{shown(raw)} is not one of {', '.join(allowed)}")
        return raw

    return read


def event_code(name: str, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in AIM_EVENT_CODES:
        raise DefinitionError(name, f"{shown(raw)} is not an event code")
    return raw


def list_of(read_one):
    def read(name: str, raw: Any) -> tuple[str, ...]:
        items = tuple(read_one(name, item) for item in (raw if isinstance(raw, list | tuple) else [raw]))
        for item in items:
            if items.count(item) > 1:
                raise DefinitionError(name, f"{item!r} is there twice")
        return items

    return read
