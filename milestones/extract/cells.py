"""What one cell may say: dates, codes, words and flags, each refused in the user's words when it does not parse."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Protocol

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Far outside these years lies nobody's life, only slips of the keyboard.
EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
# A spreadsheet would run such a cell as a formula.
FORMULA = re.compile(r"[=+@]|-[A-Za-z(]")
FEW_ENOUGH_TO_LIST = 14


class Unacceptable(Exception):
    """A cell or row that is refused: by which rule, in which column where that is not plain, and why in words."""

    def __init__(self, rule: str, message: str, *, column: str = ""):
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.column = column


def day_in_words(day: date) -> str:
    """1 November 2018."""
    return f"{day.day} {day:%B %Y}"


@lru_cache(maxsize=50_000)
def iso_day(text: str) -> date:
    """Return the day that `text` writes as YYYY-MM-DD; anything else is refused."""
    if not ISO_DAY.fullmatch(text):
        raise Unacceptable("date", "this is not a date written as year-month-day, for example 2018-03-31")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unacceptable("date", "there is no such day in the calendar") from None
    if not EARLIEST <= day <= LATEST:
        raise Unacceptable("date", f"the year is not between {EARLIEST.year} and {LATEST.year}")
    return day


class Cell(Protocol):
    """Reads a filled cell; `blank` is what an empty one says."""

    blank: Any

    def read(self, text: str) -> Any: ...


@dataclass(frozen=True)
class Words:
    """Free text of at most `longest` characters."""

    longest: int
    blank: str = ""

    def read(self, text: str) -> str:
        if len(text) > self.longest:
            raise Unacceptable("too-long", f"this has {len(text)} characters, and at most {self.longest} are kept")
        return text


@dataclass(frozen=True)
class Day:
    """A date; not after the extract, unless it is a plan (`extract_date` None)."""

    extract_date: date | None
    blank: None = None

    def read(self, text: str) -> date:
        day = iso_day(text)
        if self.extract_date and day > self.extract_date:
            raise Unacceptable("future", f"this is after the extract date, {day_in_words(self.extract_date)}")
        return day


@dataclass(frozen=True)
class Flag:
    """1 for yes, 0 or blank for no."""

    blank: bool = False

    def read(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise Unacceptable("flag", "this is neither 1 (yes) nor 0 (no)")
        return text == "1"


@dataclass(frozen=True)
class Code:
    """One of a list of codes, written exactly."""

    what: str
    codes: frozenset[str]
    blank: str | None = ""

    def read(self, text: str) -> str:
        if text not in self.codes:
            raise Unacceptable("unknown-code", f"this is not {self.what}{self._known_or_near(text)}")
        return text

    def _known_or_near(self, text: str) -> str:
        if len(self.codes) <= FEW_ENOUGH_TO_LIST:
            return f": the codes are {', '.join(sorted(self.codes))}"
        near = get_close_matches(text[:40].upper(), sorted(self.codes), n=1)
        return f"; did you mean {near[0]}?" if near else " of the catalogue"


@dataclass(frozen=True)
class EventCode(Code):
    """The code of a recorded event; the derived ones are refused with the reason."""

    derived: frozenset[str] = frozenset()

    def read(self, text: str) -> str:
        if text in self.derived:
            raise Unacceptable(
                "derived-code",
                f"{text} is derived from episodes, placements and legal bases, and never recorded as an event",
            )
        return super().read(text)
