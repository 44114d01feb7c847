"""Read dates as councils write them, by explicit forms; what is ambiguous or impossible is refused, never guessed.

Forms: 31/03/2018 and 31.3.18 and 31-03-2018 (the day first, unless the column is said to have the month first),
2018-03-31 and 2018/03/31 and 20180331, 31 March 2018 and 31st-Mar-18 and Mon 31 March 2018 and March 31, 2018, each
also with a time of day, which is dropped; real date cells; a spreadsheet's day numbers, where it is known from when
they count. Months: May 2027, 05/2027, 2027-05. Not known: "not known", "n/k", "unknown", "?". Nothing: "n/a", "-".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from milestones.extract.cells import EARLIEST, LATEST, Unacceptable
from milestones.sheets.grids import CellValue
from milestones.sheets.text import plain_words

# Two-digit years: 00 to 49 are 2000 to 2049, 50 to 99 are 1950 to 1999. Nobody who is a child now was born before.
TWO_DIGITS_TURN = 50
TWO_DIGITS_IN_WORDS = "years of two digits: 00 to 49 are 2000 to 2049, and 50 to 99 are 1950 to 1999"

# Day numbers below 1950 or after 2099 are more likely years, ages or references than dates.
FIRST_SURE_DAY, LAST_SURE_DAY = date(1950, 1, 1), date(2099, 12, 31)
EPOCHS = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}

MONTHS = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may", "may"),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
A_MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
A_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"

TIME = re.compile(r"(?:T|,?\s+)(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9](?:\.[0-9]+)?)?(?:\s*[ap]m)?$", re.I)
WITH_ZONE = re.compile(r"T?[0-9]{2}:[0-9]{2}.*(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
EIGHT_DIGITS = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
NUMBERS = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
DAY_MONTH_NAME = re.compile(
    rf"{A_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[-/. ]*({A_MONTH})[-/., ]*([0-9]{{4}}|[0-9]{{2}})", re.I
)
MONTH_NAME_DAY = re.compile(rf"{A_WEEKDAY}({A_MONTH})\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+([0-9]{{4}})", re.I)
MONTH_NAME_YEAR = re.compile(rf"({A_MONTH})[-/., ]*([0-9]{{4}})", re.I)
MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
YEAR_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
DAY_NUMBER = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")

NOT_KNOWN = frozenset(("not known", "n k", "nk", "unknown", "date unknown", "date not known", "unk", "dont know"))
NOTHING = frozenset(("n a", "na", "nil", "none", "not applicable", "null"))
NO_LETTERS = frozenset(("-", "--", "–", "—", "."))


class DayOrder(StrEnum):
    """What 03/04/2021 means in a column."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Known(StrEnum):
    """How exactly a date is known: as the precision of an event, and blank where nothing is said."""

    DAY = "day"
    MONTH = "month"
    UNKNOWN = "unknown"
    BLANK = ""


@dataclass(frozen=True, slots=True)
class DayRead:
    """What a cell says of a date; a month is its first day, as the extract writes it."""

    known: Known
    day: date | None = None

    @property
    def iso(self) -> str:
        return self.day.isoformat() if self.day else ""


BLANK = DayRead(Known.BLANK)
UNKNOWN = DayRead(Known.UNKNOWN)


@dataclass(frozen=True)
class Evidence:
    """What cells show of the order of a column: the first (as "D17") that can only be the one or the other.

    `elsewhere`: they are cells of other columns, as its own show nothing.
    """

    day_first: str = ""
    month_first: str = ""
    elsewhere: bool = False

    def joined(self, others: "Evidence") -> "Evidence":
        """Return this evidence, and where it says nothing that of the others."""
        return self if self.day_first or self.month_first else others


@dataclass(frozen=True)
class DayForm:
    """How the cells of one column are to be read.

    `order`     what a person, or the British habit, says of 03/04/2021
    `numbers`   1900 or 1904 when day numbers are dates, None when they are refused
    `evidence`  what the column itself shows; an ambiguous date is refused where that contradicts the order
    """

    order: DayOrder = DayOrder.DAY_FIRST
    numbers: int | None = None
    evidence: Evidence = Evidence()


def find_evidence(cells: Iterable[tuple[str, CellValue]]) -> Evidence:
    """Return what the cells (place, value) of a column show of its order."""
    day_first = month_first = ""
    for place, value in cells:
        match = NUMBERS.fullmatch(without_time(value)) if isinstance(value, str) else None
        if match is None:
            continue
        first, second = int(match.group(1)), int(match.group(3))
        if first > 12 >= second and not day_first:
            day_first = place
        elif second > 12 >= first and not month_first:
            month_first = place
        if day_first and month_first:
            break
    return Evidence(day_first, month_first)


def read_day(value: CellValue, form: DayForm) -> DayRead:
    """Return what `value` says of a date; raises Unacceptable with the reason."""
    if value is None or value == "":
        return BLANK
    if isinstance(value, datetime):
        return _exact(value.date())
    if isinstance(value, date):
        return _exact(value)
    if isinstance(value, time | bool):
        raise Unacceptable("date", "this is not a date")
    if isinstance(value, int | float):
        return _exact(_of_number(value, form.numbers))
    return _of_text(value, form)


@lru_cache(maxsize=50_000)
def _of_text(text: str, form: DayForm) -> DayRead:
    words = plain_words(text)
    if words in NOT_KNOWN or set(text) == {"?"}:
        return UNKNOWN
    if words in NOTHING or text in NO_LETTERS:
        return BLANK
    if WITH_ZONE.search(text):
        raise Unacceptable("date", "this is a time in a named time zone, in which the day may be another; give the day")
    text = without_time(text)
    if match := YEAR_FIRST.fullmatch(text):
        return _day(match[1], match[3], match[4])
    if match := EIGHT_DIGITS.fullmatch(text):
        return _day(*match.groups())
    if match := NUMBERS.fullmatch(text):
        return _of_three_numbers(int(match[1]), int(match[3]), match[4], form)
    if match := DAY_MONTH_NAME.fullmatch(text):
        return _day(_year(match[3]), MONTH_NUMBERS[match[2].lower()], match[1])
    if match := MONTH_NAME_DAY.fullmatch(text):
        return _day(match[3], MONTH_NUMBERS[match[1].lower()], match[2])
    if match := MONTH_NAME_YEAR.fullmatch(text):
        return _month(match[2], MONTH_NUMBERS[match[1].lower()])
    if match := MONTH_YEAR.fullmatch(text):
        return _month(match[2], match[1])
    if match := YEAR_MONTH.fullmatch(text):
        return _month(match[1], match[2])
    if match := DAY_NUMBER.fullmatch(text):
        return _exact(_of_number(int(match[1]), form.numbers))
    raise Unacceptable("date", _why_not(text))


def without_time(text: str) -> str:
    """Return `text` without a time of day at its end."""
    return TIME.sub("", text)


def _of_three_numbers(first: int, second: int, year_text: str, form: DayForm) -> DayRead:
    """Read 03/04/2021 in the order of the column, where the column does not contradict it."""
    year = _year(year_text)
    day, month = (first, second) if form.order is DayOrder.DAY_FIRST else (second, first)
    contradiction = form.evidence.month_first if form.order is DayOrder.DAY_FIRST else form.evidence.day_first
    if first <= 12 and second <= 12 and first != second and contradiction:
        one, other = date(year, second, first), date(year, first, second)
        raise Unacceptable(
            "ambiguous-date",
            f"this may be {in_words(one)} or {in_words(other)}: {_shown_by(contradiction, form)}; write the month as a "
            "word",
        )
    if 31 >= month > 12 >= day:
        seems = "month" if form.order is DayOrder.DAY_FIRST else "day"
        raise Unacceptable(
            "date",
            f"there is no month {month}; this seems to have the {seems} first, unlike what the column is said to",
        )
    return _day(year, month, day)


def _shown_by(cell: str, form: DayForm) -> str:
    """Why the order of the column is not to be relied on, in words."""
    first = "month" if form.order is DayOrder.DAY_FIRST else "day"
    if form.evidence.elsewhere:
        return f"no date of this column shows which, and {cell}, in another column, has the {first} first"
    return f"{cell}, in this column, has the {first} first"


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < TWO_DIGITS_TURN else 1900)
    return year


def _day(year: str | int, month: str | int, day: str | int) -> DayRead:
    try:
        return _exact(date(int(year), int(month), int(day)))
    except ValueError:
        raise Unacceptable("date", "there is no such day in the calendar") from None


def _exact(day: date) -> DayRead:
    if not EARLIEST <= day <= LATEST:
        raise Unacceptable("date", f"the year is not between {EARLIEST.year} and {LATEST.year}")
    return DayRead(Known.DAY, day)


def _month(year: str, month: str | int) -> DayRead:
    return DayRead(Known.MONTH, _day(year, month, 1).day)


def _of_number(number: int | float, epoch: int | None) -> date:
    """The day that a spreadsheet means by `number`, counted from 1900 or 1904; a fraction is a time of day."""
    if epoch is None:
        raise Unacceptable("date", "this is a spreadsheet's day number, or no date at all; write it as a date")
    try:
        day = EPOCHS[epoch] + timedelta(days=int(number))
    except (OverflowError, ValueError):
        raise Unacceptable("date", "this number is not a date") from None
    if not FIRST_SURE_DAY <= day <= LAST_SURE_DAY:
        raise Unacceptable("date", "this number is not a date; if it is a year, write the day, or the month and year")
    return day


def _why_not(text: str) -> str:
    """What is wrong with a text that has none of the forms."""
    if re.fullmatch(r"(?:19|20|21)[0-9]{2}", text):
        return "this is a year only; write the day, or the month and year, or “not known”"
    if re.fullmatch(rf"(?:{A_MONTH})[-/., ']*[0-9]{{1,2}}", text, re.I):
        return "this may be a day or a year of that month; write the year with four digits"
    if re.match(r"(?:c\.|(?:circa|approx|about|early|mid|late|around|before|after|by)\b)", text, re.I) or text.endswith(
        "?"
    ):
        return "this is not sure; write the month and year if only they are known, or “not known”"
    if len(re.findall(r"[0-9]{4}", text)) > 1 or re.search(r"[0-9].*(?:;|&|\n|\band\b)", text):
        return "this holds more than one date; give each a row or a column of its own"
    return "this is not a date in any form that is read, for example 31/03/2018, 31 March 2018 or March 2018"


def in_words(day: date) -> str:
    """3 April 2021."""
    return f"{day.day} {day:%B %Y}"
